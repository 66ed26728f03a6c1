"""Facts about reporting and control."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from domain.decider import Fact, Fields
from domain.values import (
    Code,
    Count,
    Day,
    Id,
    KnownFinding,
    KnownForum,
    KnownPackage,
    KnownRecommendation,
    KnownTask,
    New,
    Note,
    Text,
)


class IndicatorFields(Fields):
    """A planned and an achieved number."""

    package_id: KnownPackage
    task_id: KnownTask
    indicator: Text
    unit: Text
    target: Count
    achieved: Count


class IndicatorReported(Fact, IndicatorFields):
    """A result was reported; a later report of the same indicator replaces the earlier."""

    topic: ClassVar[str] = "indicator.reported.v1"


class ReportFields(Fields):
    """An account of results and spending to the city."""

    package_id: KnownPackage
    kind: Literal["partial", "final"]
    due_on: Day
    submitted_on: Day


class ReportSubmitted(Fact, ReportFields):
    """The report went to the city."""

    topic: ClassVar[str] = "report.submitted.v1"


class FindingFields(Fields):
    """What the city's control found."""

    finding_id: Annotated[Id, New("finding")]
    subject: Id
    severity: Literal["material", "irregularity", "remark"]
    text: Text


class AuditFindingRecorded(Fact, FindingFields):
    """The auditor stated something; never edited."""

    topic: ClassVar[str] = "audit.finding-recorded.v1"


class RecommendationFields(Fields):
    """What the auditor asks for."""

    recommendation_id: Annotated[Id, New("recommendation")]
    finding_id: KnownFinding
    text: Text
    due_on: Day


class RecommendationIssued(Fact, RecommendationFields):
    """The auditor asks for something by a day."""

    topic: ClassVar[str] = "audit.recommendation-issued.v1"


class ClosedRecommendationFields(Fields):
    """How a recommendation was met."""

    recommendation_id: KnownRecommendation
    evidence: Text


class RecommendationClosed(Fact, ClosedRecommendationFields):
    """A recommendation was met on `effective_on`."""

    topic: ClassVar[str] = "audit.recommendation-closed.v1"


class PublicationFields(Fields):
    """A document made public."""

    document: Text
    channel: Code
    published_on: Day
    meeting_id: KnownForum | None = None
    note: Note | None = None


class DocumentPublished(Fact, PublicationFields):
    """A document was made public."""

    topic: ClassVar[str] = "publication.document-published.v1"
