"""How fairly the divided city grant of a package is shared, in whole basis points.

Small and large go by the class on the day of the vote behind each posting, concentration by what each member has
together. Source: `rules.md` 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from domain.budget.state import Posting
    from domain.consortium import Consortium

WHOLE_BP = 10_000


@dataclass(frozen=True)
class Fairness:
    """Who has how much of a grant that is divided at least in part."""

    small_gr: int
    """What was shared to small entities; where a share moved after a new classification it may be below zero or above
    the whole."""
    shares_gr: Mapping[str, int]
    """Of each member that has one, more than zero."""
    guarantee_bp: int
    """What the statute guarantees to small entities."""

    @cached_property
    def total_gr(self) -> int:
        """What is divided."""
        return sum(self.shares_gr.values())

    @property
    def large_gr(self) -> int:
        """What was shared to large entities."""
        return self.total_gr - self.small_gr

    @cached_property
    def small_bp(self) -> int:
        """The part of small entities, rounded down."""
        return self.small_gr * WHOLE_BP // self.total_gr

    @property
    def large_bp(self) -> int:
        """The rest."""
        return WHOLE_BP - self.small_bp

    @property
    def is_met(self) -> bool:
        """Whether the guarantee is kept, without any rounding."""
        return self.small_gr * WHOLE_BP >= self.guarantee_bp * self.total_gr

    @cached_property
    def largest_member(self) -> str:
        """Who has the largest share; the first by id of several."""
        return min(self.shares_gr, key=lambda member_id: (-self.shares_gr[member_id], member_id))

    @property
    def largest_bp(self) -> int:
        """The part of the largest share, rounded down."""
        return max(self.shares_gr.values()) * WHOLE_BP // self.total_gr

    @property
    def herfindahl_bp(self) -> int:
        """The sum of the squares of the parts, rounded down: 10,000 where one has all, 10,000 / n of n equal ones.

        Source: O. C. Herfindahl, *Concentration in the Steel Industry* (1950).
        """
        return sum(share * share for share in self.shares_gr.values()) * WHOLE_BP // self.total_gr**2


def guarantee_on(consortium: Consortium, day: date) -> int:
    """Return what the statute of a day guarantees to small entities, in basis points."""
    return consortium.statute_on(day).small_pes_share_min_bp


def decided_on(consortium: Consortium, posting: Posting) -> date:
    """Return the day of the vote behind a posting."""
    draft = consortium.resolutions.drafts[posting.under] if posting.under else None
    return draft.vote.voted_on if draft and draft.vote else posting.on


def was_small(consortium: Consortium, posting: Posting) -> bool:
    """Tell whether the member was small on the day of the vote behind a posting."""
    member = consortium.membership.members[posting.member_id]
    return member.size_on(decided_on(consortium, posting)) == "small"


def fairness_on(consortium: Consortium, package_id: str, day: date) -> Fairness | None:
    """Return how a package's grant is shared on a day; None while nothing of it is divided."""
    small_gr, shares_gr = 0, dict[str, int]()
    for line in consortium.budgets.lines_of(package_id):
        for posting in line.postings if line.source == "city_grant" else ():
            if posting.on <= day:
                shares_gr[posting.member_id] = shares_gr.get(posting.member_id, 0) + posting.amount_gr
                small_gr += posting.amount_gr if was_small(consortium, posting) else 0
    shares_gr = {member_id: share for member_id, share in shares_gr.items() if share}
    return Fairness(small_gr, shares_gr, guarantee_on(consortium, day)) if shares_gr else None
