"""What serves takes a new key up by itself, tells the log of logs in time, and comes out of an alarm by itself."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.keeper import Keeper
from domain.ledger.writer import Writer
from projections.transparency.signing import LOG_OF_LOGS
from tests.keys.deployment import FIRST, SECOND, Deployment
from tests.ledger.scenario import application, clock, give

if TYPE_CHECKING:
    from collections.abc import Iterator

SOON = timedelta(milliseconds=50)


class Noticed:
    """Waits for checkpoints, as the database tells of them."""

    def __init__(self, connection: psycopg.Connection, deployment: Deployment) -> None:
        self._connection = connection
        self._deployment = deployment

    def until(self, log_id: str, size: int) -> None:
        while size not in self._deployment.sizes(log_id):
            assert list(self._connection.notifies(timeout=60, stop_after=1))


@pytest.fixture
def noticed(database: str, empty: Deployment) -> Iterator[Noticed]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("LISTEN published_checkpoints")
        yield Noticed(connection, empty)


def record(deployment: Deployment, consortium_id: str) -> None:
    with Writer(deployment.ledger, clock) as writer:
        give(writer, [application(consortium_id)])


def test_a_rotation_by_another_process_is_taken_up_while_it_serves(
    database: str, empty: Deployment, noticed: Noticed
) -> None:
    with Keeper(empty.ledger, database, empty.signing, empty.clock):
        noticed.until(LOG_OF_LOGS, 0)
        empty.found(FIRST)
        noticed.until(FIRST, 1)
        empty.rotate()
        record(empty, FIRST)
        noticed.until(FIRST, 3)
        empty.found(SECOND)
        noticed.until(SECOND, 1)
    assert [empty.signed_by(FIRST, size) for size in (0, 1, 2, 3)] == [[1], [1], [1, 2], [1, 2]]
    assert empty.last_signed_by(SECOND) == [2]


def test_the_log_of_logs_is_told_at_once_of_a_new_log_and_hourly_of_a_change(
    database: str, empty: Deployment, noticed: Noticed
) -> None:
    with Keeper(empty.ledger, database, empty.signing, empty.clock) as keeper:
        empty.found(FIRST)
        noticed.until(LOG_OF_LOGS, 1)
        record(empty, FIRST)
        noticed.until(FIRST, 2)
        assert keeper.alarms == {}
    assert empty.sizes(LOG_OF_LOGS) == [0, 1]
    with Keeper(empty.ledger, database, empty.signing, empty.clock, interval=SOON):
        empty.now += SOON
        noticed.until(LOG_OF_LOGS, 2)


class Told(logging.Handler):
    """Notices that nothing is signed."""

    def __init__(self) -> None:
        super().__init__(logging.CRITICAL)
        self.told = Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= self.level:
            self.told.set()


@pytest.fixture
def told() -> Iterator[Event]:
    handler, log = Told(), logging.getLogger("consortium-ledger")
    log.addHandler(handler)
    yield handler.told
    log.removeHandler(handler)


def test_an_alarm_ends_by_itself_when_the_seed_is_back(
    database: str, deployment: Deployment, noticed: Noticed, told: Event
) -> None:
    away = deployment.signing.folder / "away"
    deployment.signing.file(1).rename(away)
    with Keeper(deployment.ledger, database, deployment.signing, deployment.clock, interval=SOON) as keeper:
        record(deployment, FIRST)
        record(deployment, SECOND)
        assert told.wait(60)
        assert keeper.alarms
        away.rename(deployment.signing.file(1))
        for log_id in (FIRST, SECOND, LOG_OF_LOGS):
            noticed.until(log_id, 2)
    assert keeper.alarms == {}
