"""What somebody set a day for, or waits for: reports, returns, recommendations, loans, objections."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from domain.answers.courses import NOTHING, Course, Ground, Obligation
from domain.values import latest_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.answers.courses import Key
    from domain.consortium import Consortium
    from domain.packages.state import Contract


def contract_of(consortium: Consortium, package_id: str) -> Contract | None:
    """Return the contract of a package, if it has one."""
    package = consortium.packages.packages.get(package_id)
    return package.contract if package else None


def _contract_days(contract: Contract) -> set[date]:
    return {contract.effective_on, *(since for since, _ in contract.terms)}


def _packages(consortium: Consortium) -> Iterator[Key]:
    return ((package_id,) for package_id, one in consortium.packages.packages.items() if one.contract is not None)


def _final_report(consortium: Consortium, key: Key) -> Course:
    (package_id,) = key
    contract = contract_of(consortium, package_id)
    if contract is None:
        return NOTHING
    reports = consortium.oversight.of_package.get(package_id, ())
    submitted = [on for on, report in reports if report.kind == "final"]

    def on_day(day: date) -> Obligation | None:
        if day < contract.effective_on or any(on <= day for on in submitted):
            return None
        due_on = contract.period_to_on(day) + timedelta(days=contract.signed.report_due_days)
        return Obligation(kind="final_report", due_on=due_on, package_id=package_id)

    return Course(_contract_days(contract) | set(submitted), on_day)


def budget_years(consortium: Consortium, package_id: str) -> Iterator[Key]:
    """Walk the years that ended inside the contract, as some term of it has it, each with the package."""
    contract = contract_of(consortium, package_id)
    if contract is not None:
        last = max(end for _, end in contract.terms)
        yield from ((package_id, str(year)) for year in range(contract.signed.period_from.year, last.year))


def _partial_report(consortium: Consortium, key: Key) -> Course:
    """Expect a partial report after each budget year that ends inside the contract. Source: art. 18 OPP."""
    package_id, year = key[0], int(key[1])
    contract = contract_of(consortium, package_id)
    if contract is None:
        return NOTHING
    begins = contract.signed.period_from
    due_on = begins.replace(year=year, month=12, day=31) + timedelta(days=contract.signed.report_due_days)
    reports = consortium.oversight.of_package.get(package_id, ())
    submitted = [on for on, report in reports if report.kind == "partial" and report.due_on == due_on]

    def on_day(day: date) -> Obligation | None:
        inside = day >= contract.effective_on and begins.year <= year < contract.period_to_on(day).year
        if not inside or any(on <= day for on in submitted):
            return None
        return Obligation(kind="partial_report", due_on=due_on, package_id=package_id, year=year)

    return Course(_contract_days(contract) | set(submitted), on_day)


def unspent_by(consortium: Consortium, package_id: str) -> Iterator[Key]:
    """Walk the members that reported anything of a package as unspent, each after the package."""
    return ((package_id, member_id) for _, member_id in consortium.budgets.reported.get(package_id, ()))


def _grant_return(consortium: Consortium, key: Key) -> Course:
    package_id, member_id = key
    contract, budgets = contract_of(consortium, package_id), consortium.budgets
    if contract is None:
        return NOTHING
    reported = [
        budgets.unspent[package_id, line_id, member_id]
        for line_id, reported_by in budgets.reported.get(package_id, ())
        if reported_by == member_id and budgets.lines[line_id].source == "city_grant"
    ]
    returned = [
        (on, fact.amount_gr) for on, fact in budgets.returns.get(package_id, ()) if fact.from_member == member_id
    ]

    def on_day(day: date) -> Obligation | None:
        unspent = sum(latest_on(reports, day) or 0 for reports in reported)
        open_gr = unspent - sum(amount for on, amount in returned if on <= day)
        if day < contract.effective_on or open_gr <= 0:
            return None
        due_on = contract.period_to_on(day) + timedelta(days=contract.signed.return_due_days)
        return Obligation(
            kind="grant_return", due_on=due_on, package_id=package_id, member_id=member_id, amount_gr=open_gr
        )

    days = {on for reports in reported for on, _ in reports} | {on for on, _ in returned}
    return Course(days | _contract_days(contract), on_day)


def _recommendation(consortium: Consortium, key: Key) -> Course:
    recommendation = consortium.oversight.recommendations.get(key[0])
    if recommendation is None:
        return NOTHING
    owed = Obligation(kind="recommendation", due_on=recommendation.issued.due_on, recommendation_id=key[0])
    return _until(recommendation.issued_on, recommendation.closed_on, owed)


def _loan(consortium: Consortium, key: Key) -> Course:
    number, loans = int(key[0]), consortium.support.loans
    if number > len(loans):
        return NOTHING
    loan = loans[number - 1]
    owed = Obligation(kind="loan", due_on=loan.due_on, resource_id=loan.resource_id, member_id=loan.member_id)
    return _until(loan.lent_on, loan.returned_on, owed)


def objections_to(consortium: Consortium, draft_id: str) -> Iterator[Key]:
    """Walk the objections to a draft by its id and their numbers from 1."""
    objections = consortium.resolutions.drafts[draft_id].objections
    return ((draft_id, str(number)) for number in range(1, len(objections) + 1))


def _objection(consortium: Consortium, key: Key) -> Course:
    draft, number = consortium.resolutions.drafts[key[0]], int(key[1])
    if number > len(draft.objections):
        return NOTHING
    objection = draft.objections[number - 1]
    owed = Obligation(kind="objection", member_id=objection.member_id, draft_id=draft.draft_id)
    return _until(objection.lodged_on, objection.resolved_on, owed)


def _until(begun: date, done: date | None, owed: Obligation) -> Course:
    days = (begun,) if done is None else (begun, done)
    return Course(days, lambda day: owed if begun <= day and (done is None or day < done) else None)


DEADLINES: Final[dict[str, Ground]] = {
    "final_report": Ground(_packages, _final_report),
    "partial_report": Ground(
        lambda consortium: (
            key for (package_id,) in _packages(consortium) for key in budget_years(consortium, package_id)
        ),
        _partial_report,
    ),
    "grant_return": Ground(
        lambda consortium: dict.fromkeys(
            key for package_id in consortium.budgets.reported for key in unspent_by(consortium, package_id)
        ),
        _grant_return,
    ),
    "recommendation": Ground(
        lambda consortium: ((recommendation_id,) for recommendation_id in consortium.oversight.recommendations),
        _recommendation,
    ),
    "loan": Ground(
        lambda consortium: ((str(number),) for number in range(1, len(consortium.support.loans) + 1)), _loan
    ),
    "objection": Ground(
        lambda consortium: (
            key for draft_id in consortium.resolutions.order for key in objections_to(consortium, draft_id)
        ),
        _objection,
    ),
}
