"""Whatever somebody with all rights over the database changes behind the triggers is found and named."""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import psycopg
import pytest

from projections.transparency.audit.finding import Key
from projections.transparency.cosigned import remember
from tests.guard.pattern import cosign
from tests.ledger.scenario import HAJNOWKA

if TYPE_CHECKING:
    from projections.transparency.audit.finding import Finding
    from tests.guard.pattern import Published

LEDGER = "public.ledger_events"
PROGRESS = "public.read_models_progress"
TREES = "transparency.trees"
TILES = "transparency.tiles"
CHECKPOINTS = "transparency.checkpoints"
PLACES = "transparency.event_places"
LOG_KEYS = "transparency.log_keys"
LEAVES = "transparency.log_of_logs"
COSIGNATURES = "transparency.cosignatures"

COLUMNS = (
    "SELECT table_schema || '.' || table_name || '.' || column_name FROM information_schema.columns"
    " WHERE table_schema IN ('public', 'transparency') ORDER BY 1"
)

Place = tuple[str, Key]
"""A table and the part of a key that a finding must name."""


def named(findings: list[Finding], place: Place) -> bool:
    table, key = place
    return any(finding.table == table and key.items() <= dict(finding.key).items() for finding in findings)


ENTRY: Key = {"originator_id": HAJNOWKA, "originator_version": 200}
MISSING: Key = {"originator_id": HAJNOWKA, "first_version": 200, "last_version": 200}
TILE: Key = {"consortium_id": HAJNOWKA, "level": 0, "tile_index": 0}
SIGNED: Key = {"consortium_id": HAJNOWKA, "size": 300}

CHANGED: dict[str, tuple[LiteralString, Place]] = {
    f"{LEDGER}.originator_id": (
        "UPDATE ledger_events SET originator_id = 'bielsk-razem' WHERE originator_version = 200",
        (LEDGER, MISSING),
    ),
    f"{LEDGER}.originator_version": (
        "UPDATE ledger_events SET originator_version = 1000 WHERE originator_version = 200",
        (LEDGER, MISSING),
    ),
    f"{LEDGER}.topic": (
        "UPDATE ledger_events SET topic = 'task.defined.v2' WHERE originator_version = 200",
        (LEDGER, ENTRY),
    ),
    f"{LEDGER}.state": (
        "UPDATE ledger_events SET state = set_byte(state, 40, get_byte(state, 40) # 1) WHERE originator_version = 200",
        (LEDGER, ENTRY),
    ),
    f"{LEDGER}.notification_id": (
        "UPDATE ledger_events SET notification_id = 100000 WHERE originator_version = 200",
        (LEDGER, ENTRY),
    ),
    "public.ledger_schema.version": (
        "UPDATE ledger_schema SET version = 99 WHERE version = 2",
        ("public.ledger_schema", {"version": 99}),
    ),
    "public.read_models_schema.version": (
        "UPDATE read_models_schema SET version = 99 WHERE version = 1",
        ("public.read_models_schema", {"version": 1}),
    ),
    f"{PROGRESS}.position": ("UPDATE read_models_progress SET position = position - 1", (PROGRESS, {})),
    f"{PROGRESS}.one_row": (
        "UPDATE read_models_progress SET one_row = false",
        (PROGRESS, {}),
    ),
    f"{TREES}.consortium_id": (
        "UPDATE transparency.trees SET consortium_id = 'bielsk-razem'{one}",
        (TREES, {"consortium_id": HAJNOWKA}),
    ),
    f"{TREES}.size": ("UPDATE transparency.trees SET size = 300{one}", (TREES, {"consortium_id": HAJNOWKA})),
    f"{TILES}.consortium_id": (
        "UPDATE transparency.tiles SET consortium_id = 'bielsk-razem'{one} AND (level, tile_index) = (0, 0)",
        (TILES, TILE),
    ),
    f"{TILES}.level": ("UPDATE transparency.tiles SET level = 5{one} AND (level, tile_index) = (0, 0)", (TILES, TILE)),
    f"{TILES}.tile_index": (
        "UPDATE transparency.tiles SET tile_index = 7{one} AND (level, tile_index) = (0, 0)",
        (TILES, TILE),
    ),
    f"{TILES}.hashes": (
        (
            "UPDATE transparency.tiles SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1){one} AND level = 0"
            " AND tile_index = 0"
        ),
        (TILES, TILE),
    ),
    f"{CHECKPOINTS}.consortium_id": (
        "UPDATE transparency.checkpoints SET consortium_id = 'bielsk-razem', number = 1{one} AND size = 300",
        (CHECKPOINTS, {"consortium_id": "bielsk-razem", "size": 300}),
    ),
    f"{CHECKPOINTS}.size": (
        "UPDATE transparency.checkpoints SET size = 299{one} AND size = 300",
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "size": 299}),
    ),
    f"{CHECKPOINTS}.note": (
        "UPDATE transparency.checkpoints SET note = set_byte(note, 45, get_byte(note, 45) # 1){one} AND size = 300",
        (CHECKPOINTS, SIGNED),
    ),
    f"{CHECKPOINTS}.number": (
        "UPDATE transparency.checkpoints SET number = 50{one} AND size = 300",
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "first_number": 4}),
    ),
    f"{PLACES}.consortium_id": (
        "UPDATE transparency.event_places SET consortium_id = 'bielsk-razem' WHERE entry_index = 199",
        (PLACES, {"consortium_id": HAJNOWKA, "entry_index": 199}),
    ),
    f"{PLACES}.event_id": (
        "UPDATE transparency.event_places SET event_id = 'other' WHERE entry_index = 199",
        (PLACES, {"consortium_id": HAJNOWKA, "event_id": "other"}),
    ),
    f"{PLACES}.entry_index": (
        "UPDATE transparency.event_places SET entry_index = 3 WHERE entry_index = 199",
        (PLACES, {"consortium_id": HAJNOWKA, "entry_index": 199}),
    ),
    f"{PLACES}.position": (
        "UPDATE transparency.event_places SET position = 300 WHERE entry_index = 199",
        (PLACES, {"consortium_id": HAJNOWKA}),
    ),
    f"{LOG_KEYS}.consortium_id": (
        "UPDATE transparency.log_keys SET consortium_id = 'bielsk-razem'{one} AND first_size = 0",
        (LOG_KEYS, {"consortium_id": HAJNOWKA}),
    ),
    f"{LOG_KEYS}.vkey": (
        "UPDATE transparency.log_keys SET vkey = 'x' || vkey{one} AND first_size = 0",
        (LOG_KEYS, {"consortium_id": HAJNOWKA}),
    ),
    f"{LOG_KEYS}.first_size": (
        "UPDATE transparency.log_keys SET first_size = 7{one} AND first_size = 0",
        (LOG_KEYS, {"consortium_id": HAJNOWKA}),
    ),
    f"{LOG_KEYS}.place": (
        "UPDATE transparency.log_keys SET place = 50{one} AND first_size = 0",
        (LOG_KEYS, {"consortium_id": HAJNOWKA}),
    ),
    f"{COSIGNATURES}.consortium_id": (
        "UPDATE transparency.cosignatures SET consortium_id = 'bielsk-razem'{one} AND size = 300",
        (COSIGNATURES, {"consortium_id": "bielsk-razem", "size": 300}),
    ),
    f"{COSIGNATURES}.size": (
        "UPDATE transparency.cosignatures SET size = 358{one} AND size = 300",
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "size": 358}),
    ),
    f"{COSIGNATURES}.witness": (
        "UPDATE transparency.cosignatures SET witness = 'x' || witness{one} AND size = 300",
        (COSIGNATURES, SIGNED),
    ),
    f"{COSIGNATURES}.line": (
        "UPDATE transparency.cosignatures SET line = overlay(line PLACING 'AAAA' FROM 40 FOR 4){one} AND size = 300",
        (COSIGNATURES, SIGNED),
    ),
    f"{COSIGNATURES}.number": (
        "UPDATE transparency.cosignatures SET number = 50{one} AND size = 300",
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 3, "last_number": 3}),
    ),
    f"{LEAVES}.leaf_index": (
        "UPDATE transparency.log_of_logs SET leaf_index = 90 WHERE leaf_index = 1",
        (LEAVES, {"first_leaf_index": 1, "last_leaf_index": 1}),
    ),
    f"{LEAVES}.consortium_id": (
        "UPDATE transparency.log_of_logs SET consortium_id = 'bielsk-razem' WHERE leaf_index = 1",
        (LEAVES, {"leaf_index": 1}),
    ),
    f"{LEAVES}.size": (
        "UPDATE transparency.log_of_logs SET size = 255 WHERE leaf_index = 1",
        (LEAVES, {"leaf_index": 1}),
    ),
    f"{LEAVES}.note": (
        "UPDATE transparency.log_of_logs SET note = set_byte(note, 45, get_byte(note, 45) # 1) WHERE leaf_index = 1",
        (LEAVES, {"leaf_index": 1}),
    ),
}
"""For each column one changed value or flipped byte, and the row that must be named."""

UNCHECKED = {
    "public.ledger_schema.applied_at": "when a step was taken is written nowhere else and nothing rests on it",
    "public.read_models_schema.applied_at": "the same",
    f"{CHECKPOINTS}.published_at": "the database's clock, in no signature; witnesses' cosignatures tell the time",
    f"{COSIGNATURES}.received_at": "the same; the witness's own time is in the line that it signed",
    f"{LEAVES}.logged_at": "the same; it only decides when the next checkpoint of a log is due",
}
"""Columns that nothing else in the record speaks of, with the reason."""

TAKEN_AWAY: dict[str, tuple[LiteralString, Place]] = {
    "an entry": ("DELETE FROM ledger_events WHERE originator_version = 200", (LEDGER, MISSING)),
    "the first entry": (
        "DELETE FROM ledger_events WHERE originator_version = 1",
        (LEDGER, {"first_version": 1, "last_version": 1}),
    ),
    "the last entries": (
        "DELETE FROM ledger_events WHERE originator_version > 300",
        (LEDGER, {"originator_id": HAJNOWKA, "first_version": 301}),
    ),
    "a step of the schema": (
        "DELETE FROM ledger_schema WHERE version = 1",
        ("public.ledger_schema", {"version": 1}),
    ),
    "a step of the read models": (
        "DELETE FROM read_models_schema WHERE version = 2",
        ("public.read_models_schema", {"version": 2}),
    ),
    "the progress": ("DELETE FROM read_models_progress", (PROGRESS, {})),
    "a tree": ("DELETE FROM transparency.trees{one}", (TREES, {"consortium_id": HAJNOWKA})),
    "a tile": ("DELETE FROM transparency.tiles{one} AND (level, tile_index) = (0, 0)", (TILES, TILE)),
    "an upper tile": (
        "DELETE FROM transparency.tiles{one} AND level = 1",
        (TILES, {"consortium_id": HAJNOWKA, "level": 1, "tile_index": 0}),
    ),
    "the end of a tile": (
        "UPDATE transparency.tiles SET hashes = substring(hashes FOR 3168){one} AND level = 0 AND tile_index = 1",
        (TILES, {"consortium_id": HAJNOWKA, "level": 0, "tile_index": 1}),
    ),
    "a checkpoint": (
        "DELETE FROM transparency.checkpoints{one} AND size = 300",
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "first_number": 4, "last_number": 4}),
    ),
    "the first checkpoint": (
        "DELETE FROM transparency.checkpoints{one} AND size = 0",
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "first_number": 1}),
    ),
    "the last checkpoints": (
        "DELETE FROM transparency.checkpoints{one} AND size > 300",
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "size": 358}),
    ),
    "all checkpoints": (
        "DELETE FROM transparency.checkpoints{one}",
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "size": 358}),
    ),
    "a place": (
        "DELETE FROM transparency.event_places WHERE entry_index = 199",
        (PLACES, {"consortium_id": HAJNOWKA, "entry_index": 199}),
    ),
    "the last places": (
        "DELETE FROM transparency.event_places WHERE entry_index > 300",
        (PLACES, {"consortium_id": HAJNOWKA, "entry_index": 301}),
    ),
    "a key": ("DELETE FROM transparency.log_keys{one} AND first_size = 0", (LOG_KEYS, {"consortium_id": HAJNOWKA})),
    "the last key": (
        "DELETE FROM transparency.log_keys{one} AND first_size > 0",
        (LOG_KEYS, {"consortium_id": HAJNOWKA}),
    ),
    "a cosignature": (
        "DELETE FROM transparency.cosignatures{one} AND size = 300",
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 3, "last_number": 3}),
    ),
    "the first cosignature": (
        "DELETE FROM transparency.cosignatures{one} AND size = 100",
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 1, "last_number": 1}),
    ),
    "the last cosignature": (
        "DELETE FROM transparency.cosignatures{one} AND size = 357",
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 4, "last_number": 4}),
    ),
    "all cosignatures": (
        "DELETE FROM transparency.cosignatures",
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 1, "last_number": 4}),
    ),
    "a leaf of the log of logs": (
        "DELETE FROM transparency.log_of_logs WHERE leaf_index = 1",
        (LEAVES, {"first_leaf_index": 1, "last_leaf_index": 1}),
    ),
    "the last leaves of the log of logs": (
        "DELETE FROM transparency.log_of_logs WHERE leaf_index > 1",
        (LEAVES, {"first_leaf_index": 2}),
    ),
}

SWAPPED: dict[str, tuple[LiteralString, Place]] = {
    "entries": (
        (
            "UPDATE ledger_events AS one SET state = other.state, topic = other.topic FROM ledger_events AS other WHERE"
            " (one.originator_version, other.originator_version) IN ((100, 200), (200, 100))"
        ),
        (LEDGER, ENTRY),
    ),
    "positions": (
        "UPDATE ledger_events SET notification_id = -notification_id WHERE originator_version IN (100, 200)",
        (LEDGER, ENTRY),
    ),
    "trees": (
        (
            "UPDATE transparency.trees AS one SET size = other.size FROM transparency.trees AS other"
            " WHERE one.consortium_id <> other.consortium_id"
        ),
        (TREES, {"consortium_id": HAJNOWKA}),
    ),
    "tiles": (
        (
            "UPDATE transparency.tiles AS one SET hashes = other.hashes FROM transparency.tiles AS other"
            " WHERE one.consortium_id = 'hajnowka-odnowa' AND one.consortium_id = other.consortium_id"
            " AND one.level = 0 AND other.level = 0 AND one.tile_index <> other.tile_index"
        ),
        (TILES, TILE),
    ),
    "checkpoints": (
        (
            "UPDATE transparency.checkpoints AS one SET note = other.note FROM transparency.checkpoints AS other"
            " WHERE one.consortium_id = other.consortium_id AND (one.size, other.size) IN ((100, 300), (300, 100))"
        ),
        (CHECKPOINTS, SIGNED),
    ),
    "numbers of checkpoints": (
        (
            "UPDATE transparency.checkpoints AS one SET number = other.number FROM transparency.checkpoints AS other"
            " WHERE one.consortium_id = other.consortium_id AND (one.size, other.size) IN ((100, 300), (300, 100))"
        ),
        (CHECKPOINTS, {"consortium_id": HAJNOWKA, "number": 3}),
    ),
    "places": (
        (
            "UPDATE transparency.event_places AS one SET entry_index = other.entry_index"
            " FROM transparency.event_places AS other"
            " WHERE (one.entry_index, other.entry_index) IN ((100, 200), (200, 100))"
        ),
        (PLACES, {"consortium_id": HAJNOWKA}),
    ),
    "keys": (
        (
            "UPDATE transparency.log_keys AS one SET first_size = other.first_size FROM transparency.log_keys AS other"
            " WHERE one.consortium_id = other.consortium_id AND one.vkey <> other.vkey"
        ),
        (LOG_KEYS, {"consortium_id": HAJNOWKA}),
    ),
    "cosignatures": (
        (
            "UPDATE transparency.cosignatures AS one SET line = other.line FROM transparency.cosignatures AS other"
            " WHERE one.consortium_id = other.consortium_id AND (one.size, other.size) IN ((100, 300), (300, 100))"
        ),
        (COSIGNATURES, SIGNED),
    ),
    "numbers of cosignatures": (
        (
            "UPDATE transparency.cosignatures AS one SET number = other.number FROM transparency.cosignatures AS other"
            " WHERE one.consortium_id = other.consortium_id AND (one.size, other.size) IN ((100, 300), (300, 100))"
        ),
        (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 1}),
    ),
    "leaves of the log of logs": (
        (
            "UPDATE transparency.log_of_logs AS one SET note = other.note, size = other.size"
            " FROM transparency.log_of_logs AS other"
            " WHERE (one.leaf_index, other.leaf_index) IN ((1, 2), (2, 1))"
        ),
        (LEAVES, {"first_leaf_index": 1}),
    ),
}
"""Versions of the schema and the progress are not among them: two rows of the first hold nothing else that could be
swapped but the time, and of the second there is one row."""

# For the time of a swap two rows hold the same.
LOOSENED: tuple[LiteralString, ...] = (
    "DROP INDEX ledger_events_notification_id_idx",
    "ALTER TABLE read_models_progress DROP CONSTRAINT read_models_progress_one_row_check",
    "ALTER TABLE transparency.checkpoints DROP CONSTRAINT checkpoints_consortium_id_number_key",
    "ALTER TABLE transparency.cosignatures DROP CONSTRAINT cosignatures_consortium_id_number_key",
    "ALTER TABLE transparency.log_keys ALTER COLUMN place DROP IDENTITY",
)


def found_in(copy: Published, statement: LiteralString, place: Place) -> None:
    copy.spoil(*LOOSENED, statement)
    findings = copy.findings()
    assert named(findings, place), [one.place for one in findings]


def test_nothing_is_found_where_nothing_was_changed(copy: Published) -> None:
    assert copy.findings() == []
    copy.spoil(*LOOSENED)
    assert copy.findings() == []


def test_every_column_is_changed_in_some_test_or_has_a_reason_not_to_be(copy: Published) -> None:
    with psycopg.connect(copy.conninfo) as connection:
        columns = {column for (column,) in connection.execute(COLUMNS)}
    assert columns == CHANGED.keys() | UNCHECKED.keys()
    assert not CHANGED.keys() & UNCHECKED.keys()


@pytest.mark.parametrize("column", CHANGED)
def test_one_changed_value_is_named(copy: Published, column: str) -> None:
    found_in(copy, *CHANGED[column])


@pytest.mark.parametrize("what", TAKEN_AWAY)
def test_what_was_taken_away_is_named(copy: Published, what: str) -> None:
    found_in(copy, *TAKEN_AWAY[what])


def test_a_cosignature_whose_number_another_took_is_missed_for_ever(copy: Published) -> None:
    # The last one is taken away, and the witness, asked again, says the same at another time.
    copy.spoil("DELETE FROM transparency.cosignatures{one} AND size = 357")
    with psycopg.connect(copy.conninfo, autocommit=True) as connection:
        connection.execute("ALTER TABLE transparency.cosignatures ENABLE ALWAYS TRIGGER cosignatures_are_numbered")
        for size, seconds in ((357, 1_800_000_000), (358, 1_800_000_001)):
            cosign(connection, copy.signing.folder, size, seconds)
        rows = connection.execute(
            "SELECT number FROM transparency.cosignatures WHERE consortium_id = %s ORDER BY number", [HAJNOWKA]
        )
        assert [number for (number,) in rows] == [1, 2, 3, 4, 5]
    place: Place = (COSIGNATURES, {"consortium_id": HAJNOWKA, "first_number": 1, "last_number": 5})
    assert [(one.table, one.key) for one in copy.findings()] == [place]


def test_cosignatures_that_came_before_they_could_be_remembered_are_no_finding(copy: Published) -> None:
    memory = copy.signing.folder / f"{HAJNOWKA}.cosigned"
    kept = memory.read_bytes()
    with psycopg.connect(copy.conninfo, autocommit=True) as connection:
        cosign(connection, copy.signing.folder, 358)
    whole = memory.read_bytes()
    memory.write_bytes(kept)
    assert copy.findings() == []
    with psycopg.connect(copy.conninfo, autocommit=True) as connection:
        remember(connection, copy.signing.folder, HAJNOWKA)
    assert memory.read_bytes() == whole != kept
    assert copy.findings() == []


def test_a_position_moved_into_a_gap_is_named(copy: Published) -> None:
    # As if ten positions had been given and never used, behind entry 300.
    copy.spoil(
        *LOOSENED,
        "UPDATE ledger_events SET notification_id = notification_id + 10 WHERE originator_version > 300",
        "UPDATE transparency.event_places SET position = position + 10 WHERE entry_index >= 300",
        "UPDATE read_models_progress SET position = position + 10",
        "SELECT setval('ledger_events_notification_id_seq', 368)",
    )
    assert copy.findings() == []
    copy.spoil("UPDATE ledger_events SET notification_id = 305 WHERE originator_version = 301")
    place: Place = (LEDGER, {"originator_id": HAJNOWKA, "originator_version": 301})
    assert [(one.table, one.key) for one in copy.findings()] == [place]


@pytest.mark.parametrize("what", SWAPPED)
def test_two_swapped_rows_are_named(copy: Published, what: str) -> None:
    found_in(copy, *SWAPPED[what])


@pytest.mark.parametrize("version", [1, 2, 128, 255, 256, 257, 300, 301, 357, 358])
def test_one_blank_more_is_one_entry_wherever_it_stands(copy: Published, version: int) -> None:
    # A blank more in the JSON: the entry says the same, and no longer in its canonical bytes.
    statement = (
        "UPDATE ledger_events SET state = convert_to(replace(convert_from(state, 'UTF8'),"
        """ '"role":"', '"role": "'), 'UTF8') WHERE originator_version = %s"""
    )
    with psycopg.connect(copy.conninfo) as connection:
        connection.execute("ALTER TABLE ledger_events DISABLE TRIGGER ALL")
        connection.execute(statement, [version])
    findings = copy.findings()
    assert {one.table for one in findings} == {LEDGER}
    assert {dict(one.key)["originator_version"] for one in findings} == {version}
