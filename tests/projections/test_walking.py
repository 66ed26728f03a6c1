"""Walking to a page in the order of the key, against looking up what holds on the day and was known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

from projections.bitemporal import asking
from projections.bitemporal.asking import Asked, ask
from projections.questions import TABLES
from tests.projections.storing import store
from tests.projections.tables import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from projections.bitemporal.table import Table

WALKED = [table for table in TABLES if table.walked]
LAST = len(register())
DAYS = date(2019, 3, 1), date(2020, 6, 30), date(2021, 9, 1)


def points() -> Iterator[Asked]:
    for day in DAYS:
        yield from (Asked("hajnowka-odnowa", day, version) for version in (1, 90, 250, LAST))
        yield Asked("hajnowka-odnowa", day, LAST, current=True)


def answers(connection: psycopg.Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    for one in points():
        whole = ask(connection, table, Asked(one.consortium_id, one.valid_on, one.version, one.current, limit=None))
        yield whole
        for row in whole[len(whole) // 2 :][:1]:
            after = [row[name] for name in table.key]
            yield ask(connection, table, Asked(one.consortium_id, one.valid_on, one.version, one.current, after=after))
            for column in table.stored:
                value = row[column.name]
                if column.filtered and isinstance(value, str):
                    filters = {column.name: value}
                    yield ask(
                        connection, table, Asked(one.consortium_id, one.valid_on, one.version, one.current, filters)
                    )


def test_a_page_that_is_walked_to_says_what_is_looked_up(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert WALKED
    with psycopg.connect(database) as connection:
        store(connection, WALKED, register())
        for table in WALKED:
            looked_up = list(answers(connection, table))
            # Nobody logs hours of mentoring in the scenario.
            assert any(looked_up) != (table.name == "mentoring_hours")
            with monkeypatch.context() as walking:
                walking.setattr(asking, "WALKED_FROM", 0)
                assert list(answers(connection, table)) == looked_up
