"""Budget lines: one row for each period in which the amount stays the same, from the day of adoption.

`growth_gr` is what transfers without an annex brought to the line by the day; `room_gr` is what they may still bring,
as a decision sees it: after everything recorded, whatever its day. Source: `rules.md` 4 and 16.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.budget.events import BudgetAdopted
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.balance import balances
from projections.budget_book.changing import of_line, touching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.budget.state import Line
    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key

SOURCES = ("city_grant", "project_funds", "own_financial", "own_personal")


def _adopted(fact: BudgetAdopted, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    return ((line.line_id,) for line in fact.lines)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    line = consortium.budgets.lines.get(key[0])
    if line is None:
        return
    limit_gr = line.adopted_gr * _limit_bp(consortium, line) // 10_000
    for holds_from, holds_until, now in balances(_changes(line)):
        growth_gr = now.get("growth", 0)
        cells = (
            line.line_id,
            line.package_id,
            line.task_id,
            line.source,
            line.cost_kind,
            line.budget_year,
            now.get("amount", 0),
            line.adopted_gr,
            growth_gr,
            limit_gr,
            limit_gr - line.growth_gr,
            line.split_on,
        )
        yield Row(holds_from, holds_until, cells)


def _changes(line: Line) -> Iterator[tuple[date, str, int]]:
    adopted_on = line.changes[0].on
    for change in line.changes:
        on = max(change.on, adopted_on)
        yield on, "amount", change.amount_gr
        if change.counts_against_limit:
            yield on, "growth", change.amount_gr


def _limit_bp(consortium: Consortium, line: Line) -> int:
    contract = consortium.packages.packages[line.package_id].contract
    return contract.signed.line_increase_limit_bp if contract else 0


LINES = Table(
    name="lines",
    polish="Linie budżetu",
    english="Budget lines",
    columns=(
        Column("line_id", Kind.ID, "linia", "line"),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=SOURCES),
        Column("cost_kind", Kind.TEXT, "rodzaj kosztu", "kind of cost"),
        Column("budget_year", Kind.COUNT, "rok budżetowy", "budget year"),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("adopted_gr", Kind.GROSZE, "kwota uchwalona", "amount at adoption"),
        Column("growth_gr", Kind.GROSZE, "wzrost przez przesunięcia", "growth by transfers"),
        Column("limit_gr", Kind.GROSZE, "limit wzrostu", "limit of growth"),
        Column("room_gr", Kind.GROSZE, "pozostało do limitu", "left up to the limit"),
        Column("divided_on", Kind.DAY, "podzielona od", "divided from"),
    ),
    key=("line_id",),
    walked=True,
    touched={BudgetAdopted: _adopted, **touching(of_line)},
    rows=_rows,
    groups=lambda consortium: ((line_id,) for line_id in consortium.budgets.lines),
)
