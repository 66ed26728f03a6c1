"""The difference between two points, on either clock or on both, as data.

GET /consortia/{consortium_id}/as-of/compare?valid_on=…&known_at=…&to_valid_on=…&to_known_at=…&table=members
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.parameters import only, text_in_query
from api.problems import MALFORMED_VALUE, TOO_DIFFERENT, Problem
from api.queries.points import point_asked
from api.queries.tables import CLOCKS, clocks
from api.written import written
from projections.bitemporal.asking import Asked, difference
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request
    from psycopg import Connection

    from api.queries.points import Point
    from projections.bitemporal.table import Table

MOST_DIFFERENCES: Final = 5000
"""Rows of one table; more are an error, for half a difference is none."""

BY_NAME: Final = {table.name: table for table in TABLES}
CHANGING: Final = tuple(table for table in TABLES if table.of_entry is None)
"""What is compared where no table is named: tables made of entries only grow, with every entry."""


def compared(request: Request, connection: Connection) -> dict[str, Any]:
    """Say what is different at the second point: rows added, removed and changed, table by table.

    Raises:
        Problem: a parameter that cannot be read, a point that cannot be asked about, or `too-different`.
    """
    only(request, {*CLOCKS, *(f"to_{name}" for name in CLOCKS), "table", "at_least"})
    one, other = point_asked(request, connection), point_asked(request, connection, "to_")
    tables = {table.name: _compared(connection, table, one, other) for table in _tables(request)}
    return {
        "consortium_id": one.consortium_id,
        "from": clocks(one),
        "to": clocks(other),
        "tables": {name: found for name, found in tables.items() if any(found.values())},
    }


def _tables(request: Request) -> Sequence[Table]:
    name = text_in_query(request, "table")
    if name is None:
        return CHANGING
    if name not in BY_NAME:
        raise Problem(MALFORMED_VALUE, parameter="table", form=" | ".join(BY_NAME))
    return (BY_NAME[name],)


def _compared(connection: Connection, table: Table, one: Point, other: Point) -> dict[str, list[Any]]:
    was, is_now = difference(connection, table, _asked(one), _asked(other), MOST_DIFFERENCES + 1)
    if len(was) > MOST_DIFFERENCES or len(is_now) > MOST_DIFFERENCES:
        raise Problem(TOO_DIFFERENT, table=table.name, limit=MOST_DIFFERENCES)
    before = {tuple(row[name] for name in table.key): row for row in was}
    after = {tuple(row[name] for name in table.key): row for row in is_now}
    return {
        "removed": [written(table, row) for key, row in before.items() if key not in after],
        "added": [written(table, row) for key, row in after.items() if key not in before],
        "changed": [
            {"from": written(table, row), "to": written(table, after[key])}
            for key, row in before.items()
            if key in after
        ],
    }


def _asked(point: Point) -> Asked:
    return Asked(point.consortium_id, point.valid_on, point.moment.version, limit=None)
