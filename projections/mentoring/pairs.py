"""Pairs: a mentor, whom it supports and the hours logged so far, from the first day on, also after the last."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from domain.support.events import MentoringHoursLogged, MentoringStarted
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key


def _touched(fact: MentoringStarted | MentoringHoursLogged, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.pair_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    started = consortium.support.pairs.get(key[0])
    if started is not None:
        on, pair = started
        stays = (pair.pair_id, pair.mentor, pair.mentee, on, pair.until, pair.hours_planned)
        logged = _logged(consortium, key[0], on)
        for holds_from, holds_until, hours in steps(logged, logged.__getitem__):
            yield Row(holds_from, holds_until, (*stays, hours))


def _logged(consortium: Consortium, pair_id: str, started_on: date) -> dict[date, int]:
    """Return the hours logged so far, in hundredths, from the first day on and from each day that adds to them."""
    hours = consortium.support.hours_of.get(pair_id, ())
    dated = sorted((max(on, started_on), one.hours_x100) for on, one in hours)
    totals = accumulate(hours_x100 for _, hours_x100 in dated)
    return {started_on: 0} | dict(zip((on for on, _ in dated), totals, strict=True))


PAIRS = Table(
    name="pairs",
    polish="Pary mentoringowe",
    english="Mentoring pairs",
    columns=(
        Column("pair_id", Kind.ID, "para", "pair"),
        Column("mentor", Kind.ID, "mentor", "mentor", filtered=True),
        Column("mentee", Kind.ID, "podopieczny", "mentee", filtered=True),
        Column("started_on", Kind.DAY, "od", "started on"),
        Column("until", Kind.DAY, "do", "until"),
        Column("hours_planned", Kind.COUNT, "planowane godziny", "hours planned"),
        Column("hours_logged_x100", Kind.COUNT, "setne godziny zapisane", "hundredths of an hour logged"),
        Column("running", Kind.FLAG, "trwa", "running", sql="until >= %(valid_on)s::date"),
    ),
    key=("pair_id",),
    touched={MentoringStarted: _touched, MentoringHoursLogged: _touched},
    rows=_rows,
    groups=lambda consortium: ((pair_id,) for pair_id in consortium.support.pairs),
    revision=2,
)
