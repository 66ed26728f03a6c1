"""One thing that may be still to be done, and on which days it is.

Each kind of obligation has keys, which name what it is about, and for each key a course: what is owed on a day, and
every day on which that may change. Whoever asks for one day and whoever keeps every day go by the same course.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date

    from domain.consortium import Consortium

Key = tuple[str, ...]
Kind = Literal[
    "final_report", "partial_report", "grant_return", "recommendation", "loan", "overpayment", "orphaned_allocation",
    "orphaned_shares", "outlived_allocation", "unbound_allocation", "share_of_leaving", "objection",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """What is still to be done; ids that it does not concern are None."""

    kind: Kind
    due_on: date | None = None
    """None where nobody set a day."""
    package_id: str | None = None
    member_id: str | None = None
    task_id: str | None = None
    allocation_id: str | None = None
    line_id: str | None = None
    draft_id: str | None = None
    recommendation_id: str | None = None
    resource_id: str | None = None
    source: str | None = None
    year: int | None = None
    amount_gr: int | None = None

    @property
    def polish(self) -> str:
        """What is to be done, as the answer for both clocks says it."""
        return SENTENCES[self.kind][0].format(one=self)

    @property
    def english(self) -> str:
        """The same in English."""
        return SENTENCES[self.kind][1].format(one=self)


class Course(NamedTuple):
    """What is owed on each day."""

    days: Collection[date]
    """Every day on which it may change; nothing is owed before the first."""
    on: Callable[[date], Obligation | None]


NOTHING: Final = Course((), lambda _day: None)


class Ground(NamedTuple):
    """Why something may be owed."""

    keys: Callable[[Consortium], Iterable[Key]]
    course: Callable[[Consortium, Key], Course]
    """Of a key that names nothing yet: `NOTHING`."""


SENTENCES: Final[dict[Kind, tuple[str, str]]] = {
    "final_report": (
        "sprawozdanie końcowe {one.package_id}",
        "final report on {one.package_id}",
    ),
    "partial_report": (
        "sprawozdanie częściowe {one.package_id} za rok {one.year}",
        "partial report on {one.package_id} for {one.year}",
    ),
    "grant_return": (
        "zwrot niewykorzystanej dotacji {one.package_id} przez {one.member_id}: {one.amount_gr} gr",
        "return of unspent grant of {one.package_id} by {one.member_id}: {one.amount_gr} gr",
    ),
    "recommendation": (
        "zalecenie {one.recommendation_id}",
        "recommendation {one.recommendation_id}",
    ),
    "loan": (
        "zwrot zasobu {one.resource_id} przez {one.member_id}",
        "return of resource {one.resource_id} by {one.member_id}",
    ),
    "overpayment": (
        "rozliczenie nadpłaty {one.package_id} {one.source} przez {one.member_id}: {one.amount_gr} gr",
        "settlement of what {one.member_id} was paid too much of {one.package_id} {one.source}: {one.amount_gr} gr",
    ),
    "orphaned_allocation": (
        "przydział {one.allocation_id} osierocony po nieważności {one.draft_id}",
        "allocation {one.allocation_id} orphaned by the invalidity of {one.draft_id}",
    ),
    "orphaned_shares": (
        "udziały w linii {one.line_id} osierocone po nieważności {one.draft_id}",
        "shares of line {one.line_id} orphaned by the invalidity of {one.draft_id}",
    ),
    "outlived_allocation": (
        "przydział {one.allocation_id} trwa po odejściu {one.member_id}",
        "allocation {one.allocation_id} goes on after {one.member_id} leaves",
    ),
    "unbound_allocation": (
        "przydział {one.allocation_id} trwa bez umowy z {one.member_id}",
        "allocation {one.allocation_id} goes on without a contract with {one.member_id}",
    ),
    "share_of_leaving": (
        (
            "udział {one.member_id} w {one.package_id} ({one.source}) do wypłaty albo ponownego podziału:"
            " {one.amount_gr} gr"
        ),
        "share of {one.member_id} in {one.package_id} ({one.source}) to be paid or divided anew: {one.amount_gr} gr",
    ),
    "objection": (
        "sprzeciw {one.member_id} wobec {one.draft_id}",
        "objection of {one.member_id} to {one.draft_id}",
    ),
}
"""Polish, English."""
