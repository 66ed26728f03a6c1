"""Every table, on the scenario and a life of every command: written entry by entry, it says what the state says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import psycopg
import pytest

from projections.bitemporal.asking import Asked, ask
from projections.questions import TABLES
from tests.decisions.whole_life import lived
from tests.projections.tables import Told, check, register, stored

if TYPE_CHECKING:
    from projections.bitemporal.table import Table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_the_state_of_each_version_says(table: Table) -> None:
    check(Told(table, register()))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_follows_every_kind_of_command(table: Table) -> None:
    check(Told(table, lived()[-1].story.entries))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_the_same_however_its_entries_came(table: Table) -> None:
    one_by_one, at_once = Told(table, register()), Told(table, register(), batch=50)
    assert sorted(map(repr, one_by_one.rows)) == sorted(map(repr, at_once.rows))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_has_rows(table: Table) -> None:
    """In the scenario; or, of what the scenario does not have, in the life of every command."""
    assert any(Told(table, entries, batch=50).rows for entries in (register(), lived()[-1].story.entries))


def test_every_table_is_written_to_a_database_and_read_back(database: str) -> None:
    day, version = date(2020, 6, 30), 300
    with psycopg.connect(database) as connection:
        stored(connection, TABLES, register())
        for table in TABLES:
            asked = Asked("hajnowka-odnowa", day, version, limit=None)
            names = [column.name for column in table.stored]
            read = [{name: row[name] for name in names} for row in ask(connection, table, asked)]
            told = Told(table, register(), batch=50).on(day, version)
            assert read == [
                {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in row.items()} for row in told
            ], table.name
