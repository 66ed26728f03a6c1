"""The whole state of one consortium, composed of its nouns' states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, get_args

from immutables import Map

from domain.budget import state as budget
from domain.meetings import state as meetings
from domain.membership import state as membership
from domain.oversight import state as oversight
from domain.packages import state as packages
from domain.participation import state as participation
from domain.records import with_written
from domain.resolutions import state as resolutions
from domain.resolutions.events import ClericalErrorCorrected
from domain.states import replace
from domain.statute import state as statute
from domain.support import state as support
from domain.values import parse_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from domain.decider import Entry, Fact
    from domain.records import Record
    from domain.statute.rules import Statute


class Receipt(NamedTuple):
    """What the giver of a command holds: the entries it caused."""

    first_event_id: str
    first_version: int
    last_version: int


@dataclass(frozen=True)
class Consortium:
    """Everything recorded of a consortium, as far as rules look at it."""

    consortium_id: str
    version: int = 0
    recorded_at: datetime | None = None
    """Of the last entry."""
    receipts: Map[str, Receipt] = field(default_factory=Map)
    """By command id."""
    records: Map[Record, int] = field(default_factory=Map)
    """The version that wrote each record that a correction may name."""
    statutes: statute.Statutes = statute.Statutes()
    membership: membership.Membership = membership.Membership()
    meetings: meetings.Meetings = meetings.Meetings()
    resolutions: resolutions.Resolutions = resolutions.Resolutions()
    packages: packages.Packages = packages.Packages()
    budgets: budget.Budgets = budget.Budgets()
    support: support.Support = support.Support()
    participation: participation.Participation = participation.Participation()
    oversight: oversight.Oversight = oversight.Oversight()

    @property
    def founded(self) -> bool:
        """Whether the agreement was made."""
        return self.statutes.founding is not None

    def statute_on(self, day: date) -> Statute:
        """Return the rules in force on `day`."""
        return self.statutes.on(day)


NOUNS: dict[str, tuple[object, Callable[..., object]]] = {
    "statutes": (statute.StatuteFact, statute.evolve),
    "membership": (membership.MembershipFact, membership.evolve),
    "meetings": (meetings.MeetingFact, meetings.evolve),
    "resolutions": (resolutions.ResolutionFact, resolutions.evolve),
    "packages": (packages.PackageFact, packages.evolve),
    "budgets": (budget.BudgetFact, budget.evolve),
    "support": (support.SupportFact, support.evolve),
    "participation": (participation.ParticipationFact, participation.evolve),
    "oversight": (oversight.OversightFact, oversight.evolve),
}
"""The state of each noun: the facts it follows, and how."""


def _routes() -> dict[type[Fact], tuple[tuple[str, Callable[..., object]], ...]]:
    routes: dict[type[Fact], tuple[tuple[str, Callable[..., object]], ...]] = {}
    for noun, (facts, evolve_noun) in NOUNS.items():
        for fact in get_args(facts):
            routes[fact] = (*routes.get(fact, ()), (noun, evolve_noun))
    return routes


ROUTES = _routes()
"""Each kind of fact, to the nouns that follow it."""


def evolve(consortium: Consortium, entry: Entry) -> Consortium:
    """Return the consortium after `entry`, which must be its next."""
    fact = entry.fact
    changed: dict[str, object]
    if isinstance(fact, ClericalErrorCorrected):
        changed = _correct(consortium, fact, entry)
    else:
        changed = {
            noun: evolve_noun(getattr(consortium, noun), fact, entry) for noun, evolve_noun in ROUTES[type(fact)]
        }
    earlier = consortium.receipts.get(entry.command_id)
    receipt = Receipt(
        first_event_id=earlier.first_event_id if earlier else entry.event_id,
        first_version=earlier.first_version if earlier else entry.version,
        last_version=entry.version,
    )
    return replace(
        consortium,
        version=entry.version,
        recorded_at=entry.recorded_at,
        receipts=consortium.receipts.set(entry.command_id, receipt),
        records=with_written(consortium.records, entry),
        **changed,  # type: ignore[arg-type]  # each noun's evolve returns that noun's own state
    )


def _correct(consortium: Consortium, fact: ClericalErrorCorrected, entry: Entry) -> dict[str, object]:
    """Put a clerical error right in the noun that holds the record."""
    target, name, value = fact.target.id, fact.field, fact.correct
    match fact.target.type:
        case "resolution":
            return {"resolutions": resolutions.evolve(consortium.resolutions, fact, entry)}
        case "member":
            return {"membership": membership.correct_member(consortium.membership, target, name, value)}
        case "meeting" | "circular_vote":
            return {"meetings": meetings.correct_minutes(consortium.meetings, target, value)}
        case "contract":
            return {"packages": packages.correct_package(consortium.packages, target, name, value)}
        case "task":
            return {"packages": packages.correct_task(consortium.packages, target, value)}
        case _:
            day = parse_day(value)
            return {"packages": packages.correct_allocation(consortium.packages, target, name, day)}


def replay(consortium_id: str, entries: Iterable[Entry]) -> Consortium:
    """Fold a history from the beginning."""
    consortium = Consortium(consortium_id)
    for entry in entries:
        consortium = evolve(consortium, entry)
    return consortium
