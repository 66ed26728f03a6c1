"""The server runs wherever its user can write, and changes nobody's permissions."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import psycopg
import pytest

from api.embedded import EmbeddedPostgres, default_home
from api.embedded.accounts import ROOT, server_account
from api.embedded.binaries import copy_within_reach, find_binaries
from tests.clusters import kill_postmaster

AWKWARD = [
    pytest.param(b"far/" * 40 + b"away", id="too long for a socket"),
    pytest.param("ósma, \"dziewiąta\" i 'dziesiąta'; $HOME \\ %s".encode(), id="with commas and quotes"),
    pytest.param(b"not \xff text", id="not text"),
]


def permissions(*places: Path) -> list[tuple[int, int]]:
    return [(place.stat().st_mode, place.stat().st_uid) for place in places]


def answer(conninfo: str) -> object:
    with psycopg.connect(conninfo) as connection:
        return connection.execute("SELECT 'tak'").fetchone()


def test_a_home_below_a_private_folder_works_and_no_permission_changes(folder: Path, home: Path) -> None:
    folder.chmod(0o700)
    home.chmod(0o700)
    before = permissions(folder, home)
    with EmbeddedPostgres(home) as postgres:
        assert answer(postgres.conninfo()) == ("tak",)
        kill_postmaster(postgres)
        postgres.start()
        assert answer(postgres.conninfo()) == ("tak",)
    assert permissions(folder, home) == before


def test_a_home_is_made_with_the_folders_above_it(folder: Path) -> None:
    home = folder / "above" / "home"
    with EmbeddedPostgres(home) as postgres:
        assert answer(postgres.conninfo()) == ("tak",)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert server_account(home).uid == (home / "data").stat().st_uid != ROOT
    # Above the home nothing knows how to stop a server, so this says that none is left.
    assert not (home / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_path_has_its_socket_elsewhere_until_the_server_stops(folder: Path, home: Path, name: bytes) -> None:
    awkward = folder / os.fsdecode(name)
    awkward.parent.mkdir(parents=True, exist_ok=True)
    home.rename(awkward)
    with EmbeddedPostgres(awkward) as postgres:
        elsewhere = (awkward / "sock").readlink()
        assert permissions(elsewhere) == [(stat.S_IFDIR | 0o700, server_account(awkward).uid)]
        conninfo = postgres.conninfo()
        assert answer(conninfo) == ("tak",)
        kill_postmaster(postgres)
        assert postgres.start() == conninfo
        assert answer(conninfo) == ("tak",)
    assert not elsewhere.exists()


def test_a_home_that_moved_finds_its_socket_again(folder: Path, home: Path) -> None:
    far = folder / ("x" * 100)
    for place, moved_to in ((home, far), (far, home), (home, None)):
        with EmbeddedPostgres(place) as postgres:
            assert answer(postgres.conninfo()) == ("tak",)
            assert (place / "sock").is_symlink() == (place == far)
        if moved_to:
            place.rename(moved_to)


def test_two_names_of_one_home_mean_one_server(folder: Path, home: Path) -> None:
    other_name = folder / "other-name"
    other_name.symlink_to(home)
    with EmbeddedPostgres(home) as one, EmbeddedPostgres(other_name) as other:
        assert one.conninfo() == other.conninfo()
        assert one.postmaster_pid() == other.postmaster_pid()
    other_name.unlink()


def test_programs_out_of_reach_are_copied_once_and_run(folder: Path, reachable_folder: Path) -> None:
    account = server_account(folder)
    tree = find_binaries(account, None).folder.parent
    hidden = folder / "hidden"
    hidden.symlink_to(tree)
    store = reachable_folder / "store"
    copied = copy_within_reach(hidden / "bin", account, [store])
    assert copied is not None
    assert copied.folder.is_relative_to(store)
    assert account.run(copied.folder / "pg_ctl", "--version").returncode == 0
    before = copied.folder.stat().st_ino
    assert copy_within_reach(hidden / "bin", account, [store]) == copied
    assert copied.folder.stat().st_ino == before
    assert [place.name for place in store.iterdir()] == [copied.folder.relative_to(store).parts[0]]


def test_programs_are_never_copied_where_others_can_write(folder: Path) -> None:
    account = server_account(folder)
    programs = find_binaries(account, None).folder
    everybodys = folder / "everybodys"
    everybodys.mkdir()
    everybodys.chmod(0o777)
    assert copy_within_reach(programs, account, [everybodys]) is None
    assert list(everybodys.iterdir()) == []


def test_the_home_is_the_systems_for_root_and_the_users_own_for_anyone_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data-of-a-user")
    expected = {True: "/var/lib/consortium-ledger", False: "/data-of-a-user/consortium-ledger"}
    assert default_home() == Path(expected[os.geteuid() == ROOT])


def test_a_relative_xdg_data_home_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert default_home().is_absolute()
