"""A deployment of one test's own, with two consortia that are published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from projections.preparation import prepare
from projections.transparency.signing import LOG_OF_LOGS
from tests.keys.deployment import FIRST, SECOND, Deployment, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def empty(database: str, tmp_path: Path) -> Iterator[Deployment]:
    prepare(database)
    with deployed(database, tmp_path / "signer") as deployment:
        yield deployment


@pytest.fixture
def deployment(empty: Deployment) -> Deployment:
    empty.found(FIRST, SECOND)
    empty.publish(FIRST, SECOND, LOG_OF_LOGS)
    return empty
