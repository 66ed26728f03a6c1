"""Servers that take no commands, databases that are away, too many who wait, and faults of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from api.commands.asked import Writes
from tests.clusters import kill_postmaster
from tests.http.client import OF_ONE, body_of, headers_of, place_of
from tests.http.giving import application, batch_headers, part
from tests.http.serving import served
from tests.ledger.scenario import application as submitted
from tests.ledger.scenario import documents, give, submissions
from tests.ledger.sessions import commits_held_up, wait_until_somebody_waits

if TYPE_CHECKING:
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from tests.http.serving import Served


def test_without_the_development_mode_no_command_is_taken(database: str, tmp_path: Path) -> None:
    with served(database, tmp_path, Writes()) as site:
        founding = documents()[0]
        for path, body in (
            (place_of(founding), body_of(founding)),
            (f"{OF_ONE}/applications", body_of(application())),
            (f"{OF_ONE}/commands", [part(application())]),
            (f"{OF_ONE}/commands?dry_run=true", [part(application())]),
        ):
            answer = site.client.post(path, body, headers_of(founding))
            assert (answer.status, answer.code) == (403, "writes-need-accounts")
        assert site.client.ask("/consortia").json()["rows"] == []


def test_where_a_version_is_required_a_command_names_it(database: str, tmp_path: Path) -> None:
    with served(database, tmp_path, Writes(development=True, version_required=True)) as site:
        founding, *others = documents()[:3]
        answer = site.client.give(founding)
        assert (answer.status, answer.code) == (428, "precondition-required")
        assert site.client.post(f"{OF_ONE}/commands", [part(founding)], batch_headers("k")).status == 428
        tag = site.client.give(founding, If_Match='"0"').headers["etag"]
        for line in others:
            assert site.client.give(line).code == "precondition-required"
            tag = site.client.give(line, If_Match=tag).headers["etag"]
        assert site.client.give(others[0], If_Match='"0"').headers["idempotency-replayed"] == "true"
        assert site.client.give(application(), If_Match='"0"').code == "stale-version"


def test_when_too_many_wait_others_are_asked_to_come_again(database: str, tmp_path: Path) -> None:
    with served(database, tmp_path, most_waiting=1) as site:
        writer = site.works.desk._writer
        give(writer, submissions()[:3])
        with commits_held_up(database):
            first = writer.submit(submitted())
            wait_until_somebody_waits(database)
            second = writer.submit(submitted())
            for suffix in ("", "?dry_run=true"):
                answer = site.client.give(application(), suffix)
                assert (answer.status, answer.code) == (429, "too-busy")
                assert answer.headers["retry-after"] == "2"
        assert (first.result()[0].last_version, second.result()[0].last_version) == (4, 5)
        assert site.client.give(application()).status == 201


def test_while_the_database_is_away_everybody_is_told_and_afterwards_served(
    own_cluster: EmbeddedPostgres, tmp_path: Path
) -> None:
    with served(own_cluster.conninfo(), tmp_path) as site:
        given = [site.client.give(line).json() for line in documents()[:5]]
        assert site.client.catches_up(given[-1]["last_version"])
        kill_postmaster(own_cluster)
        lost = documents()[5]
        for answer in (
            site.client.give(lost),
            site.client.get("members"),
            site.client.ask("/consortia"),
        ):
            assert (answer.status, answer.code) == (503, "unavailable")
            assert answer.headers["retry-after"] == "2"
            assert b"Traceback" not in answer.body
        own_cluster.start()
        again = site.client.give(lost)
        assert again.status == 201
        wait_for(site, again.json()["last_version"])
        assert site.client.give(documents()[6]).status == 201


def wait_for(site: Served, version: int) -> None:
    """Ask until the read models have come back, which they try every second."""
    while site.client.get("members", at_least=version).status != 200:
        pass


def test_a_fault_of_the_program_tells_no_more_than_that(fresh: Served) -> None:
    given = [fresh.client.give(line) for line in documents()[:5]]
    assert fresh.client.catches_up(given[-1].json()["last_version"])
    with psycopg.connect(fresh.database, autocommit=True) as connection:
        connection.execute("ALTER TABLE read.members RENAME TO elsewhere")
    for path in ("members", "members.csv", "as-of/compare"):
        answer = fresh.client.get(path, {"Accept-Language": "en"})
        assert (answer.status, answer.code) == (500, "internal")
        told = answer.json()
        assert told["detail"] == "A fault of the program."
        for word in (b"Traceback", b"psycopg", b"elsewhere", b"relation", b".py"):
            assert word not in answer.body
    with psycopg.connect(fresh.database, autocommit=True) as connection:
        connection.execute("ALTER TABLE read.elsewhere RENAME TO members")
    assert fresh.client.get("members").status == 200
