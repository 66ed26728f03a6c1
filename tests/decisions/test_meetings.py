"""The board sits down, delegates come and go, and the sitting is closed for the reason that holds."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from domain.meetings.decisions import ChangeAttendance, CloseMeeting, OpenMeeting
from domain.meetings.events import AttendanceChanged, MeetingClosed, MeetingOpened
from domain.membership.decisions import AppointDelegate
from domain.resolutions.voting import OpenVoting
from tests.decisions.documents import CIRCULAR
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import delegates, founded, meeting_closed, meeting_opened, proposed, sent_round

ALL = delegates("M1", "M2", "M3", "M4")
REMOTE = OpenMeeting(meeting_id="RZ-1", mode="remote", presiding="del-M1", present=ALL)


def sitting(*present: str, presiding: str = "del-M1", meeting_id: str = "RZ-1") -> OpenMeeting:
    return OpenMeeting(meeting_id=meeting_id, mode="on_site", presiding=presiding, present=present)


def closing(reason: Literal["completed", "no_quorum", "adjourned"], meeting_id: str = "RZ-1") -> CloseMeeting:
    return CloseMeeting(meeting_id=meeting_id, minutes_ref="protokół", reason=reason)


def came(delegate_id: str, *, present: bool = True, meeting_id: str = "RZ-1") -> ChangeAttendance:
    return ChangeAttendance(meeting_id=meeting_id, delegate_id=delegate_id, present=present)


def test_a_meeting_opens_with_its_seats_and_the_quorum_it_needs() -> None:
    opened = sitting(*ALL)
    given(founded()).when(opened).then(MeetingOpened.of(opened, seats=4, quorum_required=2))
    given(founded(members=5)).when(opened).then(MeetingOpened.of(opened, seats=5, quorum_required=3))


def test_a_meeting_opens_even_when_too_few_came() -> None:
    given(founded()).when(sitting("del-M1")).then(MeetingOpened)
    given(founded()).when(sitting()).then(MeetingOpened)


def test_who_presides_need_not_stand_on_the_attendance_list() -> None:
    given(founded()).when(sitting("del-M2", "del-M3")).then(MeetingOpened)


def test_a_remote_meeting_needs_a_statute_that_allows_it() -> None:
    given(founded()).when(REMOTE).then_refused("remote-meeting-not-allowed", "/data/mode")
    given(founded(remote_meetings=True)).when(REMOTE).then(MeetingOpened)


def test_an_id_is_used_for_one_forum_only() -> None:
    given(founded(), meeting_opened()).when(sitting(*ALL)).then_refused(
        "id-already-used", "/data/meeting_id", id="RZ-1"
    )
    circular = given(founded(circular_vote=CIRCULAR), proposed("DR-1"), sent_round("DR-1"))
    circular.when(sitting(*ALL, meeting_id="OB-1")).then_refused("id-already-used", "/data/meeting_id", id="OB-1")


def test_only_delegates_with_a_seat_are_present() -> None:
    replaced = did(AppointDelegate(member_id="M2", delegate_id="del-new", from_on=FOUNDED))
    story = given(founded(), replaced)
    present = story.when(sitting("del-M1", "del-M2"))
    present.then_refused("no-seat-on-date", "/data/present/1", delegate_id="del-M2", day=FOUNDED)
    presiding = story.when(sitting("del-M1", presiding="del-M2"))
    presiding.then_refused("no-seat-on-date", "/data/presiding", delegate_id="del-M2")
    story.when(sitting("del-M1", "del-new")).then(MeetingOpened)


def test_a_delegate_who_comes_late_joins_the_list_and_one_who_leaves_is_off_it() -> None:
    story = given(founded(), meeting_opened("M1", "M2")).when(came("del-M3")).then(AttendanceChanged.of(came("del-M3")))
    assert story.consortium.meetings.meetings["RZ-1"].present == {"del-M1", "del-M2", "del-M3"}
    story = story.when(came("del-M1", present=False)).then(AttendanceChanged)
    assert story.consortium.meetings.meetings["RZ-1"].present == {"del-M2", "del-M3"}


def test_only_a_delegate_with_a_seat_joins_the_list() -> None:
    replaced = did(AppointDelegate(member_id="M3", delegate_id="del-new", from_on=FOUNDED))
    story = given(founded(), meeting_opened("M1", "M2"), replaced)
    story.when(came("del-M3")).then_refused("no-seat-on-date", "/data/delegate_id", delegate_id="del-M3")


def test_the_list_of_a_closed_meeting_stands() -> None:
    story = given(founded(), meeting_opened("M1", "M2"), meeting_closed())
    story.when(came("del-M3")).then_refused("forum-closed", "/data/meeting_id", id="RZ-1")


def test_a_circular_vote_has_no_attendance_list_and_is_not_closed_like_a_meeting() -> None:
    story = given(founded(circular_vote=CIRCULAR), proposed("DR-1"), sent_round("DR-1"))
    story.when(came("del-M1", meeting_id="OB-1")).then_refused("unknown-forum", "/data/meeting_id", id="OB-1")
    story.when(closing("completed", "OB-1")).then_refused("unknown-forum", "/data/meeting_id", id="OB-1")


@pytest.mark.parametrize("reason", ["completed", "adjourned"])
def test_a_meeting_with_a_quorum_is_closed_when_done_or_adjourned(reason: Literal["completed", "adjourned"]) -> None:
    given(founded(), meeting_opened("M1", "M2")).when(closing(reason)).then(MeetingClosed.of(closing(reason)))


def test_a_meeting_is_closed_for_want_of_a_quorum_exactly_when_there_is_none() -> None:
    with_one, without = given(founded(), meeting_opened("M1", "M2")), given(founded(), meeting_opened("M1"))
    refused = with_one.when(closing("no_quorum"))
    refused.then_refused("quorum-present", "/data/reason", present=2, seats=4, required=2)
    without.when(closing("completed")).then_refused("no-quorum", "/data/reason", present=1, seats=4, required=2)
    without.when(closing("no_quorum")).then(MeetingClosed)
    without.when(closing("adjourned")).then(MeetingClosed)


def test_the_quorum_at_closing_is_that_of_the_list_as_it_stands() -> None:
    left = given(founded(), meeting_opened("M1", "M2"), did(came("del-M2", present=False)))
    left.when(closing("completed")).then_refused("no-quorum", "/data/reason", present=1)
    arrived = given(founded(), meeting_opened("M1"), did(came("del-M2")))
    arrived.when(closing("no_quorum")).then_refused("quorum-present", "/data/reason", present=2)


def test_a_meeting_is_closed_once() -> None:
    story = given(founded(), meeting_opened(), meeting_closed())
    story.when(closing("adjourned")).then_refused("forum-closed", "/data/meeting_id", id="RZ-1")


def test_a_meeting_is_not_closed_over_a_running_vote() -> None:
    running = did(OpenVoting(draft_id="DR-1", forum="RZ-1"))
    story = given(founded(), meeting_opened(), proposed("DR-1"), running)
    story.when(closing("completed")).then_refused("voting-already-open", draft_id="DR-1")
    other = story.go_on(meeting_opened(meeting_id="RZ-2"))
    other.when(closing("completed", "RZ-2")).then(MeetingClosed)


def test_the_list_of_an_earlier_day_is_remembered() -> None:
    story = given(founded(), meeting_opened("M1", "M2"), later(2019, 1, 15), did(came("del-M3")))
    meeting = story.consortium.meetings.meetings["RZ-1"]
    assert meeting.present_on(date(2019, 1, 13)) == frozenset()
    assert meeting.present_on(FOUNDED) == {"del-M1", "del-M2"}
    assert meeting.present_on(date(2019, 1, 15)) == {"del-M1", "del-M2", "del-M3"}
