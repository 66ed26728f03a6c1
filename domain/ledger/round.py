"""One round of the writer: submissions decided one after another, stored in one transaction, then answered.

A refusal is answered only when it was decided on a state that is committed and current. Decided on top of entries of
this round it waits for their commit; decided on a warm state it may owe to another process's entries, so these are read
first and it is decided again. An acceptance needs no such care: on a state that is not current it cannot be stored.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from domain.consortium import Consortium
from domain.errors import Refusal
from domain.ledger.faults import LedgerFault, LedgerUnavailable
from domain.ledger.submission import Decision, Receipt, Rehearsal, StepRefused, decide_submission
from domain.reasons import first_error
from domain.values import ConsortiumId

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from datetime import datetime

    from domain.decider import Entry
    from domain.ledger.ledger import Ledger
    from domain.ledger.submission import Outcome, Submission

_CONSORTIUM_ID: TypeAdapter[str] = TypeAdapter(ConsortiumId)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission and whom to answer."""

    submission: Submission
    answer: Future[tuple[Receipt, ...]] | Future[Rehearsal]
    rehearsed: bool = False
    """Whether it is only asked what it would do; the answer is a rehearsal then."""


class WarmStates:
    """The states of the consortia that were written to last, as far as this process knows them; all are committed."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._states: OrderedDict[str, Consortium] = OrderedDict()

    def get(self, consortium_id: str) -> Consortium | None:
        return self._states.get(consortium_id)

    def keep(self, consortium: Consortium) -> None:
        """Keep a state, and forget the one that was not kept for longest when there are too many."""
        self._states[consortium.consortium_id] = consortium
        self._states.move_to_end(consortium.consortium_id)
        if len(self._states) > self._limit:
            self._states.popitem(last=False)

    def clear(self) -> None:
        self._states.clear()


@dataclass(slots=True)
class _Desk:
    """A consortium in this round."""

    state: Consortium
    current: bool
    """Whether all that was stored before this round began is in `state`."""
    ahead: bool = False
    """Whether `state` holds entries of this round, which are not committed yet."""


Placed = dict[tuple[str, int], tuple[int, "Entry"]]
"""By consortium and version: position and entry."""


class Round:
    """Decides submissions; `commit` stores what they make and answers them.

    With `fresh` no warm state is trusted: the way to decide again after a conflict.
    """

    def __init__(self, ledger: Ledger, warm: WarmStates, clock: Callable[[], datetime], *, fresh: bool) -> None:
        self._ledger = ledger
        self._warm = warm
        self._clock = clock
        self._fresh = fresh
        self._desks: dict[str, _Desk] = {}
        self._decided: list[tuple[Waiting, Decision | Rehearsal | Refusal]] = []

    def take(self, waiting: Waiting) -> None:
        """Decide a submission; answer it at once when it is refused, or when deciding it is faulty.

        Raises:
            LedgerUnavailable: the database does not answer.
        """
        try:
            desk = self._desk(waiting.submission.consortium_id)
            self._decided.append((waiting, self._decision(desk, waiting)))
        except LedgerUnavailable:
            raise
        except Exception as fault:  # noqa: BLE001 - a fault of one submission must not fail the others
            waiting.answer.set_exception(fault)

    def commit(self) -> None:
        """Store all entries in one transaction, then answer all that were decided.

        Raises:
            Conflict: another process was first; nothing is stored and nobody answered.
            LedgerUnavailable: the database does not answer, and neither is anybody answered.
        """
        decisions = [decided for _, decided in self._decided if isinstance(decided, Decision)]
        entries = [entry for decision in decisions for entry in decision.entries]
        rows = [row for decision in decisions for row in decision.rows]
        positions = self._ledger.append_rows(rows)
        for desk in self._desks.values():
            self._keep(desk.state)
        placed = {(e.consortium_id, e.version): (p, e) for p, e in zip(positions, entries, strict=True)}
        for waiting, decided in self._decided:
            self._reply(waiting, decided, placed)

    def _desk(self, consortium_id: str) -> _Desk:
        desk = self._desks.get(consortium_id)
        if desk is None:
            state = self._warm.get(consortium_id)
            if state is None:
                _require_shape(consortium_id)
            desk = _Desk(state or Consortium(consortium_id), current=False)
            if state is None or self._fresh:
                self._catch_up(desk)
            self._desks[consortium_id] = desk
        return desk

    def _catch_up(self, desk: _Desk) -> None:
        desk.state = self._ledger.catch_up(desk.state)
        desk.current = True
        self._keep(desk.state)

    def _keep(self, state: Consortium) -> None:
        # Anybody may ask for a consortium that does not exist; that must push out none that does.
        if state.version:
            self._warm.keep(state)

    def _decision(self, desk: _Desk, waiting: Waiting) -> Decision | Rehearsal | Refusal:
        """Decide; return a refusal that has to wait for the commit, raise one that is final."""
        try:
            return self._decided_on(desk, waiting)
        except Refusal as refusal:
            if desk.ahead:
                return refusal
            if desk.current:
                raise
        self._catch_up(desk)
        return self._decided_on(desk, waiting)

    def _decided_on(self, desk: _Desk, waiting: Waiting) -> Decision | Rehearsal:
        decision = decide_submission(desk.state, waiting.submission, self._clock())
        if waiting.rehearsed:
            return Rehearsal(desk.state, decision)
        desk.state = decision.consortium
        desk.ahead = desk.ahead or bool(decision.entries)
        return decision

    def _reply(self, waiting: Waiting, decided: Decision | Rehearsal | Refusal, placed: Placed) -> None:
        answer: Future[Any] = waiting.answer
        if isinstance(decided, Refusal):
            answer.set_exception(decided)
        elif isinstance(decided, Rehearsal):
            answer.set_result(decided)
        else:
            try:
                answer.set_result(self._receipts(waiting.submission.consortium_id, decided, placed))
            except LedgerFault as fault:
                answer.set_exception(fault)

    def _receipts(self, consortium_id: str, decision: Decision, placed: Placed) -> tuple[Receipt, ...]:
        return tuple(self._receipt(consortium_id, outcome, placed) for outcome in decision.outcomes)

    def _receipt(self, consortium_id: str, outcome: Outcome, placed: Placed) -> Receipt:
        last = outcome.last_version
        position, entry = placed.get((consortium_id, last)) or self._ledger.find(consortium_id, last)
        return Receipt(
            command_id=outcome.command_id,
            first_version=outcome.first_version,
            last_version=last,
            position=position,
            recorded_at=entry.recorded_at,
            replayed=outcome.replayed,
        )


def _require_shape(consortium_id: str) -> None:
    try:
        _CONSORTIUM_ID.validate_python(consortium_id)
    except ValidationError as error:
        _, reason = first_error(error)
        raise StepRefused(Refusal("malformed", place="/consortium_id", reason=reason), 0) from error
