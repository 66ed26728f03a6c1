"""How far the answers have come, consortium by consortium, and waiting for them to come further.

    read models committed ──▶ NOTIFY ──▶ one thread that listens ──▶ everybody who waits for that consortium

Nobody who waits holds a thread or a connection.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from api.listening import Listening
from projections.bitemporal.asking import moment_at
from projections.runner import CHANNEL

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from api.snapshots import Snapshots


class Heads:
    """Tells how far the read models have come."""

    def __init__(self, conninfo: str, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._waiting: dict[Future[None], str] = {}
        self._lock = Lock()
        self._listening = Listening(conninfo, CHANNEL, self._wake)

    def __enter__(self) -> Self:
        self._listening.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._listening.__exit__(kind, error, trace)

    def stop(self) -> None:
        """Tell nothing more: everybody who waits goes on at once, and streams end."""
        self._listening.stop()
        self._wake(None)

    @property
    def stopped(self) -> bool:
        """Whether nothing more will be told."""
        return self._listening.stopped

    def head(self, consortium_id: str) -> int:
        """Return the last version that answers cover; 0 where there is none.

        Raises:
            psycopg.Error: the database does not answer.
        """
        with self._snapshots.snapshot() as connection:
            moment = moment_at(connection, consortium_id, None)
        return moment.head if moment else 0

    async def reach(self, consortium_id: str, version: int, wait_seconds: float) -> int:
        """Wait until answers cover a version, but no longer than allowed; return the version they cover.

        Raises:
            psycopg.Error: the database does not answer.
        """
        until = asyncio.get_running_loop().time() + wait_seconds
        while True:
            changed: Future[None] = Future()
            with self._lock:
                self._waiting[changed] = consortium_id
            try:
                head = await run_in_threadpool(self.head, consortium_id)
                left = until - asyncio.get_running_loop().time()
                if head >= version or left <= 0 or self.stopped:
                    return head
                with suppress(TimeoutError):
                    await asyncio.wait_for(asyncio.wrap_future(changed), left)
            finally:
                with self._lock:
                    del self._waiting[changed]

    def _wake(self, consortium_ids: set[str] | None) -> None:
        with self._lock:
            changed = [one for one, waits in self._waiting.items() if consortium_ids is None or waits in consortium_ids]
        for one in changed:
            # Who waits may have given up at this moment.
            with suppress(InvalidStateError):
                one.set_result(None)
