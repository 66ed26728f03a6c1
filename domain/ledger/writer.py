"""The one writer of a process: what waits is decided in turn and stored together.

    submit ──▶ waiting ──▶ a round: decide, decide, decide … ──▶ one transaction ──▶ answers
                 ▲                                                     │
                 └── gathers the next round while a commit is in flight ┘

There is no timer: a lone caller is served at once, and the busier it gets the more share a commit.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from threading import Condition, Thread
from typing import TYPE_CHECKING, Final

from domain.ledger.faults import Conflict, LedgerFault, WriterClosed
from domain.ledger.round import Round, Waiting, WarmStates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from domain.ledger.ledger import Ledger
    from domain.ledger.submission import Receipt, Rehearsal, Submission

MOST_AT_ONCE: Final = 500
"""Submissions in a round; more would keep the first of them waiting long."""

ATTEMPTS: Final = 50
"""How often a round is decided again after conflicts. With eight processes at one consortium, one round in a thousand
would lose them all."""


class Writer:
    """Decides submissions and stores what they make; each command takes effect exactly once.

    `clock` gives aware datetimes. The states of at most `warm` consortia are kept between rounds.
    """

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime], *, warm: int = 1000) -> None:
        self._ledger = ledger
        self._clock = clock
        self._warm = WarmStates(warm)
        self._waiting: deque[Waiting] = deque()
        self._changed = Condition()
        self._closed = False
        self.commits = 0
        """How many rounds were committed."""
        self._thread = Thread(target=self._work, name="ledger-writer", daemon=True)
        self._thread.start()

    def submit(self, submission: Submission) -> Future[tuple[Receipt, ...]]:
        """Hand in a submission from any thread; the answer is a receipt for each step, in their order.

        The answer raises `StepRefused` when a rule forbids a step, and then nothing is recorded. It raises
        `LedgerUnavailable` when the database does not answer, and `Conflict` when other processes were always first;
        the same submission may be given again. Anything else is a fault of the program in deciding it.

        Raises:
            WriterClosed: the writer was closed.
        """
        answer: Future[tuple[Receipt, ...]] = Future()
        self._put(Waiting(submission, answer))
        return answer

    def rehearse(self, submission: Submission) -> Future[Rehearsal]:
        """Say what a submission would do, decided in its turn and not stored; refused as by `submit`.

        Raises:
            WriterClosed: the writer was closed.
        """
        answer: Future[Rehearsal] = Future()
        self._put(Waiting(submission, answer, rehearsed=True))
        return answer

    @property
    def waiting(self) -> int:
        """How many submissions are not taken yet."""
        return len(self._waiting)

    def _put(self, waiting: Waiting) -> None:
        with self._changed:
            if self._closed:
                raise WriterClosed
            self._waiting.append(waiting)
            self._changed.notify()

    def close(self) -> None:
        """Take nothing more, and return when all that was taken is answered."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _work(self) -> None:
        while batch := self._gathered():
            try:
                self._serve([waiting for waiting in batch if waiting.answer.set_running_or_notify_cancel()])
            except Exception as fault:  # noqa: BLE001 - told to everyone who waits; the writer goes on with the next
                if not isinstance(fault, LedgerFault):
                    self._warm.clear()
                for waiting in _unanswered(batch):
                    waiting.answer.set_exception(fault)

    def _gathered(self) -> list[Waiting]:
        """Wait for submissions and take them; none when the writer is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_AT_ONCE))]

    def _serve(self, batch: list[Waiting]) -> None:
        conflicts = 0
        while True:
            together = Round(self._ledger, self._warm, self._clock, fresh=conflicts > 0)
            for waiting in _unanswered(batch):
                together.take(waiting)
            try:
                together.commit()
            except Conflict:
                conflicts += 1
                if conflicts == ATTEMPTS:
                    raise
            else:
                self.commits += 1
                return


def _unanswered(batch: list[Waiting]) -> list[Waiting]:
    return [waiting for waiting in batch if not waiting.answer.done()]
