"""The database cluster of a test session, and databases of one test in it.

The cluster lives in memory where there is room for it; fsync stays on, for there it costs nothing. The first process
that needs it starts it, the last that leaves stops it, and `dissolve` removes what a killed session left.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import select
import shutil
import signal
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError
from domain.ledger.schema import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = f"consortium-ledger-test-{os.geteuid()}-"
TEMPLATE = "ledger_template"
ROOM_BYTES = 1 << 30
# A session takes hold of its cluster long before.
ABANDONED_AFTER_SECONDS = 600


def spacious_folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - the names made in it cannot be foreseen
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES:
        return memory
    return Path(tempfile.gettempdir())


def new_home() -> Path:
    sweep()
    return spacious_folder() / f"{PREFIX}{secrets.token_hex(6)}"


def sweep() -> None:
    """Remove the clusters of sessions that were killed."""
    for home in spacious_folder().glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):
            found = home.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > ABANDONED_AFTER_SECONDS:
                dissolve(home)


def dissolve(home: Path) -> None:
    """Remove a cluster that nobody uses, and stop its server first when that outlived its users."""
    cluster = EmbeddedPostgres(home)
    # A clean stop removes this file.
    if (home / "data" / "postmaster.pid").exists():
        with suppress(EmbeddedPostgresError):
            cluster.start()
            if not cluster.stop():
                return
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def separate_cluster() -> Iterator[EmbeddedPostgres]:
    """Start a server for one test alone, which may kill it; its own database is migrated."""
    home = new_home()
    try:
        with EmbeddedPostgres(home) as cluster:
            LEDGER.migrate(cluster.conninfo())
            yield cluster
    finally:
        dissolve(home)


def prepare_template(cluster: EmbeddedPostgres) -> None:
    """Make the database that tests' databases are copied from; once, whichever process comes first.

    It gets its name when it is whole, so a process killed meanwhile does no harm.
    """
    building = f"{TEMPLATE}_building"
    with (cluster.home / ".template").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchall():
                return
            _on_database(connection, "DROP DATABASE IF EXISTS {}", building)
            _on_database(connection, "CREATE DATABASE {} TEMPLATE template0", building)
            LEDGER.migrate(cluster.conninfo(building))
            _on_database(connection, "ALTER DATABASE {} ALLOW_CONNECTIONS false", building)
            _on_database(connection, "ALTER DATABASE {} RENAME TO {}", building, TEMPLATE)


@contextmanager
def cloned_database(cluster: EmbeddedPostgres) -> Iterator[str]:
    """Copy the template, give the connection string of the copy, and drop it whoever is still connected."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
        _on_database(connection, "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, TEMPLATE)
    try:
        yield cluster.conninfo(name)
    finally:
        # Anew, since a test may have killed the server; and then it is brought up here.
        cluster.start()
        with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
            _on_database(connection, "DROP DATABASE {} WITH (FORCE)", name)


def kill_postmaster(cluster: EmbeddedPostgres) -> None:
    """Kill the server's first process the hard way and return once it is dead."""
    process = os.pidfd_open(cluster.postmaster_pid())
    try:
        signal.pidfd_send_signal(process, signal.SIGKILL)
        # The descriptor of a process can be read from when the process has ended.
        select.select([process], [], [])
    finally:
        os.close(process)


def _on_database(connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
