"""Contracts, allocations and cash asked in a real database: what depends on the day asked, and what is filtered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

from projections.bitemporal.asking import Asked, ask
from projections.bitemporal.changes import Changes
from projections.bitemporal.definition import LIVE, create
from projections.bitemporal.writing import write
from projections.cash_book.tranches import TRANCHES
from projections.contract_register.contracts import CONTRACTS
from projections.questions import QUESTIONS
from projections.task_board.allocations import ALLOCATIONS
from tests.projections.tables import Told, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.bitemporal.table import Table

FOLDERS = ("contract_register", "task_board", "budget_book", "cash_book", "fairness")
DAY = date(2020, 6, 30)


def filled(connection: psycopg.Connection, tables: Sequence[Table]) -> dict[str, Told]:
    """Make the tables and write the scenario to them."""
    create(connection, LIVE, tables)
    stories = {}
    for table in tables:
        told, changes = Told(table, register(), batch=50), Changes(table)
        for entry, before, after in zip(register(), told.states, told.states[1:], strict=False):
            changes.take(entry, before, after)
        write(connection, LIVE, changes)
        stories[table.name] = told
    return stories


def asked(connection: psycopg.Connection, table: Table, day: date, **filters: str) -> list[dict[str, Any]]:
    question = Asked("hajnowka-odnowa", day, len(register()), current=True, filters=filters, limit=None)
    return ask(connection, table, question)


def test_every_table_gives_in_the_database_what_it_gives_in_memory(database: str) -> None:
    tables = {table.name: table for folder in FOLDERS for table in QUESTIONS[folder]}
    with psycopg.connect(database) as connection:
        for name, told in filled(connection, list(tables.values())).items():
            for version in (90, 250, len(register())):
                rows = ask(connection, tables[name], Asked("hajnowka-odnowa", DAY, version, limit=None))
                names = [column.name for column in tables[name].stored]
                assert [{one: as_told(row[one]) for one in names} for row in rows] == told.on(DAY, version)


def as_told(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def test_a_contract_is_awaited_then_runs_and_then_has_ended(database: str) -> None:
    with psycopg.connect(database) as connection:
        filled(connection, [CONTRACTS])
        phases = [
            [row["phase"] for row in asked(connection, CONTRACTS, day) if row["package_id"] == "P1"]
            for day in (date(2019, 3, 31), date(2019, 4, 1), date(2019, 12, 31), date(2020, 1, 1))
        ]
        assert phases == [["awaited"], ["running"], ["running"], ["ended"]]
        assert [row["package_id"] for row in asked(connection, CONTRACTS, DAY, parties="M09")] == ["P1", "P2"]


def test_a_tranche_that_waits_says_for_how_many_days(database: str) -> None:
    with psycopg.connect(database) as connection:
        filled(connection, [TRANCHES])
        waiting = [
            [(row["status"], row["days_waiting"]) for row in asked(connection, TRANCHES, day, source="city_grant")]
            for day in (date(2019, 4, 10), date(2019, 4, 11))
        ]
        assert waiting == [[("received", 0)], [("distributed", None)]]


def test_allocations_are_found_by_who_performs_what_under_which_resolution(database: str) -> None:
    with psycopg.connect(database) as connection:
        filled(connection, [ALLOCATIONS])
        lead = asked(connection, ALLOCATIONS, date(2020, 10, 1), task_id="T12", role="lead")
        assert [(row["member_id"], row["number"]) for row in lead] == [("M05", "17/2019")]
        performing = [
            [row["member_id"] for row in asked(connection, ALLOCATIONS, day, task_id="T12")]
            for day in (date(2020, 9, 30), date(2020, 10, 1))
        ]
        assert [sorted(members) for members in performing] == [["M02", "M04", "M05"], ["M02", "M05", "M10"]]
