"""Sittings of the board, and whether they had a quorum by the attendance list at the end of each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.meetings.events import AttendanceChanged, MeetingClosed, MeetingOpened
from domain.resolutions.events import ClericalErrorCorrected
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.meetings.state import Meeting
    from projections.bitemporal.table import Key


def _of_meeting(
    fact: MeetingOpened | AttendanceChanged | MeetingClosed, _entry: Entry, _after: Consortium
) -> Iterator[Key]:
    yield (fact.meeting_id,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "meeting":
        yield (fact.target.id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    meeting = consortium.meetings.meetings.get(key[0])
    if meeting is None:
        return
    days = (*(on for on, _ in meeting.attendance), meeting.closed_on or meeting.held_on)
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(meeting, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(meeting: Meeting, day: date) -> tuple[object, ...]:
    present = meeting.present_on(day)
    closed = meeting.closed_on is not None and meeting.closed_on <= day
    return (
        meeting.held_on,
        meeting.meeting_id,
        meeting.mode,
        meeting.presiding,
        meeting.seats,
        len(present),
        meeting.quorum_required,
        len(present) >= meeting.quorum_required,
        tuple(sorted(present)),
        *((meeting.reason, meeting.closed_on, meeting.minutes_ref) if closed else (None, None, None)),
    )


MEETINGS = Table(
    name="meetings",
    polish="Posiedzenia",
    english="Meetings",
    columns=(
        Column("held_on", Kind.DAY, "data", "date"),
        Column("meeting_id", Kind.ID, "posiedzenie", "meeting", filtered=True),
        Column("mode", Kind.WORD, "tryb", "mode", filtered=True, words=("on_site", "remote")),
        Column("presiding", Kind.ID, "prowadzi", "presiding", filtered=True),
        Column("seats", Kind.COUNT, "mandaty", "seats"),
        Column("present", Kind.COUNT, "obecni", "present"),
        Column("quorum_required", Kind.COUNT, "wymagane kworum", "quorum required"),
        Column("quorum", Kind.FLAG, "kworum", "quorum", filtered=True),
        Column("attending", Kind.IDS, "lista obecności", "attendance list"),
        Column(
            "closed",
            Kind.WORD,
            "zamknięcie",
            "closed",
            filtered=True,
            words=("completed", "no_quorum", "adjourned"),
        ),
        Column("closed_on", Kind.DAY, "zamknięto", "closed on"),
        Column("minutes_ref", Kind.TEXT, "protokół", "minutes"),
    ),
    key=("held_on", "meeting_id"),
    touched={
        MeetingOpened: _of_meeting,
        AttendanceChanged: _of_meeting,
        MeetingClosed: _of_meeting,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=lambda consortium: ((meeting_id,) for meeting_id in consortium.meetings.order),
)
