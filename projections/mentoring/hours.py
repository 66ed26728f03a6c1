"""Hours of mentoring: when a pair worked together, for how long and on what, numbered as they were logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.support.events import MentoringHoursLogged
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key


def _touched(fact: MentoringHoursLogged, _entry: Entry, after: Consortium) -> Iterator[Key]:
    yield fact.pair_id, str(len(after.support.hours_of[fact.pair_id]))


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    hours, number = consortium.support.hours_of.get(key[0], ()), int(key[1])
    if number <= len(hours):
        on, one = hours[number - 1]
        yield Row(on, None, (one.pair_id, number, one.held_on, one.hours_x100, one.topic_code, on))


def _groups(consortium: Consortium) -> Iterator[Key]:
    for pair_id, hours in consortium.support.hours_of.items():
        yield from ((pair_id, str(number)) for number in range(1, len(hours) + 1))


MENTORING_HOURS = Table(
    name="mentoring_hours",
    polish="Godziny mentoringu",
    english="Mentoring hours",
    columns=(
        Column("pair_id", Kind.ID, "para", "pair", filtered=True),
        Column("log_no", Kind.COUNT, "nr", "no."),
        Column("held_on", Kind.DAY, "dzień", "held on"),
        Column("hours_x100", Kind.COUNT, "setne godziny", "hundredths of an hour"),
        Column("topic_code", Kind.ID, "temat", "topic", filtered=True),
        Column("logged_on", Kind.DAY, "zapisano na dzień", "logged on"),
    ),
    key=("pair_id", "log_no"),
    walked=True,
    touched={MentoringHoursLogged: _touched},
    rows=_rows,
    groups=_groups,
)
