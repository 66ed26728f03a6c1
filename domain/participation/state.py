"""Plebiscites and their results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.participation.events import PlebisciteClosed, PlebisciteOpened
from domain.states import replace

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

ParticipationFact = PlebisciteOpened | PlebisciteClosed


@dataclass(frozen=True, slots=True)
class Plebiscite:
    """A question and, once counted, its result."""

    opened: PlebisciteOpened
    opened_on: date
    closed: PlebisciteClosed | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Participation:
    """Every plebiscite by its id."""

    plebiscites: Map[str, Plebiscite] = field(default_factory=Map)


def evolve(state: Participation, fact: ParticipationFact, entry: Entry) -> Participation:
    """Return the plebiscites after `fact`."""
    match fact:
        case PlebisciteOpened():
            plebiscite = Plebiscite(fact, entry.effective_on)
        case PlebisciteClosed():
            plebiscite = replace(state.plebiscites[fact.plebiscite_id], closed=fact, closed_on=entry.effective_on)
        case _:
            assert_never(fact)
    return replace(state, plebiscites=state.plebiscites.set(fact.plebiscite_id, plebiscite))
