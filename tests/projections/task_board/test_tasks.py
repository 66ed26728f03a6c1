"""Tasks: who leads and who takes part on each day of a task."""

from __future__ import annotations

from datetime import date

from domain.answers.tasks import allocations
from domain.corrections import CorrectClericalError
from domain.resolutions.events import Target
from projections.task_board.tasks import TASKS
from tests.decisions.given import did, given
from tests.decisions.steps import BEGINS, ENDS, allocated, contract_signed, founded, meeting_opened, task_defined
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

JULY = date(2019, 7, 1)
DEFINED = (founded(), meeting_opened(), contract_signed(), task_defined())


def test_a_task_is_on_the_board_on_its_days_and_shows_when_nobody_performs_it() -> None:
    story = given(*DEFINED)
    assert [rows_on(TASKS, story, day) for day in (date(2019, 3, 31), date(2020, 1, 1))] == [[], []]
    row = row_on(TASKS, story, BEGINS)
    assert (row["name"], row["period_to"], row["lead_id"], row["partner_ids"]) == ("Zadanie T1", ENDS, None, ())


def test_a_task_passes_from_lead_to_lead_and_keeps_its_partners_by_id() -> None:
    story = given(
        *DEFINED,
        allocated("A1", "M2", "partner"),
        allocated("A2", "M1", "partner"),
        allocated("A3", "M3", "lead", last=date(2019, 6, 30)),
        allocated("A4", "M4", first=JULY),
    )
    rows = [row_on(TASKS, story, day) for day in (date(2019, 6, 30), JULY)]
    assert [(row["lead_id"], row["partner_ids"]) for row in rows] == [("M3", ("M1", "M2")), ("M4", ("M1", "M2"))]


def test_a_corrected_name_is_that_of_every_day_since_it_was_corrected() -> None:
    correction = CorrectClericalError(
        target=Target(type="task", id="T1"),
        field="name",
        recorded="Zadanie T1",
        correct="Zadanie pierwsze",
        basis="umowa",
        reason="omyłka",
    )
    story = given(*DEFINED, did(correction))
    names = [row_on(TASKS, story, BEGINS, known=version)["name"] for version in (story.consortium.version - 1, None)]
    assert names == ["Zadanie T1", "Zadanie pierwsze"]


def test_the_tasks_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(TASKS, register())
    for version, state, day in points(told):
        answer = allocations(state, day)
        rows = {row["task_id"]: row for row in told.on(day, version)}
        assert rows.keys() == answer.keys()
        for task_id, performers in answer.items():
            told_of = [("lead", rows[task_id]["lead_id"])] if rows[task_id]["lead_id"] else []
            told_of += [("partner", one) for one in rows[task_id]["partner_ids"]]
            assert told_of == [(one["role"], one["member"]) for one in performers]
