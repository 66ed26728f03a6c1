"""What the embedded database refuses, and how it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError
from api.embedded.configuration import DURABILITY

if TYPE_CHECKING:
    from pathlib import Path


def refusal(home: Path, settings: dict[str, str] | None = None) -> EmbeddedPostgresError:
    with pytest.raises(EmbeddedPostgresError) as refused:
        EmbeddedPostgres(home, settings).start()
    assert str(refused.value) == refused.value.pl
    assert all("\n" not in sentence and sentence.endswith(".") for sentence in (refused.value.pl, refused.value.en))
    return refused.value


def test_the_server_keeps_what_it_acknowledges_and_finds_decay(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres, psycopg.connect(postgres.conninfo()) as connection:
        for setting in (*DURABILITY, "data_checksums"):
            assert connection.execute("SELECT current_setting(%s)", [setting]).fetchone() == ("on",)


@pytest.mark.parametrize("setting", DURABILITY)
def test_a_server_that_could_forget_is_refused_and_not_left_running(home: Path, setting: str) -> None:
    assert f"({setting} = off)" in refusal(home, {setting: "off"}).en
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_server_that_an_operator_made_forgetful_is_not_joined(home: Path) -> None:
    with EmbeddedPostgres(home) as first:
        with psycopg.connect(first.conninfo(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            while connection.execute("SHOW fsync").fetchone() == ("on",):
                pass
        assert "mogłaby zgubić potwierdzony zapis (fsync = off)" in refusal(home).pl
        with psycopg.connect(first.conninfo()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_setting_that_the_server_does_not_know_is_named(home: Path) -> None:
    assert "did not start" in refusal(home, {"no_such_setting": "1"}).en
    assert "no_such_setting" in (home / "start.log").read_text(encoding="utf-8")


def test_a_folder_with_something_else_in_it_is_left_alone(folder: Path) -> None:
    (folder / "home" / "data").mkdir(parents=True)
    (folder / "home" / "data" / "somebodys.txt").touch()
    assert "is no PostgreSQL database" in refusal(folder / "home").en
    assert [place.name for place in (folder / "home" / "data").iterdir()] == ["somebodys.txt"]


def test_data_of_a_version_that_is_not_installed_are_refused(home: Path) -> None:
    (home / "data" / "PG_VERSION").write_text("9\n", encoding="utf-8")
    assert "Nie znaleziono programów PostgreSQL 9" in refusal(home).pl


def test_a_home_that_is_a_file_is_refused_by_its_name(folder: Path) -> None:
    (folder / "file").touch()
    assert str(folder / "file") in refusal(folder / "file" / "home").pl
    (folder / "file").unlink()


def test_programs_that_are_not_where_they_are_said_to_be_are_missed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSORTIUM_LEDGER_PG_BIN", str(folder))
    assert "DATABASE_URL" in refusal(folder / "home").en
