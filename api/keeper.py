"""Keeps the read models up to date and the checkpoints published while the program serves, in a thread of its own.

What goes wrong is told in health and tried again: a database that is away, a history that is not what was signed.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import psycopg

from domain.ledger.faults import LedgerFault
from domain.ledger.following import following
from projections.runner import Runner
from projections.transparency.publisher import Alarm, Publisher
from projections.transparency.tiles import Tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing

RETRY_SECONDS: Final = 1.0

log = logging.getLogger("consortium-ledger")


class Keeper:
    """Follows the ledger until it is stopped."""

    def __init__(self, ledger: Ledger, conninfo: str, signing: Signing) -> None:
        self._ledger = ledger
        self._conninfo = conninfo
        self._signing = signing
        self._stopped = Event()
        self._stop_following: Callable[[], None] = lambda: None
        self._thread = Thread(target=self._keep, name="keeper", daemon=True)
        self.position = 0
        self.fault: str | None = None
        self.alarms: dict[str, Alarm] = {}
        """By consortium: why its log is not signed any more."""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._stop_following()
        self._thread.join()

    def _keep(self) -> None:
        while not self._stopped.is_set():
            try:
                self._follow()
            except (psycopg.Error, LedgerFault) as fault:
                self.fault = str(fault).splitlines()[0]
                log.warning("read models stand still: %s", self.fault)
                self._stopped.wait(RETRY_SECONDS)

    def _follow(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            runner = Runner(self._ledger, connection, [Tiles()])
            publisher = Publisher(self._ledger, connection, self._signing)
            self.position = runner.catch_up()
            self._publish(publisher, publisher.unpublished())
            self.fault = None
            with following(self._ledger, self.position) as (batches, self._stop_following):
                if self._stopped.is_set():
                    return
                for batch in batches:
                    runner.apply(batch)
                    self.position = batch[-1].position
                    self._publish(publisher, dict.fromkeys(placed.consortium_id for placed in batch))

    def _publish(self, publisher: Publisher, consortium_ids: Iterable[str]) -> None:
        for consortium_id in consortium_ids:
            try:
                publisher.publish(consortium_id)
                self.alarms.pop(consortium_id, None)
            except Alarm as alarm:
                self.alarms[consortium_id] = alarm
                log.critical("nothing is signed: %s", alarm)
