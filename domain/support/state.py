"""Pairs and their hours, resources and loans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.states import Grown, replace, with_added, with_grown
from domain.support.events import (
    MentoringHoursLogged,
    MentoringStarted,
    ResourceLent,
    ResourceRegistered,
    ResourceReturned,
)

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

SupportFact = MentoringStarted | MentoringHoursLogged | ResourceRegistered | ResourceLent | ResourceReturned


@dataclass(frozen=True)
class Loan:
    """A thing lent, and when it came back."""

    resource_id: str
    member_id: str
    lent_on: date
    due_on: date
    fee_gr: int
    returned_on: date | None = None
    condition: str | None = None
    """In which it came back."""


@dataclass(frozen=True)
class Support:
    """Every pair and resource by its id; loans in the order recorded."""

    pairs: Map[str, tuple[date, MentoringStarted]] = field(default_factory=Map)
    hours_of: Map[str, Grown[tuple[date, MentoringHoursLogged]]] = field(default_factory=Map)
    """By pair, in the order recorded; none for a pair without hours."""
    resources: Map[str, tuple[date, ResourceRegistered]] = field(default_factory=Map)
    loans: Grown[Loan] = Grown()
    of_resource: Map[str, tuple[int, ...]] = field(default_factory=Map)
    """Places of a resource's loans among all, in their order."""

    def running(self, resource_id: str, day: date) -> int:
        """Return how many loans of a resource have not ended by `day`."""
        loans = (self.loans[place] for place in self.of_resource.get(resource_id, ()))
        return sum(loan.returned_on is None or loan.returned_on > day for loan in loans)

    def open_loan(self, resource_id: str, member_id: str) -> int | None:
        """Return the place of a member's running loan of a resource."""
        for place in self.of_resource.get(resource_id, ()):
            if (self.loans[place].member_id, self.loans[place].returned_on) == (member_id, None):
                return place
        return None


def evolve(state: Support, fact: SupportFact, entry: Entry) -> Support:
    """Return the support after `fact`."""
    match fact:
        case MentoringStarted():
            return replace(state, pairs=state.pairs.set(fact.pair_id, (entry.effective_on, fact)))
        case MentoringHoursLogged():
            return replace(state, hours_of=with_grown(state.hours_of, fact.pair_id, (entry.effective_on, fact)))
        case ResourceRegistered():
            return replace(state, resources=state.resources.set(fact.resource_id, (entry.effective_on, fact)))
        case ResourceLent():
            loan = Loan(fact.resource_id, fact.member_id, entry.effective_on, fact.due_on, fact.fee_gr)
            of_resource = with_added(state.of_resource, fact.resource_id, len(state.loans))
            return replace(state, loans=state.loans.added(loan), of_resource=of_resource)
        case ResourceReturned():
            place = state.open_loan(fact.resource_id, fact.member_id)
            assert place is not None  # noqa: S101 - only what is lent comes back
            returned = replace(state.loans[place], returned_on=entry.effective_on, condition=fact.condition)
            loans = state.loans.changed(place, returned)
            return replace(state, loans=loans)
        case _:
            assert_never(fact)
