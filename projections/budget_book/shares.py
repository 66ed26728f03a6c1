"""Shares: one row for each period in which a member's part of a line stays the same and is above zero.

A share that changed by the day under a resolution that turned out invalid stays, and names it. Source: `rules.md` 18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.resolutions.events import ResolutionInvalidated
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.balance import balances
from projections.budget_book.changing import of_share, touching
from projections.budget_book.lines import SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.budget.state import Posting
    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key

SHARE: Final = ""
"""Names the balance of the share beside those of the drafts, whose ids are never empty."""


def _of_invalidity(fact: ResolutionInvalidated, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    for line_id in consortium.budgets.posted_under.get(fact.target, ()):
        for posting in consortium.budgets.lines[line_id].postings:
            if posting.under == fact.target:
                yield line_id, posting.member_id


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    line_id, member_id = key
    line = consortium.budgets.lines.get(line_id)
    if line is None:
        return
    postings = [posting for posting in line.postings if posting.member_id == member_id]
    changes = [(posting.on, SHARE, posting.amount_gr) for posting in postings]
    changes += [(posting.on, str(posting.under), 1) for posting in postings if _orphaned(consortium, posting)]
    for holds_from, holds_until, now in balances(changes):
        if SHARE in now:
            orphaned_by = tuple(sorted(draft_id for draft_id in now if draft_id != SHARE))
            cells = (line_id, member_id, line.package_id, line.task_id, line.source, now[SHARE], orphaned_by)
            yield Row(holds_from, holds_until, cells)


def _orphaned(consortium: Consortium, posting: Posting) -> bool:
    return posting.under is not None and consortium.resolutions.drafts[posting.under].invalid


def _groups(consortium: Consortium) -> Iterator[Key]:
    for line_id, line in consortium.budgets.lines.items():
        yield from ((line_id, member_id) for member_id in {posting.member_id for posting in line.postings})


SHARES = Table(
    name="shares",
    polish="Udziały członków w liniach budżetu",
    english="Shares of members in budget lines",
    columns=(
        Column("line_id", Kind.ID, "linia", "line"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=SOURCES),
        Column("share_gr", Kind.GROSZE, "udział", "share"),
        Column("orphaned_by", Kind.IDS, "osierocony po nieważności", "orphaned by the invalidity of", filtered=True),
    ),
    key=("line_id", "member_id"),
    walked=True,
    touched={ResolutionInvalidated: _of_invalidity, **touching(of_share)},
    rows=_rows,
    groups=_groups,
)
