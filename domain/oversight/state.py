"""Reports, indicators, findings, recommendations and publications."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.oversight.events import (
    AuditFindingRecorded,
    DocumentPublished,
    IndicatorReported,
    RecommendationClosed,
    RecommendationIssued,
    ReportSubmitted,
)
from domain.states import Grown, replace, with_added

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

OversightFact = (
    IndicatorReported
    | ReportSubmitted
    | AuditFindingRecorded
    | RecommendationIssued
    | RecommendationClosed
    | DocumentPublished
)


@dataclass(frozen=True)
class Recommendation:
    """What the auditor asked for and when it was met."""

    issued: RecommendationIssued
    issued_on: date
    closed_on: date | None = None
    evidence: str | None = None


@dataclass(frozen=True)
class Oversight:
    """What was reported and found, each with its day."""

    indicators: Grown[tuple[date, IndicatorReported]] = Grown()
    of_task: Map[tuple[str, str], tuple[tuple[date, IndicatorReported], ...]] = field(default_factory=Map)
    """The indicators of each package and task, in the order recorded."""
    reports: Grown[tuple[date, ReportSubmitted]] = Grown()
    of_package: Map[str, tuple[tuple[date, ReportSubmitted], ...]] = field(default_factory=Map)
    """The reports of each package to the city, in the order recorded."""
    findings: Map[str, tuple[date, AuditFindingRecorded]] = field(default_factory=Map)
    recommendations: Map[str, Recommendation] = field(default_factory=Map)
    publications: Grown[tuple[date, DocumentPublished]] = Grown()


def evolve(state: Oversight, fact: OversightFact, entry: Entry) -> Oversight:
    """Return the oversight after `fact`."""
    on = entry.effective_on
    match fact:
        case IndicatorReported():
            of_task = with_added(state.of_task, (fact.package_id, fact.task_id), (on, fact))
            return replace(state, indicators=state.indicators.added((on, fact)), of_task=of_task)
        case ReportSubmitted():
            of_package = with_added(state.of_package, fact.package_id, (on, fact))
            return replace(state, reports=state.reports.added((on, fact)), of_package=of_package)
        case AuditFindingRecorded():
            return replace(state, findings=state.findings.set(fact.finding_id, (entry.day, fact)))
        case RecommendationIssued():
            issued = Recommendation(fact, on)
            return replace(state, recommendations=state.recommendations.set(fact.recommendation_id, issued))
        case RecommendationClosed():
            closed = replace(state.recommendations[fact.recommendation_id], closed_on=on, evidence=fact.evidence)
            return replace(state, recommendations=state.recommendations.set(fact.recommendation_id, closed))
        case DocumentPublished():
            return replace(state, publications=state.publications.added((on, fact)))
        case _:
            assert_never(fact)
