"""Plebiscites and their results, consultations and their conclusions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.participation.events import ConsultationClosed, ConsultationOpened, PlebisciteClosed, PlebisciteOpened
from domain.states import replace

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

ParticipationFact = PlebisciteOpened | PlebisciteClosed | ConsultationOpened | ConsultationClosed


@dataclass(frozen=True)
class Plebiscite:
    """A question and, once counted, its result."""

    opened: PlebisciteOpened
    opened_on: date
    closed: PlebisciteClosed | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Consultation:
    """What is commented on and, once summed up, what came of it."""

    opened: ConsultationOpened
    opened_on: date
    closed: ConsultationClosed | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class Participation:
    """Every plebiscite and consultation by its id."""

    plebiscites: Map[str, Plebiscite] = field(default_factory=Map)
    consultations: Map[str, Consultation] = field(default_factory=Map)


def evolve(state: Participation, fact: ParticipationFact, entry: Entry) -> Participation:
    """Return the plebiscites and consultations after `fact`."""
    plebiscites, consultations = state.plebiscites, state.consultations
    match fact:
        case PlebisciteOpened():
            plebiscites = plebiscites.set(fact.plebiscite_id, Plebiscite(fact, entry.effective_on))
        case PlebisciteClosed():
            counted = replace(plebiscites[fact.plebiscite_id], closed=fact, closed_on=entry.effective_on)
            plebiscites = plebiscites.set(fact.plebiscite_id, counted)
        case ConsultationOpened():
            consultations = consultations.set(fact.consultation_id, Consultation(fact, entry.effective_on))
        case ConsultationClosed():
            summed_up = replace(consultations[fact.consultation_id], closed=fact, closed_on=entry.effective_on)
            consultations = consultations.set(fact.consultation_id, summed_up)
        case _:
            assert_never(fact)
    return replace(state, plebiscites=plebiscites, consultations=consultations)
