"""Execution: what became of the city grant of a package since the first report, and what each member left unspent.

A later report on the same share replaces the earlier from its own day. Everything not reported as unspent was spent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.money import executed_on
from domain.budget.events import BudgetAdopted, ExpenditureReported, UnspentReturned
from domain.packages.events import AnnexSigned
from domain.values import latest_on
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.lines import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key


def _of_package(
    fact: BudgetAdopted | AnnexSigned | ExpenditureReported | UnspentReturned, _entry: Entry, _after: Consortium
) -> Iterator[Key]:
    yield (fact.package_id,)


def _executions(consortium: Consortium, key: Key) -> Iterator[Row]:
    (package_id,) = key
    first = consortium.budgets.executed.get(package_id)
    if first is None:
        return
    days = {max(day, first) for day in (first, *_changing(consortium, package_id))}
    for holds_from, holds_until, told in steps(days, lambda day: executed_on(consortium, package_id, day)):
        cells = (
            package_id,
            told.grant_gr,
            told.grant_gr - told.unspent_gr,
            told.unspent_gr,
            told.returned_gr,
            told.returned_on,
            told.returned_by,
        )
        yield Row(holds_from, holds_until, cells)


def _changing(consortium: Consortium, package_id: str) -> Iterator[date]:
    budgets = consortium.budgets
    for line in budgets.lines_of(package_id):
        yield from (change.on for change in line.changes)
    for line_id, member_id in budgets.reported.get(package_id, ()):
        yield from (on for on, _ in budgets.unspent[package_id, line_id, member_id])
    yield from (on for on, _ in budgets.returns.get(package_id, ()))


EXECUTIONS = Table(
    name="executions",
    polish="Wykonanie dotacji",
    english="Execution of the grant",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("grant_gr", Kind.GROSZE, "dotacja", "grant"),
        Column("spent_gr", Kind.GROSZE, "wydano", "spent"),
        Column("unspent_gr", Kind.GROSZE, "niewykorzystano", "unspent"),
        Column("returned_gr", Kind.GROSZE, "zwrócono", "returned"),
        Column("returned_on", Kind.DAY, "ostatni zwrot", "last returned on"),
        Column("returned_by", Kind.ID, "ostatnio zwrócił", "last returned by"),
    ),
    key=("package_id",),
    touched={
        BudgetAdopted: _of_package,
        AnnexSigned: _of_package,
        ExpenditureReported: _of_package,
        UnspentReturned: _of_package,
    },
    rows=_executions,
    groups=lambda consortium: ((package_id,) for package_id in consortium.budgets.executed),
)


def _reported(fact: ExpenditureReported, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    return ((fact.package_id, one.line_id, one.member_id) for one in fact.unspent)


def _unspent(consortium: Consortium, key: Key) -> Iterator[Row]:
    package_id, line_id, member_id = key
    reports = consortium.budgets.unspent.get((package_id, line_id, member_id), ())
    for holds_from, holds_until, amount_gr in steps({on for on, _ in reports}, lambda day: latest_on(reports, day)):
        line = consortium.budgets.lines[line_id]
        yield Row(holds_from, holds_until, (line_id, member_id, package_id, line.task_id, line.source, amount_gr))


UNSPENT_SHARES = Table(
    name="unspent_shares",
    polish="Niewykorzystane udziały",
    english="Unspent shares",
    columns=(
        Column("line_id", Kind.ID, "linia", "line"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=SOURCES),
        Column("unspent_gr", Kind.GROSZE, "niewykorzystano", "unspent"),
    ),
    key=("line_id", "member_id"),
    touched={ExpenditureReported: _reported},
    rows=_unspent,
    groups=lambda consortium: consortium.budgets.unspent.keys(),
)
