"""Everything that the tables say, as the database writes it, to be compared byte for byte; and filling a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import StoredEvent
from psycopg.sql import SQL, Identifier

from domain.ledger.following import entries_after
from projections.bitemporal.definition import LIVE
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection

    from domain.ledger.following import Placed
    from domain.ledger.ledger import Ledger

NAMES = ("moments", *(table.name for table in TABLES))


def dump(connection: Connection, schema: str = LIVE) -> dict[str, list[bytes]]:
    """Return the rows of every table, sorted."""
    return {name: _rows(connection, schema, name) for name in NAMES}


def _rows(connection: Connection, schema: str, name: str) -> list[bytes]:
    with (
        connection.cursor() as cursor,
        cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(schema, name))) as copy,
    ):
        return sorted(bytes(line) for line in copy)


def append(ledger: Ledger, rows: Iterable[tuple[str, int, str, bytes]]) -> None:
    """Store entries by consortium, version, topic and bytes, in one transaction."""
    ledger.append_rows([StoredEvent(*row) for row in rows])


def placed(ledger: Ledger, after: int = 0) -> list[Placed]:
    """Read every entry after a position."""
    found: list[Placed] = []
    while batch := entries_after(ledger, found[-1].position if found else after):
        found += batch
    return found
