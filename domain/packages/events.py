"""Facts about service packages and tasks."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.decider import Fact, Fields
from domain.values import (
    BasisPoints,
    Day,
    Grosze,
    GroszeChange,
    Id,
    KnownAllocation,
    KnownLine,
    KnownMember,
    KnownPackage,
    KnownTask,
    MemberGroszeChange,
    Members,
    New,
    Ordinal,
    PerformerRole,
    Size,
    Text,
)

Mode = Literal["opp_supporting", "opp_entrusting", "pzp", "regranting", "other"]
DueDays = Annotated[int, Field(strict=True, ge=0, le=3650)]


class Period(Fields):
    """A period with both its days."""

    period_from: Day
    period_to: Day

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.period_to < self.period_from:
            raise PydanticCustomError("out_of_order", "period_to lies before period_from")
        return self


class OfferFields(Fields):
    """A joint offer."""

    package_id: Annotated[Id, New("offer")]
    parties: Members
    represented_by: KnownMember
    requested_grant_gr: Grosze
    own_contribution_gr: Grosze


class JointOfferSubmitted(Fact, OfferFields):
    """Members offered together to take on a package."""

    topic: ClassVar[str] = "package.joint-offer-submitted.v1"


class ContractFields(Period):
    """The contract with the city."""

    package_id: Annotated[Id, New("contract")]
    title: Text
    mode: Mode
    contract_no: Text
    signed_on: Day
    grant_gr: Grosze
    project_funds_gr: Grosze
    own_contribution_gr: Grosze
    parties: Members
    line_increase_limit_bp: BasisPoints
    report_due_days: DueDays
    return_due_days: DueDays


class ContractSigned(Fact, ContractFields):
    """City and members are bound; the members jointly and severally."""

    topic: ClassVar[str] = "contract.signed.v1"


class PartiesFields(Fields):
    """An annex on who is bound."""

    package_id: KnownPackage
    annex_no: Ordinal
    signed_on: Day
    add: Members
    remove: Members


class ContractPartiesAmended(Fact, PartiesFields):
    """The parties change from `effective_on`."""

    topic: ClassVar[str] = "contract.parties-amended.v1"


class TermFields(Fields):
    """An annex on the end of the contract."""

    package_id: KnownPackage
    period_to: Day
    annex_no: Ordinal
    signed_on: Day


class ContractTermChanged(Fact, TermFields):
    """The contract ends on another day."""

    topic: ClassVar[str] = "contract.term-changed.v1"


class AnnexFields(Fields):
    """An annex on the grant."""

    package_id: KnownPackage
    annex_no: Ordinal
    signed_on: Day
    line_id: KnownLine
    grant_change_gr: GroszeChange
    to_members: MemberGroszeChange


class AnnexSigned(Fact, AnnexFields):
    """The grant, one line and its shares change from `effective_on`."""

    topic: ClassVar[str] = "contract.annex-signed.v1"


class TaskFields(Period):
    """One service of the package."""

    task_id: Annotated[Id, New("task")]
    package_id: KnownPackage
    name: Text


class TaskDefined(Fact, TaskFields):
    """The package has this task."""

    topic: ClassVar[str] = "task.defined.v1"


class AllocationFields(Fields):
    """Who performs a task, in which role, from when to when."""

    allocation_id: Annotated[Id, New("allocation")]
    task_id: KnownTask
    member_id: KnownMember
    role: PerformerRole
    valid_from: Day
    valid_to: Day

    @model_validator(mode="after")
    def _in_order(self) -> AllocationFields:
        if self.valid_to < self.valid_from:
            raise PydanticCustomError("out_of_order", "valid_to lies before valid_from")
        return self


class TaskAllocated(Fact, AllocationFields):
    """A member performs the task."""

    topic: ClassVar[str] = "task.allocated.v1"

    member_size_at_decision: Size


class AllocationEndFields(Fields):
    """The last day of an allocation."""

    allocation_id: KnownAllocation
    last_day: Day


class AllocationEnded(Fact, AllocationEndFields):
    """A member stops performing the task."""

    topic: ClassVar[str] = "task.allocation-ended.v1"
