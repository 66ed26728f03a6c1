"""The tables: made by any number of processes at once, and closed to every change of history."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, LiteralString

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from domain.ledger.faults import LedgerUnavailable, WrongSchema
from domain.ledger.ledger import Ledger
from domain.ledger.schema import LEDGER
from tests.ledger.scenario import history

if TYPE_CHECKING:
    from collections.abc import Iterator


def versions(conninfo: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute("SELECT version FROM ledger_schema ORDER BY version").fetchall()


def test_eight_that_migrate_at_once_take_each_step_once(empty_database: str) -> None:
    with ThreadPoolExecutor(8) as together:
        list(together.map(LEDGER.migrate, [empty_database] * 8))
    assert versions(empty_database) == [(version,) for version in range(1, LEDGER.version + 1)]


def test_migrating_again_changes_nothing(database: str) -> None:
    with Ledger.connect(database) as ledger:
        ledger.append(history()[:3])
        before = versions(database)
        LEDGER.migrate(database)
        assert (versions(database), ledger.last_position()) == (before, 3)


def test_a_database_that_nobody_migrated_is_not_opened(empty_database: str) -> None:
    with pytest.raises(WrongSchema, match="version 0, this program needs 2"):
        Ledger.connect(empty_database)


def test_a_database_of_a_newer_program_is_neither_opened_nor_migrated(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO ledger_schema (version) VALUES (%s)", [LEDGER.version + 1])
    for use in (Ledger.connect, LEDGER.migrate):
        with pytest.raises(WrongSchema):
            use(database)


def test_a_database_that_is_not_there_is_unavailable() -> None:
    for use in (Ledger.connect, LEDGER.migrate):
        with pytest.raises(LedgerUnavailable):
            use("host=/nowhere dbname=ledger")


@pytest.fixture
def with_history(database: str) -> Iterator[psycopg.Connection]:
    with Ledger.connect(database) as ledger:
        ledger.append(history()[:3])
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_events SET state = '{}'",
        "UPDATE ledger_events SET state = '{}' WHERE false",
        "DELETE FROM ledger_events",
        "TRUNCATE ledger_events",
        "INSERT INTO ledger_events SELECT * FROM ledger_events ON CONFLICT (notification_id) DO UPDATE SET topic = ''",
        "MERGE INTO ledger_events USING (SELECT) AS one ON true WHEN MATCHED THEN DELETE",
    ],
)
@pytest.mark.parametrize("replication_role", ["origin", "replica"])
def test_no_statement_changes_history(
    with_history: psycopg.Connection, change: LiteralString, replication_role: str
) -> None:
    rows = with_history.execute("SELECT * FROM ledger_events").fetchall()
    with_history.execute("SELECT set_config('session_replication_role', %s, false)", [replication_role])
    with pytest.raises(InsufficientPrivilege, match="history is never changed"):
        with_history.execute(change)
    assert with_history.execute("SELECT * FROM ledger_events").fetchall() == rows
