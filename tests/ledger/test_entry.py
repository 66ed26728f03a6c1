"""Entries as bytes: written once, validated on the way in and on the way out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785
from eventsourcing.persistence import JSONTranscoder, StoredEvent

from domain.consortium import replay
from domain.ledger.canonical import NotCanonical, canonical
from domain.ledger.entry import read_entry, write_and_read, write_entry
from domain.ledger.faults import BrokenEntry
from domain.ledger.mapper import EntryMapper
from domain.resolutions.events import DraftWithdrawn
from tests.ledger.scenario import HAJNOWKA, history, stored_bytes

if TYPE_CHECKING:
    from domain.decider import Entry

WITHDRAWN = DraftWithdrawn(draft_id="DR-01", reason="wniosek cofnięty")


def entry() -> Entry:
    return replace(history()[0], fact=WITHDRAWN)


def altered(**changes: object) -> bytes:
    return canonical(json.loads(write_entry(entry())) | changes)


def test_an_entry_is_written_like_this() -> None:
    first = history()[0]
    assert write_entry(replace(first, fact=WITHDRAWN)).decode() == (
        '{"actor":{"id":"sek-1","role":"board_secretary"},'
        f'"command_id":"{first.command_id}","consortium_id":"hajnowka-odnowa",'
        '"data":{"draft_id":"DR-01","reason":"wniosek cofnięty"},"effective_on":"2019-01-14",'
        f'"event_id":"{first.event_id}","name":"resolution.draft-withdrawn.v1",'
        '"recorded_at":"2019-01-14T15:05:00.000000Z","under":null,"version":1}'
    )


def test_every_entry_of_the_scenario_reads_back_the_same() -> None:
    for kept, state in zip(history(), stored_bytes(), strict=True):
        assert read_entry(kept.fact.topic, state) == kept


def test_every_entry_of_the_scenario_is_written_as_rfc_8785_says() -> None:
    for state in stored_bytes():
        assert rfc8785.dumps(json.loads(state)) == state


def test_a_written_entry_is_evolved_as_it_will_be_read() -> None:
    read = [write_and_read(kept) for kept in history()]
    again = [read_entry(kept.fact.topic, state) for state, kept in read]
    assert repr(replay(HAJNOWKA, [kept for _, kept in read])) == repr(replay(HAJNOWKA, again))


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": {"id": "sek-1", "role": "passer_by"}},
        {"command_id": ""},
        {"consortium_id": "No Such"},
        {"data": {"draft_id": "DR-01"}},
        {"data": {"draft_id": "DR-01", "reason": "", "more": 1}},
        {"effective_on": "2019-02-30"},
        {"extra": 1},
        {"name": "budget.adopted.v1"},
        {"recorded_at": "2019-01-14T15:05:00"},
        {"under": 7},
        {"version": 0},
        {"version": "1"},
    ],
)
def test_what_is_no_entry_is_not_read(changes: dict[str, Any]) -> None:
    with pytest.raises(BrokenEntry):
        read_entry(WITHDRAWN.topic, altered(**changes))


def test_what_is_not_even_json_is_not_read() -> None:
    with pytest.raises(BrokenEntry):
        read_entry(WITHDRAWN.topic, write_entry(entry())[:-1])


def test_a_name_that_nobody_knows_is_not_read() -> None:
    with pytest.raises(BrokenEntry, match="no fact has this name"):
        read_entry("resolution.draft-eaten.v1", write_entry(entry()))


def test_what_could_not_be_read_is_not_written() -> None:
    with pytest.raises(BrokenEntry):
        write_entry(replace(entry(), version=0))


class Shouted(DraftWithdrawn):
    """Written under a name that belongs to another class, so that it comes back as that."""


def test_what_would_read_back_otherwise_is_not_written() -> None:
    with pytest.raises(BrokenEntry, match="would not read back as it is"):
        write_entry(replace(entry(), fact=Shouted(draft_id="DR-01", reason="wniosek cofnięty")))


def test_what_the_profile_does_not_allow_is_not_written() -> None:
    unchecked = DraftWithdrawn.model_construct(draft_id="DR-01", reason="\x07")
    with pytest.raises(NotCanonical, match="/data/reason"):
        write_entry(replace(entry(), fact=unchecked))


MAPPER = EntryMapper(JSONTranscoder())


def test_a_row_holds_the_bytes_in_its_consortiums_stream_under_the_facts_name() -> None:
    row = MAPPER.to_stored_event(entry())
    assert row == StoredEvent(HAJNOWKA, 1, "resolution.draft-withdrawn.v1", write_entry(entry()))
    assert MAPPER.to_domain_event(row) == entry()


@pytest.mark.parametrize(("consortium_id", "version"), [("another-one", 1), (HAJNOWKA, 2)])
def test_an_entry_in_anothers_row_is_not_read(consortium_id: str, version: int) -> None:
    with pytest.raises(BrokenEntry, match=f"{consortium_id}@{version}"):
        MAPPER.to_domain_event(StoredEvent(consortium_id, version, WITHDRAWN.topic, write_entry(entry())))


def test_nothing_but_entries_is_stored() -> None:
    with pytest.raises(TypeError, match="only entries"):
        MAPPER.to_stored_event(StoredEvent("a", 1, "b", b""))  # type: ignore[arg-type] # that is the point
