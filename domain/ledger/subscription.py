"""Following the events as they are stored, in their order and without missing one."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final

from eventsourcing.persistence import ShutDown
from eventsourcing.postgres import PostgresSubscription
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsourcing.persistence import Notification
    from psycopg import Connection
    from psycopg.rows import DictRow

LOOK_AFTER_SECONDS: Final = 1.0
"""How long a lost wake-up may delay what it should have announced."""

STOP_WITHIN_SECONDS: Final = 0.1


class SafeSubscription(PostgresSubscription):
    """The library's subscription, which looks for itself where that one waits for a wake-up that may never come.

    The library pulls first and listens afterwards: what is committed in between it delivers only with the next event.
    """

    def _listen(self) -> None:
        try:
            with self._recorder.datastore.get_connection() as connection:
                connection.execute(SQL("LISTEN {}").format(Identifier(self._recorder.channel_name)))
                # Whatever came before anyone listened.
                self._has_been_notified.set()
                self._pass_on(connection)
                # The next one to get this connection from the pool wants to hear nothing.
                connection.execute("UNLISTEN *")
        except BaseException as error:  # noqa: BLE001 - it rises in the thread that reads, which would wait for ever
            self._thread_error = self._thread_error or error
            self.stop()

    def _pass_on(self, connection: Connection[DictRow]) -> None:
        looked = monotonic()
        while not self._has_been_stopped and not self._thread_error:
            notified = list(connection.notifies(timeout=STOP_WITHIN_SECONDS, stop_after=1))
            if notified or monotonic() - looked > LOOK_AFTER_SECONDS:
                self._has_been_notified.set()
                looked = monotonic()

    def batches(self) -> Iterator[Sequence[Notification]]:
        """Yield the events in lists of at most 500, as many as there are, until the subscription is stopped.

        Raises:
            eventsourcing.persistence.PersistenceError: the connection broke.
        """
        with suppress(ShutDown):
            while True:
                batch = self._notifications_queue.get()
                self._notifications_queue.task_done()
                yield batch
        if self._thread_error is not None:
            raise self._thread_error
