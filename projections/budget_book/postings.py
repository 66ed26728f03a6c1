"""Postings: every change of one member's share of one line, signed, from the day from which it counts.

A posting never changes: what is taken back is posted again with the other sign. `posting_no` counts within the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.answers.tasks import number_of
from domain.budget.events import FundsTransferred, LineResplit, LineSplit, ShareMoved
from domain.packages.events import AnnexSigned
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.changing import posted
from projections.budget_book.lines import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry, Fact

KINDS: Final[dict[type[Fact], str]] = {
    LineSplit: "split",
    LineResplit: "resplit",
    ShareMoved: "move",
    FundsTransferred: "transfer",
    AnnexSigned: "annex",
}


def _of_entry(entry: Entry, consortium: Consortium) -> Iterator[Row]:
    fact = entry.fact
    if not isinstance(fact, LineSplit | LineResplit | ShareMoved | FundsTransferred | AnnexSigned):
        return
    number = number_of(consortium, entry.under)
    annex_no = fact.annex_no if isinstance(fact, FundsTransferred | AnnexSigned) else None
    for line_id, members in posted(fact):
        line = consortium.budgets.lines[line_id]
        added = sum(1 for amount in members.values() if amount)
        first = len(line.postings) - added
        for place, posting in enumerate(line.postings[first:], first + 1):
            cells = (
                line_id,
                place,
                line.package_id,
                line.task_id,
                line.source,
                posting.member_id,
                posting.amount_gr,
                KINDS[type(fact)],
                posting.on,
                posting.under,
                number,
                annex_no,
                entry.version,
            )
            yield Row(posting.on, None, cells)


POSTINGS = Table(
    name="postings",
    polish="Zapisy budżetu",
    english="Budget postings",
    columns=(
        Column("line_id", Kind.ID, "linia", "line"),
        Column("posting_no", Kind.COUNT, "numer zapisu", "posting number"),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=SOURCES),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("kind", Kind.WORD, "rodzaj", "kind", filtered=True, words=tuple(KINDS.values())),
        Column("posted_on", Kind.DAY, "od dnia", "from day"),
        Column("draft_id", Kind.ID, "projekt uchwały", "draft", filtered=True),
        Column("number", Kind.TEXT, "uchwała", "resolution"),
        Column("annex_no", Kind.COUNT, "numer aneksu", "annex number"),
        Column("version", Kind.COUNT, "wpis", "entry"),
    ),
    key=("line_id", "posting_no"),
    of_entry=_of_entry,
)
