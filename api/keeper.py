"""Keeps the read models up to date and the checkpoints published while the program serves, in threads of its own.

    keeper      follows the ledger: read models, then a checkpoint of each log that grew, then the log of logs
    watch       looks at once and every minute whether everything that was signed is still there, and whether the log of
                logs lacks a checkpoint for long enough

What goes wrong is told in health and tried again, whatever it is: a database that is away, a history that is not what
was signed, a fault of the program. Nothing is ever skipped.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from threading import Event, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Final

import psycopg

from api.listening import first_line
from domain.ledger.faults import LedgerFault
from domain.ledger.following import following
from projections.bitemporal.tables import StaleTablesError
from projections.read_models import all_read_models
from projections.runner import Runner
from projections.transparency.alarm import Alarm, MissingEntries
from projections.transparency.log_of_logs import INTERVAL, log_checkpoints
from projections.transparency.publisher import Publisher
from projections.transparency.signing import LOG_OF_LOGS
from projections.transparency.soundness import forgotten, unsound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from types import TracebackType
    from typing import Self

    from psycopg import Connection

    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing

RETRY_SECONDS: Final = 1.0

LOOK_EVERY: Final = timedelta(minutes=1)
"""How often all logs are looked after, those too that do not grow."""

log = logging.getLogger("consortium-ledger")


def _now() -> datetime:
    return datetime.now(UTC)


class Keeper:
    """Follows the ledger until it is stopped.

    `clock` gives aware datetimes; a checkpoint is told to the log of logs `interval` after the one before.
    """

    def __init__(
        self,
        ledger: Ledger,
        conninfo: str,
        signing: Signing,
        clock: Callable[[], datetime] = _now,
        interval: timedelta = INTERVAL,
    ) -> None:
        self._ledger = ledger
        self._conninfo = conninfo
        self._signing = signing
        self._clock = clock
        self._interval = interval
        self._stopped = Event()
        self._noting = Lock()
        self._stop_following: Callable[[], None] = lambda: None
        self._threads = (
            Thread(target=self._keep, args=[self._follow], name="keeper", daemon=True),
            Thread(target=self._keep, args=[self._watch], name="watch", daemon=True),
        )
        self._faults: dict[str, str] = {}
        self.alarms: dict[str, Alarm] = {}
        """By log: why it is not signed any more."""

    def __enter__(self) -> Self:
        self._look_before_anything_else()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._stop_following()
        for thread in self._threads:
            thread.join()

    def lacks_entries(self, consortium_id: str) -> bool:
        """Tell whether the database is known to hold less of a history than was signed."""
        return isinstance(self.alarms.get(consortium_id), MissingEntries)

    @property
    def fault(self) -> str | None:
        """Why something stands still; None when everything moves."""
        return next(iter(self._faults.values()), None)

    def _keep(self, work: Callable[[], None]) -> None:
        while not self._stopped.is_set():
            try:
                work()
            except Exception as fault:  # noqa: BLE001 - a thread that ended for any reason would end unseen
                self._stand_still(fault)
                self._stopped.wait(RETRY_SECONDS)

    def _stand_still(self, fault: Exception) -> None:
        """Tell why, once until it changes; what nobody expects with its kind, and with the place in the program."""
        expected = isinstance(fault, psycopg.Error | LedgerFault | OSError | StaleTablesError)
        reason = first_line(fault) if expected else f"{type(fault).__name__}: {first_line(fault)}"
        if self._faults.get(current_thread().name) != reason:
            log.error("read models stand still: %s", reason, exc_info=None if expected else fault)
        self._move(reason)

    def _move(self, reason: str | None = None) -> None:
        """Note for this thread that it moves, or why not."""
        name = current_thread().name
        with self._noting:
            others = {each: said for each, said in self._faults.items() if each != name}
            self._faults = {**others, name: reason} if reason else others

    def _follow(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            runner = Runner(self._ledger, connection, all_read_models(self._ledger))
            publisher = self._publisher(connection)
            reached = takewhile(lambda _: not self._stopped.is_set(), runner.catching_up())
            position = max(reached, default=0)
            if self._stopped.is_set():
                return
            due = [*publisher.unpublished(), *forgotten(connection, self._signing), LOG_OF_LOGS]
            self._publish(publisher, dict.fromkeys(due))
            self._log(connection, publisher)
            self._move()
            with following(self._ledger, position) as (batches, self._stop_following):
                if self._stopped.is_set():
                    return
                for batch in batches:
                    runner.apply(batch)
                    grown = dict.fromkeys(placed.consortium_id for placed in batch)
                    self._publish(publisher, grown)
                    self._log(connection, publisher, grown)

    def _watch(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            publisher = self._publisher(connection)
            self._look_through(connection, publisher)
            while not self._stopped.wait(min(LOOK_EVERY, self._interval).total_seconds()):
                self._look_through(connection, publisher)
                self._log(connection, publisher)
                self._move()

    def _look_before_anything_else(self) -> None:
        """So that no command gets into the place of an entry that is missing; a database that is away has none."""
        with suppress(psycopg.Error), psycopg.connect(self._conninfo, autocommit=True) as connection:
            self._look(connection)

    def _look_through(self, connection: Connection, publisher: Publisher) -> None:
        """Raise an alarm of each log that is not what was signed, and see whether others have been put right."""
        found = self._look(connection)
        # Put right without a new entry: a seed or a memory restored.
        self._publish(publisher, [log_id for log_id in self.alarms if log_id not in found])

    def _look(self, connection: Connection) -> set[str]:
        """Raise an alarm of each log that is not what was signed, and name them."""
        found = list(unsound(connection, self._signing, self._clock()))
        for alarm in found:
            self._raise(alarm)
        return {alarm.consortium_id for alarm in found}

    def _publisher(self, connection: Connection) -> Publisher:
        return Publisher(self._ledger, connection, self._signing, self._clock)

    def _log(self, connection: Connection, publisher: Publisher, among: Collection[str] | None = None) -> None:
        """Tell the log of logs of the checkpoints that are due, of all logs or of those named."""
        if log_checkpoints(connection, self._clock(), self._interval, among):
            self._publish(publisher, [LOG_OF_LOGS])

    def _publish(self, publisher: Publisher, log_ids: Iterable[str]) -> None:
        for log_id in log_ids:
            try:
                publisher.publish(log_id)
                self._note(log_id, None)
            except Alarm as alarm:
                self._raise(alarm)

    def _raise(self, alarm: Alarm) -> None:
        """Note an alarm, and tell it once until it changes."""
        known = self.alarms.get(alarm.consortium_id)
        self._note(alarm.consortium_id, alarm)
        if known is None or str(known) != str(alarm):
            log.critical("nothing is signed: %s", alarm)

    def _note(self, log_id: str, alarm: Alarm | None) -> None:
        # Whoever looks through the alarms meanwhile goes on with those that it began with.
        with self._noting:
            others = {each: said for each, said in self.alarms.items() if each != log_id}
            self.alarms = {**others, log_id: alarm} if alarm else others
