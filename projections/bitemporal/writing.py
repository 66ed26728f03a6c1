"""Writing the changes of a batch: closed rows first, then the new ones, in two statements a table."""

from __future__ import annotations

from datetime import date, datetime
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from psycopg.sql import SQL, Identifier

from projections.bitemporal.definition import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection
    from psycopg.sql import Composed

    from domain.decider import Entry
    from projections.bitemporal.changes import Changes
    from projections.bitemporal.table import Table

NOTHING: Final = "\x1a"
"""Stands for None in what COPY reads; no text of an entry has a control character in it."""


class UnknownRowError(Exception):
    """A row to close is not there: the table does not say what the history says, and must be rebuilt."""


def plan_for_few(connection: Connection) -> None:
    """Have rows to close looked up one by one, to the end of the transaction.

    What the server knows of tables that grow fast is old: it would read all of a table for a batch's few.
    """
    connection.execute(
        "SELECT set_config(setting, 'off', true)"
        " FROM unnest(ARRAY['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan']) AS setting"
    )


def write(connection: Connection, schema: str, changes: Changes) -> None:
    """Store the changes, in the transaction of `connection`.

    Raises:
        UnknownRowError: a row to close is not there.
    """
    if changes.closed:
        _close(connection, schema, changes)
    rows = [
        (consortium_id, *row.cells, _range(row.holds_from, row.holds_until), _range(known_from, known_until))
        for consortium_id, known_from, known_until, row in changes.inserts()
    ]
    if rows:
        _copy(connection, _copying(schema, changes.table), rows)


def write_moments(connection: Connection, schema: str, moments: Sequence[tuple[Entry, bytes]]) -> None:
    """Store when each version was recorded, with the hash of its leaf."""
    target = SQL("COPY {}.moments (consortium_id, version, recorded_at, leaf_hash) FROM STDIN (NULL {})")
    rows = [
        (entry.consortium_id, entry.version, entry.recorded_at, f"\\x{leaf_hash.hex()}") for entry, leaf_hash in moments
    ]
    _copy(connection, target.format(Identifier(schema), NOTHING), rows)


def _copy(connection: Connection, target: Composed, rows: Sequence[Sequence[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        copy.write(_lines(rows))


def _range(begins: date | int, ends: date | int | None) -> str:
    return f"[{begins},{'' if ends is None else ends})"


def _lines(rows: Sequence[Sequence[object]]) -> str:
    """Write rows of one length as COPY reads them, and `NOTHING` for None.

    Made here, and looked at all at once, since most of the time of a rebuild would go into it otherwise.
    """
    written = [
        "\t".join([cell if type(cell) is str else _WRITTEN[type(cell)](cell) for cell in cells]) for cells in rows
    ]
    text = "\n".join(written)
    if _says_what_it_should(text, len(rows), len(rows[0])):
        return f"{text}\n"
    return "".join(["\t".join([_escaped(_WRITTEN[type(cell)](cell)) for cell in cells]) + "\n" for cells in rows])


def _says_what_it_should(text: str, rows: int, cells: int) -> bool:
    """Tell that no cell has in it what stands between cells, ends a row or begins an escape."""
    between = text.count("\t") == rows * (cells - 1) and text.count("\n") == rows - 1
    return between and "\\" not in text and "\r" not in text


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _array(texts: tuple[str, ...]) -> str:
    between = '","'.join(texts)
    if "\\" in between or between.count('"') > 2 * (len(texts) - 1):
        between = '","'.join([text.replace("\\", "\\\\").replace('"', '\\"') for text in texts])
    return f'{{"{between}"}}' if texts else "{}"


_WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    NoneType: lambda _nothing: NOTHING,
    str: str,
    int: str,
    bool: lambda flag: "t" if flag else "f",
    date: date.isoformat,
    datetime: datetime.isoformat,
    tuple: _array,
}
"""Each kind of cell, before anything in it is escaped."""


def _copying(schema: str, table: Table) -> Composed:
    columns = SQL(", ").join(Identifier(column.name) for column in table.stored)
    return SQL("COPY {} (consortium_id, {}, valid, known) FROM STDIN (NULL {})").format(
        Identifier(schema, table.name), columns, NOTHING
    )


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
