"""One small consortium in whose life every command is given at least once, with the facts that follow."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.decisions.acts import NEW_YEAR, SUMMER, act
from tests.decisions.given import given, member
from tests.decisions.life_of_the_board import THE_BOARD
from tests.decisions.life_of_the_package import THE_MONEY, THE_TASKS
from tests.decisions.steps import adopted

if TYPE_CHECKING:
    from tests.decisions.given import Decision

THE_REST = (
    act(
        "StartMentoring",
        "mentoring.started.v1",
        adopted("DR-17", "mentoring"),
        under="DR-17",
        pair_id="PM-1",
        mentor="M1",
        mentee="M2",
    ),
    act(
        "RegisterResource",
        "resource.registered.v1",
        adopted("DR-18", "resource_rules"),
        under="DR-18",
        resource_id="RES-1",
        owner="M1",
    ),
    act("LendResource", "resource.lent.v1", resource_id="RES-1", member_id="M2"),
    act("ReturnResource", "resource.returned.v1", on=SUMMER, resource_id="RES-1", member_id="M2"),
    act("OpenPlebiscite", "plebiscite.opened.v1", plebiscite_id="PLB-1"),
    act(
        "ClosePlebiscite",
        "plebiscite.closed.v1",
        plebiscite_id="PLB-1",
        counts=[{"option": "a", "votes": 2}, {"option": "b", "votes": 1}],
    ),
    act("ReportIndicator", "indicator.reported.v1", package_id="P1", task_id="T1"),
    act("SubmitReport", "report.submitted.v1", adopted("DR-19", "report"), under="DR-19", on=NEW_YEAR, package_id="P1"),
    act("RecordAuditFinding", "audit.finding-recorded.v1", finding_id="F-1"),
    act("RecordRecommendation", "audit.recommendation-issued.v1", recommendation_id="R-1", finding_id="F-1"),
    act("CloseRecommendation", "audit.recommendation-closed.v1", recommendation_id="R-1"),
    act("PublishDocument", "publication.document-published.v1", meeting_id="RZ-1"),
    act(
        "RepealResolution",
        "resolution.repealed.v1",
        adopted("DR-20", "repeal", target_draft="DR-3"),
        under="DR-20",
        target="DR-3",
    ),
    act(
        "DeclareResolutionInvalid",
        "resolution.invalidated.v1",
        adopted("DR-21", "invalidation", target_draft="DR-1"),
        under="DR-21",
        target="DR-1",
    ),
    act(
        "FileWithdrawal",
        "membership.withdrawal-filed.v1",
        by=member("M3"),
        member_id="M3",
        filed_on="2019-03-31",
        effective_last_day="2019-06-30",
    ),
    act(
        "EndMembership",
        "membership.ended.v1",
        adopted("DR-22", "withdrawal_ack"),
        under="DR-22",
        member_id="M3",
        kind="withdrawal",
        last_day="2019-06-30",
    ),
    act("CloseMeeting", "meeting.closed.v1", meeting_id="RZ-1"),
    # Commands that came later stand last: what tables say of all before, which is sealed, stays as it is.
    act("OpenConsultation", "consultation.opened.v1", consultation_id="KON-1"),
    act("CloseConsultation", "consultation.closed.v1", consultation_id="KON-1"),
    act("LogMentoringHours", "mentoring.hours-logged.v1", pair_id="PM-1"),
)
LIFE = (*THE_BOARD, *THE_TASKS, *THE_MONEY, *THE_REST)


@cache
def lived() -> tuple[Decision, ...]:
    """Live the life, act by act."""
    story, decisions = given(), []
    for each in LIFE:
        decision = story.go_on(*each.before).when(each.command, by=each.by, under=each.under, on=each.on)
        decisions.append(decision)
        story = decision.story
    return tuple(decisions)
