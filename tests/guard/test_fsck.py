"""`migrate` and `fsck` as an operator meets them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import make_conninfo

from api.command_line import main
from domain.ledger.roles import READER, SERVICE
from projections.preparation import prepare
from projections.schema import READ_MODELS
from tests.command_line.test_processes import run, serving
from tests.ledger.scenario import FILE, HAJNOWKA

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.guard.pattern import Published


def given(conninfo: str, data: Path, *words: str, status: int = 0, lang: str = "en") -> Result:
    """Give a command on a server of one's own, with the signer's folder below `data`."""
    environment = {"DATABASE_URL": conninfo, "CONSORTIUM_LEDGER_DATA": str(data), "CONSORTIUM_LEDGER_LANG": lang}
    result = CliRunner(env=environment).invoke(main, list(words))
    assert result.exit_code == status, (result.output, result.stderr, result.exception)
    return result


def checked(copy: Published, *words: str, status: int = 0, user: str = SERVICE, lang: str = "en") -> Result:
    conninfo = make_conninfo(copy.conninfo, user=user)
    return given(conninfo, copy.signing.folder.parent, "fsck", *words, status=status, lang=lang)


def test_a_whole_record_ends_with_zero_and_one_line(copy: Published) -> None:
    assert checked(copy).stdout == "Consortia: 1, entries: 358, findings: 0.\n"
    assert checked(copy, lang="pl").stdout == "Konsorcja: 1, wpisy: 358, niezgodności: 0.\n"
    assert json.loads(checked(copy, HAJNOWKA, "--json").stdout) == {
        "holds": True,
        "entries": {HAJNOWKA: 358},
        "findings": [],
    }


def test_only_logs_are_counted_after_a_rotation(copy: Published) -> None:
    words = ["key", "rotate", "--both-for", "0", "--public-host", copy.signing.host]
    given(make_conninfo(copy.conninfo, user="ledger"), copy.signing.folder.parent, *words)
    assert checked(copy).stdout == "Consortia: 1, entries: 359, findings: 0.\n"


def test_a_changed_record_ends_with_one_and_a_line_for_each_row(copy: Published) -> None:
    copy.spoil("UPDATE ledger_events SET topic = 'task.defined.v2' WHERE originator_version IN (7, 200)")
    lines = checked(copy, status=1).stdout.splitlines()
    place = f"public.ledger_events originator_id={HAJNOWKA} originator_version="
    assert [line.partition(":")[0] for line in lines[:-1]] == [f"{place}7", f"{place}200"]
    assert lines[-1] == "Consortia: 1, entries: 358, findings: 2."
    found: list[dict[str, Any]] = json.loads(checked(copy, "--json", status=1).stdout)["findings"]
    assert [one["key"]["originator_version"] for one in found] == [7, 200]
    assert {"table", "key", "pl", "en"} == found[0].keys()


def test_the_owner_may_check_too(copy: Published) -> None:
    checked(copy, user="ledger")


def test_a_record_that_cannot_be_read_is_no_pass(copy: Published, tmp_path: Path) -> None:
    nowhere = f"host={tmp_path} dbname=none connect_timeout=1"
    assert "does not answer" in given(nowhere, tmp_path, "fsck", status=3).stderr
    assert "lacks a right" in checked(copy, user=READER, status=3).stderr
    shutil.rmtree(copy.signing.folder)
    assert "The seed cannot be read" in checked(copy, status=3).stderr


def test_a_database_of_an_older_program_is_told_to_be_migrated(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "run `consortium-ledger migrate`" in given(database, tmp_path, "fsck", status=3).stderr
    with monkeypatch.context() as patched:
        patched.setattr("projections.preparation.READ_MODELS", replace(READ_MODELS, version=1))
        prepare(database)
    for user in (SERVICE, "ledger"):
        told = given(make_conninfo(database, user=user), tmp_path, "fsck", status=3).stderr
        assert "version 1; this program needs 2; run `consortium-ledger migrate`" in told


def test_a_table_that_was_taken_away_is_not_taken_for_an_older_program(copy: Published) -> None:
    copy.spoil("DROP TABLE transparency.cosignatures")
    assert "transparency.cosignatures" in checked(copy, status=3).stderr


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"count": 4, "digest": "no"}'])
def test_a_damaged_memory_of_cosignatures_is_found(copy: Published, damage: bytes) -> None:
    (copy.signing.folder / f"{HAJNOWKA}.cosigned").write_bytes(damage)
    found = json.loads(checked(copy, "--json", status=1).stdout)["findings"]
    assert [(one["table"], one["key"]) for one in found] == [("signer", {"log": HAJNOWKA})]


def test_a_log_that_nobody_knows_is_an_answer(copy: Published) -> None:
    assert "unknown-consortium" in checked(copy, "nowhere-else", status=3).stderr


def test_wrong_usage_ends_with_two(copy: Published) -> None:
    checked(copy, "--no-such-option", status=2)


@pytest.mark.parametrize(
    "damage", [b"", b"{}", b'{"origin": "example.com/tlog/hajnowka-odnowa", "size": 1, "root": ""}']
)
def test_a_memory_that_was_damaged_or_set_back_is_found(copy: Published, damage: bytes) -> None:
    (copy.signing.folder / f"{HAJNOWKA}.json").write_bytes(damage)
    found = json.loads(checked(copy, "--json", "--public-host", "example.com", status=1).stdout)["findings"]
    assert ("signer", {"log": HAJNOWKA}) in [(one["table"], one["key"]) for one in found]


def test_a_server_is_prepared_by_its_owner_and_served_by_the_service(database: str, tmp_path: Path) -> None:
    service = make_conninfo(database, user=SERVICE)
    assert "consortium-ledger migrate" in given(service, tmp_path, "events", HAJNOWKA, status=1).stderr
    assert SERVICE in given(database, tmp_path, "migrate").stdout
    assert json.loads(given(database, tmp_path, "migrate", "--json").stdout)["reader"] == READER
    given(service, tmp_path, "import", str(FILE))
    assert given(service, tmp_path, "events", HAJNOWKA).stdout.count("\n") == 358
    assert json.loads(given(service, tmp_path, "check", "--json").stdout)["holds"]


def test_the_embedded_database_is_used_by_the_restricted_login_and_checked_while_it_serves(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, "demo"):
        # The keeper may not be done yet; whatever it has done agrees.
        assert json.loads(run("fsck", "--json", "--data", str(data)))["holds"]
        with psycopg.connect(host=str((data / "sock").resolve()), user=SERVICE, dbname="ledger") as connection:
            backends = connection.execute(
                "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'ledger' AND backend_type ="
                " 'client backend'"
            ).fetchall()
    assert backends == [(SERVICE,)]
    assert json.loads(run("fsck", "--json", "--data", str(data)))["entries"] == {HAJNOWKA: 358}
