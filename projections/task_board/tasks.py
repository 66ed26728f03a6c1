"""Tasks: one row for each period of a task in which the same members perform it, on the days of the task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.tasks import performers_on
from domain.packages.events import AllocationEnded, TaskAllocated, TaskDefined
from domain.resolutions.events import ClericalErrorCorrected
from projections.bitemporal.steps import after, steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.packages.state import Task
    from projections.bitemporal.table import Key


def _of_task(fact: TaskDefined | TaskAllocated, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.task_id,)


def _of_allocation(fact: AllocationEnded, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    yield (consortium.packages.allocations[fact.allocation_id].task_id,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    if fact.target.type == "task":
        yield (fact.target.id,)
    elif fact.target.type == "allocation":
        yield (consortium.packages.allocations[fact.target.id].task_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    task = consortium.packages.tasks.get(key[0])
    if task is None:
        return
    ends = after(task.period_to)
    days = {task.period_from, ends, *_changing(consortium, task)}
    within = {day for day in days if day and task.period_from <= day}
    for holds_from, holds_until, cells in steps(within, lambda day: _cells(consortium, task, day)):
        yield Row(holds_from, holds_until, cells)


def _changing(consortium: Consortium, task: Task) -> Iterator[date | None]:
    for allocation in consortium.packages.of_task(task.task_id):
        yield allocation.valid_from
        yield after(allocation.valid_to)


def _cells(consortium: Consortium, task: Task, day: date) -> tuple[object, ...] | None:
    if day > task.period_to:
        return None
    performers = performers_on(consortium, task.task_id, day)
    leads = [one.member_id for one in performers if one.role == "lead"]
    return (
        task.task_id,
        task.package_id,
        task.name,
        task.period_from,
        task.period_to,
        leads[0] if leads else None,
        tuple(dict.fromkeys(one.member_id for one in performers if one.role != "lead")),
    )


TASKS = Table(
    name="tasks",
    polish="Zadania",
    english="Tasks",
    columns=(
        Column("task_id", Kind.ID, "zadanie", "task"),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("name", Kind.TEXT, "nazwa", "name"),
        Column("period_from", Kind.DAY, "od", "from"),
        Column("period_to", Kind.DAY, "do", "to"),
        Column("lead_id", Kind.ID, "wykonawca wiodący", "lead", filtered=True),
        Column("partner_ids", Kind.IDS, "współwykonawcy", "partners", filtered=True),
    ),
    key=("task_id",),
    touched={
        TaskDefined: _of_task,
        TaskAllocated: _of_task,
        AllocationEnded: _of_allocation,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=lambda consortium: ((task_id,) for task_id in consortium.packages.tasks),
)
