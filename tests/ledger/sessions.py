"""What other sessions of the database do at the moment, and being in their way."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg
from psycopg.sql import SQL

if TYPE_CHECKING:
    from collections.abc import Iterator

APPEND_LOCK: Final = "wait_event_type = 'Lock' AND wait_event = 'advisory'"

PATIENCE_SECONDS: Final = 30

OTHERS: Final = SQL(
    "SELECT {} FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND {}"
)


def wait_until_somebody_waits(database: str, condition: LiteralString = APPEND_LOCK) -> None:
    """Return once another session is seen in `condition`, a condition on `pg_stat_activity`; fail when none ever is."""
    deadline = monotonic() + PATIENCE_SECONDS
    with psycopg.connect(database, autocommit=True) as connection:
        while not connection.execute(OTHERS.format(SQL("TRUE"), SQL(condition))).fetchall():
            assert monotonic() < deadline, f"nobody is seen with {condition}"


def end_others(database: str, condition: LiteralString = "TRUE") -> None:
    """End every other session that is in `condition`, as a server that goes down would."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(OTHERS.format(SQL("pg_terminate_backend(pid, 5000)"), SQL(condition)))


@contextmanager
def commits_held_up(database: str) -> Iterator[None]:
    """Keep everybody from committing; whoever has to wait for two seconds gives up."""
    with psycopg.connect(database) as holder:
        holder.execute("SELECT pg_advisory_xact_lock('ledger_events'::regclass::bigint)")
        yield


def transactions(database: str) -> int:
    """Count those that stored entries."""
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(DISTINCT xmin::text) FROM ledger_events").fetchone()
    return row[0] if row else 0
