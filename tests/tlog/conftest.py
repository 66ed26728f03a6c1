"""Logs served over HTTP from a database of one test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from api.receipts import Receipts
from api.snapshots import Snapshots
from domain.ledger.ledger import Ledger
from projections.bitemporal.rebuilding import ensure
from projections.questions import TABLES
from projections.schema import READ_MODELS
from projections.transparency.signing import Signing
from tests.tlog.logs import MadeLog
from tests.tlog.site import Site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def signing(tmp_path: Path) -> Signing:
    signing = Signing(tmp_path / "signer", "example.com")
    signing.create_seed()
    return signing


@pytest.fixture
def prepared(database: str) -> str:
    """Return the database with the tables of the read models."""
    READ_MODELS.migrate(database)
    return database


@pytest.fixture
def ledger(prepared: str) -> Iterator[Ledger]:
    with Ledger.connect(prepared) as ledger, psycopg.connect(prepared, autocommit=True) as connection:
        ensure(ledger, connection, TABLES, lambda _: None)
        yield ledger


@pytest.fixture
def made(ledger: Ledger, database: str, signing: Signing) -> Iterator[MadeLog]:
    """A log that grows and is published only when the test says so."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield MadeLog(ledger, connection, signing)


@pytest.fixture
def receipts(prepared: str) -> Iterator[Receipts]:
    with Snapshots(prepared) as snapshots, Receipts(prepared, snapshots) as receipts:
        yield receipts


@pytest.fixture
def site(ledger: Ledger, database: str, signing: Signing) -> Iterator[Site]:
    """The application on a port of its own, without anybody who integrates or publishes."""
    with serving(ledger, database, signing) as site:
        yield site
