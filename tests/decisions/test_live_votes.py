"""A live vote in an open ballot: roll and rule are fixed at its opening; the last word of each delegate counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from domain.meetings.decisions import ChangeAttendance
from domain.membership.decisions import AppointDelegate
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import (
    Counts,
    ResolutionAdopted,
    ResolutionRejected,
    VoteCast,
    VotingClosed,
    VotingOpened,
)
from domain.resolutions.voting import CastVote, CloseVoting, OpenVoting
from domain.statute.decisions import AmendStatute
from tests.decisions.documents import CASTING
from tests.decisions.given import CHAIR, FOUNDED, SECRETARY, Step, Story, did, given, later, member
from tests.decisions.steps import (
    adopted,
    chaired_by,
    delegates,
    founded,
    meeting_closed,
    meeting_opened,
    proposed,
    under,
)

if TYPE_CHECKING:
    from domain.decider import Actor
    from domain.values import Choice

SHA = "0" * 64
BOARD = (founded(), meeting_opened())
BEFORE = (*BOARD, proposed("DR-1"))
OPEN = OpenVoting(draft_id="DR-1", forum="RZ-1")
CLOSE = CloseVoting(draft_id="DR-1")
LIVE = (*BEFORE, did(OPEN))
JUDGED: dict[str, Any] = {
    "judged_on": FOUNDED,
    "seats": {f"del-M{number}": f"M{number}" for number in range(1, 5)},
    "chair": None,
    "deputy": None,
}


def ballot(member_id: str, vote: Choice = "for", **source: str) -> CastVote:
    return CastVote(draft_id="DR-1", delegate_id=f"del-{member_id}", vote=vote, **source)


def cast(**votes: Choice) -> Step:
    """Let members cast their delegates' votes in this order."""

    def step(story: Story) -> Story:
        return story.go_on(*(did(ballot(who, vote), by=member(who)) for who, vote in votes.items()))

    return step


def recused(member_id: str) -> Step:
    return did(DeclareConflict(draft_id="DR-1", delegate_id=f"del-{member_id}", member_id=member_id, reason=""))


@pytest.mark.parametrize("actor", [SECRETARY, CHAIR], ids=lambda actor: actor.role)
def test_a_vote_is_opened_with_the_roll_of_those_present(actor: Actor) -> None:
    story = given(founded(), meeting_opened("M2", "M1"), proposed("DR-1"))
    roll = delegates("M1", "M2")
    opened = VotingOpened(draft_id="DR-1", forum="RZ-1", roll=roll, statute_version=1, **JUDGED)
    story.when(OPEN, by=actor).then(opened)


def test_who_lost_the_seat_is_not_on_the_roll() -> None:
    replaced = did(AppointDelegate(member_id="M4", delegate_id="del-new", from_on=FOUNDED))
    given(*BEFORE, replaced).when(OPEN).then_fact(VotingOpened, roll=delegates("M1", "M2", "M3"))


def test_a_vote_opens_once() -> None:
    given(*LIVE).when(OPEN).then_refused("voting-already-open", "/data/draft_id", draft_id="DR-1")
    given(*BOARD, adopted("DR-1")).when(OPEN).then_refused("already-decided", "/data/draft_id", id="DR-1")


def test_a_secret_matter_is_never_voted_live() -> None:
    story = given(*BOARD, proposed("DR-1", "exclusion"))
    story.when(OPEN).then_refused("ballot-kind-mismatch", "/data/draft_id", ballot="open", expected="secret")


def test_no_vote_opens_in_a_closed_meeting() -> None:
    given(*BEFORE, meeting_closed()).when(OPEN).then_refused("forum-closed", "/data/forum", id="RZ-1")


def test_no_individual_vote_opens_while_its_subject_is_there() -> None:
    story = given(*BOARD, proposed("DR-1", "task_allocation", subject_members=("M1",)))
    story.when(OPEN).then_refused("recusal-required", "/data/draft_id", delegate_id="del-M1", member_id="M1")
    story.go_on(recused("M1")).when(OPEN).then(VotingOpened)


def test_a_member_casts_its_own_delegates_vote() -> None:
    given(*LIVE).when(ballot("M1"), by=member("M1")).then(VoteCast.of(ballot("M1")))
    given(*LIVE).when(ballot("M1"), by=member("del-M1")).then(VoteCast)
    refused = given(*LIVE).when(ballot("M2"), by=member("M1"))
    refused.then_refused("role-not-permitted", "/actor/id", role="member", command="CastVote")


def test_a_member_casts_on_nobodys_behalf() -> None:
    behalf = ballot("M1", on_behalf_of="M1", source_sha256=SHA)
    given(*LIVE).when(behalf, by=member("M1")).then_refused("role-not-permitted", "/actor/id")


def test_the_secretary_casts_for_another_with_the_source() -> None:
    story = given(*LIVE)
    for behalf in ("M1", "del-M1"):
        story.when(ballot("M1", on_behalf_of=behalf, source_sha256=SHA), by=SECRETARY).then(VoteCast)
    unnamed = story.when(ballot("M1", source_sha256=SHA), by=SECRETARY)
    unnamed.then_refused("role-not-permitted", "/actor/id")
    unproven = story.when(ballot("M1", on_behalf_of="M1"), by=SECRETARY)
    unproven.then_refused("role-not-permitted", "/actor/id")
    stranger = story.when(ballot("M1", on_behalf_of="M2", source_sha256=SHA), by=SECRETARY)
    stranger.then_refused("no-seat-on-date", "/data/on_behalf_of")


def test_the_last_word_of_each_delegate_counts() -> None:
    story = given(*LIVE, cast(M1="against", M2="against", M3="for", M4="for"), cast(M1="for"))
    decision = story.when(CLOSE)
    decision.then(
        VotingClosed(
            draft_id="DR-1",
            forum="RZ-1",
            votes=dict(zip(delegates("M1", "M2", "M3", "M4"), ("for", "against", "for", "for"), strict=True)),
            counts=Counts(for_=3, against=1, abstain=0),
            present=delegates("M1", "M2", "M3", "M4"),
            recused=(),
            voted_on=FOUNDED,
            **JUDGED,
        ),
        ResolutionAdopted,
    )


def test_a_vote_is_only_cast_while_the_voting_is_open() -> None:
    story = given(*BEFORE)
    story.when(ballot("M1"), by=member("M1")).then_refused("voting-not-open", "/data/draft_id", draft_id="DR-1")
    story.when(CLOSE).then_refused("voting-not-open", "/data/draft_id", draft_id="DR-1")
    closed = given(*LIVE, cast(M1="for", M2="for", M3="for", M4="for"), did(CLOSE))
    closed.when(ballot("M1"), by=member("M1")).then_refused("already-decided", "/data/draft_id", id="DR-1")
    closed.when(CLOSE).then_refused("already-decided", "/data/draft_id", id="DR-1")


def test_only_who_is_on_the_roll_casts_a_vote() -> None:
    came = did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M4", present=True))
    story = given(founded(), meeting_opened("M1", "M2", "M3"), proposed("DR-1"), did(OPEN), came)
    late = story.when(ballot("M4"), by=member("M4"))
    late.then_refused("voter-not-present", "/data/delegate_id", delegate_id="del-M4")


def test_who_left_the_room_after_the_opening_is_still_on_the_roll() -> None:
    left = did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M4", present=False))
    given(*LIVE, left).when(ballot("M4"), by=member("M4")).then(VoteCast)


def test_the_seat_is_that_of_the_opening() -> None:
    replaced = did(AppointDelegate(member_id="M4", delegate_id="del-new", from_on=date(2019, 1, 15)))
    story = given(*LIVE, replaced, later(2019, 1, 15))
    story.when(ballot("M4"), by=member("M4")).then(VoteCast)
    new = CastVote(draft_id="DR-1", delegate_id="del-new", vote="for")
    story.when(new, by=member("M4")).then_refused(
        "no-seat-on-date", "/data/delegate_id", delegate_id="del-new", day=FOUNDED
    )


def test_a_conflict_declared_during_the_vote_strikes_what_was_cast() -> None:
    story = given(*LIVE, cast(M1="for", M2="for", M3="against", M4="against"), recused("M1"))
    story.when(ballot("M1"), by=member("M1")).then_refused("recused-delegate-voted", "/data/delegate_id")
    decision = story.when(CLOSE)
    decision.then_fact(
        VotingClosed, votes=dict(zip(delegates("M2", "M3", "M4"), ("for", "against", "against"), strict=True))
    )
    decision.then_fact(VotingClosed, recused=("del-M1",), counts=Counts(for_=1, against=2, abstain=0))
    decision.then_fact(ResolutionRejected, present=4, cast=3)


def test_a_conflict_of_one_who_had_not_voted_strikes_nothing() -> None:
    story = given(*LIVE, cast(M1="for", M2="for", M3="for"), recused("M4"))
    story.when(CLOSE).then_fact(VotingClosed, counts=Counts(for_=3, against=0, abstain=0), recused=("del-M4",))


def test_a_vote_closes_over_the_silence_of_somebody_there() -> None:
    given(*LIVE, cast(M1="for", M2="for", M3="for")).when(CLOSE).then(VotingClosed, ResolutionAdopted)


def test_the_adoption_is_of_the_closing_day_by_the_rules_of_the_opening() -> None:
    stricter = AmendStatute(version=2, changes={"majorities": {"other": "unanimous"}})
    amended = under("statute_amendment", stricter, on=date(2019, 1, 15))
    story = given(*LIVE, amended, later(2020, 1, 2), cast(M1="for", M2="for", M3="for", M4="against"))
    decision = story.when(CLOSE)
    decision.then_fact(VotingClosed, judged_on=FOUNDED, voted_on=date(2020, 1, 2))
    decision.then_fact(ResolutionAdopted, statute_version=1, number="1/2020", year=2020)


def test_the_chair_of_the_opening_breaks_a_tie() -> None:
    members = founded(tie_break="chair_casting_vote", casting_vote=CASTING)
    story = given(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), did(OPEN))
    story = story.go_on(cast(M1="for", M2="for", M3="against", M4="against"))
    story.when(CLOSE).then_fact(ResolutionAdopted, tie_break_used=True)


def test_a_live_vote_of_an_individual_matter_ends_without_its_subject() -> None:
    story = given(*BOARD, proposed("DR-1", "task_allocation", subject_members=("M1",)), recused("M1"), did(OPEN))
    story.when(ballot("M1"), by=member("M1")).then_refused("recused-delegate-voted", "/data/delegate_id")
    story.go_on(cast(M2="for", M3="for", M4="against")).when(CLOSE).then(VotingClosed, ResolutionAdopted)
