"""One server for any number of processes, however each of them ends."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from tests.embedded.member import Member, members

if TYPE_CHECKING:
    from pathlib import Path


def answers(conninfo: str) -> bool:
    try:
        with psycopg.connect(conninfo) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def test_processes_that_start_at_once_share_one_server_until_the_last_leaves(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder / "home")
    with members(6, folder / "home") as (*others, last):
        assert len({member.postmaster_pid() for member in (*others, last)}) == 1
        for member in others[:2]:
            member.leave()
        for member, blow in zip(others[2:], (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM), strict=True):
            member.die(blow)
        assert answers(postgres.conninfo())
        last.leave()
        assert not answers(postgres.conninfo())


def test_a_server_whose_only_user_was_killed_is_joined_and_stopped_by_the_next(home: Path) -> None:
    member = Member(home)
    left_alone = member.postmaster_pid()
    member.die(signal.SIGKILL)
    postgres = EmbeddedPostgres(home)
    conninfo = postgres.start()
    assert postgres.postmaster_pid() == left_alone
    assert postgres.stop()
    assert not answers(conninfo)


def test_starting_twice_is_starting_once(home: Path) -> None:
    postgres = EmbeddedPostgres(home)
    conninfo = postgres.start()
    first = postgres.postmaster_pid()
    assert postgres.start() == conninfo
    assert postgres.postmaster_pid() == first
    assert postgres.stop()
    assert not answers(conninfo)


def test_one_user_leaves_the_server_to_another_in_the_same_process(home: Path) -> None:
    with EmbeddedPostgres(home) as other:
        one = EmbeddedPostgres(home)
        one.start()
        assert not one.stop()
        assert answers(other.conninfo())
    assert not answers(other.conninfo())


def test_two_runs_one_after_another_find_the_same_rows(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres, psycopg.connect(postgres.conninfo()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres(home) as postgres, psycopg.connect(postgres.conninfo()) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]


def test_stopping_what_was_never_started_stops_nothing(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        assert not EmbeddedPostgres(home).stop()
        assert answers(postgres.conninfo())


def test_a_program_started_meanwhile_does_not_keep_the_server(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        bystander = subprocess.Popen(["/usr/bin/env", "cat"], stdin=subprocess.PIPE)
    assert not answers(postgres.conninfo())
    bystander.communicate()


@pytest.mark.parametrize("user", ["postgres", "someone-else"])
def test_nobody_comes_in_under_another_name(home: Path, user: str) -> None:
    with EmbeddedPostgres(home) as postgres, pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(postgres.conninfo(), user=user)
