"""What is wanted besides the usual answer is read before anything is recorded, and refused if it cannot be had."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from tests.http.client import OF_ONE
from tests.http.giving import application, batch_headers, part
from tests.ledger.scenario import documents

if TYPE_CHECKING:
    from tests.http.client import Client
    from tests.http.serving import Served

BAD = [
    ("dry_run=yes", "malformed-value"),
    ("receipt=maybe", "malformed-value"),
    ("receipt=true&receipt=true", "malformed-value"),
    ("receipt=true&wait=31", "malformed-value"),
    ("receipt=true&wait=-1", "malformed-value"),
    ("receipt=true&dry_run=true", "parameters-clash"),
    ("wait=5", "parameter-missing"),
    ("receipt=false&wait=5", "parameter-missing"),
    ("Receipt=true", "unknown-parameter"),
]


@pytest.mark.parametrize(("query", "code"), BAD)
def test_a_wish_that_makes_no_sense_records_nothing(site: Served, client: Client, query: str, code: str) -> None:
    before = site.ledger.last_position()
    alone = client.give(application(), f"?{query}")
    batch = client.post(f"{OF_ONE}/commands?atomic=true&{query}", [part(application())], batch_headers(str(uuid4())))
    assert (alone.status, alone.code) == (batch.status, batch.code) == (422, code)
    assert site.ledger.last_position() == before


@pytest.mark.parametrize("query", ["receipt=true", "receipt=true&atomic=false", "atomic=perhaps"])
def test_commands_that_are_recorded_one_by_one_have_no_receipt(site: Served, client: Client, query: str) -> None:
    before = site.ledger.last_position()
    answer = client.post(f"{OF_ONE}/commands?{query}", [part(application())], batch_headers(str(uuid4())))
    code = "malformed-value" if "perhaps" in query else "parameter-missing"
    assert (answer.status, answer.code) == (422, code)
    assert site.ledger.last_position() == before


def test_a_receipt_that_cannot_be_made_is_damage_and_says_where_the_command_is_recorded(fresh: Served) -> None:
    for line in documents()[:3]:
        assert fresh.client.give(line, "?receipt=true").status == 201
    with psycopg.connect(fresh.database, autocommit=True) as connection:
        connection.execute("ALTER TABLE transparency.tiles DISABLE TRIGGER ALL")
        assert connection.execute("DELETE FROM transparency.tiles").rowcount > 0
    again = fresh.client.give(documents()[1], "?receipt=true")
    assert (again.status, again.code) == (500, "record-damaged")
    told = again.json()
    assert fresh.client.ask(told["location"]).json()["version"] == told["version"]
