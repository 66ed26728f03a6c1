"""What is still to be done on a day: deadlines, and what a departure or an invalidity left open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from domain.answers.deadlines import DEADLINES
from domain.answers.loose_ends import LOOSE_ENDS

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium

GROUNDS: Final = DEADLINES | LOOSE_ENDS


def obligations(consortium: Consortium, valid_on: date) -> list[dict[str, Any]]:
    """Return what is open on the day by deadline, without one last; a deadline before the day is overdue."""
    courses = (ground.course(consortium, key) for ground in GROUNDS.values() for key in ground.keys(consortium))
    found = [(owed.polish, owed.due_on) for owed in (course.on(valid_on) for course in courses) if owed]
    found.sort(key=lambda one: (one[1] is None, one[1] or valid_on, one[0]))
    return [{"what": what, "due_on": due_on.isoformat() if due_on else None} for what, due_on in found]
