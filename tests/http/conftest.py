"""The application served to a module of tests: empty, or with the whole scenario recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clusters import cloned_database, separate_cluster
from tests.http.serving import Served, served
from tests.ledger.scenario import give, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from tests.http.client import Client

HEAD = 357
"""The version of the scenario's last entry."""


@pytest.fixture(scope="module")
def site(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The scenario, recorded as it was; a module that adds to it asks for no totals afterwards."""
    with cloned_database(cluster) as database, served(database, tmp_path_factory.mktemp("site")) as site:
        give(site.works.desk._writer, submissions())
        assert site.client.catches_up(HEAD)
        yield site


@pytest.fixture
def client(site: Served) -> Client:
    return site.client


@pytest.fixture
def fresh(database: str, tmp_path: Path) -> Iterator[Served]:
    """An empty deployment of one test."""
    with served(database, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def own_cluster() -> Iterator[EmbeddedPostgres]:
    with separate_cluster() as cluster:
        yield cluster
