"""A vote needs its quorum of the seats of the day, judged by who is there when it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.meetings.decisions import ChangeAttendance
from domain.membership.decisions import AppointDelegate, EndMembership
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import ResolutionAdopted, VoteRecorded
from domain.resolutions.voting import CloseVoting, OpenVoting, RecordVote
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import adopted, founded, founder, meeting_opened, open_vote, proposed

if TYPE_CHECKING:
    from pydantic import JsonValue


def present(number: int) -> tuple[str, ...]:
    return tuple(f"M{each}" for each in range(1, number + 1))


@pytest.mark.parametrize(
    ("num", "den", "rule", "members", "needed"),
    [
        (1, 2, "at_least", 8, 4),
        (1, 2, "at_least", 9, 5),
        (1, 2, "more_than", 8, 5),
        (1, 2, "more_than", 9, 5),
        (2, 3, "at_least", 9, 6),
        (2, 3, "more_than", 9, 7),
        (1, 1, "at_least", 4, 4),
    ],
)
def test_one_fewer_than_the_quorum_decides_nothing(num: int, den: int, rule: str, members: int, needed: int) -> None:
    quorum: JsonValue = {"num": num, "den": den, "rule": rule}
    short = given(founded(members=members, quorum=quorum), meeting_opened(*present(needed - 1)), proposed("DR-1"))
    refused = short.when(open_vote("DR-1", for_=needed - 1))
    refused.then_refused("no-quorum", "/data/forum", present=needed - 1, seats=members, required=needed)
    enough = given(founded(members=members, quorum=quorum), meeting_opened(*present(needed)), proposed("DR-1"))
    enough.when(open_vote("DR-1", for_=needed)).then(VoteRecorded, ResolutionAdopted)


def recused(*member_ids: str) -> list[DeclareConflict]:
    return [DeclareConflict(draft_id="DR-1", delegate_id=f"del-{who}", member_id=who, reason="") for who in member_ids]


def test_the_recused_make_the_quorum_where_the_statute_counts_them() -> None:
    declared = [did(one) for one in recused("M2")]
    story = given(founded(), meeting_opened("M1", "M2"), proposed("DR-1"), *declared)
    story.when(open_vote("DR-1", for_=1)).then_fact(ResolutionAdopted, present=2, cast=1)


def test_the_recused_make_no_quorum_where_the_statute_does_not_count_them() -> None:
    declared = [did(one) for one in recused("M3")]
    story = given(founded(quorum={"recused_counts_as_present": False}), proposed("DR-1"), *declared)
    short = story.go_on(meeting_opened("M1", "M3"))
    short.when(open_vote("DR-1", for_=1)).then_refused("no-quorum", "/data/forum", present=1, seats=4, required=2)
    enough = story.go_on(meeting_opened("M1", "M2", "M3"))
    enough.when(open_vote("DR-1", for_=2)).then_fact(ResolutionAdopted, present=3)


def test_an_absent_delegate_that_is_recused_makes_no_quorum() -> None:
    declared = [did(one) for one in recused("M4")]
    story = given(founded(), meeting_opened("M1"), proposed("DR-1"), *declared)
    story.when(open_vote("DR-1", for_=1)).then_refused("no-quorum", "/data/forum", present=1)


def test_who_leaves_during_the_sitting_no_longer_counts() -> None:
    left = did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M2", present=False))
    story = given(founded(), meeting_opened("M1", "M2"), proposed("DR-1"), left)
    story.when(open_vote("DR-1", for_=1)).then_refused("no-quorum", "/data/forum", present=1, required=2)


def test_the_seats_are_those_of_the_day_of_the_vote_not_of_the_opening() -> None:
    founders = (
        did(founder("M5", joined_on=FOUNDED.replace(day=20))),
        did(founder("M6", joined_on=FOUNDED.replace(day=20))),
    )
    story = given(founded(), *founders, meeting_opened("M1", "M2"), proposed("DR-1"))
    story.when(open_vote("DR-1", for_=2)).then(VoteRecorded, ResolutionAdopted)
    next_week = story.go_on(later(2019, 1, 21))
    refused = next_week.when(open_vote("DR-1", for_=2))
    refused.then_refused("no-quorum", "/data/forum", present=2, seats=6, required=3)


def test_who_lost_the_seat_makes_no_quorum_though_still_on_the_list() -> None:
    replaced = did(AppointDelegate(member_id="M2", delegate_id="del-new", from_on=FOUNDED))
    story = given(founded(), meeting_opened("M1", "M2"), proposed("DR-1"), replaced)
    story.when(open_vote("DR-1", for_=1)).then_refused("no-quorum", "/data/forum", present=1, seats=4)


def test_a_live_vote_opens_with_a_quorum_only() -> None:
    story = given(founded(), meeting_opened("M1"), proposed("DR-1"))
    refused = story.when(OpenVoting(draft_id="DR-1", forum="RZ-1"))
    refused.then_refused("no-quorum", "/data/forum", present=1, seats=4, required=2)


def test_a_live_vote_opened_with_a_quorum_closes_with_it() -> None:
    left = did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M2", present=False))
    opened = did(OpenVoting(draft_id="DR-1", forum="RZ-1"))
    story = given(founded(), meeting_opened("M1", "M2"), proposed("DR-1"), opened, left)
    assert story.when(CloseVoting(draft_id="DR-1")).refusal is None


def test_a_conflict_declared_during_a_live_vote_may_take_its_quorum() -> None:
    opened = did(OpenVoting(draft_id="DR-1", forum="RZ-1"))
    uncounted = founded(quorum={"recused_counts_as_present": False})
    story = given(uncounted, meeting_opened("M1", "M2"), proposed("DR-1"), opened, *[did(one) for one in recused("M2")])
    story.when(CloseVoting(draft_id="DR-1")).then_refused("no-quorum", "/data/forum", present=1, required=2)


def test_an_excluded_member_lowers_the_quorum_from_the_next_day() -> None:
    exclusion = EndMembership(member_id="M5", kind="exclusion", last_day=FOUNDED)
    story = given(founded(members=5), meeting_opened(), adopted("DR-2", "exclusion"), did(exclusion, under="DR-2"))
    story = story.go_on(meeting_opened("M1", "M2", meeting_id="RZ-2"), proposed("DR-1"))
    refused = story.when(open_vote("DR-1", for_=2, forum="RZ-2"))
    refused.then_refused("no-quorum", "/data/forum", seats=5, required=3)
    next_day = story.go_on(later(2019, 1, 15))
    next_day.when(open_vote("DR-1", for_=2, forum="RZ-2")).then_fact(ResolutionAdopted, seats=4)


def test_who_lost_the_seat_is_not_told_among_those_present() -> None:
    exclusion = EndMembership(member_id="M5", kind="exclusion", last_day=FOUNDED)
    story = given(founded(members=5), meeting_opened(), adopted("DR-2", "exclusion"), did(exclusion, under="DR-2"))
    story = story.go_on(proposed("DR-1"), later(2019, 1, 15))
    story.when(open_vote("DR-1", for_=4)).then_fact(ResolutionAdopted, present=4, seats=4)


def test_nobody_there_decides_nothing() -> None:
    story = given(founded(), proposed("DR-1"), meeting_opened("M1"))
    story = story.go_on(did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M1", present=False)))
    nobody = RecordVote(draft_id="DR-1", forum="RZ-1", ballot="open", votes={})
    story.when(nobody).then_refused("no-quorum", "/data/forum", present=0)
