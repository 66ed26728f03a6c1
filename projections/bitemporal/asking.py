"""Asking a table for one pair of clocks, page by page, within one snapshot.

`valid_on` is a day in Warsaw; what was known is a version of the consortium, found from an instant by `moment_at`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier, Placeholder

from projections.bitemporal.definition import LIVE
from projections.bitemporal.table import Comparison, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from psycopg import Connection
    from psycopg.sql import Composed

    from projections.bitemporal.table import Table

PAGE: Final = 100

PLANNING: Final = SQL(
    "SELECT set_config('seq_page_cost', '0.25', false), set_config('random_page_cost', '0.28', false),"
    " set_config('cpu_index_tuple_cost', '0.05', false)"
)
"""For connections that ask: what is asked for lies in memory. Made for disks, a plan puts large indexes together to
save the look at a few rows. The figures are those by which `bench queries` found the fewest plans that do not fit."""

WALKED_FROM: Final = 1_000
"""The version from which on tables are walked: little is known before, and sooner looked up than come upon."""

COMPARED: Final = {Comparison.EQUAL: SQL("="), Comparison.SINCE: SQL(">="), Comparison.UNTIL: SQL("<=")}


@dataclass(frozen=True, slots=True)
class Moment:
    """How much of a consortium's history was known at an instant."""

    version: int
    recorded_at: datetime
    leaf_hash: bytes
    """Of the entry of that version."""
    head: int
    """The last version that the tables have taken in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a table."""

    consortium_id: str
    valid_on: date
    version: int
    """What was known: the version of the consortium."""
    current: bool = False
    """Whether `version` is the last; then only rows that are still known can answer."""
    filters: Mapping[str, Any] = field(default_factory=dict)
    """One value for each of the table's filters, or columns, that is named; all of them must hold."""
    after: Sequence[Any] = ()
    """The key of the last row of the page before; empty for the first page."""
    limit: int | None = PAGE
    """Rows at most; None for all."""


def moment_at(connection: Connection, consortium_id: str, known_at: datetime | None) -> Moment | None:
    """Return what was known at an instant, or now; None where nothing was yet."""
    head = _newest(connection, consortium_id, None)
    known = head if known_at is None else _newest(connection, consortium_id, known_at)
    return None if known is None or head is None else Moment(*known, head=head[0])


def moment_of(connection: Connection, consortium_id: str, version: int) -> Moment | None:
    """Return what was known at a version; None where the tables have not come so far."""
    head = _newest(connection, consortium_id, None)
    select = SQL("SELECT recorded_at, leaf_hash FROM {}.moments WHERE consortium_id = %s AND version = %s")
    row = connection.execute(select.format(Identifier(LIVE)), [consortium_id, version]).fetchone()
    return None if row is None or head is None else Moment(version, row[0], bytes(row[1]), head=head[0])


def _newest(connection: Connection, consortium_id: str, upto: datetime | None) -> tuple[int, datetime, bytes] | None:
    condition = SQL("") if upto is None else SQL("AND recorded_at <= %(upto)s")
    order = SQL("version DESC") if upto is None else SQL("recorded_at DESC, version DESC")
    select = SQL(
        "SELECT version, recorded_at, leaf_hash FROM {}.moments WHERE consortium_id = %(consortium_id)s {}"
        " ORDER BY {} LIMIT 1"
    ).format(Identifier(LIVE), condition, order)
    row = connection.execute(select, {"consortium_id": consortium_id, "upto": upto}).fetchone()
    return (row[0], row[1], bytes(row[2])) if row else None


def ask(connection: Connection, table: Table, asked: Asked) -> list[dict[str, Any]]:
    """Return the rows in the order of the key, each with the columns as declared."""
    # A plan that was made for one consortium does not fit another of a thousand times its size.
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(question(table, asked), parameters(table, asked), prepare=False)
        return cursor.fetchall()


def has_value(connection: Connection, table: Table, consortium_id: str, name: str, value: object) -> bool:
    """Tell whether anything ever passed a filter, on any day and as known at any moment."""
    query = SQL("SELECT EXISTS (SELECT FROM {place} WHERE consortium_id = %(consortium_id)s AND {condition})").format(
        place=Identifier(LIVE, table.name), condition=_filter(table, name)
    )
    named = {"consortium_id": consortium_id, f"filter_{name}": _sought(table, name, value)}
    return connection.execute(query, named).fetchone() == (True,)


def difference(
    connection: Connection, table: Table, one: Asked, other: Asked, limit: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows that only the first question has, and those that only the second has, in the order of the key.

    At most `limit` of each. Derived columns are left out: they differ wherever the day does.
    """
    return _only_in(connection, table, (one, other), limit), _only_in(connection, table, (other, one), limit)


def _only_in(connection: Connection, table: Table, points: tuple[Asked, Asked], limit: int) -> list[dict[str, Any]]:
    columns = SQL(", ").join(Identifier(column.name) for column in table.stored)
    held = SQL(
        "SELECT {columns} FROM {place} WHERE consortium_id = %(consortium_id)s AND valid @> %({day})s::date"
        " AND {schema}.scoped(consortium_id, known) @> {schema}.scoped(%(consortium_id)s, %({version})s::bigint)"
    )
    one, other = (
        held.format(
            columns=columns,
            place=Identifier(LIVE, table.name),
            schema=Identifier(LIVE),
            day=SQL(f"day_{number}"),
            version=SQL(f"version_{number}"),
        )
        for number in (0, 1)
    )
    query = SQL("SELECT * FROM ({} EXCEPT {}) AS differing ORDER BY {} LIMIT %(limit)s").format(
        one, other, SQL(", ").join(map(Identifier, table.key))
    )
    named: dict[str, Any] = {"consortium_id": points[0].consortium_id, "limit": limit}
    for number, point in enumerate(points):
        named |= {f"day_{number}": point.valid_on, f"version_{number}": point.version}
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(query, named, prepare=False)
        return cursor.fetchall()


def parameters(table: Table, asked: Asked) -> dict[str, Any]:
    """Return the values that `question` names."""
    return {
        "consortium_id": asked.consortium_id,
        "valid_on": asked.valid_on,
        "version": asked.version,
        "limit": asked.limit,
        **{f"filter_{name}": _sought(table, name, value) for name, value in asked.filters.items()},
        **{f"after_{name}": value for name, value in zip(table.key, asked.after, strict=bool(asked.after))},
    }


def question(table: Table, asked: Asked) -> Composed:
    """Return the query for a question, with named parameters."""
    conditions = [
        SQL("consortium_id = %(consortium_id)s").format(),
        _holds_and_known(table, asked),
        *(_filter(table, name) for name in asked.filters),
        *([_after(table)] if asked.after else []),
    ]
    direction = SQL(" DESC") if table.newest_first else SQL("")
    return SQL("SELECT {columns} FROM {place} WHERE {conditions} ORDER BY {order} LIMIT %(limit)s").format(
        columns=SQL(", ").join(_column(table, column.name) for column in table.columns),
        place=Identifier(LIVE, table.name),
        conditions=SQL(" AND ").join(conditions),
        order=SQL(", ").join(Identifier(name) + direction for name in table.key),
    )


def _holds_and_known(table: Table, asked: Asked) -> Composed:
    """Say which rows answer, so that few others are read."""
    if not table.closes:
        # Bounded by its key where that begins with the version, a walk ends where the history asked for does.
        since = "version" if table.key[0] == "version" else "lower(known)"
        return SQL("lower(valid) <= %(valid_on)s::date AND {} <= %(version)s::bigint").format(SQL(since))
    if table.walked and asked.version >= WALKED_FROM:
        return _walked(asked)
    open_rows = SQL(" AND upper_inf(known)") if asked.current else SQL("")
    return SQL(
        "valid @> %(valid_on)s::date"
        " AND {0}.scoped(consortium_id, known) @> {0}.scoped(%(consortium_id)s, %(version)s::bigint){1}"
    ).format(Identifier(LIVE), open_rows)


def _walked(asked: Asked) -> Composed:
    """Say it in the order of the key alone: what an index of it has first, then the rest of both ranges."""
    # Within CASE the planner does not estimate. It would multiply what day and version let through, but they mostly
    # let through the same rows; and so it would look up thousands of rows that it takes for a few.
    both = "CASE WHEN valid @> %(valid_on)s::date AND known @> %(version)s::bigint THEN 1 END IS NOT NULL"
    if asked.current:
        return SQL("upper_inf(known) AND lower(valid) <= %(valid_on)s::date AND {}").format(SQL(both))
    return SQL("lower(known) <= %(version)s::bigint AND {}").format(SQL(both))


def _filter(table: Table, name: str) -> Composed:
    asked, value = table.filter_named(name), Placeholder(f"filter_{name}")
    column = Identifier(asked.column)
    if table.by[asked.column].kind is Kind.IDS:
        # The first says no more, but is cheaper where rows are already at hand.
        return SQL(
            "{1} @> ARRAY[{2}::text]"
            " AND {0}.scoped(consortium_id, {1}) @> {0}.scoped(%(consortium_id)s, ARRAY[{2}::text])"
        ).format(Identifier(LIVE), column, value)
    return SQL("{} {} {}").format(column, COMPARED[asked.comparison], value)


def _sought(table: Table, name: str, value: object) -> object:
    prefix = table.filter_named(name).prefix
    return f"{prefix}{value}" if prefix else value


def _after(table: Table) -> Composed:
    names = SQL(", ").join(map(Identifier, table.key))
    values = SQL(", ").join(Placeholder(f"after_{name}") for name in table.key)
    return SQL("({}) < ({})" if table.newest_first else "({}) > ({})").format(names, values)


def _column(table: Table, name: str) -> Composed:
    column = table.by[name]
    if column.sql is None:
        return SQL("{}").format(Identifier(name))
    return SQL("({}) AS {}").format(SQL(column.sql), Identifier(name))
