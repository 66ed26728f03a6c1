"""Votes without a sitting, from the day on which the drafts were sent round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.meetings.events import CircularVoteClosed, CircularVoteOpened
from domain.resolutions.events import ClericalErrorCorrected
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.meetings.state import CircularVote
    from projections.bitemporal.table import Key


def _of_vote(fact: CircularVoteOpened | CircularVoteClosed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.circular_id,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "circular_vote":
        yield (fact.target.id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    one = consortium.meetings.circular_votes.get(key[0])
    if one is None:
        return
    days = (one.opened_on, one.closed_on or one.opened_on)
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(one, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(one: CircularVote, day: date) -> tuple[object, ...]:
    closed = one.closed_on is not None and one.closed_on <= day
    return (
        one.opened_on,
        one.opened.circular_id,
        one.opened.opens_on,
        one.opened.closes_on,
        one.opened.channel,
        one.opened.drafts,
        *((one.closed_on, one.no_reply, one.minutes_ref) if closed else (None, None, None)),
    )


CIRCULAR_VOTES = Table(
    name="circular_votes",
    polish="Głosowania obiegowe",
    english="Circular votes",
    columns=(
        Column("opened_on", Kind.DAY, "rozesłano", "sent on"),
        Column("circular_id", Kind.ID, "głosowanie obiegowe", "circular vote", filtered=True),
        Column("opens_on", Kind.DAY, "głosy od", "opens on"),
        Column("closes_on", Kind.DAY, "głosy do", "closes on"),
        Column("channel", Kind.TEXT, "kanał", "channel"),
        Column("drafts", Kind.IDS, "projekty", "drafts", filtered=True),
        Column("closed_on", Kind.DAY, "zamknięto", "closed on"),
        Column("no_reply", Kind.IDS, "bez odpowiedzi", "no reply", filtered=True),
        Column("minutes_ref", Kind.TEXT, "protokół", "minutes"),
    ),
    key=("opened_on", "circular_id"),
    touched={
        CircularVoteOpened: _of_vote,
        CircularVoteClosed: _of_vote,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=lambda consortium: ((circular_id,) for circular_id in consortium.meetings.circular_votes),
)
