"""A vote by correspondence, where the statute of the opening day allows one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from domain.meetings.decisions import CloseCircularVote, OpenCircularVote
from domain.meetings.events import CircularVoteClosed, CircularVoteOpened
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import ResolutionAdopted, ResolutionRejected, VoteRecorded, VotingClosed, VotingOpened
from domain.resolutions.voting import CastVote, CloseVoting, OpenVoting, RecordVote
from domain.statute.decisions import AmendStatute
from tests.decisions.documents import CIRCULAR
from tests.decisions.given import FOUNDED, did, given, later, member
from tests.decisions.steps import adopted, founded, founder, meeting_opened, open_vote, proposed, under, voted

if TYPE_CHECKING:
    from pydantic import JsonValue

CLOSES = FOUNDED + timedelta(days=3)


def round_of(
    *drafts: str, opens_on: date = FOUNDED, closes_on: date = CLOSES, circular_id: str = "OB-1"
) -> OpenCircularVote:
    return OpenCircularVote(
        circular_id=circular_id, drafts=drafts, opens_on=opens_on, closes_on=closes_on, channel="poczta elektroniczna"
    )


def closing(*no_reply: str) -> CloseCircularVote:
    return CloseCircularVote(circular_id="OB-1", no_reply=no_reply, minutes_ref="")


def recused(draft_id: str, member_id: str) -> DeclareConflict:
    return DeclareConflict(draft_id=draft_id, delegate_id=f"del-{member_id}", member_id=member_id, reason="")


ALLOWED = founded(members=5, circular_vote=CIRCULAR)
SENT = (ALLOWED, proposed("DR-1"), did(round_of("DR-1")))


def test_drafts_are_sent_round_where_the_statute_allows_it() -> None:
    given(ALLOWED, proposed("DR-1")).when(round_of("DR-1")).then(CircularVoteOpened.of(round_of("DR-1")))


def test_no_draft_is_sent_round_where_the_statute_does_not_allow_it() -> None:
    refused = given(founded(), proposed("DR-1")).when(round_of("DR-1"))
    refused.then_refused("circular-vote-not-allowed", "/data/opens_on", day=FOUNDED)


def test_it_is_the_statute_of_the_opening_day_that_allows() -> None:
    allow = AmendStatute(version=2, changes={"circular_vote": CIRCULAR})
    march = date(2019, 3, 1)
    story = given(founded(), meeting_opened(), under("statute_amendment", allow, on=march), proposed("DR-1"))
    eve = round_of("DR-1", opens_on=date(2019, 2, 28), closes_on=date(2019, 3, 31))
    story.when(eve).then_refused("circular-vote-not-allowed", "/data/opens_on", day=date(2019, 2, 28))
    story.when(round_of("DR-1", opens_on=march, closes_on=date(2019, 3, 31))).then(CircularVoteOpened)


def test_a_statute_that_forbids_it_before_the_opening_day_stops_a_vote_already_sent_round() -> None:
    forbid = AmendStatute(version=2, changes={"circular_vote": {"allowed": False, "min_days": None, "quorum": None}})
    opens = date(2019, 1, 20)
    story = given(ALLOWED, meeting_opened(), proposed("DR-1"))
    story = story.go_on(did(round_of("DR-1", opens_on=opens, closes_on=date(2019, 1, 25))))
    story = story.go_on(under("statute_amendment", forbid, on=date(2019, 1, 18)), later(2019, 1, 20))
    refused = story.when(open_vote("DR-1", for_=5, forum="OB-1"))
    refused.then_refused("circular-vote-not-allowed", "/data/forum", day=opens)


def test_a_circular_vote_lasts_its_least_number_of_days() -> None:
    short = round_of("DR-1", closes_on=CLOSES - timedelta(days=1))
    refused = given(ALLOWED, proposed("DR-1")).when(short)
    refused.then_refused("circular-vote-too-short", "/data/closes_on", days=2, least=3)


def test_what_was_decided_is_not_sent_round() -> None:
    story = given(ALLOWED, meeting_opened(), proposed("DR-1"), adopted("DR-2"))
    story.when(round_of("DR-1", "DR-2")).then_refused("already-decided", "/data/drafts/1", id="DR-2")


def test_an_undecided_draft_is_refused_for_the_statute_a_decided_one_for_being_decided() -> None:
    story = given(founded(), meeting_opened(), adopted("DR-1"))
    story.when(round_of("DR-1")).then_refused("already-decided", "/data/drafts/0", id="DR-1")


def test_the_board_does_not_vote_by_letter_before_two_founders_joined() -> None:
    story = given(founded(members=1, circular_vote=CIRCULAR), proposed("DR-1"))
    story.when(round_of("DR-1")).then_refused("too-few-founders", founders=1, needed=2)


def test_half_the_seats_must_reply_and_a_recusal_is_a_reply() -> None:
    story = given(*SENT)
    two = story.when(open_vote("DR-1", for_=2, forum="OB-1"))
    two.then_refused("no-quorum", "/data/forum", present=2, seats=5, required=3)
    recusal = story.go_on(did(recused("DR-1", "M5")))
    recusal.when(open_vote("DR-1", for_=2, forum="OB-1")).then_fact(ResolutionAdopted, present=3, cast=2, seats=5)


def test_where_only_returned_votes_count_a_recusal_makes_no_quorum() -> None:
    quorum: JsonValue = {"num": 1, "den": 2, "rule": "at_least", "base": "seats", "counts": "returned"}
    story = given(
        founded(members=5, circular_vote=CIRCULAR | {"quorum": quorum}),
        proposed("DR-1"),
        did(round_of("DR-1")),
        did(recused("DR-1", "M5")),
    )
    story.when(open_vote("DR-1", for_=2, forum="OB-1")).then_refused("no-quorum", "/data/forum", present=2, required=3)
    story.when(open_vote("DR-1", for_=3, forum="OB-1")).then_fact(ResolutionAdopted, present=4)


def test_who_holds_no_seat_on_the_opening_day_is_not_told_among_those_present() -> None:
    joins = founder("M6", joined_on=FOUNDED + timedelta(days=1))
    story = given(ALLOWED, did(joins), proposed("DR-1"), did(round_of("DR-1")), later(2019, 1, 15))
    story = story.go_on(did(recused("DR-1", "M6")))
    story.when(open_vote("DR-1", for_=3, forum="OB-1")).then_fact(ResolutionAdopted, present=3, seats=5)


def test_silence_is_no_abstention() -> None:
    story = given(*SENT).when(open_vote("DR-1", for_=2, against=1, forum="OB-1"))
    story.then_fact(VoteRecorded, took_part=("del-M1", "del-M2", "del-M3"), present=("del-M1", "del-M2", "del-M3"))
    story.then_fact(ResolutionAdopted, cast=3)


def test_a_vote_is_judged_by_the_opening_day_and_adopted_on_the_day_it_is_recorded() -> None:
    later_rule = AmendStatute(version=2, changes={"majorities": {"other": "unanimous"}})
    story = given(
        ALLOWED,
        meeting_opened(),
        under("statute_amendment", later_rule, on=date(2019, 1, 15)),
        proposed("DR-1"),
        did(round_of("DR-1")),
        later(2019, 1, 16),
    )
    decision = story.when(open_vote("DR-1", for_=4, against=1, forum="OB-1"))
    decision.then_fact(VoteRecorded, judged_on=FOUNDED, voted_on=date(2019, 1, 16))
    decision.then_fact(ResolutionAdopted, statute_version=1, majority="simple")


def test_nothing_is_voted_before_the_opening_day() -> None:
    opens = date(2019, 1, 20)
    story = given(ALLOWED, proposed("DR-1"), did(round_of("DR-1", opens_on=opens, closes_on=date(2019, 1, 25))))
    story.when(open_vote("DR-1", for_=5, forum="OB-1")).then_refused("voting-not-open", "/data/forum", draft_id="DR-1")
    story.go_on(later(2019, 1, 20)).when(open_vote("DR-1", for_=5, forum="OB-1")).then(VoteRecorded, ResolutionAdopted)


def test_only_what_was_sent_round_is_voted_on() -> None:
    refused = given(*SENT, proposed("DR-2")).when(open_vote("DR-2", for_=5, forum="OB-1"))
    refused.then_refused("voting-not-open", "/data/draft_id", draft_id="DR-2")


@pytest.mark.parametrize(("no_reply", "right"), [((), False), (("del-M4", "del-M5"), True), (("del-M4",), False)])
def test_those_who_did_not_reply_are_exactly_the_others(no_reply: tuple[str, ...], *, right: bool) -> None:
    story = given(*SENT, voted("DR-1", for_=3, forum="OB-1"))
    closed = story.when(closing(*no_reply))
    if right:
        closed.then(CircularVoteClosed.of(closing(*no_reply)))
    else:
        closed.then_refused("counts-differ", "/data/no_reply", counted=2, took_part=len(no_reply))


def test_who_replied_on_one_of_two_drafts_replied() -> None:
    story = given(ALLOWED, proposed("DR-1"), proposed("DR-2"), did(round_of("DR-1", "DR-2")))
    story = story.go_on(did(recused("DR-2", "M5")), voted("DR-1", for_=3, forum="OB-1"))
    story.when(closing("del-M4")).then(CircularVoteClosed)
    story.when(closing("del-M4", "del-M5")).then_refused("counts-differ", "/data/no_reply")


def test_a_circular_vote_that_nobody_answered_is_closed_with_whatever_is_named() -> None:
    given(*SENT).when(closing()).then(CircularVoteClosed)


def test_a_circular_vote_is_closed_once_and_no_vote_comes_after_it() -> None:
    story = given(*SENT, did(closing()))
    story.when(closing()).then_refused("forum-closed", "/data/circular_id", id="OB-1")
    story.when(open_vote("DR-1", for_=5, forum="OB-1")).then_refused("forum-closed", "/data/forum", id="OB-1")


def test_a_meeting_is_not_closed_like_a_circular_vote() -> None:
    command = CloseCircularVote(circular_id="RZ-1", no_reply=(), minutes_ref="")
    given(founded(), meeting_opened()).when(command).then_refused("unknown-forum", "/data/circular_id", id="RZ-1")


LIVE = (*SENT, did(OpenVoting(draft_id="DR-1", forum="OB-1")))


def cast(member_id: str, vote: str = "for") -> CastVote:
    return CastVote.model_validate({"draft_id": "DR-1", "delegate_id": f"del-{member_id}", "vote": vote})


def test_a_live_vote_by_letter_has_every_seat_on_its_roll() -> None:
    decision = given(*SENT).when(OpenVoting(draft_id="DR-1", forum="OB-1"))
    decision.then_fact(VotingOpened, roll=tuple(f"del-M{n}" for n in range(1, 6)), judged_on=FOUNDED)


def test_a_live_vote_by_letter_needs_its_quorum_when_it_closes() -> None:
    story = given(*LIVE, did(cast("M1"), by=member("M1")), did(cast("M2"), by=member("M2")))
    close = CloseVoting(draft_id="DR-1")
    story.when(close).then_refused("no-quorum", "/data/forum", present=2, seats=5, required=3)
    story = story.go_on(did(cast("M3", "against"), by=member("M3")))
    story.when(close).then_fact(VotingClosed, present=("del-M1", "del-M2", "del-M3"))
    story.when(close).then_fact(ResolutionAdopted, present=3)


def test_a_circular_vote_is_not_closed_over_a_running_vote() -> None:
    given(*LIVE).when(closing()).then_refused("voting-already-open", draft_id="DR-1")


def test_a_recusal_during_a_live_vote_by_letter_is_a_reply() -> None:
    story = given(*LIVE, *(did(cast(one, "against"), by=member(one)) for one in ("M1", "M2")))
    story = story.go_on(did(recused("DR-1", "M3")))
    story.when(CloseVoting(draft_id="DR-1")).then(VotingClosed, ResolutionRejected)


def test_a_secret_matter_is_voted_by_letter_with_counts_alone() -> None:
    story = given(ALLOWED, proposed("DR-1", "leader_election"), did(round_of("DR-1")))
    named = story.when(open_vote("DR-1", for_=5, forum="OB-1"))
    named.then_refused("ballot-kind-mismatch", "/data/ballot", ballot="open", expected="secret")
    vote = RecordVote.model_validate(
        {
            "draft_id": "DR-1",
            "forum": "OB-1",
            "ballot": "secret",
            "took_part": ["del-M1", "del-M2", "del-M3"],
            "counts": {"for": 2, "against": 1, "abstain": 0},
        }
    )
    story.when(vote).then(VoteRecorded, ResolutionAdopted)
