"""What was acknowledged is there after any crash, and nothing that a crash leaves keeps the server from starting."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from api.embedded.accounts import ROOT, server_account
from api.embedded.binaries import find_binaries
from tests.clusters import kill_postmaster
from tests.embedded.member import Member

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def innocent(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process of the server's account that has nothing to do with it."""
    account = server_account(home)
    as_root = os.geteuid() == ROOT
    process = subprocess.Popen(
        ["/usr/bin/env", "cat"],
        stdin=subprocess.PIPE,
        user=account.uid if as_root else None,
        group=account.gid if as_root else None,
    )
    try:
        yield process
    finally:
        process.communicate()


def crash(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        kill_postmaster(postgres)


def put_pid(home: Path, pid: str) -> None:
    place = home / "data" / "postmaster.pid"
    _, *rest = place.read_text(encoding="utf-8").splitlines(keepends=True)
    place.write_text("".join([f"{pid}\n", *rest]), encoding="utf-8")


def assert_starts_and_stops(home: Path) -> None:
    postgres = EmbeddedPostgres(home)
    with psycopg.connect(postgres.start()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    postgres.stop()
    assert not (home / "data" / "postmaster.pid").exists()


def test_every_acknowledged_row_outlives_a_killed_server(home: Path) -> None:
    acknowledged: list[int] = []
    enough = threading.Event()

    def write(conninfo: str) -> None:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            for number in range(1_000_000):
                try:
                    connection.execute("INSERT INTO rows VALUES (%s)", [number])
                except psycopg.OperationalError:
                    return
                acknowledged.append(number)
                if number == 200:
                    enough.set()

    with EmbeddedPostgres(home) as postgres:
        conninfo = postgres.conninfo()
        with psycopg.connect(conninfo) as connection:
            connection.execute("CREATE TABLE rows (number integer PRIMARY KEY)")
        writer = threading.Thread(target=write, args=[conninfo])
        writer.start()
        enough.wait()
        kill_postmaster(postgres)
        writer.join()
        assert postgres.start() == conninfo
        with psycopg.connect(conninfo) as connection:
            stored = {number for (number,) in connection.execute("SELECT number FROM rows")}
    assert set(acknowledged) <= stored
    assert len(stored) - len(acknowledged) in {0, 1}


def test_a_stale_pid_of_an_innocent_process_harms_neither_side(home: Path) -> None:
    crash(home)
    with innocent(home) as process:
        put_pid(home, str(process.pid))
        assert_starts_and_stops(home)
        assert process.poll() is None


def test_a_stale_pid_of_a_zombie_does_no_harm(home: Path) -> None:
    crash(home)
    with innocent(home) as process:
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        put_pid(home, str(process.pid))
        assert_starts_and_stops(home)


@pytest.mark.parametrize("torn", ["", "123", "not a number\n"])
def test_a_torn_pid_file_does_no_harm(home: Path, torn: str) -> None:
    crash(home)
    (home / "data" / "postmaster.pid").write_text(torn, encoding="utf-8")
    assert_starts_and_stops(home)


def test_a_killed_initdb_leaves_nothing_half(
    folder: Path, reachable_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    half_way = slow_down_initdb(reachable_folder)
    monkeypatch.setenv("CONSORTIUM_LEDGER_PG_BIN", str(reachable_folder))
    member = Member(home)
    assert half_way.read_text(encoding="utf-8") == "half\n"
    member.die(signal.SIGKILL)
    assert (home / "data.new" / "PG_VERSION").exists()
    assert not (home / "data").exists()
    monkeypatch.delenv("CONSORTIUM_LEDGER_PG_BIN")
    assert_starts_and_stops(home)
    assert not (home / "data.new").exists()


def slow_down_initdb(programs: Path) -> Path:
    """Put PostgreSQL's programs there, with an initdb that says by a pipe when it is half way through."""
    real = find_binaries(server_account(programs), None).folder
    for program in ("postgres", "pg_ctl"):
        (programs / program).symlink_to(real / program)
    half_way = programs / "half-way"
    os.mkfifo(half_way)
    half_way.chmod(0o666)
    initdb = programs / "initdb"
    initdb.write_text(SLOW_INITDB.format(real=real / "initdb", half_way=half_way), encoding="utf-8")
    initdb.chmod(0o755)
    return half_way


SLOW_INITDB = """#!/bin/sh
[ "$1" = --version ] && exec '{real}' "$1"
'{real}' "$@" &
until [ -e "$2/PG_VERSION" ]; do :; done
echo half > '{half_way}'
wait
"""
