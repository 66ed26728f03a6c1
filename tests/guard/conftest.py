"""A prepared database of one test's own, with the connection strings of its owner, its service and its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import make_conninfo

from domain.ledger.ledger import Ledger
from domain.ledger.roles import READER, SERVICE
from projections.preparation import prepare
from projections.transparency.signing import Signing
from tests.guard.pattern import copied, published
from tests.ledger.scenario import history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from tests.guard.pattern import Published

HOST = "example.com"


@pytest.fixture
def owner(database: str) -> str:
    prepare(database)
    return database


@pytest.fixture
def service(owner: str) -> str:
    return make_conninfo(owner, user=SERVICE)


@pytest.fixture
def reader(owner: str) -> str:
    return make_conninfo(owner, user=READER)


@pytest.fixture
def ledger(service: str) -> Iterator[Ledger]:
    """The scenario's whole history, written by the service."""
    with Ledger.connect(service) as ledger:
        ledger.append(history())
        yield ledger


@pytest.fixture
def signing(tmp_path: Path) -> Signing:
    signing = Signing(tmp_path / "signer", HOST)
    signing.create_seed()
    return signing


@pytest.fixture(scope="module")
def pattern(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """Publish the scenario step by step, once; to be copied and never changed."""
    with published(cluster, tmp_path_factory.mktemp("pattern") / "signer") as pattern:
        yield pattern


@pytest.fixture
def copy(cluster: EmbeddedPostgres, pattern: Published, tmp_path: Path) -> Iterator[Published]:
    with copied(cluster, pattern, tmp_path) as copy:
        yield copy
