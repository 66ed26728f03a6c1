"""Waiting until a published checkpoint covers an entry, for whoever gave a command and wants proof.

    checkpoint stored ──▶ NOTIFY ──▶ one thread that listens ──▶ everybody who waits for that log

A receipt is a `.tlog-proof`. Nobody who waits holds a thread or a connection, but `receipt`, which is for a thread that
has nothing else to do. What was published while nobody listened is looked up as soon as somebody listens again.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from starlette.concurrency import run_in_threadpool

from api.listening import Listening
from projections.transparency.published import CHANNEL, PublishedLog, published_sizes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import TracebackType
    from typing import Self

    from api.snapshots import Snapshots

MOST_SECONDS: Final = 30
"""How long a request may wait for a receipt."""

MOST_WAITING: Final = 1000
"""More would be a sign that nothing is published any more."""


class ReceiptLate(Exception):  # noqa: N818 - neither an outcome nor a fault: the entry is stored
    """No published checkpoint covered the entry in time; asked for again later, the receipt will be there."""


class _Place(NamedTuple):
    log_id: str
    version: int


class Receipts:
    """Hands out proof files once they can be had."""

    def __init__(self, conninfo: str, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._waiting: dict[Future[None], _Place] = {}
        self._lock = Lock()
        self._listening = Listening(conninfo, CHANNEL, self._look_for)

    def __enter__(self) -> Self:
        self._listening.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.__exit__(kind, error, trace)

    def receipt(self, log_id: str, version: int, wait_seconds: float) -> bytes:
        """Return the proof file of an entry that is stored, for a consortium its version counted from 1.

        Raises:
            ReceiptLate: no published checkpoint covers it within `wait_seconds`, or too many wait already.
            psycopg.Error: the database does not answer.
        """
        with self._covered(_Place(log_id, version)) as covered:
            self._look([log_id])
            try:
                covered.result(wait_seconds)
            except TimeoutError as error:
                raise ReceiptLate from error
        return self._proof_file(log_id, version)

    async def awaited(self, log_id: str, version: int, wait_seconds: float) -> bytes:
        """Do the same without holding a thread."""
        with self._covered(_Place(log_id, version)) as covered:
            await run_in_threadpool(self._look, [log_id])
            # A future that is wrapped is never done at once, so no time at all would be too little for it.
            if not covered.done():
                try:
                    await asyncio.wait_for(asyncio.wrap_future(covered), wait_seconds)
                except TimeoutError as error:
                    raise ReceiptLate from error
        return await run_in_threadpool(self._proof_file, log_id, version)

    @contextmanager
    def _covered(self, place: _Place) -> Iterator[Future[None]]:
        """Stand in line before looking, so that nothing is published unseen between the two."""
        covered: Future[None] = Future()
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                raise ReceiptLate
            self._waiting[covered] = place
        try:
            yield covered
        finally:
            with self._lock:
                del self._waiting[covered]

    def _look(self, log_ids: Collection[str]) -> None:
        """Tell those who wait for these logs how far they are published."""
        with self._snapshots.snapshot() as connection:
            sizes = published_sizes(connection, log_ids)
        with self._lock:
            covered = [each for each, place in self._waiting.items() if place.version <= sizes.get(place.log_id, 0)]
        for each in covered:
            # Who waits may have given up, or been told, at this moment.
            with suppress(InvalidStateError):
                each.set_result(None)

    def _proof_file(self, log_id: str, version: int) -> bytes:
        with self._snapshots.snapshot() as connection:
            proof = PublishedLog(connection, log_id).proof_file(version - 1)
        if proof is None:
            raise ReceiptLate
        return proof

    def _look_for(self, log_ids: Collection[str] | None) -> None:
        """Look at what was heard of, or at everything, as far as somebody waits for it."""
        with self._lock:
            waited_for = {place.log_id for place in self._waiting.values()}
        named = waited_for if log_ids is None else waited_for.intersection(log_ids)
        if named:
            self._look(named)
