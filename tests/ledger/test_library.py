"""The library keeps the promises that we stand on: its own contract tests, and every private name that we use."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresSubscription

from domain.ledger.ledger import Ledger
from domain.ledger.recorder import OneTripRecorder
from tests.ledger import contract

if TYPE_CHECKING:
    from collections.abc import Iterator


class Recording(contract.RecorderTestCase):
    """Gives the library's tests our recorder, on the tables that `migrate` made."""

    ledger: Ledger

    @pytest.fixture(autouse=True)
    def _on_a_database_of_its_own(self, database: str) -> Iterator[None]:
        with Ledger.connect(database, pool_size=6) as self.ledger:
            yield

    def create_recorder(self) -> OneTripRecorder:
        return self.ledger.recorder

    def new_originator_id(self) -> str:
        return str(uuid4())


class TestOneTripRecorder(Recording, contract.ApplicationRecorderTestCase[OneTripRecorder]):
    """The library's contract of an application's recorder."""

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestPositionsDoNotInterleave(Recording, contract.NonInterleavingNotificationIDsBaseCase):
    """The library's contract of the order of positions."""


def test_the_methods_that_the_library_retries_can_be_had_without() -> None:
    for name in ("select_events", "select_notifications", "max_notification_id"):
        assert callable(getattr(PostgresApplicationRecorder, name).__wrapped__)


def test_a_subscription_has_the_parts_that_ours_works_with(ledger: Ledger) -> None:
    assert "_listen" in vars(PostgresSubscription)
    with ledger.recorder.subscribe() as subscription:
        assert {
            *("_recorder", "_has_been_notified", "_has_been_stopped"),
            *("_thread_error", "_notifications_queue", "_listen_thread", "_pull_thread"),
        } <= vars(subscription).keys()
        assert subscription._select_limit == 500


def test_a_recorder_has_the_parts_that_ours_works_with(ledger: Ledger) -> None:
    recorder = ledger.recorder
    assert (recorder.events_table_name, recorder.channel_name) == ("ledger_events", "ledger_events")
    assert recorder.datastore.schema == "public"
    assert recorder.datastore.pool.max_size == 4


def test_a_pool_takes_another_connection_string_until_it_is_opened(ledger: Ledger) -> None:
    pool = ledger.recorder.datastore.pool
    assert isinstance(pool.kwargs, dict)
    assert pool.kwargs["dbname"].startswith("test_")
    assert pool.reconnect_timeout == 1


def test_our_table_has_the_columns_and_keys_of_the_librarys(ledger: Ledger, database: str) -> None:
    PostgresApplicationRecorder(ledger.recorder.datastore, events_table_name="theirs_events").create_table()
    with psycopg.connect(database) as connection:
        assert columns(connection, "ledger_events") == columns(connection, "theirs_events")
        assert indices(connection, "ledger_events") == indices(connection, "theirs_events")


def columns(connection: psycopg.Connection, table: str) -> list[tuple[object, ...]]:
    query = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY 1"
    return connection.execute(query, [table]).fetchall()


def indices(connection: psycopg.Connection, table: str) -> list[tuple[object, ...]]:
    query = "SELECT replace(indexdef, %s, '') FROM pg_indexes WHERE tablename = %s ORDER BY 1"
    return connection.execute(query, [table, table]).fetchall()
