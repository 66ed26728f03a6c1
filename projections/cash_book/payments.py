"""Payments: what each member got, of a tranche or from another member; what it handed on is negative.

A payment never changes. Added up by member they make the `paid_gr` of `balances`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.loose_ends import PAID
from domain.answers.tasks import number_of
from domain.budget.events import MembersSettled, TrancheDistributed
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry

Paid = tuple[str, int, str, int | None, str | None]
"""Member, grosze, kind, tranche number, the other member."""


def _of_entry(entry: Entry, consortium: Consortium) -> Iterator[Row]:
    fact = entry.fact
    if not isinstance(fact, TrancheDistributed | MembersSettled):
        return
    number = number_of(consortium, entry.under)
    for member_id, amount_gr, kind, tranche_no, other_id in _paid(fact):
        cells = (
            entry.version,
            member_id,
            fact.package_id,
            fact.source,
            kind,
            amount_gr,
            entry.effective_on,
            tranche_no,
            other_id,
            entry.under,
            number,
        )
        yield Row(entry.effective_on, None, cells)


def _paid(fact: TrancheDistributed | MembersSettled) -> Iterator[Paid]:
    if isinstance(fact, TrancheDistributed):
        paid = ((who, amount, "tranche", fact.tranche_no, None) for who, amount in sorted(fact.amounts_gr.items()))
        yield from (one for one in paid if one[1])
    else:
        yield fact.from_member, -fact.amount_gr, "settlement", None, fact.to_member
        yield fact.to_member, fact.amount_gr, "settlement", None, fact.from_member


PAYMENTS = Table(
    name="payments",
    polish="Wypłaty i rozliczenia członków",
    english="Payments and settlements of members",
    columns=(
        Column("version", Kind.COUNT, "wpis", "entry"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=PAID),
        Column("kind", Kind.WORD, "rodzaj", "kind", filtered=True, words=("tranche", "settlement")),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("paid_on", Kind.DAY, "dnia", "paid on"),
        Column("tranche_no", Kind.COUNT, "numer transzy", "tranche number"),
        Column("other_id", Kind.ID, "druga strona rozliczenia", "other side of a settlement"),
        Column("draft_id", Kind.ID, "projekt uchwały", "draft", filtered=True),
        Column("number", Kind.TEXT, "uchwała", "resolution"),
    ),
    key=("version", "member_id"),
    of_entry=_of_entry,
)
