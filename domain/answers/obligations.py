"""What is still to be done on a day: deadlines, and what a departure or an invalidity left open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from domain.answers.money import paid_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.packages.state import Contract

    Obligation = tuple[str, date | None]


def obligations(consortium: Consortium, valid_on: date) -> list[dict[str, Any]]:
    """Return what is open on the day by deadline, without one last; a deadline before the day is overdue."""
    found = [
        *_final_reports(consortium, valid_on),
        *_partial_reports(consortium, valid_on),
        *_returns(consortium, valid_on),
        *_recommendations(consortium, valid_on),
        *_loans(consortium, valid_on),
        *_overpaid(consortium, valid_on),
        *_orphaned(consortium, valid_on),
        *_outlived(consortium, valid_on),
        *_left_behind(consortium, valid_on),
        *_objections(consortium, valid_on),
    ]
    found.sort(key=lambda one: (one[1] is None, one[1] or valid_on, one[0]))
    return [{"what": what, "due_on": due_on.isoformat() if due_on else None} for what, due_on in found]


def _contracts(consortium: Consortium, valid_on: date) -> Iterator[tuple[str, Contract]]:
    for package_id, package in sorted(consortium.packages.packages.items()):
        if package.contract is not None and package.contract.effective_on <= valid_on:
            yield package_id, package.contract


def _final_reports(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    submitted = {
        report.package_id for on, report in consortium.oversight.reports if on <= valid_on and report.kind == "final"
    }
    for package_id, contract in _contracts(consortium, valid_on):
        if package_id not in submitted:
            due_on = contract.period_to_on(valid_on) + timedelta(days=contract.signed.report_due_days)
            yield f"sprawozdanie końcowe {package_id}", due_on


def _partial_reports(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    """Expect a partial report after each budget year that ends inside the contract. Source: art. 18 OPP."""
    submitted = {
        (report.package_id, report.due_on)
        for on, report in consortium.oversight.reports
        if on <= valid_on and report.kind == "partial"
    }
    for package_id, contract in _contracts(consortium, valid_on):
        begins, ends = contract.signed.period_from, contract.period_to_on(valid_on)
        for year in range(begins.year, ends.year):
            due_on = begins.replace(year=year, month=12, day=31) + timedelta(days=contract.signed.report_due_days)
            if (package_id, due_on) not in submitted:
                yield f"sprawozdanie częściowe {package_id} za rok {year}", due_on


def _returns(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    for package_id, contract in _contracts(consortium, valid_on):
        open_gr = consortium.budgets.unspent_grant(package_id, valid_on)
        for on, fact in consortium.budgets.returns:
            if fact.package_id == package_id and on <= valid_on:
                open_gr[fact.from_member] = open_gr.get(fact.from_member, 0) - fact.amount_gr
        due_on = contract.period_to_on(valid_on) + timedelta(days=contract.signed.return_due_days)
        for member_id, amount in sorted(open_gr.items()):
            if amount > 0:
                yield f"zwrot niewykorzystanej dotacji {package_id} przez {member_id}: {amount} gr", due_on


def _recommendations(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    for recommendation_id, one in sorted(consortium.oversight.recommendations.items()):
        if one.issued_on <= valid_on and (one.closed_on is None or one.closed_on > valid_on):
            yield f"zalecenie {recommendation_id}", one.issued.due_on


def _loans(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    for loan in consortium.support.loans:
        if loan.lent_on <= valid_on and (loan.returned_on is None or loan.returned_on > valid_on):
            yield f"zwrot zasobu {loan.resource_id} przez {loan.member_id}", loan.due_on


def _overpaid(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    for package_id, source in sorted(consortium.budgets.payments):
        lines = [line for line in consortium.budgets.lines_of(package_id) if line.source == source]
        for member_id, paid in paid_on(consortium, package_id, source, valid_on).items():
            share = sum(line.shares_on(valid_on).get(member_id, 0) for line in lines)
            if paid > share:
                yield f"rozliczenie nadpłaty {package_id} {source} przez {member_id}: {paid - share} gr", None


def _orphaned(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    """Flag what was done under a resolution that turned out invalid."""
    void = {draft_id for draft_id, draft in consortium.resolutions.drafts.items() if draft.invalid}
    for allocation_id, allocation in sorted(consortium.packages.allocations.items()):
        if allocation.under in void and allocation.covers(valid_on):
            yield f"przydział {allocation_id} osierocony po nieważności {allocation.under}", None
    for line_id, line in sorted(consortium.budgets.lines.items()):
        for under in sorted({posting.under for posting in line.postings if posting.under and posting.on <= valid_on}):
            if under in void:
                yield f"udziały w linii {line_id} osierocone po nieważności {under}", None


def _outlived(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    """Flag allocations that outlive a membership or a contract party."""
    for allocation_id, one in sorted(consortium.packages.allocations.items()):
        contract = consortium.packages.contract_of(consortium.packages.tasks[one.task_id])
        last_day = _last_day(consortium, one.member_id)
        if one.valid_to < valid_on or one.valid_to < one.valid_from:
            continue
        if last_day is not None and last_day < one.valid_to:
            yield f"przydział {allocation_id} trwa po odejściu {one.member_id}", last_day
        elif contract is not None and not contract.is_party_throughout(one.member_id, one.valid_from, one.valid_to):
            yield f"przydział {allocation_id} trwa bez umowy z {one.member_id}", None


def _left_behind(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    """Flag what a member that leaves has been shared beyond its last day and not been paid."""
    for member_id in sorted(consortium.membership.members):
        last_day = _last_day(consortium, member_id)
        if last_day is None:
            continue
        for package_id in sorted(consortium.budgets.of_package):
            for source in ("city_grant", "project_funds"):
                lines = [line for line in consortium.budgets.lines_of(package_id) if line.source == source]
                share = sum(line.least_share(member_id, last_day + timedelta(days=1)) for line in lines)
                left = share - paid_on(consortium, package_id, source, valid_on).get(member_id, 0)
                if left > 0:
                    what = f"udział {member_id} w {package_id} ({source}) do wypłaty albo ponownego podziału: {left} gr"
                    yield what, last_day


def _last_day(consortium: Consortium, member_id: str) -> date | None:
    """Return the last day of a member that leaves: as decided, or as in its notice."""
    member = consortium.membership.members[member_id]
    noticed = member.withdrawal.effective_last_day if member.withdrawal else None
    return member.last_day or noticed


def _objections(consortium: Consortium, valid_on: date) -> Iterator[Obligation]:
    for draft_id in consortium.resolutions.order:
        for one in consortium.resolutions.drafts[draft_id].objections:
            if one.lodged_on <= valid_on and (one.resolved_on is None or one.resolved_on > valid_on):
                yield f"sprzeciw {one.member_id} wobec {draft_id}", None
