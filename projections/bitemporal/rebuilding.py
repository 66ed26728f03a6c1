"""Rebuilding the tables beside the live ones, comparing, and switching in one transaction.

    read_next is made and caught up ──▶ runners held up ──▶ the last entries ──▶ compared ──▶ read_next becomes read

Until the switch everybody reads the live tables, and whoever is killed before it leaves them as they were. What is new
is committed before the switch, so that a reader who had begun to wait for it finds all of it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, LiteralString

from psycopg.errors import DeadlockDetected, LockNotAvailable
from psycopg.sql import SQL, Identifier

from domain.ledger.following import BATCH, entries_after
from projections.bitemporal.definition import LIVE, create, fingerprint, made
from projections.bitemporal.reports import create_reports
from projections.bitemporal.tables import Tables
from projections.runner import reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psycopg import Connection

    from domain.ledger.ledger import Ledger
    from projections.bitemporal.table import Table

NEXT: Final = "read_next"

ALONE: Final = "hashtext('consortium-ledger rebuild')"
RUNNERS: Final = "'public.read_models_progress'::regclass::bigint"
"""What a runner holds to the end of its transaction, here held for longer than one."""

PATIENCE_SECONDS: Final = 2
"""How long new readers may have to wait behind a switch that itself waits for one that reads on."""

ATTEMPTS: Final = 30


def is_current(connection: Connection, tables: Sequence[Table]) -> bool:
    """Tell whether the live tables were made from these declarations."""
    return made(connection, LIVE) == fingerprint(tables)


def entries_reached(connection: Connection) -> int:
    """Count the entries that the read models have taken in, and that a rebuilding takes in again."""
    row = connection.execute(
        "SELECT count(*) FROM public.ledger_events"
        " WHERE notification_id <= (SELECT position FROM public.read_models_progress)"
    ).fetchone()
    return int(row[0]) if row else 0


def rebuild(
    ledger: Ledger, connection: Connection, tables: Sequence[Table], advance: Callable[[int], None]
) -> dict[str, int] | None:
    """Build every table again from the entries, and switch; return how many rows differed, by table.

    None where the live tables were made from other declarations, or not at all, so that there is nothing to compare.
    `advance` is told how many entries were taken in. Of several that are asked for at once, one goes after another.
    `connection` commits by itself.

    Raises:
        psycopg.errors.InsufficientPrivilege: the live tables are another login's.
    """
    with _unhurried(connection), _held(connection, ALONE), _as_their_owner(connection):
        return _rebuilt(ledger, connection, tables, advance)


def ensure(ledger: Ledger, connection: Connection, tables: Sequence[Table], advance: Callable[[int], None]) -> bool:
    """Build the tables unless they are those of these declarations; tell whether they were built now.

    Raises:
        psycopg.errors.InsufficientPrivilege: the live tables are others, and another login's.
    """
    if is_current(connection, tables):
        return False
    with _unhurried(connection), _held(connection, ALONE):
        # Another process may have done it meanwhile.
        if is_current(connection, tables):
            return False
        with _as_their_owner(connection):
            _rebuilt(ledger, connection, tables, advance)
    return True


@contextmanager
def _unhurried(connection: Connection) -> Iterator[None]:
    """Lift the server's limits of time: another rebuilding is waited for, and large tables are compared."""
    connection.execute("SET lock_timeout = 0; SET statement_timeout = 0")
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("RESET lock_timeout; RESET statement_timeout")


@contextmanager
def _held(connection: Connection, key: LiteralString) -> Iterator[None]:
    """Hold an advisory lock beyond the transactions within."""
    connection.execute(SQL("SELECT pg_advisory_lock({})").format(SQL(key)))
    try:
        yield
    finally:
        # With a connection that broke its locks are gone.
        if not connection.broken:
            connection.execute(SQL("SELECT pg_advisory_unlock({})").format(SQL(key)))


@contextmanager
def _as_their_owner(connection: Connection) -> Iterator[None]:
    """Act as the login to which the live tables belong, so that it goes on keeping them; refused before any work."""
    find = "SELECT pg_get_userbyid(nspowner), nspowner = current_user::regrole FROM pg_namespace WHERE nspname = %s"
    found = connection.execute(find, [LIVE]).fetchone()
    if found is None or found[1]:
        yield
        return
    connection.execute(SQL("SET ROLE {}").format(Identifier(found[0])))
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("RESET ROLE")


def _rebuilt(
    ledger: Ledger, connection: Connection, tables: Sequence[Table], advance: Callable[[int], None]
) -> dict[str, int] | None:
    comparable = is_current(connection, tables)
    with connection.transaction():
        connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(Identifier(NEXT)))
        create(connection, NEXT, tables)
    built = Tables(ledger, tables, NEXT)
    position = _follow(ledger, connection, built, 0, advance)
    with _held(connection, RUNNERS):
        _follow(ledger, connection, built, position, advance)
        differences = {table.name: _differing(connection, table) for table in tables} if comparable else None
        _switch_patiently(connection, tables)
    return differences


def _switch_patiently(connection: Connection, tables: Sequence[Table]) -> None:
    """Wait for those who are reading, but let others read in between; give up when somebody reads on and on.

    Raises:
        psycopg.errors.LockNotAvailable: somebody did not end a transaction in which it reads.
    """
    for attempt in range(ATTEMPTS):
        try:
            with connection.transaction():
                connection.execute("SELECT set_config('lock_timeout', %s, true)", [f"{PATIENCE_SECONDS}s"])
                _switch(connection, tables)
        except (LockNotAvailable, DeadlockDetected):
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            return


def _switch(connection: Connection, tables: Sequence[Table]) -> None:
    live, built = Identifier(LIVE), Identifier(NEXT)
    if made(connection, LIVE) is not None:
        # Every answer begins with it; whoever is in the midst of one ends it first, and nobody waits crosswise.
        connection.execute(SQL("LOCK TABLE {}.moments IN ACCESS EXCLUSIVE MODE").format(live))
    connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(live))
    connection.execute(SQL("ALTER SCHEMA {} RENAME TO {}").format(built, live))
    create_reports(connection, tables)


def _follow(
    ledger: Ledger, connection: Connection, built: Tables, position: int, advance: Callable[[int], None]
) -> int:
    """Take in whatever the live tables have, batch by batch."""
    while True:
        upto = reached(connection)
        batch = [placed for placed in entries_after(ledger, position) if placed.position <= upto]
        if batch:
            with connection.transaction():
                built.apply(connection, batch)
            position = batch[-1].position
            advance(len(batch))
        if len(batch) < BATCH:
            return position


def _differing(connection: Connection, table: Table) -> int:
    """Count the rows that only one of the two has."""
    one, other = Identifier(LIVE, table.name), Identifier(NEXT, table.name)
    count = SQL(
        "SELECT count(*) FROM"
        " ((TABLE {0} EXCEPT ALL TABLE {1}) UNION ALL (TABLE {1} EXCEPT ALL TABLE {0})) AS differing"
    ).format(one, other)
    row = connection.execute(count).fetchone()
    return int(row[0]) if row else 0
