"""What the city sees and asks: indicators, reports, findings, recommendations, publications."""

from __future__ import annotations

from datetime import date
from typing import Literal

from domain.oversight.decisions import (
    CloseRecommendation,
    PublishDocument,
    RecordAuditFinding,
    RecordRecommendation,
    ReportIndicator,
    SubmitReport,
)
from domain.oversight.events import (
    AuditFindingRecorded,
    DocumentPublished,
    IndicatorReported,
    RecommendationClosed,
    RecommendationIssued,
    ReportSubmitted,
)
from tests.decisions.given import AUDITOR, LEADER, OFFICE, SECRETARY, did, given
from tests.decisions.steps import adopted, contract_signed, founded, meeting_opened, task_defined

BOARD = (founded(), meeting_opened())
PACKAGE = (*BOARD, contract_signed(), task_defined())
DUE = date(2020, 1, 30)


def indicator(task_id: str = "T1", package_id: str = "P1") -> ReportIndicator:
    return ReportIndicator(
        package_id=package_id, task_id=task_id, indicator="uczestnicy", unit="osoby", target=80, achieved=86
    )


def report(kind: Literal["partial", "final"] = "final", submitted_on: date = DUE) -> SubmitReport:
    return SubmitReport(package_id="P1", kind=kind, due_on=DUE, submitted_on=submitted_on)


FINDING = RecordAuditFinding(finding_id="F-1", subject="DR-1", severity="irregularity", text="protokół po terminie")
ADVICE = RecordRecommendation(recommendation_id="R-1", finding_id="F-1", text="publikować w 14 dni", due_on=DUE)
MET = CloseRecommendation(recommendation_id="R-1", evidence="wykaz publikacji")


def test_leader_or_office_reports_a_result_of_a_task() -> None:
    for actor in (LEADER, OFFICE):
        given(*PACKAGE).when(indicator(), by=actor).then(IndicatorReported.of(indicator()))


def test_the_task_of_an_indicator_is_of_the_package() -> None:
    story = given(*PACKAGE, contract_signed("P2"))
    story.when(indicator(package_id="P2")).then_refused("unknown-task", "/data/task_id", id="T1")
    story.when(indicator(task_id="T9")).then_refused("unknown-task", "/data/task_id", id="T9")


def test_a_report_goes_to_the_city_under_its_resolution_however_late_or_often() -> None:
    story = given(*PACKAGE, adopted("DR-1", "report"))
    late = report(submitted_on=date(2020, 2, 1))
    story = story.when(late, under="DR-1").then(ReportSubmitted.of(late))
    story.when(report("partial"), under="DR-1").then(ReportSubmitted)
    story.when(late, under="DR-1").then(ReportSubmitted)


def test_the_auditor_states_what_was_found_once() -> None:
    story = given(*BOARD).when(FINDING).then(AuditFindingRecorded.of(FINDING))
    story.when(FINDING).then_refused("id-already-used", "/data/finding_id", id="F-1")


def test_a_recommendation_rests_on_a_finding() -> None:
    given(*BOARD, did(FINDING)).when(ADVICE).then(RecommendationIssued.of(ADVICE))
    given(*BOARD).when(ADVICE).then_refused("unknown-finding", "/data/finding_id", id="F-1")


def test_a_recommendation_is_closed_once_by_office_or_auditor() -> None:
    story = given(*BOARD, did(FINDING), did(ADVICE))
    for actor in (OFFICE, AUDITOR):
        closed = story.when(MET, by=actor).then(RecommendationClosed.of(MET))
        closed.when(MET).then_refused("already-decided", "/data/recommendation_id", id="R-1")
    given(*BOARD).when(MET).then_refused("unknown-recommendation", "/data/recommendation_id", id="R-1")


def test_a_document_is_made_public_with_or_without_its_meeting() -> None:
    minutes = PublishDocument(
        document="protokół RZ-1", channel="bip", published_on=DUE, meeting_id="RZ-1", note="po terminie"
    )
    given(*BOARD).when(minutes, by=SECRETARY).then(DocumentPublished.of(minutes))
    plain = PublishDocument(document="statut", channel="website", published_on=DUE)
    given(*BOARD).when(plain, by=OFFICE).then(DocumentPublished.of(plain))
    unknown = minutes.model_copy(update={"meeting_id": "RZ-9"})
    given(*BOARD).when(unknown).then_refused("unknown-forum", "/data/meeting_id", id="RZ-9")
