"""Processes and databases are killed while commands come in: what was acknowledged stays, and nothing is half there."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from domain.ledger.ledger import Ledger
from tests.clusters import kill_postmaster
from tests.ledger.callers import Callers, acknowledgements, calling
from tests.ledger.scenario import HAJNOWKA, history, stored_bytes, submissions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.embedded import EmbeddedPostgres

SEVERAL = ("bielsk-razem", HAJNOWKA, "kleszczele", "narewka-i-narew")
KILL_THE_DATABASE_EVERY = 4


class Witness:
    """Remembers what was acknowledged, and looks what is there."""

    def __init__(self, conninfo: str, consortium_ids: Sequence[str]) -> None:
        self.conninfo = conninfo
        self.consortium_ids = consortium_ids
        self.acknowledged: set[str] = set()

    def look(self) -> None:
        """All that was acknowledged is stored; what is stored are whole commands and the bytes of a quiet life."""
        heard = set(self.acknowledged)
        with Ledger.connect(self.conninfo, pool_size=1) as ledger:
            for consortium_id in self.consortium_ids:
                stored = [state for _, state in ledger.stored(consortium_id, 1, 10**6)]
                assert stored == list(stored_bytes(consortium_id)[: len(stored)])
                kept = {entry.command_id for entry in history(consortium_id)[: len(stored)]}
                assert not kept & {entry.command_id for entry in history(consortium_id)[len(stored) :]}
                heard -= kept
        assert heard == set()

    def everything_is_there(self) -> bool:
        with Ledger.connect(self.conninfo, pool_size=1) as ledger:
            return all(
                [state for _, state in ledger.stored(consortium_id, 1, 10**6)] == list(stored_bytes(consortium_id))
                for consortium_id in self.consortium_ids
            )


def blow(
    chance: random.Random, cluster: EmbeddedPostgres, alive: list[Callers], witness: Witness, *, at_all: bool
) -> None:
    """Kill the database, or else one of the processes or all of them."""
    if at_all:
        kill_postmaster(cluster)
        cluster.start()
    else:
        for victim in chance.sample(alive, chance.randint(1, len(alive))):
            witness.acknowledged.update(victim.kill())
            alive.remove(victim)


@pytest.mark.parametrize(
    ("consortium_ids", "shares", "rounds", "heard"),
    [
        pytest.param([HAJNOWKA], [[HAJNOWKA]], 24, (3, 10), id="one-caller"),
        pytest.param(SEVERAL, [SEVERAL * 2, SEVERAL * 2], 12, (20, 70), id="sixteen-callers-in-two-processes"),
    ],
)
def test_what_was_acknowledged_outlives_every_kill(
    own_cluster: EmbeddedPostgres,
    consortium_ids: Sequence[str],
    shares: Sequence[Sequence[str]],
    rounds: int,
    heard: tuple[int, int],
) -> None:
    chance = random.Random(20190114)  # noqa: S311 - the same chances each time
    witness = Witness(own_cluster.conninfo(), consortium_ids)
    # So far each round may get, for the last one to have something left.
    step = len(submissions()) // (rounds + 1)
    for number in range(rounds):
        with calling(witness.conninfo, *shares, upto=(number + 1) * step) as alive:
            witness.acknowledged.update(acknowledgements(alive, chance.randint(*heard)))
            blow(chance, own_cluster, alive, witness, at_all=number % KILL_THE_DATABASE_EVERY == 0)
            witness.look()
            # Who lives on goes on.
            witness.acknowledged.update(acknowledgements(alive, 3))
            for each in alive:
                witness.acknowledged.update(each.kill())
        witness.look()
        assert not witness.everything_is_there()
    # All of it again, by the same ids.
    with calling(witness.conninfo, *shares) as alive:
        for each in alive:
            witness.acknowledged.update(each.finish())
    assert len(witness.acknowledged) == len(submissions()) * len(consortium_ids)
    witness.look()
    assert witness.everything_is_there()
