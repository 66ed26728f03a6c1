"""Handing commands to the writer and waiting for its answer, without holding a thread."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from api.commands.answers import recorded, rehearsed
from api.problems import KEY_IN_PROGRESS, TOO_BUSY, UNAVAILABLE, Problem
from domain.ledger.faults import Conflict, LedgerUnavailable, WriterClosed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future

    from domain.ledger.ledger import Ledger
    from domain.ledger.submission import Receipt, Submission
    from domain.ledger.writer import Writer

T = TypeVar("T")

MOST_WAITING: Final = 2000
"""Submissions that may wait for the writer; more are turned away."""

ANSWER_SECONDS: Final = 30
"""How long a command waits for its commit before its giver is told to ask again; it may be recorded all the same."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command that is recorded."""

    last_version: int
    replayed: bool
    told: dict[str, Any]
    """What its giver is answered, the same each time."""


class Desk:
    """Where commands are handed in: over one ledger and its writer."""

    def __init__(self, ledger: Ledger, writer: Writer) -> None:
        self._ledger = ledger
        self._writer = writer
        self._in_progress: set[str] = set()

    async def carry_out(self, submission: Submission, key: str) -> list[Done]:
        """Return what became of each step once they are stored.

        Raises:
            StepRefused: as the writer does.
            Problem: `idempotency-key-in-progress`, `too-busy`, `unavailable`.
        """
        with self._held(key), _faults_told():
            receipts = await self._heard(self._writer.submit(submission))
            return await run_in_threadpool(self._done, submission.consortium_id, receipts)

    async def rehearse(self, submission: Submission) -> dict[str, Any]:
        """Return what the steps would do together.

        Raises:
            StepRefused: as the writer does.
            Problem: `too-busy`, `unavailable`.
        """
        with _faults_told():
            rehearsal = await self._heard(self._writer.rehearse(submission))
        return await run_in_threadpool(rehearsed, rehearsal)

    def _done(self, consortium_id: str, receipts: Sequence[Receipt]) -> list[Done]:
        return [Done(one.last_version, one.replayed, recorded(self._ledger, consortium_id, one)) for one in receipts]

    async def _heard(self, answer: Future[T]) -> T:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(answer)), ANSWER_SECONDS)

    @contextmanager
    def _held(self, key: str) -> Iterator[None]:
        """Let no other command with the key in meanwhile."""
        if key in self._in_progress:
            raise Problem(KEY_IN_PROGRESS)
        if self._writer.waiting >= MOST_WAITING:
            raise Problem(TOO_BUSY)
        self._in_progress.add(key)
        try:
            yield
        finally:
            self._in_progress.discard(key)


@contextmanager
def _faults_told() -> Iterator[None]:
    try:
        yield
    except (LedgerUnavailable, Conflict, WriterClosed, TimeoutError) as fault:
        raise Problem(UNAVAILABLE) from fault
