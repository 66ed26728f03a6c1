"""Pairing large with small, and lending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.guards import require_member_on
from domain.support.events import (
    LoanFields,
    LoanReturnFields,
    MentoringFields,
    MentoringHoursFields,
    MentoringHoursLogged,
    MentoringStarted,
    ResourceFields,
    ResourceLent,
    ResourceRegistered,
    ResourceReturned,
)

if TYPE_CHECKING:
    from domain.consortium import Consortium


class StartMentoring(Command, MentoringFields):
    """Start the work of a pair."""

    @model_validator(mode="after")
    def _two_members(self) -> StartMentoring:
        if self.mentor == self.mentee:
            raise PydanticCustomError("same_on_both_sides", "mentor and mentee are the same")
        return self


class LogMentoringHours(Command, MentoringHoursFields):
    """Write down hours of a pair."""


class RegisterResource(Command, ResourceFields):
    """Offer a thing for lending."""


class LendResource(Command, LoanFields):
    """Lend a thing to a member."""


class ReturnResource(Command, LoanReturnFields):
    """Record that a thing came back."""


def start_mentoring(consortium: Consortium, given: Given[StartMentoring]) -> tuple[Fact, ...]:
    """Start a pair.

    Raises:
        Refusal: `not-a-member-on-date`; `period-out-of-order` when it would end before it starts.
    """
    command, on = given.command, given.effective_on
    require_member_on(consortium, command.mentor, on, "/data/mentor")
    require_member_on(consortium, command.mentee, on, "/data/mentee")
    require(command.until >= on, "period-out-of-order", place="/data/until", first=on, last=command.until)
    return (MentoringStarted.of(command),)


def log_mentoring_hours(consortium: Consortium, given: Given[LogMentoringHours]) -> tuple[Fact, ...]:
    """Write down hours held from the first day of the pair to its last, even of one that has left since.

    Raises:
        Refusal: `period-out-of-order` when they were held before the pair began or after it ended.
    """
    command, held_on = given.command, given.command.held_on
    started_on, pair = consortium.support.pairs[command.pair_id]
    require(held_on >= started_on, "period-out-of-order", place="/data/held_on", first=started_on, last=held_on)
    require(held_on <= pair.until, "period-out-of-order", place="/data/held_on", first=held_on, last=pair.until)
    return (MentoringHoursLogged.of(command),)


def register_resource(consortium: Consortium, given: Given[RegisterResource]) -> tuple[Fact, ...]:
    """Offer a thing.

    Raises:
        Refusal: `not-a-member-on-date` for the owner.
    """
    require_member_on(consortium, given.command.owner, given.effective_on, "/data/owner")
    return (ResourceRegistered.of(given.command),)


def lend_resource(consortium: Consortium, given: Given[LendResource]) -> tuple[Fact, ...]:
    """Lend a thing: no more at a time than there are of it.

    Raises:
        Refusal: `not-a-member-on-date`; `resource-already-lent`; `period-out-of-order` when due before it is lent.
    """
    command, on = given.command, given.effective_on
    require_member_on(consortium, command.member_id, on, "/data/member_id")
    support = consortium.support
    _, resource = support.resources[command.resource_id]
    free = support.running(command.resource_id, on) < resource.quantity
    require(free, "resource-already-lent", place="/data/resource_id", resource_id=command.resource_id)
    require(command.due_on >= on, "period-out-of-order", place="/data/due_on", first=on, last=command.due_on)
    return (ResourceLent.of(command),)


def return_resource(consortium: Consortium, given: Given[ReturnResource]) -> tuple[Fact, ...]:
    """Take a thing back from the member that has it, even after it left.

    Raises:
        Refusal: `resource-not-lent`; `period-out-of-order` when it would come back before it was lent.
    """
    command, support = given.command, consortium.support
    place = support.open_loan(command.resource_id, command.member_id)
    if place is None:
        refuse(
            "resource-not-lent",
            place="/data/resource_id",
            resource_id=command.resource_id,
            member_id=command.member_id,
        )
    lent_on = support.loans[place].lent_on
    in_order = given.effective_on >= lent_on
    require(in_order, "period-out-of-order", place="/effective_on", first=lent_on, last=given.effective_on)
    return (ResourceReturned.of(command),)
