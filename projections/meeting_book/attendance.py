"""Who was at a sitting, as its attendance list stood at the end of each day; who left is no longer present."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.meetings.events import AttendanceChanged, MeetingOpened
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key


def _of_list(fact: MeetingOpened, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    return ((fact.meeting_id, delegate_id) for delegate_id in fact.present)


def _of_change(fact: AttendanceChanged, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield fact.meeting_id, fact.delegate_id


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    meeting_id, delegate_id = key
    meeting = consortium.meetings.meetings.get(meeting_id)
    if meeting is None:
        return
    came = [on for on, present in meeting.attendance if delegate_id in present]
    days = {on for on, _ in meeting.attendance if came and on >= came[0]}
    named = (meeting_id, delegate_id, consortium.membership.delegates.get(delegate_id), meeting.held_on)
    for holds_from, holds_until, present in steps(days, lambda day: delegate_id in meeting.present_on(day)):
        yield Row(holds_from, holds_until, (*named, present))


def _groups(consortium: Consortium) -> Iterator[Key]:
    for meeting_id, meeting in consortium.meetings.meetings.items():
        for delegate_id in frozenset[str]().union(*(present for _, present in meeting.attendance)):
            yield meeting_id, delegate_id


ATTENDANCE = Table(
    name="attendance",
    polish="Obecność",
    english="Attendance",
    columns=(
        Column("meeting_id", Kind.ID, "posiedzenie", "meeting", filtered=True),
        Column("delegate_id", Kind.ID, "delegat", "delegate", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("held_on", Kind.DAY, "data", "date"),
        Column("present", Kind.FLAG, "obecny", "present", filtered=True),
    ),
    key=("meeting_id", "delegate_id"),
    walked=True,
    touched={MeetingOpened: _of_list, AttendanceChanged: _of_change},
    rows=_rows,
    groups=_groups,
)
