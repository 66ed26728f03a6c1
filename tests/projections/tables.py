"""Tables worked out in memory, by the same changes that are written to the database."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.consortium import Consortium, evolve
from domain.ledger.entry import read_entry
from projections.bitemporal.changes import Changes
from projections.bitemporal.definition import LIVE, create
from projections.bitemporal.writing import write
from tests.machine.product import Product

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from psycopg import Connection

    from domain.decider import Entry
    from projections.bitemporal.table import Row, Table

REGISTER = Path(__file__).parents[1] / "scenario" / "hajnowka" / "commands.jsonl"


@cache
def register() -> tuple[Entry, ...]:
    """Return the entries of the scenario, without the one that says it was imported."""
    product = Product("hajnowka-odnowa")
    for line in REGISTER.read_text(encoding="utf-8").splitlines():
        assert product.give(json.loads(line)) is None
    return tuple(read_entry(topic, stored) for topic, stored in product.stored)


class Told:
    """A history told to a table, entry by entry."""

    def __init__(self, table: Table, entries: Sequence[Entry], *, batch: int = 1) -> None:
        self.table = table
        self.entries = entries
        self.states = [Consortium(entries[0].consortium_id)]
        self.rows: list[tuple[int, int | None, Row]] = []
        """Known from, known until, row."""
        for first in range(0, len(entries), batch):
            self._take(entries[first : first + batch])

    def _take(self, entries: Sequence[Entry]) -> None:
        changes = Changes(self.table)
        for entry in entries:
            self.states.append(evolve(self.states[-1], entry))
            changes.take(entry, self.states[-2], self.states[-1])
        for place, (version, _) in changes.closed.items():
            self._close(place[1:], version)
        self.rows += [(known_from, known_until, row) for _, known_from, known_until, row in changes.inserts()]

    def _close(self, place: tuple[object, ...], version: int) -> None:
        (at,) = [
            number
            for number, (_, until, row) in enumerate(self.rows)
            if until is None and (*self._key(row), row.holds_from) == place
        ]
        self.rows[at] = (self.rows[at][0], version, self.rows[at][2])

    def _key(self, row: Row) -> tuple[object, ...]:
        return tuple(row.cells[at] for at in self.table.key_places)

    def known(self, version: int) -> list[Row]:
        """Return the rows that were known at a version, for every day."""
        return [row for since, until, row in self.rows if since <= version and (until is None or version < until)]

    def on(self, valid_on: date, version: int) -> list[dict[str, Any]]:
        """Return the stored columns of the rows of a day as known at a version, in the order of the key."""
        holding = [
            row
            for row in self.known(version)
            if row.holds_from <= valid_on and (row.holds_until is None or valid_on < row.holds_until)
        ]
        names = [column.name for column in self.table.stored]
        ordered = sorted(holding, key=self._key, reverse=self.table.newest_first)
        return [dict(zip(names, row.cells, strict=True)) for row in ordered]


def directly(table: Table, consortium: Consortium) -> list[Row]:
    """Compute the rows of every group of a state."""
    return [row for key in table.groups(consortium) for row in table.rows(consortium, key)]


def walked(told: Told) -> Iterator[list[Row]]:
    """Compute from nothing the rows of each version: of its state, and of every entry up to it."""
    added: list[Row] = []
    for version, state in enumerate(told.states):
        if told.table.of_entry is not None and version:
            added += told.table.of_entry(told.entries[version - 1], state)
        yield [*directly(told.table, state), *added]


def check(told: Told) -> None:
    """Require that at every version the table says what its rows, computed from nothing, say."""
    for version, expected in enumerate(walked(told)):
        known = told.known(version)
        assert sorted(map(repr, known)) == sorted(map(repr, expected)), version
        places = [(told._key(row), row.holds_from) for row in known]
        assert len(set(places)) == len(places), f"two rows of one key on one day at version {version}"


def stored(connection: Connection, tables: Sequence[Table], entries: Sequence[Entry]) -> None:
    """Write what a history says into new tables of a database."""
    changes, state = [Changes(table) for table in tables], Consortium(entries[0].consortium_id)
    for entry in entries:
        before, state = state, evolve(state, entry)
        for one in changes:
            one.take(entry, before, state)
    create(connection, LIVE, tables)
    for one in changes:
        write(connection, LIVE, one)


def days(told: Told) -> Iterator[date]:
    """Walk the days on which something changes in a table."""
    return iter(sorted({day for _, _, row in told.rows for day in (row.holds_from, row.holds_until) if day}))
