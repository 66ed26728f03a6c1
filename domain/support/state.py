"""Pairs, resources and loans."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.support.events import MentoringStarted, ResourceLent, ResourceRegistered, ResourceReturned

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

SupportFact = MentoringStarted | ResourceRegistered | ResourceLent | ResourceReturned


@dataclass(frozen=True, slots=True)
class Loan:
    """A thing lent, and when it came back."""

    resource_id: str
    member_id: str
    lent_on: date
    due_on: date
    returned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """Every pair and resource by its id; loans in the order recorded."""

    pairs: Map[str, tuple[date, MentoringStarted]] = field(default_factory=Map)
    resources: Map[str, ResourceRegistered] = field(default_factory=Map)
    loans: tuple[Loan, ...] = ()

    def running(self, resource_id: str, day: date) -> int:
        """Return how many loans of a resource have not ended by `day`."""
        return sum(
            loan.resource_id == resource_id and (loan.returned_on is None or loan.returned_on > day)
            for loan in self.loans
        )

    def open_loan(self, resource_id: str, member_id: str) -> int | None:
        """Return the place of a member's running loan of a resource."""
        return next(
            (
                place
                for place, loan in enumerate(self.loans)
                if (loan.resource_id, loan.member_id, loan.returned_on) == (resource_id, member_id, None)
            ),
            None,
        )


def evolve(state: Support, fact: SupportFact, entry: Entry) -> Support:
    """Return the support after `fact`."""
    match fact:
        case MentoringStarted():
            return replace(state, pairs=state.pairs.set(fact.pair_id, (entry.effective_on, fact)))
        case ResourceRegistered():
            return replace(state, resources=state.resources.set(fact.resource_id, fact))
        case ResourceLent():
            loan = Loan(fact.resource_id, fact.member_id, entry.effective_on, fact.due_on)
            return replace(state, loans=(*state.loans, loan))
        case ResourceReturned():
            place = state.open_loan(fact.resource_id, fact.member_id)
            assert place is not None  # noqa: S101 - only what is lent comes back
            returned = replace(state.loans[place], returned_on=entry.effective_on)
            loans = (*state.loans[:place], returned, *state.loans[place + 1 :])
            return replace(state, loans=loans)
        case _:
            assert_never(fact)
