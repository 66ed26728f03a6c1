"""Budgets, payments and the share of small entities on a day, in grosze."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.answers.fairness import fairness_on

if TYPE_CHECKING:
    from datetime import date

    from domain.budget.state import Line
    from domain.consortium import Consortium


def budget(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return each package's budget on the day: by line, task, source and member."""
    packages = {
        package_id: [line for line in consortium.budgets.lines_of(package_id) if line.changes[0].on <= valid_on]
        for package_id in sorted(consortium.budgets.of_package)
    }
    return {package_id: _budget(lines, valid_on) for package_id, lines in packages.items() if lines}


def _budget(lines: list[Line], valid_on: date) -> dict[str, Any]:
    by_task: dict[str, int] = defaultdict(int)
    by_source: dict[str, int] = defaultdict(int)
    by_member: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        by_task[line.task_id] += line.amount_on(valid_on)
        by_source[line.source] += line.amount_on(valid_on)
        for member_id, share in line.shares_on(valid_on).items():
            by_member[member_id][line.source] += share
    return {
        "lines": {line.line_id: _line(line, valid_on) for line in lines},
        "by_task_gr": dict(by_task),
        "by_source_gr": dict(by_source),
        "total_gr": sum(by_source.values()),
        "by_member_gr": {member_id: dict(shares) for member_id, shares in sorted(by_member.items())},
    }


def _line(line: Line, valid_on: date) -> dict[str, Any]:
    return {
        "task": line.task_id,
        "source": line.source,
        "amount_gr": line.amount_on(valid_on),
        "by_member_gr": dict(sorted(line.shares_on(valid_on).items())),
    }


def payments(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return what came in by the day, and what each member was paid, net of settlements between members."""
    funds: dict[str, dict[str, Any]] = {}
    for tranche in consortium.budgets.tranches.values():
        if tranche.received_on <= valid_on:
            fund = funds.setdefault(tranche.package_id, {}).setdefault(
                tranche.source, {"received_gr": 0, "paid_to_members_gr": {}}
            )
            fund["received_gr"] += tranche.amount_gr
    for package_id, by_source in funds.items():
        for source, fund in by_source.items():
            fund["paid_to_members_gr"] = paid_on(consortium, package_id, source, valid_on)
    return {package_id: dict(sorted(by_source.items())) for package_id, by_source in sorted(funds.items())}


def paid_on(consortium: Consortium, package_id: str, source: str, valid_on: date) -> dict[str, int]:
    """Return what each member had been paid of a source by the end of the day, zero left out."""
    paid: dict[str, int] = defaultdict(int)
    for on, member_id, amount in consortium.budgets.payments.get((package_id, source), ()):
        if on <= valid_on:
            paid[member_id] += amount
    return {member_id: amount for member_id, amount in sorted(paid.items()) if amount}


def small_pes_share(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return how much of each package's divided city grant goes to small entities, against the statute's guarantee.

    Source: `rules.md` 6: each posting counts with the member's class on the vote day of the resolution behind it.
    """
    shares: dict[str, Any] = {}
    for package_id in sorted(consortium.budgets.of_package):
        told = fairness_on(consortium, package_id, valid_on)
        if told is not None:
            shares[package_id] = {
                "small_gr": told.small_gr,
                "total_gr": told.total_gr,
                "share_bp_floor": told.small_bp,
                f"meets_statute_min_{told.guarantee_bp}_bp": told.is_met,
            }
    return shares


def execution(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return for each package reported by the day: what of the city grant was spent, unspent, returned and by whom."""
    answers: dict[str, Any] = {}
    for package_id, first_on in sorted(consortium.budgets.executed.items()):
        if first_on <= valid_on:
            told = executed_on(consortium, package_id, valid_on)
            answers[package_id] = {
                "grant_gr": told.grant_gr,
                "unspent_gr": told.unspent_gr,
                "spent_gr": told.grant_gr - told.unspent_gr,
                "returned_on": told.returned_on.isoformat() if told.returned_on else None,
                "by": told.returned_by,
            }
    return answers


class Executed(NamedTuple):
    """What became of the city grant of a package, in grosze."""

    grant_gr: int
    unspent_gr: int
    returned_gr: int
    returned_on: date | None
    """Of the return that was recorded last."""
    returned_by: str | None


def executed_on(consortium: Consortium, package_id: str, day: date) -> Executed:
    """Return what was granted, reported as unspent and given back by the end of the day."""
    budgets = consortium.budgets
    back = [(on, fact) for on, fact in budgets.returns.get(package_id, ()) if on <= day]
    return Executed(
        grant_gr=sum(line.amount_on(day) for line in budgets.lines_of(package_id) if line.source == "city_grant"),
        unspent_gr=sum(budgets.unspent_grant(package_id, day).values()),
        returned_gr=sum(fact.amount_gr for _, fact in back),
        returned_on=back[-1][0] if back else None,
        returned_by=back[-1][1].from_member if back else None,
    )
