"""Processes that keep or rebuild tables, and that can be stopped at any statement and killed there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from domain.ledger.following import entries_after
from domain.ledger.ledger import Ledger
from projections.bitemporal.rebuilding import rebuild
from projections.questions import TABLES
from projections.read_models import all_read_models
from projections.runner import Runner
from tests.guard.keepers import FORKING, Keeper, Steps, telling_cursor

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Imported once, so that a new process costs as little as a fork.
FORKING.set_forkserver_preload(["pytest", __name__])

MANY = 1_000_000


def rebuild_until(conninfo: str, stop_at: int | None, telling: Connection) -> None:
    """Run in the child: rebuild, and stop for good at a step; tell at the end how many there were."""
    steps = Steps(stop_at or MANY, telling, Path(os.devnull))
    with (
        Ledger.connect(conninfo, pool_size=1) as ledger,
        psycopg.connect(conninfo, autocommit=True, cursor_factory=telling_cursor(steps)) as connection,
    ):
        rebuild(ledger, connection, TABLES, lambda _: None)
    telling.send(str(MANY - (steps._left or 0)))


def run_until(conninfo: str, size: int, stop_at: int | None, telling: Connection) -> None:
    """Run in the child: take in all there is, `size` entries at once, and stop for good at a step."""
    steps = Steps(stop_at, telling, Path(os.devnull))
    with (
        Ledger.connect(conninfo, pool_size=1) as ledger,
        psycopg.connect(conninfo, autocommit=True, cursor_factory=telling_cursor(steps)) as connection,
    ):
        runner = Runner(ledger, connection, all_read_models(ledger))
        while batch := entries_after(ledger, runner.position())[:size]:
            runner.apply(batch)
    telling.send("done")


def run_while_told(conninfo: str, hearing: Connection, telling: Connection) -> None:
    """Run in the child: each time it is told to, take in one more entry, until there is none."""
    with Ledger.connect(conninfo, pool_size=1) as ledger, psycopg.connect(conninfo, autocommit=True) as connection:
        runner = Runner(ledger, connection, all_read_models(ledger))
        while batch := entries_after(ledger, runner.position())[:1]:
            hearing.recv()
            runner.apply(batch)
            telling.send("taken")
    telling.send("done")


__all__ = ["Keeper", "rebuild_until", "run_until", "run_while_told"]
