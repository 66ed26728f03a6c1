"""Facts about money. Every amount is whole grosze."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.decider import Fact, Fields
from domain.values import (
    Day,
    Grosze,
    Id,
    KnownDraft,
    KnownLine,
    KnownMember,
    KnownPackage,
    KnownTask,
    MemberGrosze,
    New,
    Note,
    Ordinal,
    PositiveGrosze,
    Source,
    SummedGrosze,
    Text,
    Weight,
)


class BudgetLine(Fields):
    """An amount for one task from one source."""

    line_id: Annotated[Id, New("line")]
    task_id: KnownTask
    source: Source
    amount_gr: Grosze
    cost_kind: Text | None = None
    budget_year: Ordinal | None = None


class BudgetFields(Fields):
    """The lines of a package's budget."""

    package_id: KnownPackage
    lines: Annotated[tuple[BudgetLine, ...], Field(min_length=1)]


class BudgetAdopted(Fact, BudgetFields):
    """The lines hold from `effective_on`; by source they make up the contract."""

    topic: ClassVar[str] = "budget.adopted.v1"


class Share(Fields):
    """A member and its weight in a division."""

    member_id: KnownMember
    weight: Weight


class SplitFields(Fields):
    """A line and how it is divided."""

    line_id: KnownLine
    shares: Annotated[tuple[Share, ...], Field(min_length=1)]


class LineSplit(Fact, SplitFields):
    """A line was divided for the first time."""

    topic: ClassVar[str] = "budget.line-split.v1"

    rule: Literal["largest_remainder", "leader_takes_remainder"]
    amounts_gr: dict[KnownMember, SummedGrosze]
    holds_from: Day
    """`effective_on`, or the line's last change where that is later."""


class ResplitFields(SplitFields):
    """A new division of a line that was divided before."""

    amends: KnownDraft | None = None


class LineResplit(Fact, ResplitFields):
    """A line's shares were divided anew from `effective_on`; `changes_gr` is by how much each share changed."""

    topic: ClassVar[str] = "budget.line-resplit.v1"

    rule: Literal["largest_remainder", "leader_takes_remainder"]
    amounts_gr: dict[KnownMember, SummedGrosze]
    changes_gr: dict[KnownMember, SummedGrosze]


class MoveFields(Fields):
    """Part of a share that passes to another member."""

    line_id: KnownLine
    from_member: KnownMember
    to_member: KnownMember
    amount_gr: PositiveGrosze

    @model_validator(mode="after")
    def _between_two(self) -> MoveFields:
        if self.from_member == self.to_member:
            raise PydanticCustomError("same_on_both_sides", "from_member and to_member are the same")
        return self


class ShareMoved(Fact, MoveFields):
    """Part of a share passed on from `effective_on`."""

    topic: ClassVar[str] = "budget.share-moved.v1"


class TransferFields(Fields):
    """Money shifted between two lines of one source."""

    package_id: KnownPackage
    from_line: KnownLine
    to_line: KnownLine
    amount_gr: PositiveGrosze
    from_members: MemberGrosze
    to_members: MemberGrosze
    annex_no: Ordinal | None = None
    """With an annex the contract's limit does not bind."""

    @model_validator(mode="after")
    def _between_two(self) -> TransferFields:
        if self.from_line == self.to_line:
            raise PydanticCustomError("same_on_both_sides", "from_line and to_line are the same")
        return self


class FundsTransferred(Fact, TransferFields):
    """Both lines and their shares changed from `effective_on`."""

    topic: ClassVar[str] = "budget.funds-transferred.v1"


class TrancheFields(Fields):
    """An instalment."""

    package_id: KnownPackage
    tranche_no: Ordinal
    source: Source


class ReceivedFields(TrancheFields):
    """An instalment that came in."""

    amount_gr: PositiveGrosze
    payer: Text


class TrancheReceived(Fact, ReceivedFields):
    """The leader received an instalment on `effective_on`."""

    topic: ClassVar[str] = "tranche.received.v1"


class DistributedFields(TrancheFields):
    """An instalment passed on."""

    amounts_gr: MemberGrosze


class TrancheDistributed(Fact, DistributedFields):
    """The leader passed an instalment on, whole, on `effective_on`."""

    topic: ClassVar[str] = "tranche.distributed.v1"


class SettlementFields(Fields):
    """Money that one member hands to another."""

    package_id: KnownPackage
    source: Source
    from_member: KnownMember
    to_member: KnownMember
    amount_gr: PositiveGrosze

    @model_validator(mode="after")
    def _between_two(self) -> SettlementFields:
        if self.from_member == self.to_member:
            raise PydanticCustomError("same_on_both_sides", "from_member and to_member are the same")
        return self


class MembersSettled(Fact, SettlementFields):
    """A member that was paid too much handed it on."""

    topic: ClassVar[str] = "settlement.members-settled.v1"


class Unspent(Fields):
    """What a member did not spend of its share of a line."""

    line_id: KnownLine
    member_id: KnownMember
    amount_gr: Grosze


class ExecutionFields(Fields):
    """What was not spent; everything else was."""

    package_id: KnownPackage
    unspent: tuple[Unspent, ...]
    note: Note = ""


class ExpenditureReported(Fact, ExecutionFields):
    """Spending of a package was reported; a later report on the same share replaces the earlier."""

    topic: ClassVar[str] = "execution.reported.v1"


class ReturnFields(Fields):
    """Unspent grant given back."""

    package_id: KnownPackage
    amount_gr: PositiveGrosze
    from_member: KnownMember
    to: Text
    due_on: Day


class UnspentReturned(Fact, ReturnFields):
    """Unspent grant went back on `effective_on`."""

    topic: ClassVar[str] = "execution.unspent-returned.v1"
