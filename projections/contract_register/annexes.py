"""Annexes: one row for each numbered change of a contract, from the day from which it changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.tasks import number_of
from domain.packages.events import AnnexSigned, ContractPartiesAmended, ContractTermChanged
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry


def _signed(entry: Entry, consortium: Consortium) -> Iterator[Row]:
    fact = entry.fact
    if not isinstance(fact, ContractPartiesAmended | ContractTermChanged | AnnexSigned):
        return
    cells = (
        fact.package_id,
        fact.annex_no,
        *_changed(fact),
        fact.signed_on,
        entry.effective_on,
        entry.under,
        number_of(consortium, entry.under),
        entry.version,
    )
    yield Row(entry.effective_on, None, cells)


def _changed(fact: ContractPartiesAmended | ContractTermChanged | AnnexSigned) -> tuple[object, ...]:
    """Return what is changed, parties added and removed, the new end, the line and by how much its grant changes."""
    match fact:
        case ContractPartiesAmended():
            return "parties", fact.add, fact.remove, None, None, None
        case ContractTermChanged():
            return "term", (), (), fact.period_to, None, None
        case AnnexSigned():
            return "grant", (), (), None, fact.line_id, fact.grant_change_gr


ANNEXES = Table(
    name="annexes",
    polish="Aneksy",
    english="Annexes",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("annex_no", Kind.COUNT, "numer aneksu", "annex number"),
        Column("kind", Kind.WORD, "przedmiot", "kind", filtered=True, words=("parties", "term", "grant")),
        Column("added", Kind.IDS, "przystępują", "parties added"),
        Column("removed", Kind.IDS, "odchodzą", "parties removed"),
        Column("period_to", Kind.DAY, "nowy koniec umowy", "new end of the contract"),
        Column("line_id", Kind.ID, "linia budżetu", "budget line", filtered=True),
        Column("grant_change_gr", Kind.GROSZE, "zmiana dotacji", "change of the grant"),
        Column("signed_on", Kind.DAY, "podpisany", "signed on"),
        Column("effective_on", Kind.DAY, "obowiązuje od", "effective on"),
        Column("draft_id", Kind.ID, "projekt uchwały", "draft", filtered=True),
        Column("number", Kind.TEXT, "uchwała", "resolution"),
        Column("version", Kind.COUNT, "wpis", "entry"),
    ),
    key=("package_id", "annex_no"),
    of_entry=_signed,
)
