"""Loans: who has which resource until when, and how late it came back or is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.support.events import ResourceLent, ResourceReturned
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.support.state import Loan
    from projections.bitemporal.table import Key


def _touched(fact: ResourceLent | ResourceReturned, _entry: Entry, after: Consortium) -> Iterator[Key]:
    for place in after.support.of_resource[fact.resource_id]:
        if after.support.loans[place].member_id == fact.member_id:
            yield (str(place + 1),)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    number, loans = int(key[0]), consortium.support.loans
    if number > len(loans):
        return
    loan = loans[number - 1]
    days = {loan.lent_on, loan.returned_on or loan.lent_on}
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(loan, number, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(loan: Loan, number: int, day: date) -> tuple[object, ...]:
    back = loan.returned_on is not None and loan.returned_on <= day
    return (
        number,
        loan.resource_id,
        loan.member_id,
        "returned" if back else "lent",
        loan.lent_on,
        loan.due_on,
        loan.fee_gr,
        loan.returned_on if back else None,
        loan.condition if back else None,
    )


LOANS = Table(
    name="loans",
    polish="Wypożyczenia",
    english="Loans",
    columns=(
        Column("loan_no", Kind.COUNT, "nr", "no."),
        Column("resource_id", Kind.ID, "zasób", "resource", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("lent", "returned")),
        Column("lent_on", Kind.DAY, "wypożyczono", "lent on"),
        Column("due_on", Kind.DAY, "termin zwrotu", "due on"),
        Column("fee_gr", Kind.GROSZE, "opłata", "fee"),
        Column("returned_on", Kind.DAY, "zwrócono", "returned on"),
        Column("condition", Kind.TEXT, "stan po zwrocie", "condition"),
        Column(
            "days_late",
            Kind.COUNT,
            "dni po terminie",
            "days late",
            sql="greatest(0, coalesce(returned_on, %(valid_on)s::date) - due_on)",
        ),
    ),
    key=("loan_no",),
    touched={ResourceLent: _touched, ResourceReturned: _touched},
    rows=_rows,
    groups=lambda consortium: ((str(number),) for number in range(1, len(consortium.support.loans) + 1)),
)
