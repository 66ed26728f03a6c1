"""Reporting to the city, and the city's control."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.decider import Command, Fact, Given
from domain.errors import require
from domain.oversight.events import (
    AuditFindingRecorded,
    ClosedRecommendationFields,
    DocumentPublished,
    FindingFields,
    IndicatorFields,
    IndicatorReported,
    PublicationFields,
    RecommendationClosed,
    RecommendationFields,
    RecommendationIssued,
    ReportFields,
    ReportSubmitted,
)

if TYPE_CHECKING:
    from domain.consortium import Consortium


class ReportIndicator(Command, IndicatorFields):
    """Report a result against its target."""


class SubmitReport(Command, ReportFields):
    """Record a report to the city."""


class RecordAuditFinding(Command, FindingFields):
    """State what the control found."""


class RecordRecommendation(Command, RecommendationFields):
    """Ask for something by a day."""


class CloseRecommendation(Command, ClosedRecommendationFields):
    """Record that a recommendation was met."""


class PublishDocument(Command, PublicationFields):
    """Record that a document was made public."""


def report_indicator(_consortium: Consortium, given: Given[ReportIndicator]) -> tuple[Fact, ...]:
    """Report a result."""
    return (IndicatorReported.of(given.command),)


def task_of_package(consortium: Consortium, given: Given[ReportIndicator]) -> None:
    """Check that the task is one of the package's.

    Raises:
        Refusal: `unknown-task`.
    """
    task = consortium.packages.tasks[given.command.task_id]
    require(task.package_id == given.command.package_id, "unknown-task", place="/data/task_id", id=task.task_id)


def submit_report(_consortium: Consortium, given: Given[SubmitReport]) -> tuple[Fact, ...]:
    """Record a report; late, or once more after a correction, is recorded, not refused."""
    return (ReportSubmitted.of(given.command),)


def record_audit_finding(_consortium: Consortium, given: Given[RecordAuditFinding]) -> tuple[Fact, ...]:
    """Record a finding."""
    return (AuditFindingRecorded.of(given.command),)


def record_recommendation(_consortium: Consortium, given: Given[RecordRecommendation]) -> tuple[Fact, ...]:
    """Record a recommendation."""
    return (RecommendationIssued.of(given.command),)


def close_recommendation(consortium: Consortium, given: Given[CloseRecommendation]) -> tuple[Fact, ...]:
    """Close a recommendation, once.

    Raises:
        Refusal: `already-decided`.
    """
    command = given.command
    recommendation = consortium.oversight.recommendations[command.recommendation_id]
    require(
        recommendation.closed_on is None,
        "already-decided",
        place="/data/recommendation_id",
        id=command.recommendation_id,
    )
    return (RecommendationClosed.of(command),)


def publish_document(_consortium: Consortium, given: Given[PublishDocument]) -> tuple[Fact, ...]:
    """Record a publication."""
    return (DocumentPublished.of(given.command),)
