"""Plebiscites, loans, pairs, control, reports and indicators on a day."""

from __future__ import annotations

from datetime import date

from domain.oversight.decisions import (
    CloseRecommendation,
    RecordAuditFinding,
    RecordRecommendation,
    ReportIndicator,
    SubmitReport,
)
from domain.participation.decisions import ClosePlebiscite, OpenPlebiscite
from domain.participation.events import OptionVotes
from domain.support.decisions import LendResource, RegisterResource, ReturnResource, StartMentoring
from tests.answers.asking import asked
from tests.decisions.given import did, given, later
from tests.decisions.steps import contract_signed, founded, meeting_opened, task_defined, under

MAY, JUNE, JULY = date(2019, 5, 1), date(2019, 6, 1), date(2019, 7, 1)
BOARD = (founded(), meeting_opened())


def test_a_plebiscite_has_its_winner_once_counted() -> None:
    opened = OpenPlebiscite(plebiscite_id="PLB-1", question="Który?", options=("a", "b"), from_=MAY, to=JUNE)
    counts = (OptionVotes(option="a", votes=3), OptionVotes(option="b", votes=1))
    closed = ClosePlebiscite(plebiscite_id="PLB-1", counts=counts, invalid=2)
    story = given(*BOARD, did(opened, on=MAY), did(closed, on=JUNE))
    assert asked(story, date(2019, 4, 30))["plebiscites"] == {}
    uncounted = {"winner": None, "valid_votes": None, "invalid": None}
    assert asked(story, date(2019, 5, 31))["plebiscites"] == {"PLB-1": uncounted}
    assert asked(story, JUNE)["plebiscites"] == {"PLB-1": {"winner": "a", "valid_votes": 4, "invalid": 2}}


def test_a_loan_tells_how_many_days_late_it_is() -> None:
    tent = RegisterResource(resource_id="RES-1", name="namiot", owner="M1", quantity=1)
    lent = LendResource(resource_id="RES-1", member_id="M2", due_on=JUNE, fee_gr=0)
    back = ReturnResource(resource_id="RES-1", member_id="M2", condition="dobry")
    story = given(*BOARD, under("resource_rules", tent), did(lent, on=MAY), did(back, on=JULY))
    loan = {"resource": "RES-1", "member": "M2", "lent_on": "2019-05-01", "due_on": "2019-06-01", "returned_on": None}
    assert asked(story, date(2019, 4, 30))["loans"] == []
    assert asked(story, JUNE)["loans"] == [loan | {"days_late": 0}]
    assert asked(story, date(2019, 6, 3))["loans"] == [loan | {"days_late": 2}]
    returned = loan | {"returned_on": "2019-07-01", "days_late": 30}
    assert asked(story, JULY)["loans"] == asked(story, date(2020, 1, 1))["loans"] == [returned]


def test_a_pair_is_told_from_its_first_day_on_also_after_its_last() -> None:
    pair = StartMentoring(pair_id="PM-1", mentor="M1", mentee="M2", until=JUNE, hours_planned=40)
    story = given(*BOARD, under("mentoring", pair, on=MAY))
    told = {"mentor": "M1", "mentee": "M2", "started_on": "2019-05-01", "until": "2019-06-01", "hours_planned": 40}
    assert asked(story, date(2019, 4, 30))["mentoring"] == {}
    assert asked(story, MAY)["mentoring"] == asked(story, JULY)["mentoring"] == {"PM-1": told}


def test_findings_and_recommendations_hold_from_the_day_they_were_recorded() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="P1", severity="remark", text="uwaga")
    advice = RecordRecommendation(recommendation_id="R-1", finding_id="F-1", text="poprawić", due_on=JULY)
    met = CloseRecommendation(recommendation_id="R-1", evidence="dowód")
    story = given(
        *BOARD, later(2019, 5, 1), did(finding, on=date(2019, 2, 1)), later(2019, 6, 1), did(advice), did(met, on=JULY)
    )
    assert asked(story, date(2019, 4, 30))["audit"] == {"findings": [], "recommendations": {}}
    assert asked(story, MAY)["audit"] == {"findings": ["F-1"], "recommendations": {}}
    still_open = {"due_on": "2019-07-01", "closed_on": None, "on_time": None}
    assert asked(story, JUNE)["audit"]["recommendations"] == {"R-1": still_open}
    closed = {"due_on": "2019-07-01", "closed_on": "2019-07-01", "on_time": True}
    assert asked(story, JULY)["audit"]["recommendations"] == {"R-1": closed}


def test_a_recommendation_holds_from_its_own_day() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="P1", severity="remark", text="uwaga")
    advice = RecordRecommendation(recommendation_id="R-1", finding_id="F-1", text="poprawić", due_on=JULY)
    story = given(*BOARD, did(finding), did(advice, on=MAY))
    assert asked(story, date(2019, 4, 30))["audit"]["recommendations"] == {}
    assert list(asked(story, MAY)["audit"]["recommendations"]) == ["R-1"]


def test_a_recommendation_past_its_day_is_late_whether_closed_or_not() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="P1", severity="remark", text="uwaga")
    advice = RecordRecommendation(recommendation_id="R-1", finding_id="F-1", text="poprawić", due_on=MAY)
    met = CloseRecommendation(recommendation_id="R-1", evidence="dowód")
    story = given(*BOARD, did(finding), did(advice), did(met, on=JULY))
    late_and_open = {"due_on": "2019-05-01", "closed_on": None, "on_time": False}
    assert asked(story, JUNE)["audit"]["recommendations"] == {"R-1": late_and_open}
    assert asked(story, JULY)["audit"]["recommendations"] == {"R-1": late_and_open | {"closed_on": "2019-07-01"}}


def test_a_report_tells_whether_it_came_on_time() -> None:
    late = SubmitReport(package_id="P1", kind="final", due_on=MAY, submitted_on=JUNE)
    timely = SubmitReport(package_id="P1", kind="partial", due_on=MAY, submitted_on=MAY)
    story = given(*BOARD, contract_signed(), under("report", late, on=JUNE), under("report", timely, on=MAY))
    told = {"package": "P1", "kind": "partial", "due_on": "2019-05-01", "submitted_on": "2019-05-01", "on_time": True}
    assert asked(story, date(2019, 4, 30))["reports"] == []
    assert asked(story, MAY)["reports"] == [told]
    assert [one["on_time"] for one in asked(story, JUNE)["reports"]] == [False, True]


def indicator(achieved: int, name: str = "uczestnicy") -> ReportIndicator:
    return ReportIndicator(package_id="P1", task_id="T1", indicator=name, unit="osoby", target=80, achieved=achieved)


def test_the_last_report_of_an_indicator_stands() -> None:
    story = given(
        *BOARD,
        contract_signed(),
        task_defined(),
        did(indicator(79), on=MAY),
        did(indicator(80), on=JUNE),
        did(indicator(7, "warsztaty"), on=JUNE),
    )
    assert asked(story, date(2019, 4, 30))["indicators"] == {}
    assert asked(story, MAY)["indicators"] == {"P1": [{"task": "T1", "target": 80, "achieved": 79, "met": False}]}
    assert [(one["achieved"], one["met"]) for one in asked(story, JUNE)["indicators"]["P1"]] == [(80, True), (7, False)]
