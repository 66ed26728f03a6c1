"""Balances: what a member was paid of a source of a package beside its share, and the difference, by day.

Paid is net of settlements between members; the share is all of the member's shares in lines of the source. What
members bring themselves is not paid and has no balance. Source: `rules.md` 17.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from domain.answers.loose_ends import PAID
from domain.budget.events import MembersSettled, TrancheDistributed
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.balance import balances
from projections.budget_book.changing import of_fund, touching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key


def _of_fund(fact: TrancheDistributed | MembersSettled, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield fact.package_id, fact.source


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    package_id, source = key
    if source not in PAID:
        return
    for member_id, changes in _changes(consortium, package_id, source).items():
        for holds_from, holds_until, now in balances(changes):
            if now:
                share_gr, paid_gr = now.get("share", 0), now.get("paid", 0)
                owed = (max(share_gr - paid_gr, 0), max(paid_gr - share_gr, 0))
                yield Row(holds_from, holds_until, (package_id, source, member_id, share_gr, paid_gr, *owed))


def _changes(consortium: Consortium, package_id: str, source: str) -> dict[str, list[tuple[date, str, int]]]:
    """Return the changes of each member: one walk for all of them, since a tranche is passed on to many at once."""
    changes: dict[str, list[tuple[date, str, int]]] = defaultdict(list)
    for line in consortium.budgets.lines_of(package_id):
        if line.source == source:
            for posting in line.postings:
                changes[posting.member_id].append((posting.on, "share", posting.amount_gr))
    for on, member_id, amount in consortium.budgets.payments.get((package_id, source), ()):
        changes[member_id].append((on, "paid", amount))
    return changes


BALANCES = Table(
    name="balances",
    polish="Salda członków",
    english="Balances of members",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=PAID),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("share_gr", Kind.GROSZE, "udział", "share"),
        Column("paid_gr", Kind.GROSZE, "wypłacono netto", "paid, net of settlements"),
        Column("owed_to_gr", Kind.GROSZE, "do otrzymania", "owed to the member"),
        Column("owed_by_gr", Kind.GROSZE, "do oddania", "owed by the member"),
    ),
    key=("package_id", "source", "member_id"),
    walked=True,
    touched={TrancheDistributed: _of_fund, MembersSettled: _of_fund, **touching(of_fund)},
    rows=_rows,
    groups=lambda consortium: ((package_id, source) for package_id in consortium.budgets.of_package for source in PAID),
)
