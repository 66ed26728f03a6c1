"""Runners and signers killed between any two steps, and several of them at once: never a fork, never a gap."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import psycopg

from domain.ledger.ledger import Ledger
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.tiled_tree import verify_tiles
from domain.transparency.tree import leaf_hash, root_of
from projections.transparency.audit.auditing import opened_audit
from projections.transparency.memory import SignerMemory
from projections.transparency.signing import LOG_OF_LOGS
from projections.transparency.tiles import StoredTiles, tree_size
from tests.guard.keepers import Keeper, keep_following, keep_one_batch, keeping
from tests.ledger.scenario import HAJNOWKA, history, stored_bytes

if TYPE_CHECKING:
    from projections.transparency.audit.finding import Finding
    from projections.transparency.memory import Signed
    from projections.transparency.signing import Signing

ENTRIES = len(stored_bytes())
BATCH = 3
SHARE_OF_KILLS = 0.5
LOGS = (HAJNOWKA, LOG_OF_LOGS)


class Witness:
    """Keeps every checkpoint that it ever saw, and looks whether all of them are of one history without a gap."""

    def __init__(self, conninfo: str, signing: Signing) -> None:
        self.conninfo = conninfo
        self.signing = signing
        self.seen: dict[tuple[str, int], bytes] = {}

    def look(self) -> None:
        # Before the snapshot, for what is remembered is integrated already.
        remembered = {log_id: SignerMemory(self.signing.folder, log_id).read() for log_id in LOGS}
        with psycopg.connect(self.conninfo) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            rows = connection.execute("SELECT consortium_id, size, note FROM transparency.checkpoints").fetchall()
            stored = {(log_id, size): bytes(note) for log_id, size, note in rows}
            assert stored.items() >= self.seen.items()
            self.seen = stored
            for log_id in LOGS:
                self._look_at(connection, log_id, remembered[log_id])

    def _look_at(self, connection: psycopg.Connection, log_id: str, remembered: Signed | None) -> None:
        leaves = [leaf_hash(entry) for entry in self._entries(connection, log_id)]
        size = tree_size(connection, log_id)
        assert size == len(leaves)
        verify_tiles(size, root_of(leaves), StoredTiles(connection, log_id))
        keys = [signer.verifier for signer in self.signing.signers(log_id).values()]
        heads = [(remembered.size, remembered.root)] if remembered else []
        for (seen_of, _), note in self.seen.items():
            if seen_of == log_id:
                checkpoint = open_checkpoint(note, self.signing.origin(log_id), keys).checkpoint
                heads.append((checkpoint.size, checkpoint.root))
        assert all(signed <= size and root == root_of(leaves[:signed]) for signed, root in heads)

    @staticmethod
    def _entries(connection: psycopg.Connection, log_id: str) -> list[bytes]:
        if log_id == LOG_OF_LOGS:
            rows = connection.execute("SELECT note FROM transparency.log_of_logs ORDER BY leaf_index")
            return [bytes(note) for (note,) in rows]
        position = connection.execute("SELECT position FROM public.read_models_progress").fetchone()
        return list(stored_bytes()[: position[0] if position else 0])

    def published(self, log_id: str) -> int:
        return max((size for seen_of, size in self.seen if seen_of == log_id), default=-1)

    def findings(self) -> list[Finding]:
        found: list[Finding] = []
        with opened_audit(self.conninfo, self.signing, found.append) as audit:
            for log_id in audit.log_ids():
                audit.audit(log_id, lambda _: None)
        return found


def test_a_keeper_killed_between_any_two_steps_leaves_what_the_next_one_goes_on_from(
    ledger: Ledger, service: str, signing: Signing
) -> None:
    assert ledger.last_position() == ENTRIES
    witness = Witness(service, signing)
    names: list[str] = []
    for stop_at in range(1, ENTRIES):
        with keeping(keep_one_batch, service, signing, BATCH, stop_at) as keeper:
            names.append(keeper.heard() or "gone")
        witness.look()
        # The next one takes up what was left, and has no more to do than that.
        with keeping(keep_one_batch, service, signing, 0, None) as keeper:
            assert keeper.heard() == "done"
        witness.look()
        if names[-1] == "done":
            break
    assert names[-1] == "done"
    assert witness.findings() == []
    for part in ("INSERT INTO transparency.tiles", "UPDATE public.read_models_progress", "os.rename", "checkpoints"):
        assert any(part in name for name in names), part
    assert len(names) > 40


def test_two_runners_and_two_signers_at_once_make_one_history(service: str, signing: Signing) -> None:
    witness = Witness(service, signing)
    chance = random.Random(20190114)  # noqa: S311 - the same chances each time
    keepers = [Keeper(keep_following, service, signing, ENTRIES, step) for step in (2, 5)]
    try:
        with Ledger.connect(service) as ledger:
            for begin in range(0, ENTRIES, 20):
                ledger.append(history()[begin : begin + 20])
                if chance.random() < SHARE_OF_KILLS:
                    victim = chance.randrange(len(keepers))
                    keepers[victim].heard()
                    keepers[victim].kill()
                    keepers[victim] = Keeper(keep_following, service, signing, ENTRIES, chance.randint(1, 6))
                    witness.look()
        assert [list(iter(keeper.heard, None))[-1] for keeper in keepers] == ["done", "done"]
    finally:
        for keeper in keepers:
            keeper.kill()
    witness.look()
    assert witness.published(HAJNOWKA) == ENTRIES
    assert witness.findings() == []
