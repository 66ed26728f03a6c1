"""Writing the changes of a batch: closed rows first, then the new ones, in two statements a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg.sql import SQL, Identifier

from projections.bitemporal.definition import TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection
    from psycopg.sql import Composed

    from domain.decider import Entry
    from projections.bitemporal.changes import Changes
    from projections.bitemporal.table import Table


class UnknownRowError(Exception):
    """A row to close is not there: the table does not say what the history says, and must be rebuilt."""


def write(connection: Connection, schema: str, changes: Changes) -> None:
    """Store the changes, in the transaction of `connection`.

    Raises:
        UnknownRowError: a row to close is not there.
    """
    if changes.closed:
        _close(connection, schema, changes)
    rows = list(changes.inserts())
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(_copy(schema, changes.table)) as copy:
        for consortium_id, known_from, known_until, row in rows:
            valid = f"[{row.holds_from},{row.holds_until or ''})"
            known = f"[{known_from},{known_until or ''})"
            cells = (list(cell) if type(cell) is tuple else cell for cell in row.cells)
            copy.write_row((consortium_id, *cells, valid, known))


def write_moments(connection: Connection, schema: str, moments: Sequence[tuple[Entry, bytes]]) -> None:
    """Store when each version was recorded, with the hash of its leaf."""
    target = SQL("COPY {}.moments (consortium_id, version, recorded_at, leaf_hash) FROM STDIN")
    with connection.cursor() as cursor, cursor.copy(target.format(Identifier(schema))) as copy:
        for entry, leaf_hash in moments:
            copy.write_row((entry.consortium_id, entry.version, entry.recorded_at, leaf_hash))


def _copy(schema: str, table: Table) -> Composed:
    columns = SQL(", ").join(Identifier(column.name) for column in table.stored)
    return SQL("COPY {} (consortium_id, {}, valid, known) FROM STDIN").format(Identifier(schema, table.name), columns)


def _close(connection: Connection, schema: str, changes: Changes) -> None:
    table = changes.table
    places = list(changes.closed)
    lists = [list(column) for column in zip(*places, strict=True)]
    closed = connection.execute(_closing(schema, table), [*lists, [version for version, _ in changes.closed.values()]])
    if closed.rowcount != len(places):
        message = f"{table.name}: {len(places)} rows to close, {closed.rowcount} found"
        raise UnknownRowError(message)


def _closing(schema: str, table: Table) -> Composed:
    types = [SQL("text[]"), *(SQL("{}[]").format(TYPES[table.by[name].kind]) for name in table.key)]
    names = ["consortium_id", *table.key]
    # A key may be called anything, also `version`.
    given = [Identifier(f"key_{place}") for place in range(len(names))]
    same = SQL(" AND ").join(
        SQL("stored.{} = closed.{}").format(Identifier(name), key) for name, key in zip(names, given, strict=True)
    )
    return SQL(
        "UPDATE {place} AS stored SET known = int8range(lower(stored.known), closed.known_until)"
        " FROM unnest({lists}) AS closed ({given}, holds_from, known_until)"
        " WHERE {same} AND lower(stored.valid) = closed.holds_from AND upper_inf(stored.known)"
    ).format(
        place=Identifier(schema, table.name),
        lists=SQL(", ").join(SQL("%s::") + one for one in (*types, SQL("date[]"), SQL("bigint[]"))),
        given=SQL(", ").join(given),
        same=same,
    )
