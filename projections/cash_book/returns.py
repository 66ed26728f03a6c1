"""Returns: unspent grant that a member gave back, from the day on which it did; a return never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.budget.events import UnspentReturned
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry


def _of_entry(entry: Entry, _consortium: Consortium) -> Iterator[Row]:
    fact = entry.fact
    if isinstance(fact, UnspentReturned):
        cells = (
            entry.version,
            fact.package_id,
            fact.from_member,
            fact.to,
            fact.amount_gr,
            entry.effective_on,
            fact.due_on,
            max((entry.effective_on - fact.due_on).days, 0),
        )
        yield Row(entry.effective_on, None, cells)


RETURNS = Table(
    name="returns",
    polish="Zwroty dotacji",
    english="Returns of grant",
    columns=(
        Column("version", Kind.COUNT, "wpis", "entry"),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("from_member", Kind.ID, "zwrócił", "returned by", filtered=True),
        Column("payee", Kind.TEXT, "komu", "to whom"),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("returned_on", Kind.DAY, "dnia", "returned on"),
        Column("due_on", Kind.DAY, "termin", "due on"),
        Column("days_late", Kind.COUNT, "dni po terminie", "days late"),
    ),
    key=("version",),
    of_entry=_of_entry,
)
