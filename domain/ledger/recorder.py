"""The library's PostgreSQL recorder, made one ordered round trip.

The library's own insert takes five round trips, three of them inside a lock on the whole table; the database function
that it ships takes one, but without the lock, so that a reader may pass over entries that are committed late. Ours, in
`schema-1.sql`, takes one and keeps the order.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import psycopg
from eventsourcing.persistence import InterfaceError, Notification, OperationalError
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.sql import SQL, Identifier
from psycopg_pool import PoolClosed, PoolTimeout

from domain.ledger.subscription import SafeSubscription

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eventsourcing.persistence import StoredEvent
    from eventsourcing.postgres import PostgresDatastore

P = ParamSpec("P")
R = TypeVar("R")


def on_a_live_connection(
    call: Callable[Concatenate[OneTripRecorder, P], R],
) -> Callable[Concatenate[OneTripRecorder, P], R]:
    """Call again as long as the connection turns out to be broken, at most once for each that the pool may hold.

    The library would repeat any failure ten times, among them waiting in vain for the pool or for the lock.
    """

    @wraps(call)
    def again(recorder: OneTripRecorder, /, *args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(recorder.datastore.pool.max_size):
            try:
                return call(recorder, *args, **kwargs)
            except (InterfaceError, OperationalError) as error:
                if not _connection_broke(error.__cause__):
                    raise
        return call(recorder, *args, **kwargs)

    return again


def _connection_broke(error: BaseException | None) -> bool:
    if not isinstance(error, psycopg.Error) or isinstance(error, PoolClosed | PoolTimeout):
        return False
    # Without a code the connection broke before an answer came; class 08 and 57P say that it is about to.
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))


class OneTripRecorder(PostgresApplicationRecorder):
    """Appends through the database's own function; its tables are made by `schema.migrate`."""

    def __init__(self, datastore: PostgresDatastore, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        names = {"schema": Identifier(datastore.schema), "table": Identifier(events_table_name)}
        self._append = SQL(
            "SELECT * FROM {schema}.{function}(%b::text[], %b::bigint[], %b::text[], %b::bytea[]) AS position"
        ).format(function=Identifier(f"{events_table_name}_append"), **names)
        self._find = SQL("SELECT * FROM {schema}.{table} WHERE originator_id = %s AND originator_version = %s").format(
            **names
        )
        # One step of the index for each stream, however many events it has.
        self._streams = SQL(
            "WITH RECURSIVE stream (id) AS ("
            " (SELECT originator_id FROM {schema}.{table} ORDER BY originator_id LIMIT 1)"
            " UNION ALL"
            " SELECT (SELECT originator_id FROM {schema}.{table} WHERE originator_id > stream.id"
            " ORDER BY originator_id LIMIT 1) FROM stream WHERE stream.id IS NOT NULL"
            ") SELECT id FROM stream WHERE id IS NOT NULL"
        ).format(**names)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: object) -> list[int]:
        """Append in one transaction and return the positions, in the order of the events.

        Repeated after a reply that was lost, it meets its own rows: the caller sees a conflict with itself.
        """
        return self._inserted(stored_events) if stored_events else []

    @on_a_live_connection
    def _inserted(self, stored_events: Sequence[StoredEvent]) -> list[int]:
        columns = (
            [event.originator_id for event in stored_events],
            [event.originator_version for event in stored_events],
            [event.topic for event in stored_events],
            [event.state for event in stored_events],
        )
        with self.datastore.get_connection() as connection:
            # The connection commits by itself, so the statement is the transaction.
            return [row["position"] for row in connection.execute(self._append, columns, prepare=True)]

    select_events = on_a_live_connection(PostgresApplicationRecorder.select_events.__wrapped__)
    select_notifications = on_a_live_connection(PostgresApplicationRecorder.select_notifications.__wrapped__)
    max_notification_id = on_a_live_connection(PostgresApplicationRecorder.max_notification_id.__wrapped__)

    @on_a_live_connection
    def find(self, originator_id: str, originator_version: int) -> Notification | None:
        """Read one event with its position."""
        with self.datastore.get_connection() as connection:
            row = connection.execute(self._find, (originator_id, originator_version), prepare=True).fetchone()
        if row is None:
            return None
        return Notification(originator_id, originator_version, row["topic"], row["state"], row["notification_id"])

    @on_a_live_connection
    def streams(self) -> list[str]:
        """List the originators, in order."""
        with self.datastore.get_connection() as connection:
            return [row["id"] for row in connection.execute(self._streams)]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> SafeSubscription:
        return SafeSubscription(recorder=self, gt=gt, topics=topics)
