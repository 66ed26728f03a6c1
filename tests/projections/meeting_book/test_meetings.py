"""The book of sittings, against the answer for both clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from domain.answers.state import state_on
from domain.meetings.decisions import ChangeAttendance
from projections.meeting_book.meetings import MEETINGS
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import delegates, founded, meeting_closed, meeting_opened
from tests.decisions.test_corrections import correction
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from tests.decisions.given import Step

ANY = datetime(2030, 1, 1, tzinfo=UTC)
NEXT = date(2019, 1, 15)


def told(*steps: Step) -> Told:
    told = Told(MEETINGS, given(*steps).entries)
    check(told)
    return told


def row(told: Told, day: date) -> dict[str, Any]:
    (row,) = told.on(day, len(told.states) - 1)
    return row


def test_the_sittings_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(MEETINGS, register())
    same = ("meeting_id", "mode", "seats", "present", "quorum_required", "quorum", "closed")
    for version in range(1, len(told.states), 7):
        for day in days(told):
            rows = [
                {"date": row["held_on"].isoformat(), "minutes": row["minutes_ref"]} | {name: row[name] for name in same}
                for row in told.on(day, version)
            ]
            assert rows == state_on(told.states[version], day, ANY)["meetings"]


def test_a_quorum_is_lost_when_delegates_leave() -> None:
    left = [did(ChangeAttendance(meeting_id="RZ-1", delegate_id=f"del-{who}", present=False)) for who in ("M1", "M2")]
    story = told(founded(), meeting_opened("M1", "M2", "M3"), later(2019, 1, 15), *left)
    first, second = row(story, FOUNDED), row(story, NEXT)
    assert (first["present"], first["quorum"], first["attending"]) == (3, True, delegates("M1", "M2", "M3"))
    assert (second["present"], second["quorum"], second["attending"]) == (1, False, ("del-M3",))


def test_a_closed_sitting_has_its_minutes_as_corrected() -> None:
    corrected = did(correction("meeting", "RZ-1", "minutes_ref", "protokół", "protokół nr 1"))
    story = told(founded(), meeting_opened(), later(2019, 1, 15), meeting_closed(), corrected)
    first, second = row(story, FOUNDED), row(story, NEXT)
    assert (first["closed"], first["closed_on"], first["minutes_ref"]) == (None, None, None)
    assert (second["closed"], second["closed_on"], second["minutes_ref"]) == ("completed", NEXT, "protokół nr 1")
