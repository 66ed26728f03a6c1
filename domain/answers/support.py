"""Plebiscites, loans, mentoring, reports, control and indicators on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium
    from domain.oversight.state import Recommendation
    from domain.support.state import Loan


def plebiscites(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return every plebiscite opened by the day, with its result once counted."""
    answers: dict[str, Any] = {}
    for plebiscite_id, plebiscite in sorted(consortium.participation.plebiscites.items()):
        if plebiscite.opened_on <= valid_on:
            counted = plebiscite.closed_on is not None and plebiscite.closed_on <= valid_on
            closed = plebiscite.closed if counted else None
            answers[plebiscite_id] = {
                "winner": closed.winner if closed else None,
                "valid_votes": closed.valid_votes if closed else None,
                "invalid": closed.invalid if closed else None,
            }
    return answers


def loans(consortium: Consortium, valid_on: date) -> list[dict[str, Any]]:
    """Return every loan begun by the day, and how many days late it is or came back."""
    return [_loan(loan, valid_on) for loan in consortium.support.loans if loan.lent_on <= valid_on]


def _loan(loan: Loan, valid_on: date) -> dict[str, Any]:
    returned_on = loan.returned_on if loan.returned_on and loan.returned_on <= valid_on else None
    return {
        "resource": loan.resource_id,
        "member": loan.member_id,
        "lent_on": loan.lent_on.isoformat(),
        "due_on": loan.due_on.isoformat(),
        "returned_on": returned_on.isoformat() if returned_on else None,
        "days_late": max(0, ((returned_on or valid_on) - loan.due_on).days),
    }


def mentoring(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return every pair that began by the day."""
    return {
        pair_id: {
            "mentor": pair.mentor,
            "mentee": pair.mentee,
            "started_on": started_on.isoformat(),
            "until": pair.until.isoformat(),
            "hours_planned": pair.hours_planned,
        }
        for pair_id, (started_on, pair) in sorted(consortium.support.pairs.items())
        if started_on <= valid_on
    }


def audit(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return the findings and recommendations recorded by the day."""
    oversight = consortium.oversight
    return {
        "findings": [finding_id for finding_id, (on, _) in sorted(oversight.findings.items()) if on <= valid_on],
        "recommendations": {
            recommendation_id: _recommendation(recommendation, valid_on)
            for recommendation_id, recommendation in sorted(oversight.recommendations.items())
            if recommendation.issued_on <= valid_on
        },
    }


def _recommendation(recommendation: Recommendation, valid_on: date) -> dict[str, Any]:
    due_on, closed_on = recommendation.issued.due_on, recommendation.closed_on
    if closed_on is not None and closed_on > valid_on:
        closed_on = None
    on_time = closed_on <= due_on if closed_on else (False if valid_on > due_on else None)
    return {
        "due_on": due_on.isoformat(),
        "closed_on": closed_on.isoformat() if closed_on else None,
        "on_time": on_time,
    }


def reports(consortium: Consortium, valid_on: date) -> list[dict[str, Any]]:
    """Return the reports to the city by the day, in the order recorded."""
    return [
        {
            "package": report.package_id,
            "kind": report.kind,
            "due_on": report.due_on.isoformat(),
            "submitted_on": report.submitted_on.isoformat(),
            "on_time": report.submitted_on <= report.due_on,
        }
        for on, report in consortium.oversight.reports
        if on <= valid_on
    ]


def indicators(consortium: Consortium, valid_on: date) -> dict[str, list[dict[str, Any]]]:
    """Return package to its indicators by the day; the last report of an indicator stands."""
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for on, fact in consortium.oversight.indicators:
        if on <= valid_on:
            last[fact.package_id, fact.task_id, fact.indicator] = {
                "task": fact.task_id,
                "target": fact.target,
                "achieved": fact.achieved,
                "met": fact.achieved >= fact.target,
            }
    answers: dict[str, list[dict[str, Any]]] = {}
    for (package_id, _, _), answer in last.items():
        answers.setdefault(package_id, []).append(answer)
    return answers
