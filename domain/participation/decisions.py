"""Asking the residents, counting their votes and summing up their comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.decider import Command, Fact, Given
from domain.errors import require
from domain.participation.events import (
    ConsultationClosed,
    ConsultationClosingFields,
    ConsultationFields,
    ConsultationOpened,
    PlebisciteClosed,
    PlebisciteClosingFields,
    PlebisciteFields,
    PlebisciteOpened,
)

if TYPE_CHECKING:
    from domain.consortium import Consortium


class OpenPlebiscite(Command, PlebisciteFields):
    """Ask the residents."""


class ClosePlebiscite(Command, PlebisciteClosingFields):
    """Record the count."""


class OpenConsultation(Command, ConsultationFields):
    """Ask for comments."""


class CloseConsultation(Command, ConsultationClosingFields):
    """Sum up the comments."""


def open_plebiscite(_consortium: Consortium, given: Given[OpenPlebiscite]) -> tuple[Fact, ...]:
    """Open a plebiscite; its options are frozen."""
    return (PlebisciteOpened.of(given.command),)


def close_plebiscite(consortium: Consortium, given: Given[ClosePlebiscite]) -> tuple[Fact, ...]:
    """Record the count; two options that lead together leave the winner to the board.

    Raises:
        Refusal: `already-decided`; `counts-differ` unless every option is counted once.
    """
    command = given.command
    plebiscite = consortium.participation.plebiscites[command.plebiscite_id]
    require(plebiscite.closed is None, "already-decided", place="/data/plebiscite_id", id=command.plebiscite_id)
    counted = sorted(one.option for one in command.counts)
    offered = sorted(plebiscite.opened.options)
    numbers = {"counted": len(counted), "took_part": len(offered)}
    require(counted == offered, "counts-differ", place="/data/counts", **numbers)
    most = max(one.votes for one in command.counts)
    leading = [one.option for one in command.counts if one.votes == most]
    winner = leading[0] if len(leading) == 1 and most > 0 else None
    valid_votes = sum(one.votes for one in command.counts)
    return (PlebisciteClosed.of(command, winner=winner, valid_votes=valid_votes),)


def open_consultation(_consortium: Consortium, given: Given[OpenConsultation]) -> tuple[Fact, ...]:
    """Open a consultation."""
    return (ConsultationOpened.of(given.command),)


def close_consultation(consortium: Consortium, given: Given[CloseConsultation]) -> tuple[Fact, ...]:
    """Sum up the comments, once; those neither accepted nor rejected are left undecided.

    Raises:
        Refusal: `already-decided`.
    """
    command = given.command
    consultation = consortium.participation.consultations[command.consultation_id]
    require(consultation.closed is None, "already-decided", place="/data/consultation_id", id=command.consultation_id)
    return (ConsultationClosed.of(command),)
