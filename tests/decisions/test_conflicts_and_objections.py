"""Interested delegates do not vote; who finds out later, or disputes a decision, has it recorded and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from domain.membership.decisions import AppointDelegate
from domain.oversight.decisions import RecordAuditFinding
from domain.resolutions.decisions import (
    DeclareConflict,
    LodgeObjection,
    RecordConflictDiscovered,
    ResolveObjection,
)
from domain.resolutions.events import ConflictDeclared, ConflictDiscovered, ObjectionLodged, ObjectionResolved
from tests.decisions.given import AUDITOR, CHAIR, FOUNDED, SECRETARY, did, given, later, member
from tests.decisions.steps import adopted, founded, founder, meeting_opened, proposed, voted

if TYPE_CHECKING:
    from domain.values import Choice

BOARD = (founded(), meeting_opened())


def conflict(delegate_id: str = "del-M1", member_id: str = "M1") -> DeclareConflict:
    return DeclareConflict(draft_id="DR-1", delegate_id=delegate_id, member_id=member_id, reason="strona umowy")


def test_a_delegate_is_recused_by_its_member_or_the_board() -> None:
    story = given(*BOARD, proposed("DR-1"))
    for actor in (member("M1"), SECRETARY, CHAIR):
        after = story.when(conflict(), by=actor).then(ConflictDeclared.of(conflict()))
        assert after.consortium.resolutions.drafts["DR-1"].recused == {"del-M1"}


def test_a_member_declares_its_own_conflict_only() -> None:
    refused = given(*BOARD, proposed("DR-1")).when(conflict(), by=member("M2"))
    refused.then_refused("role-not-permitted", "/actor/id", role="member")


def test_a_delegate_may_be_recused_without_having_to_be() -> None:
    given(*BOARD, proposed("DR-1", "report")).when(conflict()).then(ConflictDeclared)


def test_the_recused_delegate_is_the_one_who_votes_for_the_member() -> None:
    story = given(*BOARD, proposed("DR-1"))
    wrong = story.when(conflict("del-M1", "M2"))
    wrong.then_refused("no-seat-on-date", "/data/delegate_id", delegate_id="del-M1", day=FOUNDED)
    replaced = story.go_on(did(AppointDelegate(member_id="M1", delegate_id="del-new", from_on=FOUNDED)))
    replaced.when(conflict()).then_refused("no-seat-on-date", "/data/delegate_id", delegate_id="del-M1")


def test_who_does_not_belong_yet_has_no_conflict() -> None:
    later_member = did(founder("M5", joined_on=FOUNDED.replace(month=6)))
    story = given(founded(), later_member, meeting_opened("M1", "M2"), proposed("DR-1"))
    story.when(conflict("del-M5", "M5")).then_refused("not-a-member-on-date", "/data/member_id", member_id="M5")


def test_a_delegate_is_recused_once_and_before_the_vote() -> None:
    twice = given(*BOARD, proposed("DR-1"), did(conflict()))
    twice.when(conflict()).then_refused("already-decided", "/data/delegate_id", id="del-M1")
    given(*BOARD, adopted("DR-1")).when(conflict()).then_refused("already-decided", "/data/draft_id", id="DR-1")


FINDING = RecordAuditFinding(finding_id="F-1", subject="DR-1", severity="material", text="głosował zainteresowany")
DECIDED = (*BOARD, proposed("DR-1"), voted("DR-1", for_=3, against=1), did(FINDING))


def discovered(
    member_id: str = "M1", delegate_id: str = "del-M1", voted_as: Choice = "for"
) -> RecordConflictDiscovered:
    return RecordConflictDiscovered(
        draft_id="DR-1", member_id=member_id, delegate_id=delegate_id, voted=voted_as, finding_id="F-1"
    )


def test_the_auditor_flags_a_resolution_on_which_an_interested_delegate_voted() -> None:
    story = given(*DECIDED).when(discovered(), by=AUDITOR).then(ConflictDiscovered.of(discovered()))
    resolution = story.consortium.resolutions.drafts["DR-1"]
    assert resolution.discovered == ((FOUNDED, ConflictDiscovered.of(discovered())),)
    assert resolution.in_force_on(FOUNDED)


def test_the_vote_that_is_flagged_stands_in_the_record() -> None:
    wrong = given(*DECIDED).when(discovered(voted_as="against"))
    wrong.then_refused("recorded-value-differs", "/data/voted", given="against", recorded="for")
    absent = given(founded(), meeting_opened("M1", "M2", "M3"), proposed("DR-1"), voted("DR-1", for_=3), did(FINDING))
    silent = absent.when(discovered("M4", "del-M4"))
    silent.then_refused("recorded-value-differs", "/data/voted", given="for", recorded=None)


def test_a_discovery_names_the_delegate_that_held_the_members_seat() -> None:
    refused = given(*DECIDED).when(discovered("M2", "del-M1"))
    refused.then_refused("no-seat-on-date", "/data/delegate_id", delegate_id="del-M1", day=FOUNDED)


def test_who_left_the_seat_since_the_vote_is_still_flagged() -> None:
    replaced = did(AppointDelegate(member_id="M1", delegate_id="del-new", from_on=FOUNDED.replace(day=20)))
    given(*DECIDED, replaced, later(2019, 2, 1)).when(discovered()).then(ConflictDiscovered)


def test_the_seat_of_a_discovery_is_the_one_known_at_the_vote() -> None:
    late = did(AppointDelegate(member_id="M1", delegate_id="del-new", from_on=FOUNDED))
    given(*DECIDED, late).when(discovered()).then(ConflictDiscovered)


def test_nothing_is_discovered_before_a_vote_or_in_a_secret_one() -> None:
    story = given(*BOARD, did(FINDING), proposed("DR-1"))
    story.when(discovered()).then_refused("vote-missing", "/data/draft_id", delegates="DR-1")
    secret = given(*BOARD, did(FINDING), adopted("DR-1", "leader_election"))
    secret.when(discovered()).then_refused("secret-ballot-names-voters", "/data/voted")


OBJECTION = LodgeObjection(draft_id="DR-1", member_id="M2", grounds="brak kworum")


def answer(outcome: Literal["dismissed", "upheld"] = "dismissed", member_id: str = "M2") -> ResolveObjection:
    return ResolveObjection(draft_id="DR-1", member_id=member_id, outcome=outcome, note="")


def test_a_member_disputes_a_resolution() -> None:
    story = given(*BOARD, adopted("DR-1")).when(OBJECTION).then(ObjectionLodged.of(OBJECTION))
    assert [one.member_id for one in story.consortium.resolutions.drafts["DR-1"].objections] == ["M2"]


def test_a_member_may_dispute_a_rejection_too() -> None:
    given(*BOARD, proposed("DR-1"), voted("DR-1", against=4)).when(OBJECTION).then(ObjectionLodged)


def test_a_member_disputes_for_itself_and_while_it_belongs() -> None:
    refused = given(*BOARD, adopted("DR-1")).when(OBJECTION, by=member("M1"))
    refused.then_refused("role-not-permitted", "/actor/id", role="member")
    not_yet = given(
        founded(), did(founder("M5", joined_on=FOUNDED.replace(month=6))), meeting_opened(), adopted("DR-1")
    )
    early = not_yet.when(OBJECTION.model_copy(update={"member_id": "M5"}))
    early.then_refused("not-a-member-on-date", "/data/member_id", member_id="M5")


def test_there_is_nothing_to_dispute_before_a_vote() -> None:
    given(*BOARD, proposed("DR-1")).when(OBJECTION).then_refused("resolution-not-adopted", "/data/draft_id")


def test_a_member_has_one_open_objection_to_a_resolution() -> None:
    story = given(*BOARD, adopted("DR-1"), did(OBJECTION))
    story.when(OBJECTION).then_refused("id-already-used", "/data/member_id", id="M2")
    story.go_on(did(answer())).when(OBJECTION).then(ObjectionLodged)


@pytest.mark.parametrize("outcome", ["dismissed", "upheld"])
def test_the_board_answers_an_objection_and_it_stays_in_the_register(outcome: Literal["dismissed", "upheld"]) -> None:
    other = OBJECTION.model_copy(update={"member_id": "M3"})
    story = given(*BOARD, adopted("DR-1"), did(OBJECTION), did(other))
    story = story.when(answer(outcome), by=CHAIR).then(ObjectionResolved.of(answer(outcome)))
    objections = story.consortium.resolutions.drafts["DR-1"].objections
    assert [(one.member_id, one.outcome, one.resolved_on) for one in objections] == [
        ("M2", outcome, FOUNDED),
        ("M3", None, None),
    ]


def test_an_objection_is_answered_once_and_only_if_there_is_one() -> None:
    story = given(*BOARD, adopted("DR-1"), did(OBJECTION))
    story.when(answer(member_id="M3")).then_refused("unknown-objection", "/data/member_id", id="M3")
    story.go_on(did(answer())).when(answer()).then_refused("already-decided", "/data/member_id", id="M2")
