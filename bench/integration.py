"""Integration into tiles, through the runner, against reading the rows and hashing the leaves alone.

Both read the rows of the ledger in the same batches. Integration locks, takes up the right edge of the tree from its
tiles, hashes leaves and nodes, writes tiles and progress, and commits, batch by batch.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from bench.histories import load, rows
from bench.measuring import Measured, Ratio, best_of
from bench.places import connected, copied, database
from bench.verification import CONSORTIUM
from domain.ledger.following import entries_after
from domain.transparency.tree import leaf_hash
from projections.runner import Runner
from projections.transparency.tiles import Tiles, tree_size

if TYPE_CHECKING:
    from psycopg import Connection

    from domain.ledger.ledger import Ledger

BOUND: Final = 0.3


def measure(entries: int, rounds: int) -> Measured:
    alone, integrated = "reading rows and hashing leaves", "integration"
    turns: list[dict[str, float]] = []
    with database() as loaded:
        load(loaded, rows(CONSORTIUM, entries))
        for _ in range(rounds):
            # Tiles only grow, so each turn integrates into a copy of its own.
            with copied(loaded) as conninfo, connected(conninfo) as (ledger, connection):
                works = {alone: partial(hash_rows, ledger), integrated: partial(integrate, ledger, connection, entries)}
                turns.append(best_of(1, works))
    found = {name: min(turn[name] for turn in turns) for name in (alone, integrated)}
    reached = found[alone] / found[integrated]
    ratio = Ratio("rate of integration / rate of reading and hashing", reached, "at least", BOUND)
    figures = {f"entries a second: {name}": entries // seconds for name, seconds in found.items()}
    return Measured("integration", entries, figures, (ratio,))


def hash_rows(ledger: Ledger) -> None:
    position = 0
    while batch := entries_after(ledger, position):
        for placed in batch:
            leaf_hash(placed.state)
        position = batch[-1].position


def integrate(ledger: Ledger, connection: Connection, entries: int) -> None:
    Runner(ledger, connection, [Tiles()]).catch_up()
    if tree_size(connection, CONSORTIUM) != entries:
        sys.exit("not every entry was integrated")
