"""Facts about applications, members, delegates and the consortium's offices."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from domain.decider import Fact, Fields
from domain.values import (
    Code,
    Count,
    Day,
    Fte,
    Grosze,
    Id,
    KnownApplication,
    KnownDelegate,
    KnownDraft,
    KnownMember,
    Krs,
    New,
    Nip,
    Note,
    Regon,
    Size,
    Text,
)


class EntityFields(Fields):
    """What is known of a social economy entity: a legal person, never a natural one."""

    name: Text
    legal_form: Code
    employment_fte_x100: Fte
    annual_revenue_gr: Grosze
    operates_units: tuple[Text, ...] = ()
    """CIS, KIS, ZAZ or WTZ that it runs: units, not legal persons."""
    registry_ref: Id | None = None
    nip: Nip | None = None
    regon: Regon | None = None
    krs: Krs | None = None


class ApplicationFields(EntityFields):
    """An application for membership."""

    application_id: Annotated[Id, New("application")]


class MembershipApplied(Fact, ApplicationFields):
    """An entity asked to join."""

    topic: ClassVar[str] = "membership.applied.v1"


class ApplicationRejected(Fact):
    """The board voted the accession down."""

    topic: ClassVar[str] = "membership.application-rejected.v1"

    application_id: KnownApplication
    draft_id: KnownDraft


class AdmissionFields(EntityFields):
    """A member at its admission."""

    member_id: Annotated[Id, New("member")]
    joined_on: Day
    delegate_id: Id


class FoundingMemberAdmitted(Fact, AdmissionFields):
    """A founder joined."""

    topic: ClassVar[str] = "membership.founding-member-admitted.v1"

    size: Size


class LaterAdmissionFields(AdmissionFields):
    """A member that joined after the founding."""

    application_id: KnownApplication
    declaration_signed_on: Day


class MemberAdmitted(Fact, LaterAdmissionFields):
    """An applicant joined."""

    topic: ClassVar[str] = "membership.member-admitted.v1"

    size: Size


class DelegateFields(Fields):
    """The delegate who votes for a member from a day on."""

    member_id: KnownMember
    delegate_id: Id
    from_on: Day


class DelegateAppointed(Fact, DelegateFields):
    """A member's vote passed to another delegate."""

    topic: ClassVar[str] = "membership.delegate-appointed.v1"


class ClassificationFields(Fields):
    """The figures of a review and the class they give."""

    member_id: KnownMember
    employment_fte_x100: Fte
    annual_revenue_gr: Grosze
    size: Size


class MemberSizeClassified(Fact, ClassificationFields):
    """A member's size class holds from `effective_on`."""

    topic: ClassVar[str] = "membership.size-classified.v1"

    statute_version: Count


class WithdrawalFields(Fields):
    """A member's notice."""

    member_id: KnownMember
    filed_on: Day
    effective_last_day: Day
    reason: Note


class WithdrawalFiled(Fact, WithdrawalFields):
    """A member gave notice."""

    topic: ClassVar[str] = "membership.withdrawal-filed.v1"


class EndFields(Fields):
    """The end of a membership."""

    member_id: KnownMember
    kind: Literal["withdrawal", "exclusion"]
    last_day: Day


class MembershipEnded(Fact, EndFields):
    """A member belongs no longer than `last_day`."""

    topic: ClassVar[str] = "membership.ended.v1"


class LeaderFields(Fields):
    """The member that represents the others towards the city."""

    member_id: KnownMember


class LeaderAppointed(Fact, LeaderFields):
    """The consortium has this leader from `effective_on`."""

    topic: ClassVar[str] = "membership.leader-appointed.v1"


class ChairFields(Fields):
    """Who presides over the board."""

    delegate_id: KnownDelegate
    deputy_delegate_id: KnownDelegate | None = None


class ChairAppointed(Fact, ChairFields):
    """The board has this chair and deputy from `effective_on`."""

    topic: ClassVar[str] = "membership.chair-appointed.v1"
