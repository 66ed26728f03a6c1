"""The tables of the read models, made and brought up to date by `migrate`, beside those of the ledger."""

from __future__ import annotations

from importlib.resources import files
from typing import Final, LiteralString

import psycopg

VERSION: Final = 1


def migrate(conninfo: str) -> None:
    """Bring the tables up to `VERSION`, in one transaction; any number of processes may call it at once."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('consortium-ledger read models'))")
        exists = connection.execute("SELECT to_regclass('public.read_models_schema') IS NOT NULL").fetchone()
        found = 0
        if exists == (True,):
            row = connection.execute("SELECT max(version) FROM public.read_models_schema").fetchone()
            found = row[0] if row else 0
        for version in range(found + 1, VERSION + 1):
            connection.execute(_step(version))
            connection.execute("INSERT INTO public.read_models_schema (version) VALUES (%s)", [version])


def _step(version: int) -> LiteralString:
    text: LiteralString = (files(__package__) / f"schema-{version}.sql").read_text(encoding="utf-8")
    return text
