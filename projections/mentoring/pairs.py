"""Pairs: a mentor and whom it supports, from the first day on, also after the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.support.events import MentoringStarted
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    started = consortium.support.pairs.get(key[0])
    if started is not None:
        on, pair = started
        yield Row(on, None, (pair.pair_id, pair.mentor, pair.mentee, on, pair.until, pair.hours_planned))


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
        Column("running", Kind.FLAG, "trwa", "running", sql="until >= %(valid_on)s::date"),
    ),
    key=("pair_id",),
    touched={MentoringStarted: lambda fact, _entry, _after: [(fact.pair_id,)]},
    rows=_rows,
    groups=lambda consortium: ((pair_id,) for pair_id in consortium.support.pairs),
)
