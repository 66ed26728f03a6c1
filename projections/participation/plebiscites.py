"""Plebiscites with their results, and the votes for each option once counted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from domain.participation.events import PlebisciteClosed, PlebisciteOpened
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.participation.state import Plebiscite
    from projections.bitemporal.table import Key


def _touched(fact: PlebisciteOpened | PlebisciteClosed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.plebiscite_id,)


def _groups(consortium: Consortium) -> Iterator[Key]:
    return ((plebiscite_id,) for plebiscite_id in consortium.participation.plebiscites)


def _days(plebiscite: Plebiscite) -> set[date]:
    return {plebiscite.opened_on, max(plebiscite.opened_on, plebiscite.closed_on or plebiscite.opened_on)}


def _counted(plebiscite: Plebiscite, day: date) -> PlebisciteClosed | None:
    return plebiscite.closed if plebiscite.closed_on is not None and plebiscite.closed_on <= day else None


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    plebiscite = consortium.participation.plebiscites.get(key[0])
    if plebiscite is not None:
        for holds_from, holds_until, cells in steps(_days(plebiscite), lambda day: _cells(plebiscite, day)):
            yield Row(holds_from, holds_until, cells)


def _cells(plebiscite: Plebiscite, day: date) -> tuple[object, ...]:
    opened, closed = plebiscite.opened, _counted(plebiscite, day)
    return (
        opened.plebiscite_id,
        opened.question,
        "counted" if closed else "open",
        opened.from_,
        opened.to,
        closed.winner if closed else None,
        closed.valid_votes if closed else None,
        closed.invalid if closed else None,
        plebiscite.opened_on,
        plebiscite.closed_on if closed else None,
    )


def _option_rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    plebiscite = consortium.participation.plebiscites.get(key[0])
    if plebiscite is None:
        return
    for number, option in enumerate(plebiscite.opened.options, 1):
        for holds_from, holds_until, votes in steps(_days(plebiscite), partial(_votes, plebiscite, option)):
            yield Row(holds_from, holds_until, (key[0], number, option, *votes))


def _votes(plebiscite: Plebiscite, option: str, day: date) -> tuple[int | None, bool | None]:
    """Return the votes for an option and whether it won; neither before the count."""
    closed = _counted(plebiscite, day)
    if closed is None:
        return None, None
    return sum(one.votes for one in closed.counts if one.option == option), closed.winner == option


PLEBISCITES = Table(
    name="plebiscites",
    polish="Plebiscyty",
    english="Plebiscites",
    columns=(
        Column("plebiscite_id", Kind.ID, "plebiscyt", "plebiscite"),
        Column("question", Kind.TEXT, "pytanie", "question"),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("open", "counted")),
        Column("from_on", Kind.DAY, "od", "from"),
        Column("to_on", Kind.DAY, "do", "to"),
        Column("winner", Kind.TEXT, "wynik", "winner"),
        Column("valid_votes", Kind.COUNT, "głosy ważne", "valid votes"),
        Column("invalid", Kind.COUNT, "głosy nieważne", "invalid votes"),
        Column("opened_on", Kind.DAY, "ogłoszono", "opened on"),
        Column("closed_on", Kind.DAY, "policzono", "counted on"),
    ),
    key=("plebiscite_id",),
    touched={PlebisciteOpened: _touched, PlebisciteClosed: _touched},
    rows=_rows,
    groups=_groups,
)

PLEBISCITE_OPTIONS = Table(
    name="plebiscite_options",
    polish="Odpowiedzi w plebiscytach",
    english="Plebiscite options",
    columns=(
        Column("plebiscite_id", Kind.ID, "plebiscyt", "plebiscite", filtered=True),
        Column("option_no", Kind.COUNT, "nr", "no."),
        Column("option", Kind.TEXT, "odpowiedź", "option"),
        Column("votes", Kind.COUNT, "głosy", "votes"),
        Column("won", Kind.FLAG, "wygrała", "won"),
    ),
    key=("plebiscite_id", "option_no"),
    walked=True,
    touched={PlebisciteOpened: _touched, PlebisciteClosed: _touched},
    rows=_option_rows,
    groups=_groups,
)
