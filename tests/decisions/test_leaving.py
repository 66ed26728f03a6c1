"""A member leaves by its own notice, at a quarter's end, or is excluded; what it leaves behind is flagged elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from domain.membership.decisions import (
    AppointLeader,
    EndMembership,
    FileWithdrawal,
    add_months,
    is_quarter_end,
    quarter_end,
)
from domain.membership.events import MembershipEnded, WithdrawalFiled
from tests.decisions.given import CHAIR, SECRETARY, did, given, later, member
from tests.decisions.steps import adopted, founded, meeting_opened, under

BOARD = (founded(), meeting_opened())


def notice(filed_on: date, last_day: date, member_id: str = "M4") -> FileWithdrawal:
    return FileWithdrawal(member_id=member_id, filed_on=filed_on, effective_last_day=last_day, reason="")


def end(
    last_day: date, kind: Literal["withdrawal", "exclusion"] = "withdrawal", member_id: str = "M4"
) -> EndMembership:
    return EndMembership(member_id=member_id, kind=kind, last_day=last_day)


FILED = did(notice(date(2019, 3, 31), date(2019, 6, 30)))


@pytest.mark.parametrize(
    ("filed_on", "months", "last_day"),
    [
        (date(2019, 3, 31), 3, date(2019, 6, 30)),
        (date(2019, 3, 30), 3, date(2019, 6, 30)),
        (date(2019, 6, 30), 3, date(2019, 9, 30)),
        (date(2019, 9, 30), 3, date(2019, 12, 31)),
        (date(2019, 11, 30), 3, date(2020, 3, 31)),
        (date(2019, 12, 31), 3, date(2020, 3, 31)),
        (date(2019, 3, 31), 0, date(2019, 3, 31)),
        (date(2019, 3, 31), 24, date(2021, 3, 31)),
    ],
)
def test_the_first_last_day_is_the_quarter_end_after_the_notice(filed_on: date, months: int, last_day: date) -> None:
    story = given(founded(withdrawal={"notice_months": months}))
    story.when(notice(filed_on, last_day)).then(WithdrawalFiled.of(notice(filed_on, last_day)))
    before = quarter_end(add_months(last_day.replace(day=1), -3))
    refused = story.when(notice(filed_on, before))
    refused.then_refused("notice-too-short", "/data/effective_last_day", last_day=before, earliest=last_day)


def test_a_notice_filed_a_day_after_the_quarter_began_waits_for_the_next() -> None:
    refused = given(founded()).when(notice(date(2019, 7, 1), date(2019, 9, 30)))
    refused.then_refused("notice-too-short", "/data/effective_last_day", earliest=date(2019, 12, 31))


def test_a_last_day_in_the_middle_of_a_quarter_is_no_last_day() -> None:
    refused = given(founded()).when(notice(date(2019, 3, 31), date(2019, 8, 31)))
    refused.then_refused("notice-too-short", "/data/effective_last_day", earliest=date(2019, 6, 30))


def test_a_member_may_give_longer_notice() -> None:
    given(founded()).when(notice(date(2019, 3, 31), date(2020, 12, 31))).then(WithdrawalFiled)


@pytest.mark.parametrize(
    ("day", "months", "later_day"),
    [
        (date(2019, 11, 30), 3, date(2020, 2, 29)),
        (date(2018, 11, 30), 3, date(2019, 2, 28)),
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        (date(2019, 5, 31), 1, date(2019, 6, 30)),
        (date(2019, 10, 15), 3, date(2020, 1, 15)),
        (date(2019, 12, 1), 12, date(2020, 12, 1)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_end_of_a_shorter_month(day: date, months: int, later_day: date) -> None:
    assert add_months(day, months) == later_day


def test_the_quarters_of_a_year_end_on_four_days() -> None:
    days = [date.fromordinal(n) for n in range(date(2020, 1, 1).toordinal(), date(2021, 1, 1).toordinal())]
    ends = [day for day in days if is_quarter_end(day)]
    assert ends == [date(2020, 3, 31), date(2020, 6, 30), date(2020, 9, 30), date(2020, 12, 31)]


def test_a_member_gives_notice_for_itself_alone() -> None:
    other = given(founded()).when(notice(date(2019, 3, 31), date(2019, 6, 30)), by=member("M1"))
    other.then_refused("role-not-permitted", "/actor/id", role="member")


def test_who_does_not_belong_gives_no_notice() -> None:
    early = given(founded()).when(notice(date(2018, 12, 31), date(2019, 3, 31)))
    early.then_refused("not-a-member-on-date", "/data/filed_on", member_id="M4", day=date(2018, 12, 31))


def test_notice_is_given_once() -> None:
    again = notice(date(2019, 4, 1), date(2019, 9, 30))
    given(founded(), FILED).when(again).then_refused("already-decided", "/data/member_id", id="M4")


def test_a_membership_ends_on_the_last_day_of_the_notice() -> None:
    story = given(*BOARD, FILED, adopted("DR-1", "withdrawal_ack"))
    story = story.when(end(date(2019, 6, 30)), under="DR-1").then(MembershipEnded.of(end(date(2019, 6, 30))))
    membership = story.consortium.membership
    assert "del-M4" in membership.seats_on(date(2019, 6, 30))
    assert "del-M4" not in membership.seats_on(date(2019, 7, 1))


def test_a_membership_does_not_end_before_its_notice_or_without_one() -> None:
    story = given(*BOARD, adopted("DR-1", "withdrawal_ack"))
    without = story.when(end(date(2019, 6, 30)), under="DR-1")
    without.then_refused("notice-too-short", "/data/last_day", last_day=date(2019, 6, 30), earliest=None)
    early = story.go_on(FILED).when(end(date(2019, 6, 29)), under="DR-1")
    early.then_refused("notice-too-short", "/data/last_day", earliest=date(2019, 6, 30))


def test_a_membership_ends_once() -> None:
    story = given(*BOARD, FILED, under("withdrawal_ack", end(date(2019, 6, 30))))
    again = story.when(end(date(2019, 6, 30)), under="DR-withdrawal_ack")
    again.then_refused("already-decided", "/data/member_id", id="M4")
    gone = story.when(end(date(2019, 7, 1)), under="DR-withdrawal_ack")
    gone.then_refused("not-a-member-on-date", "/data/last_day", day=date(2019, 7, 1))
    late_notice = story.when(notice(date(2019, 4, 1), date(2019, 9, 30)))
    late_notice.then_refused("already-decided", "/data/member_id", id="M4")


def test_an_exclusion_needs_no_notice() -> None:
    story = given(*BOARD, adopted("DR-1", "exclusion", subject_members=("M4",)))
    story.when(end(date(2019, 2, 1), "exclusion"), under="DR-1").then(MembershipEnded)


def test_the_kind_of_end_is_the_one_that_was_decided() -> None:
    excluded = given(*BOARD, FILED, adopted("DR-1", "exclusion"))
    excluded.when(end(date(2019, 6, 30)), under="DR-1").then_refused(
        "matter-does-not-fit", "/under", matter="exclusion"
    )
    withdrawn = given(*BOARD, FILED, adopted("DR-1", "withdrawal_ack"))
    refused = withdrawn.when(end(date(2019, 6, 30), "exclusion"), under="DR-1")
    refused.then_refused("matter-does-not-fit", "/under", matter="withdrawal_ack")


def test_the_member_excluded_is_the_one_that_was_decided_on() -> None:
    story = given(*BOARD, adopted("DR-1", "exclusion", subject_members=("M3",)))
    refused = story.when(end(date(2019, 2, 1), "exclusion"), under="DR-1")
    refused.then_refused("matter-does-not-fit", "/under", draft_id="DR-1")


def test_a_leader_that_left_leads_no_longer() -> None:
    story = given(
        *BOARD,
        did(notice(date(2019, 3, 31), date(2019, 6, 30), "M1")),
        under("leader_election", AppointLeader(member_id="M1")),
        under("withdrawal_ack", end(date(2019, 6, 30), member_id="M1")),
    )
    membership = story.consortium.membership
    assert [membership.leader_on(day) for day in (date(2019, 6, 30), date(2019, 7, 1))] == ["M1", None]


def test_nobody_but_the_secretary_ends_a_membership() -> None:
    story = given(*BOARD, FILED, adopted("DR-1", "withdrawal_ack"), later(2019, 6, 30))
    story.when(end(date(2019, 6, 30)), under="DR-1", by=CHAIR).then_refused("role-not-permitted", "/actor/role")
    story.when(end(date(2019, 6, 30)), under="DR-1", by=SECRETARY).then(MembershipEnded)
