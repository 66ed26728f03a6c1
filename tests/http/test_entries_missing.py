"""A database that lacks what was signed takes no commands in its place, and answers questions all the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from tests.http.client import CONSORTIUM
from tests.http.serving import served
from tests.ledger.scenario import clock, documents, give, submissions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.http.client import Client

OTHER = "konsorcjum-dwa"


def published(client: Client, consortium_id: str) -> int:
    return client.ask(f"/tlog/{consortium_id}/proof/0.tlog-proof?wait=30").status


def test_nothing_is_recorded_in_the_place_of_an_entry_that_was_signed(database: str, tmp_path: Path) -> None:
    with served(database, tmp_path) as before, Writer(before.ledger, clock) as writer:
        give(writer, submissions()[:3])
        give(writer, submissions(OTHER)[:1])
        assert published(before.client, CONSORTIUM) == published(before.client, OTHER) == 200
    memory = tmp_path / "signer" / f"{CONSORTIUM}.json"
    memory.write_text(json.dumps({**json.loads(memory.read_text()), "size": 99}))
    with Ledger.connect(database) as ledger:
        known = ledger.last_position()
    with served(database, tmp_path) as after:
        refused = after.client.give(documents()[3])
        assert (refused.status, refused.code) == (503, "entries-missing")
        assert after.ledger.last_position() == known
        assert after.client.get("members").status == 200
        health = after.client.ask("/health")
        assert (health.status, health.json()["status"]) == (503, "alarm")
        assert "99" in health.json()["alarms"][CONSORTIUM]["pl"]
