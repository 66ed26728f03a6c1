"""What a recorded vote must be: of the right kind, of those who may vote, and of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.membership.decisions import AppointDelegate
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import Counts, ResolutionAdopted, VoteRecorded
from domain.resolutions.voting import OpenVoting, RecordVote
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import (
    adopted,
    delegates,
    founded,
    founder,
    meeting_closed,
    meeting_opened,
    open_vote,
    proposed,
    secret_vote,
    votes,
)

if TYPE_CHECKING:
    from domain.values import Choice

BOARD = (founded(), meeting_opened())
BEFORE = (*BOARD, proposed("DR-1"))
SECRET = (*BOARD, proposed("DR-1", "exclusion"))
EVERYBODY = delegates("M1", "M2", "M3", "M4")


def ballot(**fields: object) -> RecordVote:
    return RecordVote.model_validate({"draft_id": "DR-1", "forum": "RZ-1", "ballot": "open", **fields})


def test_an_open_vote_is_recorded_by_name_with_its_outcome() -> None:
    decision = given(*BEFORE).when(open_vote("DR-1", for_=3, abstain=1))
    decision.then(
        VoteRecorded(
            draft_id="DR-1",
            forum="RZ-1",
            ballot="open",
            votes=votes(for_=3, abstain=1),
            took_part=EVERYBODY,
            counts=Counts(for_=3, against=0, abstain=1),
            present=EVERYBODY,
            recused=(),
            judged_on=FOUNDED,
            voted_on=FOUNDED,
            seats={f"del-M{number}": f"M{number}" for number in range(1, 5)},
            chair=None,
            deputy=None,
        ),
        ResolutionAdopted(
            draft_id="DR-1",
            majority="simple",
            seats=4,
            present=4,
            cast=4,
            tie_break_used=False,
            statute_version=1,
            number="1/2019",
            n=1,
            year=2019,
        ),
    )


def test_a_secret_vote_keeps_participants_and_counts_and_nothing_else() -> None:
    counts = Counts(for_=2, against=1, abstain=1)
    decision = given(*SECRET).when(secret_vote("DR-1", EVERYBODY, counts))
    decision.then_fact(VoteRecorded, ballot="secret", votes=None, took_part=EVERYBODY, counts=counts)


def test_participants_of_a_secret_vote_are_kept_in_the_order_of_their_ids() -> None:
    counts = Counts(for_=4, against=0, abstain=0)
    decision = given(*SECRET).when(secret_vote("DR-1", tuple(reversed(EVERYBODY)), counts))
    decision.then_fact(VoteRecorded, took_part=EVERYBODY)


def test_somebody_present_may_keep_out_of_a_secret_vote() -> None:
    counts = Counts(for_=2, against=0, abstain=0)
    given(*SECRET).when(secret_vote("DR-1", EVERYBODY[:2], counts)).then_fact(ResolutionAdopted, cast=2, present=4)


def test_a_secret_vote_names_nobodys_choice() -> None:
    named = ballot(ballot="secret", votes=votes(for_=4), counts={"for": 4, "against": 0, "abstain": 0})
    given(*SECRET).when(named).then_refused("secret-ballot-names-voters", "/data/votes")


def test_the_kind_of_ballot_is_the_one_that_the_statute_asks_for() -> None:
    opened = given(*SECRET).when(open_vote("DR-1", for_=4))
    opened.then_refused("ballot-kind-mismatch", "/data/ballot", ballot="open", expected="secret")
    hidden = given(*BEFORE).when(secret_vote("DR-1", EVERYBODY, Counts(for_=4, against=0, abstain=0)))
    hidden.then_refused("ballot-kind-mismatch", "/data/ballot", ballot="secret", expected="open")


def test_an_open_ballot_that_only_names_participants_is_a_secret_one() -> None:
    hidden = ballot(took_part=EVERYBODY, counts={"for": 4, "against": 0, "abstain": 0})
    given(*BEFORE).when(hidden).then_refused("ballot-kind-mismatch", "/data/took_part", expected="open")


def test_an_open_ballot_without_votes_misses_them() -> None:
    none_there = given(founded(), proposed("DR-1"), meeting_opened("M1", "M2"))
    for who in ("M1", "M2"):
        conflict = DeclareConflict(draft_id="DR-1", delegate_id=f"del-{who}", member_id=who, reason="")
        none_there = none_there.go_on(did(conflict))
    none_there.when(ballot()).then_refused("vote-missing", "/data/votes")
    given(*BEFORE).when(ballot()).then_refused("vote-missing", "/data/votes")


def test_a_secret_ballot_without_counts_misses_them() -> None:
    given(*SECRET).when(ballot(ballot="secret", took_part=EVERYBODY)).then_refused("vote-missing", "/data/counts")


@pytest.mark.parametrize(("for_", "against", "abstain"), [(3, 0, 0), (4, 1, 0), (5, 0, 0)])
def test_the_counts_of_a_secret_vote_make_up_its_participants(for_: int, against: int, abstain: int) -> None:
    counts = Counts(for_=for_, against=against, abstain=abstain)
    refused = given(*SECRET).when(secret_vote("DR-1", EVERYBODY, counts))
    refused.then_refused("counts-differ", "/data/counts", counted=counts.cast, took_part=4)


def test_counts_and_participants_given_with_an_open_vote_must_agree_with_it() -> None:
    story, cast = given(*BEFORE), votes(for_=3, against=1)
    agreeing = ballot(votes=cast, counts={"for": 3, "against": 1, "abstain": 0}, took_part=EVERYBODY)
    story.when(agreeing).then(VoteRecorded, ResolutionAdopted)
    counted_wrongly = ballot(votes=cast, counts={"for": 4, "against": 0, "abstain": 0})
    story.when(counted_wrongly).then_refused("counts-differ", "/data/counts")
    others = ballot(votes=cast, took_part=EVERYBODY[:3])
    story.when(others).then_refused("counts-differ", "/data/counts")


def test_everybody_present_votes_in_an_open_ballot() -> None:
    refused = given(*BEFORE).when(open_vote("DR-1", for_=2))
    refused.then_refused("vote-missing", "/data/votes", delegates="del-M3, del-M4")


def test_only_who_is_on_the_attendance_list_votes() -> None:
    story = given(founded(), meeting_opened("M1", "M2", "M3"), proposed("DR-1"))
    story.when(open_vote("DR-1", for_=4)).then_refused("voter-not-present", "/data/votes/del-M4", delegate_id="del-M4")
    secret = given(founded(), meeting_opened("M1", "M2", "M3"), proposed("DR-1", "exclusion"))
    hidden = secret.when(secret_vote("DR-1", EVERYBODY, Counts(for_=4, against=0, abstain=0)))
    hidden.then_refused("voter-not-present", "/data/took_part/3", delegate_id="del-M4")


def test_only_who_holds_a_seat_on_the_day_votes() -> None:
    replaced = did(AppointDelegate(member_id="M2", delegate_id="del-new", from_on=FOUNDED))
    story = given(*BEFORE, replaced)
    story.when(open_vote("DR-1", for_=4)).then_refused("no-seat-on-date", "/data/votes/del-M2", delegate_id="del-M2")
    not_yet = given(
        founded(members=3), did(founder("M4", joined_on=FOUNDED.replace(month=6))), meeting_opened("M1", "M2")
    )
    early = not_yet.go_on(proposed("DR-1")).when(open_vote("DR-1", for_=4))
    early.then_refused("no-seat-on-date", "/data/votes/del-M4", day=FOUNDED)


def test_a_draft_is_voted_on_once() -> None:
    given(*BOARD, adopted("DR-1")).when(open_vote("DR-1", for_=4)).then_refused(
        "already-decided", "/data/draft_id", id="DR-1"
    )


def test_a_draft_is_not_recorded_while_a_live_vote_on_it_runs() -> None:
    running = given(*BEFORE, did(OpenVoting(draft_id="DR-1", forum="RZ-1")))
    running.when(open_vote("DR-1", for_=4)).then_refused("voting-already-open", "/data/draft_id", draft_id="DR-1")


def test_nothing_is_voted_in_a_closed_meeting() -> None:
    given(*BEFORE, meeting_closed()).when(open_vote("DR-1", for_=4)).then_refused(
        "forum-closed", "/data/forum", id="RZ-1"
    )


SUBJECT = (founded(members=5), meeting_opened(), proposed("DR-1", "task_allocation", subject_members=("M1", "M2")))
"""An individual matter: two subjects are fewer than half of five seats."""


def recused(*member_ids: str) -> list[DeclareConflict]:
    return [DeclareConflict(draft_id="DR-1", delegate_id=f"del-{who}", member_id=who, reason="") for who in member_ids]


def cast_by(*member_ids: str, choice: Choice = "for") -> RecordVote:
    return RecordVote(draft_id="DR-1", forum="RZ-1", ballot="open", votes=dict.fromkeys(delegates(*member_ids), choice))


def test_the_subject_of_an_individual_matter_must_be_recused() -> None:
    story = given(*SUBJECT, *[did(one) for one in recused("M1")])
    refused = story.when(cast_by("M2", "M3", "M4", "M5"))
    refused.then_refused("recusal-required", "/data/votes", delegate_id="del-M2", member_id="M2")
    silent = story.when(cast_by("M3", "M4", "M5"))
    silent.then_refused("recusal-required", "/data/votes", delegate_id="del-M2")


def test_with_every_subject_recused_the_others_decide() -> None:
    story = given(*SUBJECT, *[did(one) for one in recused("M1", "M2")])
    story.when(cast_by("M3", "M4", "M5")).then_fact(VoteRecorded, recused=("del-M1", "del-M2"))


def test_a_recused_delegate_does_not_vote() -> None:
    story = given(*SUBJECT, *[did(one) for one in recused("M1", "M2")])
    refused = story.when(cast_by("M1", "M3", "M4", "M5"))
    refused.then_refused("recused-delegate-voted", "/data/votes/del-M1", delegate_id="del-M1")


def test_a_subject_that_is_absent_need_not_be_recused() -> None:
    story = given(
        founded(members=5),
        meeting_opened("M3", "M4", "M5"),
        proposed("DR-1", "task_allocation", subject_members=("M1",)),
    )
    story.when(cast_by("M3", "M4", "M5")).then(VoteRecorded, ResolutionAdopted)


def test_half_the_seats_as_subjects_make_a_general_matter() -> None:
    general = proposed("DR-1", "task_allocation", subject_members=("M1", "M2"))
    given(founded(members=4), meeting_opened(), general).when(open_vote("DR-1", for_=4)).then(
        VoteRecorded, ResolutionAdopted
    )


def test_a_matter_that_the_statute_does_not_name_needs_no_recusal() -> None:
    other = proposed("DR-1", "report", subject_members=("M1",))
    given(founded(members=5), meeting_opened(), other).when(open_vote("DR-1", for_=5)).then(
        VoteRecorded, ResolutionAdopted
    )


def test_an_individual_matter_in_secret_asks_for_the_same_recusals() -> None:
    secret = founded(members=5, recusal={"matters": ["exclusion"]})
    story = given(secret, meeting_opened(), proposed("DR-1", "exclusion", subject_members=("M5",)))
    refused = story.when(secret_vote("DR-1", EVERYBODY, Counts(for_=4, against=0, abstain=0)))
    refused.then_refused("recusal-required", "/data/took_part", delegate_id="del-M5")
    story = story.go_on(*[did(one) for one in recused("M5")])
    story.when(secret_vote("DR-1", EVERYBODY, Counts(for_=4, against=0, abstain=0))).then(
        VoteRecorded, ResolutionAdopted
    )


def test_the_guards_of_a_vote_come_in_their_order() -> None:
    """Each step removes the first reason in the way, and shows the one behind it."""
    unseated = did(AppointDelegate(member_id="M4", delegate_id="del-new", from_on=FOUNDED))
    story = given(founded(members=5), meeting_opened("M1"), proposed("DR-1", "exclusion"), unseated)
    story.when(open_vote("DR-1", for_=4)).then_refused("no-seat-on-date", "/data/votes/del-M4")
    story.when(open_vote("DR-1", for_=3)).then_refused("no-quorum", "/data/forum")
    story = story.go_on(meeting_opened("M1", "M2", "M3", meeting_id="RZ-2"), adopted("DR-2", "exclusion"))
    again = open_vote("DR-2", for_=3, forum="RZ-2")
    story.when(again).then_refused("already-decided", "/data/draft_id")
    story.when(open_vote("DR-1", for_=3, forum="RZ-2")).then_refused("ballot-kind-mismatch", "/data/ballot")
