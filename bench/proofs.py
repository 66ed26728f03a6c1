"""A proof from stored tiles, of a large log against one of 2,000 entries, both in the same tables of PostgreSQL."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from bench.histories import load, rows
from bench.measuring import Measured, Ratio, best_of
from bench.places import connected, database
from bench.verification import CONSORTIUM
from domain.transparency.proof import prove_consistency, prove_inclusion
from domain.transparency.tiled_tree import TiledTree
from projections.runner import Runner
from projections.transparency.tiles import StoredTiles, Tiles

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from domain.transparency.proof import NodeReader

SMALL: Final = 2_000
SMALL_CONSORTIUM: Final = "male-konsorcjum"
BOUND: Final = 1.5
PROOFS: Final = 200
"""In one turn."""
SPREAD: Final = 0.618_033_988_75
"""Its multiples, without their whole parts, lie everywhere between nought and one."""
TURNS: Final = 5
"""For each round asked for: a turn takes no more than the blink of an eye."""


def measure(entries: int, rounds: int) -> Measured:
    logs = {SMALL_CONSORTIUM: SMALL, CONSORTIUM: entries}
    kinds = {"inclusion": prove_inclusion, "consistency": prove_consistency}
    with database() as conninfo, connected(conninfo) as (ledger, connection):
        for consortium_id, size in logs.items():
            load(conninfo, rows(consortium_id, size))
        Runner(ledger, connection, [Tiles()]).catch_up()
        connection.execute("ANALYZE transparency.tiles")
        works = {
            f"{kind} at {size:,}": partial(prove_many, prove, connection, consortium_id, size)
            for kind, prove in kinds.items()
            for consortium_id, size in logs.items()
        }
        found = best_of(rounds * TURNS, works)
    ratios = tuple(
        Ratio(
            f"{kind} at {entries:,} / at {SMALL:,}",
            found[f"{kind} at {entries:,}"] / found[f"{kind} at {SMALL:,}"],
            "at most",
            BOUND,
        )
        for kind in kinds
    )
    return Measured("proofs", entries, {f"milliseconds: {n}": s / PROOFS * 1000 for n, s in found.items()}, ratios)


def prove_many(
    prove: Callable[[int, int, NodeReader], object], connection: Connection, consortium_id: str, size: int
) -> None:
    """Prove entries, or earlier sizes, all over the log."""
    for number in range(1, PROOFS + 1):
        asked = int(number * SPREAD % 1 * (size - 1)) + 1
        prove(asked, size, TiledTree(size, StoredTiles(connection, consortium_id)))
