"""Budgets by task, by member and by package: totals by source, own contribution beside the money that is received.

The sources are never added up: what members bring is no part of what they get. A total by task or package is of the
lines' amounts, divided or not; one by member is of its shares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.budget.events import BudgetAdopted, FundsTransferred
from domain.packages.events import AnnexSigned
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.balance import balances
from projections.budget_book.changing import of_package, of_package_share, posted, touching
from projections.budget_book.lines import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from domain.budget.state import Line
    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key

BY_SOURCE = (
    Column("city_grant_gr", Kind.GROSZE, "dotacja Miasta", "city grant"),
    Column("project_funds_gr", Kind.GROSZE, "środki projektu", "project funds"),
    Column("own_financial_gr", Kind.GROSZE, "wkład własny finansowy", "own financial contribution"),
    Column("own_personal_gr", Kind.GROSZE, "wkład własny osobowy", "own personal contribution"),
)


def _tasks_adopted(fact: BudgetAdopted, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    return ((line.task_id,) for line in fact.lines)


def _tasks_changed(fact: AnnexSigned | FundsTransferred, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    return ((consortium.budgets.lines[line_id].task_id,) for line_id, _ in posted(fact))


def _of_task(consortium: Consortium, key: Key) -> Iterator[Row]:
    task = consortium.packages.tasks.get(key[0])
    if task is not None:
        lines = (line for line in consortium.budgets.lines_of(task.package_id) if line.task_id == task.task_id)
        for holds_from, holds_until, now in balances(_amounts(lines)):
            yield Row(holds_from, holds_until, (task.task_id, task.package_id, *_by_source(now)))


def _package_adopted(fact: BudgetAdopted, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.package_id,)


def _of_package(consortium: Consortium, key: Key) -> Iterator[Row]:
    (package_id,) = key
    for holds_from, holds_until, now in balances(_amounts(consortium.budgets.lines_of(package_id))):
        yield Row(holds_from, holds_until, (package_id, *_by_source(now)))


def _of_member(consortium: Consortium, key: Key) -> Iterator[Row]:
    package_id, member_id = key
    changes = (
        (posting.on, line.source, posting.amount_gr)
        for line in consortium.budgets.lines_of(package_id)
        for posting in line.postings
        if posting.member_id == member_id
    )
    for holds_from, holds_until, now in balances(changes):
        if now:
            yield Row(holds_from, holds_until, (package_id, member_id, *_by_source(now)))


def _amounts(lines: Iterable[Line]) -> Iterator[tuple[date, str, int]]:
    """Walk the changes of the lines' amounts; a line counts from its adoption."""
    for line in lines:
        adopted_on = line.changes[0].on
        yield from ((max(change.on, adopted_on), line.source, change.amount_gr) for change in line.changes)


def _by_source(now: Mapping[str, int]) -> Iterator[int]:
    return (now.get(source, 0) for source in SOURCES)


def _shared(consortium: Consortium) -> Iterator[Key]:
    for member_id, packages in consortium.budgets.shared_with.items():
        yield from ((package_id, member_id) for package_id in packages)


BUDGET_BY_TASK = Table(
    name="budget_by_task",
    polish="Budżet według zadań",
    english="Budget by task",
    columns=(
        Column("task_id", Kind.ID, "zadanie", "task"),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        *BY_SOURCE,
    ),
    key=("task_id",),
    walked=True,
    touched={BudgetAdopted: _tasks_adopted, AnnexSigned: _tasks_changed, FundsTransferred: _tasks_changed},
    rows=_of_task,
    groups=lambda consortium: ((task_id,) for task_id in consortium.packages.tasks),
)

BUDGET_BY_MEMBER = Table(
    name="budget_by_member",
    polish="Budżet według członków",
    english="Budget by member",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        *BY_SOURCE,
    ),
    key=("package_id", "member_id"),
    walked=True,
    touched=touching(of_package_share),
    rows=_of_member,
    groups=_shared,
)

BUDGET_BY_PACKAGE = Table(
    name="budget_by_package",
    polish="Budżet według pakietów",
    english="Budget by package",
    columns=(Column("package_id", Kind.ID, "pakiet", "package"), *BY_SOURCE),
    key=("package_id",),
    touched={BudgetAdopted: _package_adopted, AnnexSigned: of_package, FundsTransferred: of_package},
    rows=_of_package,
    groups=lambda consortium: ((package_id,) for package_id in consortium.budgets.of_package),
)
