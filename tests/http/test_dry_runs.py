"""A dry run: nothing is stored, and what it says is what happens afterwards, table by table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from api.written import written
from projections.questions import TABLES
from tests.clusters import cloned_database
from tests.http.assembled import grosze
from tests.http.client import CONSORTIUM, OF_ONE
from tests.http.giving import application, batch_headers, part
from tests.http.serving import served
from tests.ledger.scenario import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from api.embedded import EmbeddedPostgres
    from projections.bitemporal.table import Table
    from tests.http.client import Line
    from tests.http.serving import Served

HELD = SQL("""
SELECT {columns}, lower(valid) AS holds_from, upper(valid) AS holds_until FROM read.{table}
WHERE consortium_id = %(consortium_id)s AND {condition}
""")
ADDED = SQL("lower(known) BETWEEN %(first)s AND %(last)s AND (upper_inf(known) OR upper(known) > %(last)s)")
REMOVED = SQL("upper(known) BETWEEN %(first)s AND %(last)s AND lower(known) < %(first)s")

SPLIT = 72
"""The line of the scenario that divides P1-T2 into thirds, after P1-T1 was divided among small entities alone."""

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def rehearsed(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Rehearsed]]:
    """The scenario given over HTTP, with the last command of each name tried before."""
    found: dict[str, Rehearsed] = {}
    last = {line["command"]: line["seq"] for line in documents()}
    with (
        cloned_database(cluster) as database,
        served(database, tmp_path_factory.mktemp("site")) as site,
        psycopg.connect(database, autocommit=True) as connection,
    ):
        for line in documents():
            if line["seq"] in {last[line["command"]], SPLIT}:
                found[f"{line['command']}-{line['seq']}"] = Rehearsed(site, connection, line)
            else:
                assert site.client.give(line).status == 201
        yield found


class Rehearsed:
    """What a dry run said, and what was so before it, after it and after the command itself."""

    def __init__(self, site: Served, connection: Connection, line: Line) -> None:
        self.before = stored(connection)
        answer = site.client.give(line, "?dry_run=true")
        assert answer.status == 200, answer.body
        self.said = answer.json()
        self.after = stored(connection)
        self.done = site.client.give(line).json()
        assert site.client.catches_up(self.done["last_version"])
        self.changed = {table.name: changes(connection, table, self.done) for table in TABLES}


def stored(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM ledger_events").fetchone()
    return row[0] if row else 0


def changes(connection: Connection, table: Table, done: dict[str, Any]) -> dict[str, Rows]:
    """Look in the database for the rows that are known since the command, and those that were known up to it."""
    named = {"consortium_id": CONSORTIUM, "first": done["first_version"], "last": done["last_version"]}
    with connection.cursor(row_factory=dict_row) as cursor:
        return {
            name: [_told(table, row) for row in cursor.execute(_query(table, condition), named)]
            for name, condition in (("removed", REMOVED), ("added", ADDED))
        }


def _query(table: Table, condition: SQL) -> Any:  # noqa: ANN401 - a composed query
    columns = SQL(", ").join(Identifier(column.name) for column in table.stored)
    return HELD.format(columns=columns, table=Identifier(table.name), condition=condition)


def _told(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    days = {name: row[name] and row[name].isoformat() for name in ("holds_from", "holds_until")}
    return {**written(table, row), **days}


def ordered(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


def test_a_dry_run_of_each_command_stores_nothing(rehearsed: dict[str, Rehearsed]) -> None:
    assert len(rehearsed) > 40
    for one in rehearsed.values():
        assert one.after == one.before == one.said["version"]
        assert one.done["first_version"] == one.before + 1
        assert one.said["dry_run"] is True


def test_a_dry_run_shows_the_very_entries_that_are_stored_afterwards(rehearsed: dict[str, Rehearsed]) -> None:
    for name, one in rehearsed.items():
        assert one.said["entries"] == one.done["entries"], name


def test_a_dry_run_shows_what_changes_in_every_table(rehearsed: dict[str, Rehearsed]) -> None:
    for name, one in rehearsed.items():
        for table in TABLES:
            said = one.said["changes"].get(table.name, {"removed": [], "added": []})
            for part_of in ("removed", "added"):
                assert ordered(said[part_of]) == ordered(one.changed[table.name][part_of]), (name, table.name)


def test_before_a_split_is_adopted_a_dry_run_shows_what_it_does_to_fairness(rehearsed: dict[str, Rehearsed]) -> None:
    split = rehearsed[f"SplitLine-{SPLIT}"].said["changes"]["fairness"]
    (before,), (after,) = split["removed"], split["added"]
    assert (before["package_id"], after["package_id"]) == ("P1", "P1")
    assert grosze(after["total"]) - grosze(before["total"]) == 4_850_000
    # M05 and M04 are small, M02 is large: a third each, the odd grosz to the first two in the list.
    assert grosze(after["small"]) - grosze(before["small"]) == 1_616_667 + 1_616_666
    assert (before["small_bp"], after["small_bp"]) == (10_000, 8_422)
    assert after["guarantee_bp"] == 2_500
    assert after["is_met"]


def test_a_dry_run_is_refused_as_the_command_would_be(site: Served) -> None:
    line = application(effective_on="2021-07-05", actor={"role": "city", "id": "um"})
    answer = site.client.give(line, "?dry_run=true")
    assert (answer.status, answer.code) == (403, "role-not-permitted")
    stale = site.client.give(application(), "?dry_run=true", If_Match='"1"')
    assert (stale.status, stale.code) == (412, "stale-version")


def test_a_dry_run_of_what_is_recorded_already_says_that_nothing_would_happen(site: Served) -> None:
    line = application()
    assert site.client.give(line).status == 201
    told = site.client.give(line, "?dry_run=true").json()
    assert (told["entries"], told["changes"]) == ([], {})


def test_a_dry_run_of_several_takes_them_together(site: Served) -> None:
    lines = [application(), application()]
    version, key = site.ledger.load(CONSORTIUM).version, str(uuid4())
    address = f"{OF_ONE}/commands"
    said = site.client.post(f"{address}?dry_run=true", [part(line) for line in lines], batch_headers(key))
    assert said.status == 200
    assert site.ledger.load(CONSORTIUM).version == version
    done = site.client.post(f"{address}?atomic=true", [part(line) for line in lines], batch_headers(key))
    stored = [entry for result in done.json()["results"] for entry in result["entries"]]
    assert said.json()["entries"] == stored
    added = said.json()["changes"]["applications"]["added"]
    assert [row["application_id"] for row in added] == [line["data"]["application_id"] for line in lines]


def test_a_dry_run_of_several_is_refused_at_the_place_of_the_first_that_cannot_be(site: Served) -> None:
    same = application()
    body = [part(application()), part(same), part(same)]
    answer = site.client.post(f"{OF_ONE}/commands?dry_run=true", body, batch_headers(str(uuid4())))
    assert (answer.status, answer.code, answer.json()["step"]) == (409, "id-already-used", 2)
    assert answer.json()["errors"][0]["pointer"] == "/2/data/application_id"
