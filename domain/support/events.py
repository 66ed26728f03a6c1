"""Facts about mentoring and shared resources."""

from __future__ import annotations

from typing import Annotated, ClassVar

from domain.decider import Fact, Fields
from domain.values import (
    Code,
    Count,
    Day,
    Grosze,
    Id,
    KnownMember,
    KnownPair,
    KnownResource,
    New,
    Note,
    Ordinal,
    Text,
)


class MentoringFields(Fields):
    """A large member and the small one it supports."""

    pair_id: Annotated[Id, New("pair")]
    mentor: KnownMember
    mentee: KnownMember
    until: Day
    hours_planned: Count


class MentoringStarted(Fact, MentoringFields):
    """A pair works together from `effective_on`."""

    topic: ClassVar[str] = "mentoring.started.v1"


class MentoringHoursFields(Fields):
    """How long a pair worked together on one day, and on what."""

    pair_id: KnownPair
    held_on: Day
    hours_x100: Count
    topic_code: Code


class MentoringHoursLogged(Fact, MentoringHoursFields):
    """Hours of a pair were written down."""

    topic: ClassVar[str] = "mentoring.hours-logged.v1"


class ResourceFields(Fields):
    """Something a member lends."""

    resource_id: Annotated[Id, New("resource")]
    name: Text
    owner: KnownMember
    quantity: Ordinal


class ResourceRegistered(Fact, ResourceFields):
    """A member offers a thing for lending."""

    topic: ClassVar[str] = "resource.registered.v1"


class LoanFields(Fields):
    """A thing lent."""

    resource_id: KnownResource
    member_id: KnownMember
    due_on: Day
    fee_gr: Grosze


class ResourceLent(Fact, LoanFields):
    """A thing was lent on `effective_on`."""

    topic: ClassVar[str] = "resource.lent.v1"


class LoanReturnFields(Fields):
    """A thing given back."""

    resource_id: KnownResource
    member_id: KnownMember
    condition: Note


class ResourceReturned(Fact, LoanReturnFields):
    """A thing came back on `effective_on`."""

    topic: ClassVar[str] = "resource.returned.v1"
