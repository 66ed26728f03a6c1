"""Databases that take minutes to make and are kept, in the user's own folder for temporary files, for the next run.

They are made anew when anything that decides, projects or makes histories has changed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.sql import SQL, Identifier

from api.embedded import EmbeddedPostgres
from bench.histories import ROOT
from projections.preparation import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psycopg import Connection

MADE_BY: Final = ("bench", "domain", "projections")


@contextmanager
def kept_databases(
    name: str, sizes: Mapping[str, int], fill: Callable[[str, str, int], None]
) -> Iterator[dict[str, str]]:
    """Give the connection string of each database; one that is missing is made and filled, with its name and size."""
    folder = Path(tempfile.gettempdir())
    prefix = f"consortium-ledger-bench-{os.geteuid()}-{name}-"
    home = folder / f"{prefix}{_digest()}"
    for outdated in folder.glob(f"{prefix}*"):
        if outdated != home:
            shutil.rmtree(outdated)
    with EmbeddedPostgres(home) as cluster:
        for database, size in sizes.items():
            made = f"{database}_{size}"
            with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
                if _is_there(connection, made):
                    continue
                making = f"{made}_making"
                connection.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(making)))
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(making)))
                prepare(cluster.conninfo(making), make_roles=False)
                fill(cluster.conninfo(making), database, size)
                # Whoever interrupts this leaves nothing half.
                connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(making), Identifier(made)))
        yield {database: cluster.conninfo(f"{database}_{size}") for database, size in sizes.items()}


def _is_there(connection: Connection, database: str) -> bool:
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database])
    return found.rowcount == 1


def _digest() -> str:
    digest = sha256()
    for package in MADE_BY:
        for file in sorted((ROOT / package).rglob("*")):
            if file.suffix in {".py", ".sql"}:
                digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
