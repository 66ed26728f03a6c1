"""The size of all tiles against that of the entries they are made of, in bytes as served; nothing is measured in time.

What the tables take on disk, with what PostgreSQL keeps of the widths that tiles had before, is shown beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.histories import load, rows
from bench.measuring import Measured, Ratio
from bench.places import connected, database
from bench.verification import CONSORTIUM
from projections.runner import Runner
from projections.transparency.tiles import Tiles

if TYPE_CHECKING:
    from typing import LiteralString

    from psycopg import Connection

BOUND: Final = 0.08


def measure(entries: int, _rounds: int) -> Measured:
    with database() as conninfo, connected(conninfo) as (ledger, connection):
        load(conninfo, rows(CONSORTIUM, entries))
        Runner(ledger, connection, [Tiles()]).catch_up()
        tiles = _number(connection, "SELECT sum(length(hashes)) FROM transparency.tiles")
        states = _number(connection, "SELECT sum(length(state)) FROM public.ledger_events")
        figures = {
            "bytes: entries": states,
            "bytes: tiles": tiles,
            "bytes: entries on disk": _number(connection, "SELECT pg_total_relation_size('public.ledger_events')"),
            "bytes: tiles on disk": _number(connection, "SELECT pg_total_relation_size('transparency.tiles')"),
        }
        connection.execute("VACUUM FULL transparency.tiles")
        packed = _number(connection, "SELECT pg_total_relation_size('transparency.tiles')")
    ratio = Ratio("tiles / entries", tiles / states, "at most", BOUND)
    return Measured("size", entries, {**figures, "bytes: tiles on disk, packed": packed}, (ratio,))


def _number(connection: Connection, query: LiteralString) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
