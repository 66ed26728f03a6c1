"""The tables of the read models, made and brought up to date by `migrate`, beside those of the ledger."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg

from domain.ledger.faults import WrongSchema, told_as_faults

if TYPE_CHECKING:
    from psycopg import Connection

VERSION: Final = 2


def migrate(conninfo: str) -> None:
    """Bring the tables up to `VERSION`, in one transaction; any number of processes may call it at once.

    Raises:
        WrongSchema: the database is newer than this program.
        LedgerUnavailable: the database does not answer.
    """
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('consortium-ledger read models'))")
        found = schema_version(connection)
        if found > VERSION:
            raise WrongSchema(found=found, needed=VERSION)
        for version in range(found + 1, VERSION + 1):
            connection.execute(_step(version))
            connection.execute("INSERT INTO public.read_models_schema (version) VALUES (%s)", [version])


def schema_version(connection: Connection) -> int:
    """Return the last step taken, 0 for none."""
    if connection.execute("SELECT to_regclass('public.read_models_schema')").fetchone() == (None,):
        return 0
    row = connection.execute("SELECT max(version) FROM public.read_models_schema").fetchone()
    return (row[0] if row else None) or 0


def require_schema(conninfo: str) -> None:
    """Make sure that the read models are those of this program.

    Raises:
        WrongSchema: they were not migrated, or are newer than this program.
        LedgerUnavailable: the database does not answer.
    """
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        found = schema_version(connection)
    if found != VERSION:
        raise WrongSchema(found=found, needed=VERSION)


def _step(version: int) -> LiteralString:
    text: LiteralString = (files(__package__) / f"schema-{version}.sql").read_text(encoding="utf-8")
    return text
