"""Obligations: one row for each and period in which it stays the same; what is done is a row no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from domain.answers.courses import Kind as ObligationKind
from domain.answers.obligations import GROUNDS
from domain.values import LAST_DAY, Source
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.obligations.touched import TOUCHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.answers.courses import Obligation
    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    ground, *ids = key
    course = GROUNDS[ground].course(consortium, tuple(ids))
    for holds_from, holds_until, owed in steps(course.days, course.on):
        yield Row(holds_from, holds_until, _cells(owed, ids))


def _cells(owed: Obligation, ids: list[str]) -> tuple[object, ...]:
    return (
        owed.due_on or LAST_DAY,
        # No id has a space in it.
        " ".join((owed.kind, *ids)),
        owed.kind,
        owed.due_on,
        owed.polish,
        owed.english,
        owed.member_id,
        owed.package_id,
        owed.task_id,
        owed.allocation_id,
        owed.line_id,
        owed.source,
        owed.draft_id,
        owed.recommendation_id,
        owed.resource_id,
        owed.amount_gr,
    )


def _groups(consortium: Consortium) -> Iterator[Key]:
    for name, ground in GROUNDS.items():
        yield from ((name, *key) for key in ground.keys(consortium))


OBLIGATIONS = Table(
    name="obligations",
    polish="Obowiązki",
    english="Obligations",
    columns=(
        # The deadline, or the last day there is where nobody set one: pages begin with what is most urgent.
        Column("order_on", Kind.DAY, "kolejność", "order"),
        Column("obligation_id", Kind.ID, "obowiązek", "obligation"),
        Column("kind", Kind.WORD, "rodzaj", "kind", filtered=True, words=get_args(ObligationKind)),
        Column("due_on", Kind.DAY, "termin", "due on", filtered=True),
        Column("polish", Kind.TEXT, "co jest do zrobienia", "what is to be done, in Polish"),
        Column("english", Kind.TEXT, "co jest do zrobienia, po angielsku", "what is to be done"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("allocation_id", Kind.ID, "przydział", "allocation", filtered=True),
        Column("line_id", Kind.ID, "linia budżetu", "budget line", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", words=get_args(Source)),
        Column("draft_id", Kind.ID, "uchwała", "resolution", filtered=True),
        Column("recommendation_id", Kind.ID, "zalecenie", "recommendation"),
        Column("resource_id", Kind.ID, "zasób", "resource"),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("overdue", Kind.FLAG, "po terminie", "overdue", sql="coalesce(due_on < %(valid_on)s::date, false)"),
        Column("days_late", Kind.COUNT, "dni po terminie", "days late", sql="greatest(0, %(valid_on)s::date - due_on)"),
    ),
    key=("order_on", "obligation_id"),
    touched=TOUCHED,
    rows=_rows,
    groups=_groups,
)
