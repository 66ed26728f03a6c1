"""Settlements: what one member handed to another, from the day on which it did; a settlement never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.loose_ends import PAID
from domain.answers.tasks import number_of
from domain.budget.events import MembersSettled
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry


def _of_entry(entry: Entry, consortium: Consortium) -> Iterator[Row]:
    fact = entry.fact
    if isinstance(fact, MembersSettled):
        cells = (
            entry.version,
            fact.package_id,
            fact.source,
            fact.from_member,
            fact.to_member,
            fact.amount_gr,
            entry.effective_on,
            entry.under,
            number_of(consortium, entry.under),
        )
        yield Row(entry.effective_on, None, cells)


SETTLEMENTS = Table(
    name="settlements",
    polish="Rozliczenia między członkami",
    english="Settlements between members",
    columns=(
        Column("version", Kind.COUNT, "wpis", "entry"),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=PAID),
        Column("from_member", Kind.ID, "przekazał", "handed on by", filtered=True),
        Column("to_member", Kind.ID, "otrzymał", "received by", filtered=True),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("settled_on", Kind.DAY, "dnia", "settled on"),
        Column("draft_id", Kind.ID, "projekt uchwały", "draft", filtered=True),
        Column("number", Kind.TEXT, "uchwała", "resolution"),
    ),
    key=("version",),
    of_entry=_of_entry,
)
