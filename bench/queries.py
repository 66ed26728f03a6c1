"""Pages of every table in a long history among many others, against the same pages in a short one among few.

Both are asked as the HTTP interface asks (`projections.bitemporal.asking`), for as many rows as both have, up to a
page. Each question is asked of the two in turn, again and again, and the best of each counts; one that seems to miss
the bound is asked more often before that is believed, since in a thousandth of a second everything else shows.
"""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass, replace
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

import click
import psycopg
from psycopg.sql import SQL

from bench.histories import load, rows
from bench.kept import kept_databases
from bench.measuring import Measured, Ratio
from bench.places import connected
from bench.verification import CONSORTIUM
from domain.values import WARSAW
from projections.bitemporal.asking import PLANNING, Asked, ask, moment_at, moment_of, parameters, question
from projections.questions import TABLES
from projections.read_models import all_read_models
from projections.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from psycopg import Connection

    from projections.bitemporal.asking import Moment
    from projections.bitemporal.table import Table

BOUND: Final = 1.5
SHORT: Final = 1_000
NEIGHBOURS: Final = {"long": 999, "short": 9}
OF_NEIGHBOUR: Final = 100
"""Entries of each of them."""
TURNS: Final = 3
"""For each round asked for."""
AGAIN: Final = 12
"""How many times as often a question is asked that seems to miss the bound."""
FEWEST: Final = 10
"""Rows asked for, also where one of them has fewer."""
PARTS: Final = {"early": 0.05, "middle": 0.5, "late": 0.95}
"""Of the history."""


def measure(entries: int, rounds: int, *, explain: bool = False) -> Measured:
    """Compare every question; with `explain` also print how the long history answers each."""
    sizes = {"long": entries, "short": SHORT}
    slowest: dict[str, _Compared] = {}
    with (
        kept_databases("queries", sizes, fill) as conninfos,
        psycopg.connect(conninfos["long"], autocommit=True) as long,
        psycopg.connect(conninfos["short"], autocommit=True) as short,
    ):
        for connection in (long, short):
            connection.execute(PLANNING)
        for table in TABLES:
            compared = [pair.compare(rounds * TURNS) for pair in _pairs(table, long, short)]
            slowest[table.name] = max(compared, key=lambda one: one.ratio)
            if explain:
                for one in compared:
                    click.echo(f"{one.say()}  {_plan(long, one.pair.table, one.pair.asked[0])}")
    return Measured(
        "queries",
        entries,
        {f"milliseconds: {one.pair.what}": one.long * 1000 for one in slowest.values()},
        tuple(Ratio(one.pair.what, one.ratio, "at most", BOUND) for one in slowest.values()),
    )


def fill(conninfo: str, name: str, size: int) -> None:
    """Load a history of a size and its neighbours, and bring the tables up to date."""
    neighbours = (rows(f"neighbour-{number}", OF_NEIGHBOUR) for number in range(NEIGHBOURS[name]))
    load(conninfo, rows(CONSORTIUM, size))
    # They are made first: a statement of the server may not take longer than a minute.
    load(conninfo, list(chain.from_iterable(neighbours)))
    with connected(conninfo) as (ledger, connection):
        Runner(ledger, connection, all_read_models(ledger)).catch_up()
        # What the server does by itself some minutes later.
        connection.execute("VACUUM ANALYZE")


@dataclass(frozen=True, slots=True)
class _Pair:
    """One question to both."""

    what: str
    table: Table
    connections: tuple[Connection, Connection]
    asked: tuple[Asked, Asked]

    def compare(self, turns: int) -> _Compared:
        """Ask both in turn."""
        found = self._compare(turns)
        return min(found, self._compare(turns * AGAIN), key=lambda one: one.ratio) if found.ratio > BOUND else found

    def _compare(self, turns: int) -> _Compared:
        pair = self._alike()
        best = [float("inf"), float("inf")]
        gc.disable()
        for _ in range(turns):
            for place, (connection, asked) in enumerate(zip(pair.connections, pair.asked, strict=True)):
                begun = perf_counter()
                ask(connection, pair.table, asked)
                best[place] = min(best[place], perf_counter() - begun)
        gc.enable()
        return _Compared(pair, *best)

    def _alike(self) -> _Pair:
        """Ask both for as many rows as both have: how long a row takes to come is no matter of the history."""
        numbers = [
            len(ask(connection, self.table, asked))
            for connection, asked in zip(self.connections, self.asked, strict=True)
        ]
        long, short = (replace(asked, limit=max(min(numbers), FEWEST)) for asked in self.asked)
        return replace(self, asked=(long, short))


@dataclass(frozen=True, slots=True)
class _Compared:
    pair: _Pair
    long: float
    """Seconds."""
    short: float

    @property
    def ratio(self) -> float:
        return self.long / self.short

    def say(self) -> str:
        times = f"{self.long * 1000:8.2f} ms /{self.short * 1000:6.2f} ms ={self.ratio:6.2f}"
        return f"{self.pair.what:<64}{self.pair.asked[0].limit:>4} rows{times}"


def _pairs(table: Table, long_one: Connection, short_one: Connection) -> Iterator[_Pair]:
    """Ask for the first page, the one after it, and one by each filter, from every point."""
    connections = long_one, short_one
    long, short = (dict(_points(connection)) for connection in connections)
    for what, asked in long.items():
        both = asked, short[what]
        found = [ask(connection, table, one) for connection, one in zip(connections, both, strict=True)]
        yield _Pair(f"{table.name}, {what}", table, connections, both)
        if not all(found):
            continue
        # Each of them goes on after a row, and looks for a value, of its own.
        middle = [dict(page[len(page) // 2]) for page in found]
        after = [tuple(row[name] for name in table.key) for row in middle]
        yield _Pair(f"{table.name}, {what}, next page", table, connections, _each(both, after=after))
        for column in table.stored:
            values = [_value(page, column.name) for page in found]
            if column.filtered and None not in values:
                filters = [{column.name: value} for value in values]
                yield _Pair(f"{table.name}, {what}, {column.name}", table, connections, _each(both, filters=filters))


def _each(both: tuple[Asked, Asked], **values: list[Any]) -> tuple[Asked, Asked]:
    long, short = (
        replace(asked, **{name: of_each[place] for name, of_each in values.items()}) for place, asked in enumerate(both)
    )
    return long, short


def _value(page: list[dict[str, Any]], name: str) -> Any:  # noqa: ANN401 - a cell of any kind
    """Return what stands in the middle of a page, of those that have a value; None where none has."""
    values = [row[name] for row in page if row[name] is not None and row[name] != []]
    value = values[len(values) // 2] if values else None
    return value[0] if isinstance(value, list) else value


def _points(connection: Connection) -> Iterator[tuple[str, Asked]]:
    """Walk pairs of a day and of what was known."""
    last = _known(moment_at(connection, CONSORTIUM, None))
    days = {"today": _day(last)}
    for name, part in PARTS.items():
        moment = _known(moment_of(connection, CONSORTIUM, int(last.version * part)))
        days[name] = _day(moment)
        yield f"{name} as then known", Asked(CONSORTIUM, _day(moment), moment.version)
        yield f"today as known {name}", Asked(CONSORTIUM, days["today"], moment.version)
    for name, day in days.items():
        yield f"{name} as now known", Asked(CONSORTIUM, day, last.version, current=True)


def _known(moment: Moment | None) -> Moment:
    assert moment is not None  # noqa: S101 - every version was taken in
    return moment


def _day(moment: Moment) -> date:
    return moment.recorded_at.astimezone(WARSAW).date()


def _plan(connection: Connection, table: Table, asked: Asked) -> str:
    """Name the indexes by which an answer is found, and how many rows were looked at in vain."""
    explained = SQL("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ") + question(table, asked)
    lines = [line for (line,) in connection.execute(explained, parameters(table, asked), prepare=False)]
    scan = re.compile(r"Index.* Scan.* (?:using|on) (\S+?)(?: on|  )")
    indexes = [found[1] for line in lines if (found := scan.search(line))]
    vain = sum(int(found[1]) for line in lines if (found := re.search(r"Rows Removed by \w+ ?\w*: (\d+)", line)))
    return ", ".join(dict.fromkeys(indexes)) + (f"; {vain} rows in vain" if vain else "")
