"""The founding and the versions of the statute, and which key signs the record since it was changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from domain.statute.events import ConsortiumFounded, HistoryImported, LogKeyRotated, StatuteAmended
from domain.statute.rules import Statute

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

StatuteFact = HistoryImported | LogKeyRotated | ConsortiumFounded | StatuteAmended


@dataclass(frozen=True)
class StatuteVersion:
    """A statute and the day from which it is in force."""

    effective_on: date
    statute: Statute
    under: str | None = None
    """The draft that amended it; None for the first."""


@dataclass(frozen=True)
class Statutes:
    """Every version, oldest first; days of coming into force never decrease."""

    founding: ConsortiumFounded | None = None
    versions: tuple[StatuteVersion, ...] = ()
    log_key: str | None = None
    """The verifier key to which the transparency log was rotated last; None while its first key signs."""

    def version_on(self, day: date) -> StatuteVersion:
        """Return the version in force on `day`; before the first came into force, the first."""
        for version in reversed(self.versions):
            if version.effective_on <= day:
                return version
        return self.versions[0]

    def on(self, day: date) -> Statute:
        """Return the rules in force on `day`."""
        return self.version_on(day).statute

    @property
    def latest(self) -> Statute:
        """The last version adopted, whether in force yet or not."""
        return self.versions[-1].statute


def evolve(state: Statutes, fact: StatuteFact, entry: Entry) -> Statutes:
    """Return the statutes after `fact`."""
    match fact:
        case HistoryImported():
            return state
        case LogKeyRotated():
            return replace(state, log_key=fact.new_vkey)
        case ConsortiumFounded():
            first = StatuteVersion(entry.effective_on, Statute.model_validate(fact.statute))
            return replace(state, founding=fact, versions=(first,))
        case StatuteAmended():
            version = StatuteVersion(entry.effective_on, Statute.model_validate(fact.statute), entry.under)
            return replace(state, versions=(*state.versions, version))
        case _:
            assert_never(fact)
