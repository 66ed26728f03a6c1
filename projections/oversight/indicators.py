"""Indicators of tasks: what was planned and what was achieved; the report recorded last stands.

An indicator has no id of its own, only its text; within a task it is numbered in the order of the first reports.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from domain.oversight.events import IndicatorReported
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    reported: dict[str, list[tuple[date, IndicatorReported]]] = {}
    for on, fact in consortium.oversight.of_task.get((key[0], key[1]), ()):
        reported.setdefault(fact.indicator, []).append((on, fact))
    for number, reports in enumerate(reported.values(), 1):
        days = {on for on, _ in reports}
        for holds_from, holds_until, last in steps(days, partial(_last, reports)):
            yield Row(holds_from, holds_until, _cells(number, *last))


def _last(reports: list[tuple[date, IndicatorReported]], day: date) -> tuple[date, IndicatorReported]:
    return next((on, fact) for on, fact in reversed(reports) if on <= day)


def _cells(number: int, on: date, fact: IndicatorReported) -> tuple[object, ...]:
    met = fact.achieved >= fact.target
    return (
        fact.package_id, fact.task_id, number, fact.indicator, fact.unit, fact.target, fact.achieved, met, on,
    )  # fmt: skip


INDICATORS = Table(
    name="indicators",
    polish="Wskaźniki",
    english="Indicators",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("indicator_no", Kind.COUNT, "nr", "no."),
        Column("indicator", Kind.TEXT, "wskaźnik", "indicator"),
        Column("unit", Kind.TEXT, "jednostka", "unit"),
        Column("target", Kind.COUNT, "plan", "target"),
        Column("achieved", Kind.COUNT, "wykonanie", "achieved"),
        Column("met", Kind.FLAG, "osiągnięty", "met"),
        Column("reported_on", Kind.DAY, "na dzień", "reported on"),
    ),
    key=("package_id", "task_id", "indicator_no"),
    walked=True,
    touched={IndicatorReported: lambda fact, _entry, _after: [(fact.package_id, fact.task_id)]},
    rows=_rows,
    groups=lambda consortium: iter(consortium.oversight.of_task),
)
