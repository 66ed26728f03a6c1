"""The small tables around the logs: versions of the schema, progress, keys, and where each event lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

from psycopg.sql import SQL, Identifier

from domain.ledger import schema
from projections.schema import READ_MODELS
from projections.transparency.audit.finding import LEDGER, PROGRESS, Finding, Report

if TYPE_CHECKING:
    from collections.abc import Collection

    from psycopg import Connection

    from projections.transparency.memory import Signed

VERSIONS: Final = {one.table: one.version for one in (schema.LEDGER, READ_MODELS)}
PLACES: Final = "transparency.event_places"
LOG_KEYS: Final = "transparency.log_keys"


def audit_versions(connection: Connection, report: Report) -> None:
    """Each step up to that of this program was taken once, and no other."""
    for table, version in VERSIONS.items():
        rows = connection.execute(SQL("SELECT version FROM public.{}").format(Identifier(table))).fetchall()
        found, due = {row[0] for row in rows}, set(range(1, version + 1))
        for each in sorted(found ^ due):
            missing = each in due
            polish = "brak kroku schematu" if missing else "tego kroku ten program nie zna"
            english = "this step of the schema is missing" if missing else "this program knows no such step"
            report(Finding(f"public.{table}", {"version": each}, polish, english))


def audit_progress(connection: Connection, report: Report) -> int:
    """Return how far the read models have come, which must be the position of an entry, or 0."""
    rows = connection.execute("SELECT position FROM public.read_models_progress WHERE one_row").fetchall()
    if len(rows) != 1:
        report(Finding(PROGRESS, {}, "brak wiersza postępu", "the row of the progress is missing"))
        return 0
    (position,) = rows[0]
    there = connection.execute("SELECT FROM public.ledger_events WHERE notification_id = %s", [position]).fetchone()
    if position and there is None:
        english = f"position {position} is that of no entry"
        report(Finding(PROGRESS, {"position": position}, f"pozycja {position} nie należy do żadnego wpisu", english))
    return int(position)


def last_position(connection: Connection) -> int:
    """Return the last position that was ever given to an entry, as the sequence remembers it."""
    row = connection.execute(
        "SELECT last_value FROM pg_sequences WHERE schemaname = 'public'"
        " AND sequencename = 'ledger_events_notification_id_seq'"
    ).fetchone()
    return (row[0] if row else None) or 0


_STRAY_PLACES: Final[LiteralString] = """
    SELECT event_id, entry_index FROM transparency.event_places AS place
    LEFT JOIN public.ledger_events AS entry
        ON entry.originator_id = place.consortium_id AND entry.originator_version = place.entry_index + 1
    WHERE place.consortium_id = %(log)s AND (
        entry.state IS NULL
        OR position(convert_to('"event_id":"' || place.event_id || '"', 'UTF8') IN entry.state) = 0
    ) ORDER BY entry_index, event_id
"""
_MISSING_PLACES: Final[LiteralString] = """
    SELECT originator_version FROM public.ledger_events AS entry
    WHERE originator_id = %(log)s AND originator_version BETWEEN 1 AND %(size)s AND NOT EXISTS (
        SELECT FROM transparency.event_places AS place
        WHERE place.consortium_id = %(log)s AND place.entry_index = entry.originator_version - 1
    ) ORDER BY originator_version
"""


_MOVED: Final[LiteralString] = """
    SELECT entry.originator_version, entry.notification_id, place.event_id, place.position, place.in_order
    FROM (
        SELECT event_id, entry_index, position, position > coalesce(lag(position) OVER by_index, 0)
            AND position < coalesce(lead(position) OVER by_index, position + 1) AS in_order
        FROM transparency.event_places WHERE consortium_id = %(log)s WINDOW by_index AS (ORDER BY entry_index)
    ) AS place JOIN public.ledger_events AS entry
        ON entry.originator_id = %(log)s AND entry.originator_version = place.entry_index + 1
    WHERE entry.notification_id <> place.position
        AND position(convert_to('"event_id":"' || place.event_id || '"', 'UTF8') IN entry.state) > 0
    ORDER BY entry.originator_version
"""


def audit_places(connection: Connection, consortium_id: str, size: int, report: Report) -> None:
    """Every integrated entry has its place and the position that it was read at, every place the event it names."""
    asked = {"log": consortium_id, "size": size}
    for event_id, index in connection.execute(_STRAY_PLACES, asked).fetchall():
        key = {"consortium_id": consortium_id, "event_id": event_id}
        polish, english = f"wpis {index + 1} jest inny", f"entry {index + 1} is not this event"
        report(Finding(PLACES, key, polish, english))
    for (version,) in connection.execute(_MISSING_PLACES, asked).fetchall():
        key = {"consortium_id": consortium_id, "entry_index": version - 1}
        report(Finding(PLACES, key, "brak miejsca tego zdarzenia", "the place of this event is missing"))
    _audit_positions(connection, consortium_id, report)


def _audit_positions(connection: Connection, consortium_id: str, report: Report) -> None:
    """Of a position and the one that was noted, the note is to blame where it does not fit between its neighbours."""
    for version, stands, event_id, noted, in_order in connection.execute(_MOVED, {"log": consortium_id}).fetchall():
        if in_order:
            entry = {"originator_id": consortium_id, "originator_version": version}
            polish = f"stoi na pozycji {stands}, a odczytano go z {noted} (według {PLACES})"
            english = f"it stands at position {stands} and was read at {noted}, as {PLACES} has it"
            report(Finding(LEDGER, entry, polish, english))
        else:
            place = {"consortium_id": consortium_id, "event_id": event_id}
            polish, english = f"pozycja {noted}, a wpis stoi na {stands}", f"position {noted}, the entry is at {stands}"
            report(Finding(PLACES, place, polish, english))


def audit_log_keys(
    connection: Connection, log_id: str, known: Collection[str], memory: Signed | None, report: Report
) -> None:
    """The keys that are shown are those that the signer remembers, in their order; none but known ones ever."""
    rows = connection.execute(
        "SELECT vkey, first_size FROM transparency.log_keys WHERE consortium_id = %s ORDER BY place", [log_id]
    ).fetchall()
    published = connection.execute(
        "SELECT max(size) FROM transparency.checkpoints WHERE consortium_id = %s", [log_id]
    ).fetchone()
    largest = published[0] if published else None
    remembered = memory.keys if memory is not None and largest is not None else ()
    due = [(key.vkey, key.since) for key in remembered if key.since <= (largest or 0)]
    strange = [row for row in rows if (row not in due if due else row[0] not in known)]
    for vkey, first_size in strange:
        key = {"consortium_id": log_id, "vkey": vkey}
        polish = f"podpisujący nie pamięta tego klucza od rozmiaru {first_size}"
        report(Finding(LOG_KEYS, key, polish, f"the signer remembers no such key from size {first_size} on"))
    for vkey, _ in (one for one in due if one not in rows):
        key = {"consortium_id": log_id, "vkey": vkey}
        report(Finding(LOG_KEYS, key, "brak klucza, który podpisywał", "a key that signed is missing"))
    if due and not strange and sorted(due) == sorted(rows) and due != rows:
        key = {"consortium_id": log_id, "vkey": rows[0][0]}
        report(Finding(LOG_KEYS, key, "klucze są w innej kolejności", "the keys stand in another order"))
