"""Catching all read models up with a long history, against decoding and folding the same entries alone.

All of them: tiles, places of events and every table, as after a rebuild; a batch after another, each in a transaction.
Decoding and folding reads the same batches from the same database, keeps nothing but the state, and is done several
times in a turn.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from bench.clocks import processor_clock
from bench.histories import load, rows
from bench.measuring import Measured, Ratio, best_of
from bench.places import connected, copied, database
from bench.verification import CONSORTIUM
from domain.consortium import Consortium, evolve
from domain.ledger.following import entries_after
from projections.read_models import all_read_models
from projections.runner import Runner

if TYPE_CHECKING:
    from psycopg import Connection

    from domain.ledger.ledger import Ledger

BOUND: Final = 0.15
PASSES: Final = 5
"""So that both take about as long: of a machine whose speed wanders short work meets better moments than long work."""


def measure(entries: int, rounds: int) -> Measured:
    alone, caught_up = f"decoding and folding alone, {PASSES} times", "catching all read models up"
    turns: list[dict[str, float]] = []
    with database() as loaded:
        load(loaded, rows(CONSORTIUM, entries))
        for _ in range(rounds):
            # What is caught up stays so, so each turn has a copy of its own.
            with copied(loaded) as conninfo, connected(conninfo) as (ledger, connection):
                works = {
                    alone: lambda: fold_often(ledger, entries),
                    caught_up: lambda: catch_up(ledger, connection, entries),
                }
                turns.append(best_of(1, works, processor_clock(connection)))
    found = {name: min(turn[name] for turn in turns) for name in (alone, caught_up)}
    reached = found[alone] / PASSES / found[caught_up]
    ratio = Ratio("rate of catching up / rate of decoding and folding", reached, "at least", BOUND)
    figures = {f"processor seconds: {name}": seconds for name, seconds in found.items()}
    return Measured("catch_up", entries, figures, (ratio,))


def fold_often(ledger: Ledger, entries: int) -> None:
    for _ in range(PASSES):
        fold(ledger, entries)


def fold(ledger: Ledger, entries: int) -> None:
    position, state = 0, Consortium(CONSORTIUM)
    while batch := entries_after(ledger, position):
        for placed in batch:
            state = evolve(state, placed.entry())
        position = batch[-1].position
    if state.version != entries:
        sys.exit("not every entry was folded")


def catch_up(ledger: Ledger, connection: Connection, entries: int) -> None:
    Runner(ledger, connection, all_read_models(ledger)).catch_up()
    row = connection.execute("SELECT max(version) FROM read.moments WHERE consortium_id = %s", [CONSORTIUM]).fetchone()
    if row != (entries,):
        sys.exit("not every entry was taken in")
