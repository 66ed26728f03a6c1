"""The ledger: entries in, entries out, in order and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from psycopg.conninfo import conninfo_to_dict

import domain.ledger.ledger
from domain.consortium import replay
from domain.ledger.faults import BrokenEntry, Conflict
from domain.ledger.ledger import Ledger
from tests.ledger.scenario import HAJNOWKA, history, stored_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = "bielsk-razem"


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    ledger.append(history())
    return ledger


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(domain.ledger.ledger, "PAGE", 7)
        yield


def test_a_history_comes_back_as_it_was_given(full: Ledger) -> None:
    assert tuple(full.entries(HAJNOWKA)) == history()
    assert tuple(full.stored(HAJNOWKA, 1, 10**6)) == tuple(enumerate(stored_bytes(), 1))


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize(("after", "upto"), [(0, 14), (0, 15), (13, None), (356, None), (357, None), (20, 20)])
def test_any_part_of_a_history_can_be_read_whatever_the_pages(full: Ledger, after: int, upto: int | None) -> None:
    part = history()[after:upto]
    assert tuple(full.entries(HAJNOWKA, after, upto)) == part
    last = len(history()) if upto is None else upto
    assert [version for version, _ in full.stored(HAJNOWKA, after + 1, last)] == [entry.version for entry in part]


def test_a_consortium_is_its_folded_history(full: Ledger) -> None:
    assert full.load(HAJNOWKA) == replay(HAJNOWKA, history())


def test_catching_up_adds_what_was_stored_since(full: Ledger) -> None:
    assert full.catch_up(replay(HAJNOWKA, history()[:100])) == full.load(HAJNOWKA)


def test_nobody_has_an_empty_history(full: Ledger) -> None:
    assert (full.load(OTHER).version, list(full.entries(OTHER)), list(full.stored(OTHER, 1, 9))) == (0, [], [])


def test_entries_are_stored_together_or_not_at_all(ledger: Ledger) -> None:
    ledger.append(history()[:2])
    with pytest.raises(Conflict):
        ledger.append((*history()[2:5], history()[1]))
    assert ledger.load(HAJNOWKA).version == 2


def test_an_entry_is_found_with_its_position(ledger: Ledger) -> None:
    positions = ledger.append(history()[:5])
    assert ledger.find(HAJNOWKA, 4) == (positions[3], history()[3])
    assert ledger.last_position() == positions[-1]
    with pytest.raises(BrokenEntry, match="missing"):
        ledger.find(HAJNOWKA, 6)


def test_an_empty_ledger_has_no_consortia_and_no_position(ledger: Ledger) -> None:
    assert (ledger.consortium_ids(), ledger.last_position()) == ([], 0)


def test_consortia_are_listed_in_order(ledger: Ledger) -> None:
    ledger.append([*history()[:3], *history(OTHER)[:3]])
    assert ledger.consortium_ids() == [OTHER, HAJNOWKA]


def test_a_version_that_is_missing_is_noticed(ledger: Ledger) -> None:
    ledger.append([*history()[:3], *history()[4:6]])
    with pytest.raises(BrokenEntry, match="hajnowka-odnowa@4: missing; 5 follows"):
        ledger.load(HAJNOWKA)


def test_a_row_that_is_no_entry_is_noticed(ledger: Ledger) -> None:
    ledger.append_rows([StoredEvent(HAJNOWKA, 1, "nothing.happened.v1", b"{}")])
    assert list(ledger.stored(HAJNOWKA, 1, 1)) == [(1, b"{}")]
    with pytest.raises(BrokenEntry):
        list(ledger.entries(HAJNOWKA))


def test_only_a_taken_version_is_a_conflict(ledger: Ledger) -> None:
    nameless = StoredEvent(HAJNOWKA, 1, None, b"{}")  # type: ignore[arg-type] # what the table refuses
    with pytest.raises(IntegrityError, match="null value"):
        ledger.append_rows([nameless])


def test_a_url_does_as_well_as_a_string(database: str) -> None:
    parts = {name: quote(str(value), safe="") for name, value in conninfo_to_dict(database).items()}
    url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}?application_name=by-url"
    with Ledger.connect(url) as ledger, psycopg.connect(database) as connection:
        ledger.append(history()[:1])
        names = "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database()"
        assert ("by-url",) in connection.execute(names).fetchall()


def test_the_variables_of_the_process_have_no_say(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LEDGER_POSTGRES_HOST": "/nowhere",
        "LEDGER_CREATE_TABLE": "yes",
        "POSTGRES_SCHEMA": "elsewhere",
        "PERSISTENCE_MODULE": "eventsourcing.popo",
        "COMPRESSOR_TOPIC": "zlib",
    }.items():
        monkeypatch.setenv(name, value)
    with Ledger.connect(database) as ledger:
        ledger.append(history()[:1])
        assert dict(ledger.stored(HAJNOWKA, 1, 1)) == {1: stored_bytes()[0]}
