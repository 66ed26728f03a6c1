"""Who votes for a member, who leads, who presides: each by day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.membership.decisions import (
    AppointChair,
    AppointDelegate,
    AppointLeader,
    ReclassifyMember,
)
from domain.membership.events import ChairAppointed, DelegateAppointed, LeaderAppointed, MemberSizeClassified
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import adopted, founded, founder, meeting_opened, under

if TYPE_CHECKING:
    from domain.values import Size

DAY = date(2019, 2, 1)
BOARD = (founded(), meeting_opened())


def test_a_delegate_votes_from_the_day_of_the_appointment() -> None:
    appoint = AppointDelegate(member_id="M1", delegate_id="del-new", from_on=DAY)
    membership = given(founded()).when(appoint).then(DelegateAppointed.of(appoint)).consortium.membership
    assert membership.members["M1"].delegate_on(date(2019, 1, 31)) == "del-M1"
    assert membership.members["M1"].delegate_on(DAY) == "del-new"
    assert "del-M1" not in membership.seats_on(DAY)


def test_a_former_delegate_may_come_back() -> None:
    there = AppointDelegate(member_id="M1", delegate_id="del-new", from_on=DAY)
    back = AppointDelegate(member_id="M1", delegate_id="del-M1", from_on=date(2019, 3, 1))
    story = given(founded(), did(there)).when(back).then(DelegateAppointed)
    assert story.consortium.membership.members["M1"].delegate_on(date(2019, 3, 1)) == "del-M1"


def test_the_later_recorded_of_two_delegates_of_one_day_votes() -> None:
    first, second = (AppointDelegate(member_id="M1", delegate_id=who, from_on=DAY) for who in ("del-a", "del-b"))
    story = given(founded(), did(first), did(second))
    assert story.consortium.membership.members["M1"].delegate_on(DAY) == "del-b"


def test_an_appointment_recorded_late_does_not_displace_a_later_one() -> None:
    march = AppointDelegate(member_id="M1", delegate_id="del-march", from_on=date(2019, 3, 1))
    february = AppointDelegate(member_id="M1", delegate_id="del-february", from_on=DAY)
    member = given(founded(), did(march), did(february)).consortium.membership.members["M1"]
    assert [member.delegate_on(day) for day in (DAY, date(2019, 3, 1))] == ["del-february", "del-march"]


def test_a_delegate_of_another_member_is_not_for_hire() -> None:
    appoint = AppointDelegate(member_id="M1", delegate_id="del-M2", from_on=DAY)
    given(founded()).when(appoint).then_refused("id-already-used", "/data/delegate_id", id="del-M2")


def test_a_member_names_no_delegate_for_a_day_on_which_it_does_not_belong() -> None:
    appoint = AppointDelegate(member_id="M1", delegate_id="del-new", from_on=date(2019, 1, 13))
    refused = given(founded()).when(appoint)
    refused.then_refused("not-a-member-on-date", "/data/from_on", member_id="M1", day=date(2019, 1, 13))


def test_the_board_elects_a_leader() -> None:
    appoint = AppointLeader(member_id="M2")
    story = given(*BOARD, adopted("DR-1", "leader_election"))
    story = story.when(appoint, under="DR-1", on=DAY).then(LeaderAppointed(member_id="M2"))
    membership = story.consortium.membership
    assert (membership.leader_on(date(2019, 1, 31)), membership.leader_on(DAY)) == (None, "M2")


def test_the_leader_is_the_one_that_was_elected() -> None:
    story = given(*BOARD, adopted("DR-1", "leader_election", subject_members=("M2",)))
    story.when(AppointLeader(member_id="M1"), under="DR-1").then_refused("matter-does-not-fit", "/under")
    story.when(AppointLeader(member_id="M2"), under="DR-1").then(LeaderAppointed)


def test_the_leader_belongs_on_the_day() -> None:
    latecomer = founder("M5", joined_on=DAY)
    story = given(founded(), did(latecomer), meeting_opened(), adopted("DR-1", "leader_election"))
    early = story.when(AppointLeader(member_id="M5"), under="DR-1", on=FOUNDED)
    early.then_refused("not-a-member-on-date", "/data/member_id", member_id="M5", day=FOUNDED)
    story.when(AppointLeader(member_id="M5"), under="DR-1", on=DAY).then(LeaderAppointed)


def test_the_board_elects_a_chair_and_a_deputy() -> None:
    appoint = AppointChair(delegate_id="del-M1", deputy_delegate_id="del-M2")
    story = given(*BOARD, adopted("DR-1", "chair_election"))
    story = story.when(appoint, under="DR-1", on=DAY).then(ChairAppointed.of(appoint))
    assert story.consortium.membership.chair_on(FOUNDED) is None
    assert story.consortium.membership.chair_on(DAY) == ChairAppointed.of(appoint)


def test_a_board_may_do_without_a_deputy() -> None:
    alone = AppointChair(delegate_id="del-M1")
    given(*BOARD, adopted("DR-1", "chair_election")).when(alone, under="DR-1").then(ChairAppointed.of(alone))


def test_chair_and_deputy_hold_seats_on_the_day() -> None:
    gone = did(AppointDelegate(member_id="M1", delegate_id="del-new", from_on=FOUNDED))
    story = given(*BOARD, adopted("DR-1", "chair_election"), gone)
    chair = story.when(AppointChair(delegate_id="del-M1"), under="DR-1")
    chair.then_refused("no-seat-on-date", "/data/delegate_id", delegate_id="del-M1", day=FOUNDED)
    deputy = story.when(AppointChair(delegate_id="del-M2", deputy_delegate_id="del-M1"), under="DR-1")
    deputy.then_refused("no-seat-on-date", "/data/deputy_delegate_id", delegate_id="del-M1")


def review(fte_x100: int, size: Size, member_id: str = "M1") -> ReclassifyMember:
    return ReclassifyMember(member_id=member_id, employment_fte_x100=fte_x100, annual_revenue_gr=0, size=size)


def test_a_review_changes_the_size_from_its_day() -> None:
    story = given(*BOARD, under("classification", review(1000, "large"), on=DAY))
    member = story.consortium.membership.members["M1"]
    assert [member.size_on(day) for day in (date(2019, 1, 1), date(2019, 1, 31), DAY)] == ["small", "small", "large"]


def test_a_review_names_the_statute_by_which_it_judged() -> None:
    story = given(*BOARD, adopted("DR-1", "classification"))
    fact = MemberSizeClassified.of(review(1000, "large"), statute_version=1)
    story.when(review(1000, "large"), under="DR-1").then(fact)


def test_a_review_does_not_say_otherwise_than_the_thresholds() -> None:
    story = given(*BOARD, adopted("DR-1", "classification"))
    refused = story.when(review(1000, "small"), under="DR-1")
    refused.then_refused("size-differs-from-thresholds", "/data/size", given="small", computed="large")


def test_only_a_member_of_the_day_is_reviewed() -> None:
    story = given(*BOARD, adopted("DR-1", "classification"))
    early = story.when(review(0, "small"), under="DR-1", on=date(2019, 1, 1))
    early.then_refused("not-a-member-on-date", "/data/member_id", member_id="M1")
