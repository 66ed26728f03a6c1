"""Who was at a sitting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.meetings.decisions import ChangeAttendance
from projections.meeting_book.attendance import ATTENDANCE
from projections.meeting_book.meetings import MEETINGS
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import founded, meeting_opened
from tests.projections.tables import Told, check, register

if TYPE_CHECKING:
    from tests.decisions.given import Step

NEXT = date(2019, 1, 15)


def changed(member_id: str, *, present: bool) -> Step:
    return did(ChangeAttendance(meeting_id="RZ-1", delegate_id=f"del-{member_id}", present=present))


def told(*steps: Step) -> Told:
    told = Told(ATTENDANCE, given(*steps).entries)
    check(told)
    return told


def present(told: Told, day: date, version: int | None = None) -> dict[str, bool]:
    rows = told.on(day, len(told.states) - 1 if version is None else version)
    return {row["member_id"]: row["present"] for row in rows}


def test_who_leaves_and_who_comes_shows_by_day() -> None:
    changes = (changed("M1", present=False), changed("M3", present=True))
    story = told(founded(), meeting_opened("M1", "M2"), later(2019, 1, 15), *changes)
    assert present(story, FOUNDED) == {"M1": True, "M2": True}
    assert present(story, NEXT) == {"M1": False, "M2": True, "M3": True}


def test_who_comes_and_leaves_within_a_day_shows_by_entry() -> None:
    story = told(founded(), meeting_opened("M1", "M2"), changed("M1", present=False), changed("M1", present=True))
    version = len(story.states) - 1
    assert [present(story, FOUNDED, at)["M1"] for at in (version - 2, version - 1, version)] == [True, False, True]


def test_a_sitting_lists_those_who_are_present() -> None:
    at, meetings = Told(ATTENDANCE, register(), batch=50), Told(MEETINGS, register(), batch=50)
    end, version = date(2021, 6, 30), len(register())
    for meeting in meetings.on(end, version):
        there = [row["delegate_id"] for row in at.on(end, version) if row["meeting_id"] == meeting["meeting_id"]]
        assert there == list(meeting["attending"])
