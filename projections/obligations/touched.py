"""Which obligations a fact may bring, change or end, each named by its ground and the ground's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from domain.answers.deadlines import budget_years, objections_to, unspent_by
from domain.answers.loose_ends import PAID, shares_of
from domain.budget.events import (
    ExpenditureReported,
    FundsTransferred,
    LineResplit,
    LineSplit,
    MembersSettled,
    ShareMoved,
    TrancheDistributed,
    UnspentReturned,
)
from domain.membership.events import MembershipEnded, WithdrawalFiled
from domain.oversight.events import RecommendationClosed, RecommendationIssued, ReportSubmitted
from domain.packages.events import (
    AllocationEnded,
    AnnexSigned,
    ContractPartiesAmended,
    ContractSigned,
    ContractTermChanged,
    TaskAllocated,
)
from domain.resolutions.events import (
    ClericalErrorCorrected,
    ObjectionLodged,
    ObjectionResolved,
    ResolutionInvalidated,
)
from domain.support.events import ResourceLent, ResourceReturned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from domain.consortium import Consortium
    from domain.decider import Entry, Fact
    from projections.bitemporal.table import Key


def _of_contract(fact: ContractSigned | ContractTermChanged, _entry: Entry, after: Consortium) -> Iterator[Key]:
    yield from _reports(fact.package_id, after)
    yield from (("grant_return", *key) for key in unspent_by(after, fact.package_id))


def _of_report(fact: ReportSubmitted, _entry: Entry, after: Consortium) -> Iterator[Key]:
    yield from _reports(fact.package_id, after)


def _reports(package_id: str, after: Consortium) -> Iterator[Key]:
    yield "final_report", package_id
    yield from (("partial_report", *key) for key in budget_years(after, package_id))


def _of_execution(fact: ExpenditureReported, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield from (("grant_return", fact.package_id, one.member_id) for one in fact.unspent)


def _of_return(fact: UnspentReturned, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield "grant_return", fact.package_id, fact.from_member


def _of_recommendation(
    fact: RecommendationIssued | RecommendationClosed, _entry: Entry, _after: Consortium
) -> Iterator[Key]:
    yield "recommendation", fact.recommendation_id


def _of_loan(fact: ResourceLent | ResourceReturned, _entry: Entry, after: Consortium) -> Iterator[Key]:
    for place in after.support.of_resource.get(fact.resource_id, ()):
        if after.support.loans[place].member_id == fact.member_id:
            yield "loan", str(place + 1)


def _of_objection(fact: ObjectionLodged | ObjectionResolved, _entry: Entry, after: Consortium) -> Iterator[Key]:
    yield from (("objection", *key) for key in objections_to(after, fact.draft_id))


def _of_payment(fact: TrancheDistributed | MembersSettled, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    paid = (fact.from_member, fact.to_member) if isinstance(fact, MembersSettled) else fact.amounts_gr
    yield from _shares(fact.package_id, fact.source, paid)


def _of_line(
    fact: LineSplit | LineResplit | ShareMoved | FundsTransferred | AnnexSigned, entry: Entry, after: Consortium
) -> Iterator[Key]:
    for line_id, member_ids in _changed(fact):
        line = after.budgets.lines[line_id]
        yield from _shares(line.package_id, line.source, member_ids)
        if entry.under:
            yield "orphaned_shares", line_id, entry.under


def _changed(
    fact: LineSplit | LineResplit | ShareMoved | FundsTransferred | AnnexSigned,
) -> Iterator[tuple[str, Iterable[str]]]:
    match fact:
        case LineSplit():
            yield fact.line_id, fact.amounts_gr
        case LineResplit():
            yield fact.line_id, fact.changes_gr
        case ShareMoved():
            yield fact.line_id, (fact.from_member, fact.to_member)
        case FundsTransferred():
            yield fact.from_line, fact.from_members
            yield fact.to_line, fact.to_members
        case AnnexSigned():
            yield fact.line_id, fact.to_members


def _shares(package_id: str, source: str, member_ids: Iterable[str]) -> Iterator[Key]:
    for member_id in member_ids:
        yield "overpayment", package_id, source, member_id
        if source in PAID:
            yield "share_of_leaving", package_id, source, member_id


def _of_allocation(fact: TaskAllocated | AllocationEnded, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield from _allocation(fact.allocation_id)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "allocation":
        yield from _allocation(fact.target.id)


def _allocation(allocation_id: str) -> Iterator[Key]:
    yield "orphaned_allocation", allocation_id
    yield "outlived_allocation", allocation_id


def _of_leaving(fact: WithdrawalFiled | MembershipEnded, _entry: Entry, after: Consortium) -> Iterator[Key]:
    for allocation_id in after.packages.of_member.get(fact.member_id, ()):
        yield "outlived_allocation", allocation_id
    yield from (("share_of_leaving", *key) for key in shares_of(after, fact.member_id))


def _of_parties(fact: ContractPartiesAmended, _entry: Entry, after: Consortium) -> Iterator[Key]:
    packages = after.packages
    for member_id in (*fact.add, *fact.remove):
        for allocation_id in packages.of_member.get(member_id, ()):
            if packages.tasks[packages.allocations[allocation_id].task_id].package_id == fact.package_id:
                yield "outlived_allocation", allocation_id


def _of_invalidity(fact: ResolutionInvalidated, _entry: Entry, after: Consortium) -> Iterator[Key]:
    for allocation_id in after.packages.allocated_under.get(fact.target, ()):
        yield "orphaned_allocation", allocation_id
    for line_id in after.budgets.posted_under.get(fact.target, ()):
        yield "orphaned_shares", line_id, fact.target


TOUCHED: Final[Mapping[type[Fact], Callable[[Any, Entry, Consortium], Iterable[Key]]]] = {
    ContractSigned: _of_contract,
    ContractTermChanged: _of_contract,
    ReportSubmitted: _of_report,
    ExpenditureReported: _of_execution,
    UnspentReturned: _of_return,
    RecommendationIssued: _of_recommendation,
    RecommendationClosed: _of_recommendation,
    ResourceLent: _of_loan,
    ResourceReturned: _of_loan,
    ObjectionLodged: _of_objection,
    ObjectionResolved: _of_objection,
    TrancheDistributed: _of_payment,
    MembersSettled: _of_payment,
    LineSplit: _of_line,
    LineResplit: _of_line,
    ShareMoved: _of_line,
    FundsTransferred: _of_line,
    AnnexSigned: _of_line,
    TaskAllocated: _of_allocation,
    AllocationEnded: _of_allocation,
    ClericalErrorCorrected: _of_correction,
    WithdrawalFiled: _of_leaving,
    MembershipEnded: _of_leaving,
    ContractPartiesAmended: _of_parties,
    ResolutionInvalidated: _of_invalidity,
}
