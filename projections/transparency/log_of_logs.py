"""The log of all logs of the deployment, so that a log that vanished, or was begun anew, is noticed.

A leaf is the signed checkpoint of a log: its first one with entries, and from then on at most one an hour, whenever
there is a newer one. Tiles, tree and checkpoints stand with those of the consortia; the leaves in their own table.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from domain.ledger.faults import BrokenEntry
from domain.transparency.tree import leaf_hash
from projections.transparency.signing import LOG_OF_LOGS
from projections.transparency.tiles import add_leaves, tree_size

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from psycopg import Connection

INTERVAL: Final = timedelta(hours=1)

_DUE: Final = """
    SELECT tree.consortium_id, latest.size, latest.note
    FROM transparency.trees AS tree
    CROSS JOIN LATERAL (
        SELECT size, note FROM transparency.checkpoints AS published
        WHERE published.consortium_id = tree.consortium_id AND size > 0 ORDER BY size DESC LIMIT 1
    ) AS latest
    LEFT JOIN LATERAL (
        SELECT size, logged_at FROM transparency.log_of_logs AS leaf
        WHERE leaf.consortium_id = tree.consortium_id ORDER BY leaf_index DESC LIMIT 1
    ) AS logged ON true
    WHERE tree.consortium_id <> %(log_of_logs)s
        AND (%(among)s::text[] IS NULL OR tree.consortium_id = ANY (%(among)s))
        AND (logged.size IS NULL OR (latest.size > logged.size AND logged.logged_at <= %(not_since)s))
    ORDER BY tree.consortium_id
"""


def log_checkpoints(
    connection: Connection, now: datetime, interval: timedelta = INTERVAL, among: Collection[str] | None = None
) -> int:
    """Add the checkpoints that are due, of all logs or of those named; return how many were added.

    Any number of processes may call it at once: each checkpoint is added once.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock('transparency.log_of_logs'::regclass::bigint)")
        parameters = {
            "log_of_logs": LOG_OF_LOGS,
            "among": None if among is None else list(among),
            "not_since": now - interval,
        }
        due = [(log_id, size, bytes(note)) for log_id, size, note in connection.execute(_DUE, parameters)]
        _add(connection, due, now)
    return len(due)


def leaves(connection: Connection, first: int, last: int) -> Iterator[bytes]:
    """Read leaves by their number, from 1, both ends included.

    Raises:
        BrokenEntry: one is missing.
    """
    rows = connection.execute(
        "SELECT leaf_index, note FROM transparency.log_of_logs WHERE leaf_index BETWEEN %s AND %s ORDER BY leaf_index",
        [first - 1, last - 1],
    )
    for expected, (leaf_index, note) in enumerate(rows, first - 1):
        if leaf_index != expected:
            raise BrokenEntry(f"{LOG_OF_LOGS}@{expected + 1}", f"missing; {leaf_index + 1} follows")
        yield bytes(note)


def _add(connection: Connection, due: Sequence[tuple[str, int, bytes]], now: datetime) -> None:
    begin = tree_size(connection, LOG_OF_LOGS)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO transparency.log_of_logs (leaf_index, consortium_id, size, note, logged_at)"
            " VALUES (%s, %s, %s, %s, %s)",
            [(place, *leaf, now) for place, leaf in enumerate(due, begin)],
        )
    add_leaves(connection, LOG_OF_LOGS, begin, [leaf_hash(note) for _, _, note in due])
