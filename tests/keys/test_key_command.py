"""`key rotate` and `key list` as an operator meets them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.command_line import main
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.keys import VerifierKey
from projections.transparency.signing import Signing
from tests.command_line.test_processes import run, serving
from tests.command_line.test_verify import fetched, published

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

LOG = "hajnowka-odnowa"


def given(database: str, data: Path, *words: str, status: int = 0) -> Result:
    """Give a command whose signer lies in `data`, on the database of the test."""
    variables = {"CONSORTIUM_LEDGER_DATA": str(data), "DATABASE_URL": database, "CONSORTIUM_LEDGER_LANG": "pl"}
    result = CliRunner(env=variables).invoke(main, list(words))
    assert result.exit_code == status, (result.output, result.stderr, result.exception)
    return result


@pytest.fixture
def imported(database: str, tmp_path: Path) -> Path:
    register = "tests/scenario/hajnowka/commands.jsonl"
    given(database, tmp_path, "import", register)
    return tmp_path


def test_keys_are_rotated_and_listed(database: str, imported: Path) -> None:
    assert "Nowe ziarno: generacja 2" in given(database, imported, "key", "rotate").stdout
    assert "zmieniono już na generację 2" in given(database, imported, "--lang", "pl", "key", "rotate").stdout
    again = json.loads(given(database, imported, "key", "rotate", "--again", "--both-for", "7", "--json").stdout)
    assert (again["generation"], again["begun"], again["alarms"]) == (3, True, {})
    assert sorted(again["changed"]) == [LOG, "log_of_logs"]
    listed = json.loads(given(database, imported, "key", "list", "--json").stdout)
    assert listed["generations"] == [1, 2, 3]
    (log,) = (one for one in listed["logs"] if one["origin"] == f"localhost/tlog/{LOG}")
    assert [one["seed_is_here"] for one in log["keys"]] == [True, True, True]
    assert [one["until"] is None for one in log["keys"]] == [False, False, True]
    assert log["keys"][-1]["vkey"] in given(database, imported, "key", "list").stdout


def test_the_answer_lists_the_keys_that_still_sign_and_until_when(database: str, imported: Path) -> None:
    at_once = given(database, imported, "key", "rotate", "--both-for", "0").stdout
    assert at_once.endswith("Klucz generacji 1 już nie podpisuje.\nKlucz generacji 2 podpisuje.\n")
    both = given(database, imported, "key", "rotate", "--both-for", "7", "--json").stdout
    until = json.loads(both)["both_until"]
    assert json.loads(both)["signing"] == [{"generation": 2, "until": until}, {"generation": 3, "until": None}]
    again = given(database, imported, "key", "rotate", "--again", "--both-for", "0").stdout
    assert again.endswith(
        "Klucz generacji 3 już nie podpisuje.\n"
        f"Klucz generacji 2 podpisuje jeszcze do {until}.\n"
        "Klucz generacji 4 podpisuje.\n"
    )


def test_the_list_says_whose_time_is_over(database: str, imported: Path) -> None:
    given(database, imported, "key", "rotate", "--both-for", "0")
    given(database, imported, "key", "rotate", "--both-for", "7")
    listed = given(database, imported, "key", "list").stdout
    log = listed.partition(f"localhost/tlog/{LOG}\n")[2].partition("\n\n")[0].splitlines()
    # Either side of the present: under the first key until the first rotation, under the second for seven days more.
    assert [line.split()[0] for line in log[1::2]] == ["podpisywał", "podpisuje", "podpisuje"]
    assert [" do " in line for line in log[1::2]] == [True, True, False]


def test_the_public_host_of_what_was_signed_first_stays(database: str, imported: Path) -> None:
    given(database, imported, "key", "rotate", "--public-host", "first.example.com")
    given(database, imported, "key", "rotate", "--again", "--public-host", "second.example.com")
    listed = json.loads(given(database, imported, "key", "list", "--json").stdout)
    assert {one["origin"].partition("/")[0] for one in listed["logs"]} == {"first.example.com"}


def test_a_missing_seed_is_one_sentence_and_lost_helps(database: str, imported: Path) -> None:
    given(database, imported, "key", "rotate")
    assert "bez --lost" in given(database, imported, "key", "rotate", "--lost", status=1).stderr
    signing = Signing(imported / "signer", "localhost")
    signing.file(2).unlink()
    assert "przywróć je z kopii" in given(database, imported, "key", "rotate", status=1).stderr
    assert "generacja 3" in given(database, imported, "key", "rotate", "--lost").stdout
    listed = given(database, imported, "key", "list").stdout
    assert "przepadł" in listed
    assert "Ziarna (generacje): 1, 3" in listed


@pytest.mark.parametrize(
    ("file", "text"), [(f"{LOG}.json", "{"), ("rotation.2.json", "{}"), ("seed", "no hexadecimal digits")]
)
def test_a_broken_file_of_the_signer_is_one_sentence(database: str, imported: Path, file: str, text: str) -> None:
    given(database, imported, "key", "rotate")
    broken = imported / "signer" / file
    broken.unlink()
    broken.write_text(text)
    told = given(database, imported, "key", "rotate", status=1).stderr
    assert told.count("\n") == 1


def test_a_log_in_alarm_is_told_and_the_status_says_so(database: str, imported: Path) -> None:
    given(database, imported, "key", "rotate", "--both-for", "0")
    memory = imported / "signer" / f"{LOG}.json"
    stored = json.loads(memory.read_text())
    memory.write_text(json.dumps({**stored, "size": 9999}))
    told = given(database, imported, "key", "rotate", status=1)
    assert "starsza kopia zapasowa" in told.stderr


def test_a_served_log_is_rotated_by_another_process(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "demo") as url:
        log = f"{url}/tlog/{LOG}"
        published(log)
        (kept,) = fetched(f"{log}/vkeys").decode().splitlines()
        run("key", "rotate", "--data", str(tmp_path / "data"))
        old, new = fetched(f"{log}/vkeys").decode().splitlines()
        note = fetched(f"{log}/checkpoint")
        leaf = fetched(f"{url}/log-of-logs/entry/1")
        keys = fetched(f"{url}/log-of-logs/vkeys").decode().splitlines()
        health = json.loads(fetched(f"{url}/health"))
    for vkey in (old, new):
        assert open_checkpoint(note, f"localhost/tlog/{LOG}", [VerifierKey.parse(vkey)]).checkpoint.size == 359
    assert (old, leaf, len(keys), health["status"]) == (kept, note, 2, "ok")
