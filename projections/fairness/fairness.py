"""Fairness: one row for each period in which the sharing of a package's city grant stays the same.

The classes are those of the vote days, the guarantee that of the statute of the day, as `domain.answers.fairness` has
them for one day; here the postings are added up once for all days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.fairness import Fairness, decided_on, guarantee_on, was_small
from domain.membership.events import MemberSizeClassified
from domain.statute.events import StatuteAmended
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.budget_book.balance import balances
from projections.budget_book.changing import of_package, touching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.budget.state import Posting
    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key

SMALL = ""
"""Names the balance of small entities beside those of the members, whose ids are never empty."""


def _of_statute(_fact: StatuteAmended, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    """Name every package that is divided, where the amendment changes the guarantee."""
    before, now = consortium.statutes.versions[-2:]
    if before.statute.small_pes_share_min_bp != now.statute.small_pes_share_min_bp:
        yield from ((package_id,) for package_id in consortium.budgets.of_package)


def _of_class(fact: MemberSizeClassified, entry: Entry, consortium: Consortium) -> Iterator[Key]:
    """Name the packages with a posting of the member that was decided since the class holds."""
    for package_id in consortium.budgets.shared_with.get(fact.member_id, ()):
        if any(
            posting.member_id == fact.member_id and decided_on(consortium, posting) >= entry.effective_on
            for posting in _postings(consortium, package_id)
        ):
            yield (package_id,)


def _postings(consortium: Consortium, package_id: str) -> Iterator[Posting]:
    for line in consortium.budgets.lines_of(package_id):
        if line.source == "city_grant":
            yield from line.postings


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    (package_id,) = key
    amended = [version.effective_on for version in consortium.statutes.versions[1:]]
    for since, until, now in balances(_changes(consortium, package_id)):
        shares_gr = {member_id: share for member_id, share in now.items() if member_id != SMALL}
        if not shares_gr:
            continue
        days = {since, *(day for day in amended if since < day and (until is None or day < until))}
        for begins, ends, guarantee_bp in steps(days, lambda day: guarantee_on(consortium, day)):
            cells = _cells(package_id, Fairness(now.get(SMALL, 0), shares_gr, guarantee_bp))
            yield Row(begins, ends or until, cells)


def _changes(consortium: Consortium, package_id: str) -> Iterator[tuple[date, str, int]]:
    small: dict[tuple[str, str | None, date], bool] = {}
    for posting in _postings(consortium, package_id):
        on, member_id, amount_gr, under = posting.on, posting.member_id, posting.amount_gr, posting.under
        yield on, member_id, amount_gr
        # Many postings rest on one vote, and looking a class up takes longer than all the rest.
        vote = member_id, under, on
        if vote not in small:
            small[vote] = was_small(consortium, posting)
        if small[vote]:
            yield on, SMALL, amount_gr


def _cells(package_id: str, told: Fairness) -> tuple[object, ...]:
    return (
        package_id,
        told.total_gr,
        told.small_gr,
        told.large_gr,
        told.small_bp,
        told.large_bp,
        told.guarantee_bp,
        told.is_met,
        len(told.shares_gr),
        told.largest_member,
        told.shares_gr[told.largest_member],
        told.largest_bp,
        told.herfindahl_bp,
    )


FAIRNESS = Table(
    name="fairness",
    polish="Udział małych i dużych podmiotów w dotacji",
    english="Shares of small and large entities in the grant",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("total_gr", Kind.GROSZE, "dotacja podzielona", "grant divided"),
        Column("small_gr", Kind.GROSZE, "podmioty małe", "small entities"),
        Column("large_gr", Kind.GROSZE, "podmioty duże", "large entities"),
        Column("small_bp", Kind.BASIS_POINTS, "udział małych", "share of small entities"),
        Column("large_bp", Kind.BASIS_POINTS, "udział dużych", "share of large entities"),
        Column("guarantee_bp", Kind.BASIS_POINTS, "gwarancja statutu dla małych", "statute's guarantee to small ones"),
        Column("is_met", Kind.FLAG, "gwarancja zachowana", "guarantee met", filtered=True),
        Column("members", Kind.COUNT, "liczba członków z udziałem", "members with a share"),
        Column("largest_member", Kind.ID, "największy udział ma", "largest share held by"),
        Column("largest_gr", Kind.GROSZE, "największy udział", "largest share"),
        Column("largest_bp", Kind.BASIS_POINTS, "największy udział w całości", "largest share of the whole"),
        Column("herfindahl_bp", Kind.BASIS_POINTS, "koncentracja (indeks Herfindahla)", "concentration (Herfindahl)"),
    ),
    key=("package_id",),
    touched={StatuteAmended: _of_statute, MemberSizeClassified: _of_class, **touching(of_package)},
    rows=_rows,
    groups=lambda consortium: ((package_id,) for package_id in consortium.budgets.of_package),
)
