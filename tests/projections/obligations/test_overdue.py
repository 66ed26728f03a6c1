"""What is overdue depends on the day asked for, so the database works it out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from domain.answers.obligations import obligations
from projections.bitemporal.asking import Asked, ask
from projections.obligations.obligations import OBLIGATIONS
from tests.projections.storing import store
from tests.projections.tables import Told, register

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSORTIUM = "hajnowka-odnowa"
HEAD = len(register())


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database) as connection:
        store(connection, [OBLIGATIONS], register())
        yield connection


def owed(connection: psycopg.Connection, on: date, version: int = HEAD, **filters: str) -> list[dict[str, Any]]:
    asked = Asked(CONSORTIUM, on, version, current=version == HEAD, filters=filters)
    return ask(connection, OBLIGATIONS, asked)


def test_what_is_to_be_done_next_comes_first(connection: psycopg.Connection) -> None:
    first = owed(connection, date(2021, 6, 30))[0]
    assert (first["obligation_id"], first["due_on"]) == ("final_report P2", date(2021, 7, 30))
    assert (first["overdue"], first["days_late"]) == (False, 0)


def test_a_deadline_before_the_day_is_overdue(connection: psycopg.Connection) -> None:
    (report,) = owed(connection, date(2021, 8, 2), kind="final_report")
    assert (report["overdue"], report["days_late"]) == (True, 3)


def test_what_has_no_deadline_comes_last_and_is_never_overdue(connection: psycopg.Connection) -> None:
    told = Told(OBLIGATIONS, register(), batch=50)
    on, version = next((row.holds_from, since) for since, _, row in told.rows if row.cells[2] == "overpayment")
    rows = owed(connection, on, version)
    assert rows[-1]["due_on"] is None
    assert (rows[-1]["overdue"], rows[-1]["days_late"]) == (False, 0)


def test_the_database_gives_the_answer_for_both_clocks(connection: psycopg.Connection) -> None:
    told = Told(OBLIGATIONS, register(), batch=50)
    for version in range(20, HEAD, 60):
        for on in (date(2019, 5, 1), date(2020, 9, 30), date(2021, 6, 30)):
            assert sorted(row["polish"] for row in owed(connection, on, version)) == sorted(
                one["what"] for one in obligations(told.states[version], on)
            )
