"""A vote written down wrongly is put right and recounted; the outcome stands, or nothing is corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.corrections import CorrectVoteRecord
from domain.membership.decisions import AppointChair
from domain.resolutions.events import Counts, VoteRecordCorrected
from domain.statute.decisions import AmendStatute
from tests.decisions.documents import CASTING
from tests.decisions.given import did, given
from tests.decisions.steps import adopted, chaired_by, founded, meeting_opened, proposed, under, voted

if TYPE_CHECKING:
    from domain.values import Choice
    from tests.decisions.given import Story

OPEN_VOTE = (founded(), meeting_opened(), proposed("DR-1"), voted("DR-1", for_=3, against=1))


def recount(delegate_id: str = "del-M4", recorded: Choice = "against", correct: Choice = "for") -> CorrectVoteRecord:
    return CorrectVoteRecord(
        draft_id="DR-1", delegate_id=delegate_id, recorded=recorded, correct=correct, basis="protokół", reason="omyłka"
    )


def counts_of(story: Story) -> tuple[Counts, Counts]:
    vote = story.consortium.resolutions.drafts["DR-1"].vote
    assert vote is not None
    return vote.counts, vote.counts_as_first_recorded


def test_a_misrecorded_vote_is_recounted() -> None:
    counts = Counts(for_=4, against=0, abstain=0)
    story = given(*OPEN_VOTE).when(recount())
    after = story.then(VoteRecordCorrected.of(recount(), counts=counts, tie_break_used=False))
    assert counts_of(after) == (counts, Counts(for_=3, against=1, abstain=0))


def test_a_second_correction_starts_from_the_first() -> None:
    story = given(*OPEN_VOTE, did(recount(correct="abstain")))
    story.when(recount()).then_refused("recorded-value-differs", "/data/recorded", given="against", recorded="abstain")
    after = story.when(recount(recorded="abstain", correct="for")).then(VoteRecordCorrected)
    assert counts_of(after)[0] == Counts(for_=4, against=0, abstain=0)


def test_a_correction_that_would_turn_the_outcome_is_refused() -> None:
    narrow = given(founded(), meeting_opened(), proposed("DR-1"), voted("DR-1", for_=2, against=1, abstain=1))
    refused = narrow.when(recount("del-M1", "for", "against"))
    refused.then_refused("outcome-would-change", "/data/correct", recorded="adopted", computed="rejected")
    lost = given(founded(), meeting_opened(), proposed("DR-1"), voted("DR-1", for_=2, against=2))
    won = lost.when(recount("del-M4", "against", "for"))
    won.then_refused("outcome-would-change", "/data/correct", recorded="rejected", computed="adopted")


def test_the_recount_is_by_the_statute_of_the_vote() -> None:
    stricter = AmendStatute(version=2, changes={"majorities": {"other": "unanimous"}})
    story = given(*OPEN_VOTE, under("statute_amendment", stricter))
    story.when(recount(correct="abstain")).then(VoteRecordCorrected)


def test_a_recount_may_come_to_rest_on_the_chairs_vote_or_no_longer_on_it() -> None:
    members = founded(tie_break="chair_casting_vote", casting_vote=CASTING)
    story = given(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), voted("DR-1", for_=2, against=2))
    story.when(recount()).then_fact(VoteRecordCorrected, tie_break_used=False)
    clear = given(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), voted("DR-1", for_=3, against=1))
    tied = clear.when(recount("del-M2", "for", "against"))
    story = tied.then_fact(VoteRecordCorrected, tie_break_used=True)
    decided = story.consortium.resolutions.drafts["DR-1"].decided
    assert decided is not None
    assert decided.tie_break_used


def test_a_recount_asks_the_chair_that_presided_over_the_vote() -> None:
    members = founded(tie_break="chair_casting_vote", casting_vote=CASTING)
    story = given(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), voted("DR-1", for_=2, against=2))
    story = story.go_on(did(AppointChair(delegate_id="del-M4"), under="DR-chair_election"))
    story.when(recount("del-M3", "against", "against")).then_fact(VoteRecordCorrected, tie_break_used=True)


def test_a_vote_that_was_not_cast_cannot_be_corrected() -> None:
    there = given(founded(), meeting_opened("M1", "M2", "M3"), proposed("DR-1"), voted("DR-1", for_=3))
    there.when(recount()).then_refused("recorded-value-differs", "/data/recorded", given="against", recorded=None)


def test_nobody_can_tell_how_a_secret_vote_was_cast() -> None:
    story = given(founded(), meeting_opened(), adopted("DR-1", "leader_election"))
    story.when(recount()).then_refused("ballot-kind-mismatch", "/data/draft_id", ballot="secret", expected="open")


def test_there_is_no_record_to_correct_before_the_vote() -> None:
    story = given(founded(), meeting_opened(), proposed("DR-1"))
    story.when(recount()).then_refused("vote-missing", "/data/draft_id", delegates="DR-1")
