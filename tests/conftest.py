"""One database cluster for a session of tests, started by the first test that needs it.

`cluster` is the running cluster; `database` is the connection string of a migrated database for one test alone.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.embedded import EmbeddedPostgres
from tests.clusters import cloned_database, dissolve, new_home, prepare_template

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = "CONSORTIUM_LEDGER_TEST_HOME"


def is_worker(config: pytest.Config) -> bool:
    """Tell the processes that pytest-xdist starts from the one that it starts them from."""
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    # A session in the background of a script ignores Ctrl-C, and so would every program that a test starts.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not is_worker(config):
        # Workers inherit it.
        os.environ[HOME] = str(new_home())
        # A session that is told to end, or whose terminal closes, cleans up as after Ctrl-C.
        for ending in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(ending) is signal.SIG_DFL:
                signal.signal(ending, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not is_worker(config):
        dissolve(Path(os.environ[HOME]))


@pytest.fixture(scope="session")
def cluster() -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(Path(os.environ[HOME])) as cluster:
        prepare_template(cluster)
        yield cluster


@pytest.fixture
def database(cluster: EmbeddedPostgres) -> Iterator[str]:
    with cloned_database(cluster) as conninfo:
        yield conninfo
