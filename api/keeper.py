"""Keeps the read models up to date and the checkpoints published while the program serves, in threads of its own.

    keeper      follows the ledger: read models, then a checkpoint of each log that grew, then the log of logs
    hourly      looks from time to time whether the log of logs lacks a checkpoint for long enough

What goes wrong is told in health and tried again, whatever it is: a database that is away, a history that is not what
was signed, a fault of the program. Nothing is ever skipped.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Final

import psycopg

from domain.ledger.faults import LedgerFault
from domain.ledger.following import following
from projections.bitemporal.tables import StaleTablesError
from projections.read_models import all_read_models
from projections.runner import Runner
from projections.transparency.log_of_logs import INTERVAL, log_checkpoints
from projections.transparency.publisher import Alarm, Publisher
from projections.transparency.signing import LOG_OF_LOGS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from types import TracebackType
    from typing import Self

    from psycopg import Connection

    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing

RETRY_SECONDS: Final = 1.0

LOOK_EVERY: Final = timedelta(minutes=1)
"""How often the log of logs is looked after while no log grows."""

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
            Thread(target=self._keep, args=[self._log_hourly], name="hourly", daemon=True),
        )
        self._faults: dict[str, str] = {}
        self.position = 0
        self.alarms: dict[str, Alarm] = {}
        """By log: why it is not signed any more."""

    def __enter__(self) -> Self:
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
        """Tell why, once until it changes; what nobody expects with the place in the program."""
        reason = (str(fault).splitlines() or [type(fault).__name__])[0]
        if self._faults.get(current_thread().name) != reason:
            expected = isinstance(fault, psycopg.Error | LedgerFault | OSError | StaleTablesError)
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
            self.position = runner.catch_up()
            self._publish(publisher, [*publisher.unpublished(), LOG_OF_LOGS])
            self._log(connection, publisher)
            self._move()
            with following(self._ledger, self.position) as (batches, self._stop_following):
                if self._stopped.is_set():
                    return
                for batch in batches:
                    runner.apply(batch)
                    self.position = batch[-1].position
                    grown = dict.fromkeys(placed.consortium_id for placed in batch)
                    self._publish(publisher, grown)
                    self._log(connection, publisher, grown)

    def _log_hourly(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            publisher = self._publisher(connection)
            while not self._stopped.wait(min(LOOK_EVERY, self._interval).total_seconds()):
                # What raised an alarm may have been put right without a new entry: a seed or a memory restored.
                self._publish(publisher, list(self.alarms))
                self._log(connection, publisher)
                self._move()

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
                self._note(log_id, alarm)
                log.critical("nothing is signed: %s", alarm)

    def _note(self, log_id: str, alarm: Alarm | None) -> None:
        # Whoever looks through the alarms meanwhile goes on with those that it began with.
        with self._noting:
            others = {each: said for each, said in self.alarms.items() if each != log_id}
            self.alarms = {**others, log_id: alarm} if alarm else others
