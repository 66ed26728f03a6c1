"""Catching up ends, whatever is recorded meanwhile, and can be broken off between two batches."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.keeper import Keeper
from domain.ledger import following
from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from projections.runner import LOCK, Runner, reached
from projections.schema import READ_MODELS
from projections.transparency.signing import Signing
from tests.ledger.scenario import application, clock, give, submissions
from tests.ledger.sessions import wait_until_somebody_waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from domain.ledger.following import Placed


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    """Thirty-one entries, read one by one."""
    READ_MODELS.migrate(database)
    with Ledger.connect(database) as ledger, Writer(ledger, clock) as writer:
        give(writer, [submissions()[0], *(application() for _ in range(30))])
        yield ledger


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 1)


class Busy:
    """A read model during whose every batch another entry is recorded."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.taken: list[int] = []

    def apply(self, _connection: psycopg.Connection, batch: Sequence[Placed]) -> None:
        give(self.writer, [application()])
        self.taken += [placed.position for placed in batch]


def test_it_ends_though_entries_are_recorded_as_fast_as_they_are_applied(ledger: Ledger, database: str) -> None:
    last = ledger.last_position()
    with psycopg.connect(database, autocommit=True) as connection, Writer(ledger, clock) as writer:
        busy = Busy(writer)
        runner = Runner(ledger, connection, [busy])
        assert runner.catch_up() == last == reached(connection) == busy.taken[-1]
        assert len(busy.taken) == 31
        # What was recorded meanwhile is not lost: it is the next one's.
        assert runner.catch_up() > last
        assert len(busy.taken) == 62


def test_a_keeper_that_is_stopped_while_it_catches_up_leaves_the_rest_for_the_next_start(
    ledger: Ledger, database: str, tmp_path: Path
) -> None:
    signing = Signing(tmp_path / "signer", "example.com")
    signing.create_seed()
    keeper = Keeper(ledger, database, signing)
    with psycopg.connect(database) as holder:
        holder.execute(LOCK)
        keeper.__enter__()
        wait_until_somebody_waits(database)
        stopping = Thread(target=keeper.__exit__, args=[None, None, None])
        stopping.start()
        assert keeper._stopped.wait(60)
    stopping.join()
    with psycopg.connect(database, autocommit=True) as connection:
        assert reached(connection) == 1
    with Keeper(ledger, database, signing), psycopg.connect(database, autocommit=True) as connection:
        while reached(connection) < ledger.last_position():
            pass
