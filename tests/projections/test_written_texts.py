"""Texts as they are written to a table and read back, whatever they have in them."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest

from projections.bitemporal.asking import Asked, ask
from projections.bitemporal.changes import Changes
from projections.bitemporal.definition import LIVE, create
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.bitemporal.writing import write

DAY = date(2020, 6, 30)

TEXTS = Table(
    name="texts",
    polish="Teksty",
    english="Texts",
    columns=(
        Column("version", Kind.COUNT, "wersja", "version"),
        Column("said", Kind.TEXT, "powiedziano", "said"),
        Column("several", Kind.IDS, "kilka", "several"),
    ),
    key=("version",),
    of_entry=lambda _entry, _after: (),
)


@pytest.mark.parametrize(
    "text", ["", "zażółć", "\\N", "\\.", "a\\tb", "\\", "a\tb", "a\nb", '"', 'a","b', "NULL", "{}", " a, b "]
)
def test_a_text_is_read_back_as_it_was_written(database: str, text: str) -> None:
    changes = Changes(TEXTS)
    several: tuple[tuple[str, ...], ...] = ((), (text,), ("a", text), (text, text, "b"))
    said = [(version, text if version % 2 else None, one) for version, one in enumerate(several, 1)]
    for cells in said:
        changes.opened["c", cells[0], DAY] = cells[0], Row(DAY, None, cells)
    with psycopg.connect(database) as connection:
        create(connection, LIVE, [TEXTS])
        write(connection, LIVE, changes)
        rows = ask(connection, TEXTS, Asked("c", DAY, len(said), limit=None))
    assert [(row["version"], row["said"], tuple(row["several"])) for row in rows] == said
