"""Hearing what the database notifies of, on one thread and one connection, over every restart of the database.

LISTEN ──▶ everything may have changed ──▶ NOTIFY … ──▶ these have changed ──▶ connection lost ──▶ LISTEN again …
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

RETRY_SECONDS: Final = 1.0
STOP_WITHIN_SECONDS: Final = 0.2

log = logging.getLogger("consortium-ledger")


class Listening:
    """A thread that hears of one channel while it is entered."""

    def __init__(self, conninfo: str, channel: str, heard: Callable[[set[str] | None], None]) -> None:
        """`heard` gets the payloads that came, never none; or None when others may have come while nobody listened.

        What it raises of the database makes the thread connect again.
        """
        self._conninfo = conninfo
        self._listen = SQL("LISTEN {}").format(Identifier(channel))
        self._heard = heard
        self._stopped = Event()
        self._thread = Thread(target=self._run, name=f"listening to {channel}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._thread.join()

    def stop(self) -> None:
        """Hear nothing more, and do not wait for the thread."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether nothing more will be heard."""
        return self._stopped.is_set()

    def _run(self) -> None:
        while not self.stopped:
            try:
                self._hear()
            except psycopg.Error as fault:
                log.warning("%s: %s", self._thread.name, first_line(fault))
                self._stopped.wait(RETRY_SECONDS)

    def _hear(self) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(self._listen)
            self._heard(None)
            while not self.stopped:
                came = connection.notifies(timeout=STOP_WITHIN_SECONDS, stop_after=1)
                payloads = {notification.payload for notification in came}
                if payloads:
                    self._heard(payloads)


def first_line(fault: Exception) -> str:
    """Say in one line what went wrong; some faults have no words but their name."""
    return (str(fault).splitlines() or [type(fault).__name__])[0]
