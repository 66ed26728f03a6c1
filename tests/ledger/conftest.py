"""Ledgers and writers on a database of one test's own."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from tests.clusters import separate_cluster
from tests.ledger.scenario import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres


@pytest.fixture
def empty_database(cluster: EmbeddedPostgres) -> Iterator[str]:
    """Make a database that nobody migrated."""
    name = sql.Identifier(f"empty_{secrets.token_hex(6)}")
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        yield cluster.conninfo(name.as_string().strip('"'))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    with Ledger.connect(database) as ledger:
        yield ledger


@pytest.fixture
def writer(ledger: Ledger) -> Iterator[Writer]:
    with Writer(ledger, clock) as writer:
        yield writer


@pytest.fixture
def own_cluster() -> Iterator[EmbeddedPostgres]:
    with separate_cluster() as cluster:
        yield cluster
