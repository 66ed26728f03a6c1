"""The audit of a whole database, in one snapshot and in memory that does not grow with it.

    memories of the signer ─┐
    snapshot ───────────────┴▶ versions · progress ──▶ log by log: entries, tiles, heads, keys, … ──▶ findings

Nothing is written, and whoever serves meanwhile is not held up but for the moment in which the snapshot is taken.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg
from psycopg import IsolationLevel

from projections.transparency.audit import around
from projections.transparency.audit.finding import LEDGER, PROGRESS, TREES, Finding, Key, Report
from projections.transparency.audit.heads import SignedHeads
from projections.transparency.audit.memories import Memories
from projections.transparency.audit.of_logs import LEAVES, LoggedCheckpoints
from projections.transparency.audit.rows import EntryRows
from projections.transparency.audit.tree import TreeRows
from projections.transparency.audit.witnessed import audit_cosignatures
from projections.transparency.memory import remembered_logs
from projections.transparency.signing import LOG_OF_LOGS, BrokenSeedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from psycopg import Connection

    from projections.transparency.signing import Signing

LOG_IDS: Final = """
    SELECT DISTINCT log_id FROM (
        SELECT consortium_id AS log_id FROM transparency.trees
        UNION SELECT consortium_id FROM transparency.tiles
        UNION SELECT consortium_id FROM transparency.checkpoints
        UNION SELECT consortium_id FROM transparency.cosignatures
        UNION SELECT consortium_id FROM transparency.log_keys
        UNION SELECT consortium_id FROM transparency.event_places
        UNION SELECT originator_id FROM public.ledger_events
    ) AS every ORDER BY log_id
"""

_SAID: Final = "SELECT size FROM transparency.trees WHERE consortium_id = %(log)s"
_WIDE: Final = """
    SELECT max(tile_index * 256 + length(hashes) / 32) FROM transparency.tiles
    WHERE consortium_id = %(log)s AND level = 0
"""
_COUNTED_ENTRIES: Final = """
    SELECT count(*) FROM public.ledger_events WHERE originator_id = %(log)s AND notification_id <= %(position)s
"""
_ENTRIES: Final = "SELECT count(*) FROM public.ledger_events WHERE originator_id = ANY (%(logs)s)"
_COUNTED_LEAVES: Final = "SELECT count(*) FROM transparency.log_of_logs"


@dataclass(frozen=True, slots=True)
class Audit:
    """One reading of the database."""

    connection: Connection
    memories: Memories
    report: Report
    position: int
    """How far the read models have come."""

    def log_ids(self) -> list[str]:
        """Name every log that any row belongs to, or that the signer remembers; none that came up since we began."""
        return sorted(self.memories.of)

    def entries(self, log_ids: Sequence[str]) -> int:
        """Count the entries that an audit of these logs reads."""
        return self._number(_ENTRIES, {"logs": list(log_ids)})

    def audit(self, log_id: str, advance: Callable[[int], None]) -> None:
        """Read one log whole; `advance` is told how many entries were read.

        Raises:
            BrokenSeedError: there are checkpoints, and no key to verify them with.
        """
        heads = self._heads(log_id)
        size = self._size(log_id)
        tree = TreeRows(self.connection, log_id, size, heads.by_size(), self.report, self._blame(log_id))
        if log_id == LOG_OF_LOGS:
            signing = self.memories.signing
            keys_of = self.memories.keys_of
            LoggedCheckpoints(self.connection, size, signing.origin, keys_of, self.report, tree.take).audit()
        else:
            last = around.last_position(self.connection)
            EntryRows(self.connection, log_id, size, last, self.report, tree.take, advance).audit()
            around.audit_places(self.connection, log_id, size, self.report)
        tree.finish()
        heads.audit_completeness()
        audit_cosignatures(self.connection, log_id, self.memories.cosigned[log_id], self.report)
        known = [key.write() for key in heads.keys]
        around.audit_log_keys(self.connection, log_id, known, heads.memory, self.report)

    def _heads(self, log_id: str) -> SignedHeads:
        keys = self.memories.keys_of(log_id)
        published = self.connection.execute(
            "SELECT FROM transparency.checkpoints WHERE consortium_id = %s LIMIT 1", [log_id]
        ).fetchone()
        if published is not None and not keys and not self.memories.signing.generations():
            raise BrokenSeedError(
                str(self.memories.signing.folder),
                f"nie ma ziarna, którym dałoby się sprawdzić punkty kontrolne dziennika {log_id}",
                f"there is no seed to verify the checkpoints of {log_id} with",
            )
        origin = self.memories.signing.origin(log_id)
        return SignedHeads(self.connection, log_id, origin, keys, self.memories.of.get(log_id), self.report)

    def _size(self, log_id: str) -> int:
        """Return how many leaves the tree has: its row, its tiles and the progress say it, and two of three agree."""
        counted_by = _COUNTED_LEAVES if log_id == LOG_OF_LOGS else _COUNTED_ENTRIES
        asked = {"log": log_id, "position": self.position}
        said, wide, counted = (self._number(query, asked) for query in (_SAID, _WIDE, counted_by))
        size = sorted((said, wide, counted))[1]
        if said != size:
            polish, english = f"rozmiar {said}, a liści jest {size}", f"size {said}, and there are {size} leaves"
            self.report(Finding(TREES, {"consortium_id": log_id}, polish, english))
        if counted > size and log_id != LOG_OF_LOGS:
            polish = f"do tej pozycji wpisów {log_id} jest {counted}, a drzewo ma {size}"
            english = f"up to here {log_id} has {counted} entries, and its tree {size}"
            self.report(Finding(PROGRESS, {"position": self.position}, polish, english))
        elif counted < size <= self.entries([log_id]):
            polish = f"drzewo {log_id} ma już {size} wpisów, do tej pozycji jest {counted}"
            english = f"the tree of {log_id} has {size} entries already, up to here there are {counted}"
            self.report(Finding(PROGRESS, {"position": self.position}, polish, english))
        return size

    def _number(self, query: LiteralString, asked: Mapping[str, object]) -> int:
        row = self.connection.execute(query, asked).fetchone()
        return int((row[0] if row else None) or 0)

    def _blame(self, log_id: str) -> Callable[[int, int, str, str], None]:
        def blame(first: int, last: int, polish: str, english: str) -> None:
            if log_id == LOG_OF_LOGS:
                key: Key = {"first_leaf_index": first - 1, "last_leaf_index": last - 1}
                self.report(Finding(LEAVES, key, polish, english))
                return
            versions = (
                {"originator_version": first} if first == last else {"first_version": first, "last_version": last}
            )
            self.report(Finding(LEDGER, {"originator_id": log_id, **versions}, polish, english))

        return blame


@contextmanager
def opened_audit(conninfo: str, signing: Signing, report: Report) -> Iterator[Audit]:
    """Read the signer's memories and take the snapshot; report what is wrong with the database as a whole."""
    memories = Memories(signing)
    with psycopg.connect(conninfo) as connection:
        log_ids = {log_id for (log_id,) in connection.execute(LOG_IDS)}
        log_ids |= set(remembered_logs(signing.folder))
        connection.rollback()
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with memories.held(log_ids, report):
            # The first statement takes the snapshot. Judging a long history may leave the connection idle for a while.
            connection.execute("SET LOCAL statement_timeout = 0")
            connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            connection.execute("SELECT")
        around.audit_versions(connection, report)
        yield Audit(connection, memories, report, around.audit_progress(connection, report))
