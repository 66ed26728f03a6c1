"""Handing commands to the writer and waiting for its answer, without holding a thread."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from api.commands.answers import recorded, rehearsed
from api.problems import ENTRIES_MISSING, KEY_IN_PROGRESS, TOO_BUSY, UNAVAILABLE, Problem
from domain.ledger.faults import Conflict, LedgerUnavailable, WriterClosed
from domain.ledger.submission import StepRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from domain.ledger.ledger import Ledger
    from domain.ledger.submission import Receipt, Submission
    from domain.ledger.writer import Writer

T = TypeVar("T")

MOST_WAITING: Final = 2000
"""Submissions that may wait for the writer; more are turned away."""

ANSWER_SECONDS: Final = 30
"""How long a command waits for its commit before its giver is told to ask again; it may be recorded all the same."""

OUTCOMES: Final = ("recorded", "replayed", "rehearsed", "refused")


@dataclass(frozen=True, slots=True)
class Done:
    """A command that is recorded."""

    last_version: int
    replayed: bool
    told: dict[str, Any]
    """What its giver is answered, the same each time."""


class Desk:
    """Where commands are handed in: over one ledger and its writer."""

    def __init__(
        self,
        ledger: Ledger,
        writer: Writer,
        most_waiting: int = MOST_WAITING,
        lacks_entries: Callable[[str], bool] = lambda _consortium_id: False,
    ) -> None:
        """Hand in nothing for a consortium that `lacks_entries`: what is signed has its place already."""
        self._lacks_entries = lacks_entries
        self._ledger = ledger
        self._writer = writer
        self._most_waiting = most_waiting
        self._in_progress: set[str] = set()
        self.outcomes: Final[Counter[str]] = Counter(dict.fromkeys(OUTCOMES, 0))
        """How many commands came to what."""
        self.refusals: Final[Counter[str]] = Counter()
        """How many were refused, by code."""

    @property
    def waiting(self) -> int:
        """How many submissions wait for the writer."""
        return self._writer.waiting

    @property
    def commits(self) -> int:
        """How many rounds the writer has committed."""
        return self._writer.commits

    async def carry_out(self, submission: Submission, key: str) -> list[Done]:
        """Return what became of each step once they are stored.

        Raises:
            StepRefused: as the writer does.
            Problem: `idempotency-key-in-progress`, `too-busy`, `unavailable`, `entries-missing`.
        """
        self._require_room()
        if self._lacks_entries(submission.consortium_id):
            raise Problem(ENTRIES_MISSING)
        with self._held(key), _faults_told(), self._refusals_counted():
            receipts = await self._heard(self._writer.submit(submission))
            self.outcomes.update("replayed" if one.replayed else "recorded" for one in receipts)
            return await run_in_threadpool(self._done, submission.consortium_id, receipts)

    async def rehearse(self, submission: Submission) -> dict[str, Any]:
        """Return what the steps would do together.

        Raises:
            StepRefused: as the writer does.
            Problem: `too-busy`, `unavailable`.
        """
        self._require_room()
        with _faults_told(), self._refusals_counted():
            rehearsal = await self._heard(self._writer.rehearse(submission))
            self.outcomes["rehearsed"] += len(submission.steps)
        return await run_in_threadpool(rehearsed, rehearsal)

    def _require_room(self) -> None:
        if self._writer.waiting >= self._most_waiting:
            raise Problem(TOO_BUSY)

    def _done(self, consortium_id: str, receipts: Sequence[Receipt]) -> list[Done]:
        return [Done(one.last_version, one.replayed, recorded(self._ledger, consortium_id, one)) for one in receipts]

    async def _heard(self, answer: Future[T]) -> T:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(answer)), ANSWER_SECONDS)

    @contextmanager
    def _refusals_counted(self) -> Iterator[None]:
        try:
            yield
        except StepRefused as refused:
            self.outcomes["refused"] += 1
            self.refusals[refused.code] += 1
            raise

    @contextmanager
    def _held(self, key: str) -> Iterator[None]:
        """Let no other command with the key in meanwhile."""
        if key in self._in_progress:
            raise Problem(KEY_IN_PROGRESS)
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
