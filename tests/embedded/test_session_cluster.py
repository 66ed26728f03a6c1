"""The cluster of a test session: a database for each test, and nothing left however the session ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.clusters import TEMPLATE
from tests.house.tree import TOP

if TYPE_CHECKING:
    from api.embedded import EmbeddedPostgres

PASSING = """
import os, pathlib, psycopg, pytest

@pytest.mark.parametrize("number", range(6))
def test_the_database_is_new(database, number):
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE only_here ()")
    pathlib.Path({told!r}).write_text(os.environ["CONSORTIUM_LEDGER_TEST_HOME"])
"""
CRASHING = PASSING + "    os.kill(os.getpid(), 9)\n"
WAITING = PASSING + "    open({pipe!r}, 'w').close(); open({pipe!r})\n"


def session(folder: Path, source: str, *options: str) -> subprocess.Popen[str]:
    test = folder / "test_inner.py"
    test.write_text(source.format(told=str(folder / "told"), pipe=str(folder / "pipe")), encoding="utf-8")
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "xdist", "-p", "tests.conftest", *options, str(test)]
    # Of the plugins only the one that starts workers: loading the others takes longer than all the rest.
    environment = os.environ | {"PYTHONPATH": str(TOP), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""}
    return subprocess.Popen(argv, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


def assert_nothing_left(folder: Path) -> None:
    home = Path((folder / "told").read_text(encoding="utf-8"))
    assert home.is_absolute()
    assert not home.exists()


def test_databases_are_copies_of_one_template(cluster: EmbeddedPostgres, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE only_here ()")
    query = "SELECT datallowconn FROM pg_database WHERE datname = %s"
    with psycopg.connect(cluster.conninfo("postgres")) as connection:
        assert connection.execute(query, [TEMPLATE]).fetchone() == (False,)


def test_workers_share_a_cluster_and_leave_nothing(tmp_path: Path) -> None:
    output, _ = (running := session(tmp_path, PASSING, "--numprocesses=2")).communicate()
    assert (running.returncode, "6 passed" in output) == (0, True), output
    assert_nothing_left(tmp_path)


def test_a_worker_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    output, _ = session(tmp_path, CRASHING, "--numprocesses=1", "--maxfail=1").communicate()
    assert "crashed" in output
    assert_nothing_left(tmp_path)


def test_an_interrupted_session_leaves_nothing(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    running = session(tmp_path, WAITING)
    pipe.read_text(encoding="utf-8")
    running.send_signal(signal.SIGINT)
    output, _ = running.communicate()
    assert "KeyboardInterrupt" in output
    assert_nothing_left(tmp_path)
