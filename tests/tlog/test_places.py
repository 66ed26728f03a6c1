"""Where events lie: found in the stored bytes, and noted also for what was integrated before there was a table."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from projections.schema import READ_MODELS
from projections.transparency.places import event_id_in, place_of
from tests.ledger.scenario import HAJNOWKA, clock, give, history, stored_bytes, submissions

INTEGRATED = submissions()[:12]


def test_the_id_of_every_event_of_the_scenario_is_found_in_its_bytes() -> None:
    for entry, state in zip(history(), stored_bytes(), strict=True):
        assert event_id_in(state) == entry.event_id


@pytest.mark.parametrize(
    "state",
    [b"", b"{}", b'"event_id":"', b'{"event_id":""}', b'{"event_id":"no space"}', b'{"event_id":"\x00"}', b"\xff" * 80],
)
def test_bytes_without_an_id_have_none(state: bytes) -> None:
    assert event_id_in(state) is None


def test_words_within_a_text_are_not_taken_for_the_id() -> None:
    state = b'{"data":{"event_id":"inner"},"event_id":"outer","name":"\\"event_id\\":\\"text\\"","version":1}'
    assert event_id_in(state) == "outer"


@pytest.fixture
def of_the_first_version(database: str) -> str:
    """A database whose read models stand at their first version, with some entries integrated and some not."""
    replace(READ_MODELS, version=1).migrate(database)
    with Ledger.connect(database) as ledger, Writer(ledger, clock) as writer:
        give(writer, INTEGRATED)
        integrated = ledger.last_position()
        give(writer, submissions()[12:15])
    with psycopg.connect(database) as connection:
        connection.execute("UPDATE public.read_models_progress SET position = %s", [integrated])
    return database


def test_what_was_integrated_before_is_noted_when_the_table_is_made(of_the_first_version: str) -> None:
    READ_MODELS.migrate(of_the_first_version)
    with psycopg.connect(of_the_first_version) as connection:
        entries = [
            entry for entry in history() if entry.command_id in {each.steps[0].command_id for each in INTEGRATED}
        ]
        for entry in entries:
            assert place_of(connection, HAJNOWKA, entry.event_id) == entry.version - 1
        noted = connection.execute("SELECT count(*) FROM transparency.event_places").fetchone()
    assert noted == (len(entries),)
