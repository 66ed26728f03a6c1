"""Drafts come in, may be taken back before a vote, and name what they would change."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from domain.resolutions.decisions import WithdrawDraft
from domain.resolutions.events import (
    DraftSubmitted,
    DraftWithdrawn,
    ResolutionAdopted,
    ResolutionAmended,
    ResolutionRejected,
    VoteRecorded,
)
from domain.resolutions.voting import OpenVoting
from tests.decisions.given import CHAIR, CITY, LEADER, OFFICE, SECRETARY, did, given, member
from tests.decisions.steps import adopted, draft, founded, meeting_opened, open_vote, proposed, voted

if TYPE_CHECKING:
    from domain.decider import Actor
    from domain.values import Matter

BOARD = (founded(), meeting_opened())
BACK = WithdrawDraft(draft_id="DR-1", reason="nieaktualny")


@pytest.mark.parametrize("actor", [SECRETARY, CHAIR, LEADER, member("M2")], ids=lambda actor: actor.role)
def test_a_draft_comes_from_the_board_the_leader_or_a_member(actor: Actor) -> None:
    story = given(founded()).when(draft("DR-1"), by=actor).then(DraftSubmitted.of(draft("DR-1")))
    assert story.consortium.resolutions.drafts["DR-1"].proposer == actor


def test_a_draft_says_when_it_would_bind() -> None:
    binds = date(2019, 6, 1)
    story = given(founded()).when(draft("DR-1"), on=binds).then(DraftSubmitted)
    assert story.consortium.resolutions.drafts["DR-1"].effective_on == binds


def test_a_draft_has_an_id_of_its_own() -> None:
    given(founded(), proposed("DR-1")).when(draft("DR-1")).then_refused("id-already-used", "/data/draft_id", id="DR-1")


def test_a_draft_names_only_what_is_known() -> None:
    story = given(founded())
    subject = story.when(draft("DR-1", subject_members=("M1", "M9")))
    subject.then_refused("unknown-member", "/data/subject_members/1", id="M9")
    application = story.when(draft("DR-1", "accession", application_id="W-9"))
    application.then_refused("unknown-application", "/data/application_id", id="W-9")
    target = story.when(draft("DR-1", "repeal", target_draft="DR-9"))
    target.then_refused("unknown-resolution", "/data/target_draft", id="DR-9")


@pytest.mark.parametrize("actor", [SECRETARY, CHAIR], ids=lambda actor: actor.role)
def test_the_board_takes_any_draft_back(actor: Actor) -> None:
    story = given(founded(), did(draft("DR-1"), by=member("M2"))).when(BACK, by=actor).then(DraftWithdrawn.of(BACK))
    assert story.consortium.resolutions.drafts["DR-1"].settled


@pytest.mark.parametrize("actor", [LEADER, member("M2")], ids=lambda actor: actor.role)
def test_others_take_back_their_own_draft_only(actor: Actor) -> None:
    given(founded(), did(draft("DR-1"), by=actor)).when(BACK, by=actor).then(DraftWithdrawn)
    refused = given(founded(), proposed("DR-1")).when(BACK, by=actor)
    refused.then_refused("role-not-permitted", "/actor/id", role=actor.role, command="WithdrawDraft")


@pytest.mark.parametrize("actor", [OFFICE, CITY], ids=lambda actor: actor.role)
def test_nobody_else_brings_a_draft_in_or_takes_it_back(actor: Actor) -> None:
    given(founded()).when(draft("DR-1"), by=actor).then_refused("role-not-permitted", "/actor/role", role=actor.role)
    given(founded(), proposed("DR-1")).when(BACK, by=actor).then_refused("role-not-permitted", "/actor/role")


def test_a_draft_is_taken_back_once_and_not_voted_on_afterwards() -> None:
    story = given(*BOARD, proposed("DR-1"), did(BACK))
    story.when(BACK).then_refused("already-decided", "/data/draft_id", id="DR-1")
    story.when(open_vote("DR-1", for_=4)).then_refused("already-decided", "/data/draft_id", id="DR-1")


def test_what_was_voted_on_is_not_taken_back() -> None:
    given(*BOARD, adopted("DR-1")).when(BACK).then_refused("already-decided", "/data/draft_id", id="DR-1")
    rejected = given(*BOARD, proposed("DR-1"), voted("DR-1", against=4))
    rejected.when(BACK).then_refused("already-decided", "/data/draft_id", id="DR-1")


def test_a_draft_is_not_taken_back_during_its_vote() -> None:
    story = given(*BOARD, proposed("DR-1"), did(OpenVoting(draft_id="DR-1", forum="RZ-1")))
    story.when(BACK).then_refused("voting-already-open", "/data/draft_id", draft_id="DR-1")


AMENDS = draft("DR-2", "other", target_draft="DR-1")


def test_an_adopted_draft_that_names_a_target_amends_it() -> None:
    story = (
        given(*BOARD, adopted("DR-1"), did(AMENDS))
        .when(open_vote("DR-2", for_=4))
        .then(VoteRecorded, ResolutionAdopted, ResolutionAmended(target="DR-1", by="DR-2"))
    )
    target = story.consortium.resolutions.drafts["DR-1"]
    assert (target.amended_by, target.in_force_on(story.today)) == (("DR-2",), True)


def test_a_rejected_draft_amends_nothing() -> None:
    story = given(*BOARD, adopted("DR-1"), did(AMENDS))
    story.when(open_vote("DR-2", against=4)).then(VoteRecorded, ResolutionRejected)


@pytest.mark.parametrize("matter", ["repeal", "invalidation"])
def test_repeal_and_invalidation_are_no_amendments(matter: Matter) -> None:
    story = given(*BOARD, adopted("DR-1"), proposed("DR-2", matter, target_draft="DR-1"))
    story.when(open_vote("DR-2", for_=4)).then(VoteRecorded, ResolutionAdopted)


def test_what_was_never_adopted_is_not_amended() -> None:
    story = given(*BOARD, proposed("DR-1"), did(AMENDS))
    story.when(open_vote("DR-2", for_=4)).then(VoteRecorded, ResolutionAdopted)


MAJORITIES = ("simple", "absolute", "two_thirds_cast", "three_quarters_seats", "unanimous")


@pytest.mark.parametrize("own", MAJORITIES)
@pytest.mark.parametrize("asked", MAJORITIES)
def test_an_amendment_needs_a_majority_at_least_as_strict_as_its_target(own: str, asked: str) -> None:
    story = given(founded(majorities={"purchase": asked, "other": own}), meeting_opened(), adopted("DR-1", "purchase"))
    decision = story.when(AMENDS)
    if MAJORITIES.index(own) >= MAJORITIES.index(asked):
        decision.then(DraftSubmitted)
    else:
        decision.then_refused("matter-does-not-fit", "/data/target_draft", draft_id="DR-1", matter="other")


def test_the_majority_of_a_repeal_is_the_statutes_own() -> None:
    strict = founded(majorities={"purchase": "unanimous", "repeal": "simple", "invalidation": "simple"})
    story = given(strict, meeting_opened(), adopted("DR-1", "purchase"))
    story.when(draft("DR-2", "repeal", target_draft="DR-1")).then(DraftSubmitted)
    story.when(draft("DR-2", "invalidation", target_draft="DR-1")).then(DraftSubmitted)
