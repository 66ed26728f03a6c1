"""Reports, indicators, findings, recommendations and publications."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the auditor asked for and when it was met."""

    issued: RecommendationIssued
    issued_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Oversight:
    """What was reported and found, each with its day."""

    indicators: tuple[tuple[date, IndicatorReported], ...] = ()
    reports: tuple[tuple[date, ReportSubmitted], ...] = ()
    findings: Map[str, tuple[date, AuditFindingRecorded]] = field(default_factory=Map)
    recommendations: Map[str, Recommendation] = field(default_factory=Map)
    publications: tuple[tuple[date, DocumentPublished], ...] = ()


def evolve(state: Oversight, fact: OversightFact, entry: Entry) -> Oversight:
    """Return the oversight after `fact`."""
    on = entry.effective_on
    match fact:
        case IndicatorReported():
            return replace(state, indicators=(*state.indicators, (on, fact)))
        case ReportSubmitted():
            return replace(state, reports=(*state.reports, (on, fact)))
        case AuditFindingRecorded():
            return replace(state, findings=state.findings.set(fact.finding_id, (entry.day, fact)))
        case RecommendationIssued():
            issued = Recommendation(fact, on)
            return replace(state, recommendations=state.recommendations.set(fact.recommendation_id, issued))
        case RecommendationClosed():
            closed = replace(state.recommendations[fact.recommendation_id], closed_on=on)
            return replace(state, recommendations=state.recommendations.set(fact.recommendation_id, closed))
        case DocumentPublished():
            return replace(state, publications=(*state.publications, (on, fact)))
        case _:
            assert_never(fact)
