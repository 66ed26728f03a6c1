"""A ledger with the scenario in it, and its tables kept by a runner, on a database of one test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from domain.ledger.ledger import Ledger
from projections.read_models import all_read_models
from projections.runner import Runner
from projections.schema import READ_MODELS
from tests.ledger.scenario import history

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def prepared(database: str) -> str:
    """Return the database with the tables of the read models."""
    READ_MODELS.migrate(database)
    return database


@pytest.fixture
def recorded(prepared: str) -> Iterator[Ledger]:
    """The scenario, which nobody has taken in."""
    with Ledger.connect(prepared) as ledger:
        ledger.append(history())
        yield ledger


@pytest.fixture
def connection(prepared: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(prepared, autocommit=True) as connection:
        yield connection


@pytest.fixture
def kept(recorded: Ledger, connection: psycopg.Connection) -> Ledger:
    """The scenario, taken in to its end."""
    Runner(recorded, connection, all_read_models(recorded)).catch_up()
    return recorded
