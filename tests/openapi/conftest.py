"""One served site for all operations: the scenario recorded, and everything that keeps it up at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clusters import cloned_database
from tests.http.serving import Served, served
from tests.ledger.scenario import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres

HEAD = 357
"""The version of the scenario's last entry."""


@pytest.fixture(scope="session")
def site(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with cloned_database(cluster) as database, served(database, tmp_path_factory.mktemp("site")) as site:
        for answer in [site.works.desk._writer.submit(each) for each in submissions()]:
            answer.result()
        assert site.client.get("members", at_least=HEAD).status == 200
        yield site
