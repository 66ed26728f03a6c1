"""What was reported, found and published, against the answer for both clocks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from domain.answers.support import audit, indicators, reports
from domain.oversight.decisions import (
    CloseRecommendation,
    PublishDocument,
    RecordAuditFinding,
    RecordRecommendation,
    ReportIndicator,
)
from projections.bitemporal.asking import Asked, ask
from projections.oversight.findings import FINDINGS
from projections.oversight.indicators import INDICATORS
from projections.oversight.publications import PUBLICATIONS
from projections.oversight.recommendations import RECOMMENDATIONS
from projections.oversight.reports import REPORTS
from tests.decisions.given import did, given, later
from tests.decisions.steps import contract_signed, founded, meeting_opened, task_defined
from tests.projections.storing import store
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from collections.abc import Iterator

MAY, JUNE, JULY = date(2019, 5, 1), date(2019, 6, 1), date(2019, 7, 1)
BOARD = (founded(), meeting_opened())


def known(told: Told) -> Iterator[tuple[int, date]]:
    """Walk versions and days on which to ask."""
    asked = {day + timedelta(days=more) for day in days(told) for more in (-1, 0)}
    return ((version, day) for version in range(0, len(told.states), 20) for day in asked)


def test_findings_are_those_of_the_answer() -> None:
    told = Told(FINDINGS, register(), batch=50)
    for version, day in known(told):
        found = [row["finding_id"] for row in told.on(day, version)]
        assert found == audit(told.states[version], day)["findings"]


def test_recommendations_are_those_of_the_answer_also_in_time_or_not(database: str) -> None:
    told = Told(RECOMMENDATIONS, register(), batch=50)
    with psycopg.connect(database) as connection:
        store(connection, [RECOMMENDATIONS], register())
        for version, day in known(told):
            rows = ask(connection, RECOMMENDATIONS, Asked("hajnowka-odnowa", day, version))
            assert {
                row["recommendation_id"]: {
                    "due_on": row["due_on"].isoformat(),
                    "closed_on": row["closed_on"].isoformat() if row["closed_on"] else None,
                    "on_time": row["on_time"],
                }
                for row in rows
            } == audit(told.states[version], day)["recommendations"]


def test_a_recommendation_shows_its_evidence_once_met() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="P1", severity="remark", text="uwaga")
    advice = RecordRecommendation(recommendation_id="R-1", finding_id="F-1", text="poprawić", due_on=JUNE)
    met = CloseRecommendation(recommendation_id="R-1", evidence="dowód")
    story = given(*BOARD, later(2019, 5, 1), did(finding), did(advice), did(met, on=JULY))
    told = Told(RECOMMENDATIONS, story.entries)
    check(told)
    head = story.consortium.version
    shown = [(row["status"], row["evidence"]) for day in (JUNE, JULY) for row in told.on(day, head)]
    assert shown == [("open", None), ("closed", "dowód")]


def test_reports_are_those_of_the_answer() -> None:
    told = Told(REPORTS, register(), batch=50)
    for version, day in known(told):
        assert [
            {
                "package": row["package_id"],
                "kind": row["kind"],
                "due_on": row["due_on"].isoformat(),
                "submitted_on": row["submitted_on"].isoformat(),
                "on_time": row["on_time"],
            }
            for row in told.on(day, version)
        ] == reports(told.states[version], day)


def test_indicators_are_those_of_the_answer() -> None:
    told = Told(INDICATORS, register(), batch=50)
    for version, day in known(told):
        answer = indicators(told.states[version], day)
        assert sorted(
            (row["package_id"], row["task_id"], row["target"], row["achieved"], row["met"])
            for row in told.on(day, version)
        ) == sorted(
            (package_id, one["task"], one["target"], one["achieved"], one["met"])
            for package_id, several in answer.items()
            for one in several
        )


def indicator(achieved: int, name: str) -> ReportIndicator:
    return ReportIndicator(package_id="P1", task_id="T1", indicator=name, unit="osoby", target=80, achieved=achieved)


def test_the_report_of_an_indicator_that_was_recorded_last_stands_whatever_its_day() -> None:
    story = given(
        *BOARD,
        contract_signed(),
        task_defined(),
        did(indicator(80, "uczestnicy"), on=JUNE),
        did(indicator(7, "warsztaty"), on=MAY),
        did(indicator(81, "uczestnicy"), on=MAY),
    )
    told = Told(INDICATORS, story.entries)
    check(told)

    def shown(day: date, version: int) -> list[Any]:
        return [(row["indicator_no"], row["achieved"], row["met"]) for row in told.on(day, version)]

    head = story.consortium.version
    assert shown(MAY, head) == shown(JULY, head) == [(1, 81, True), (2, 7, False)]
    assert shown(MAY, head - 1) == [(2, 7, False)]
    assert shown(JULY, head - 1) == [(1, 80, True), (2, 7, False)]


def test_publications_are_numbered_in_the_order_recorded() -> None:
    pages = [
        PublishDocument(document=f"Protokół {day}", channel="bip", published_on=day, meeting_id="RZ-1")
        for day in (JULY, MAY)
    ]
    story = given(*BOARD, *(did(page, on=page.published_on) for page in pages))
    told = Told(PUBLICATIONS, story.entries)
    check(told)
    head = story.consortium.version
    assert [(row["publication_no"], row["published_on"]) for row in told.on(JULY, head)] == [(1, JULY), (2, MAY)]
    assert [row["publication_no"] for row in told.on(MAY, head)] == [2]
