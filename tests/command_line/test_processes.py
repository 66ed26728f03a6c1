"""The installed command as a person meets it: help, version, demonstration, serving."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(sys.executable).with_name("consortium-ledger")
NAMES = ("demo", "import", "serve", "events", "state", "check")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CONSORTIUM_LEDGER_DATA"}}
    return {**kept, **more}


def run(*words: str, status: int = 0, **more: str) -> str:
    done = subprocess.run(
        [PROGRAM, *words], env=environment(**more), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == status, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    return done.stdout if status == 0 else done.stderr


def test_version_and_help_in_both_languages() -> None:
    assert re.fullmatch(r"consortium-ledger, version \d+\.\d+\.\d+\n", run("--version"))
    polish = run("--help", CONSORTIUM_LEDGER_LANG="pl")
    english = run("--help", CONSORTIUM_LEDGER_LANG="en")
    assert "Rejestr konsorcjum" in polish
    assert "The ledger of a consortium" in english
    assert all(re.search(rf"^  {name} ", english, re.MULTILINE) for name in NAMES)


def test_the_demonstration_works_twice_in_a_row_on_its_own_database(tmp_path: Path) -> None:
    first = run("demo", "--no-serve", "--data", str(tmp_path / "demo"), CONSORTIUM_LEDGER_LANG="pl")
    for part in (
        "Koło Gospodyń „Macierzanka”",
        "18/2019",
        "793\N{NO-BREAK SPACE}450,00\N{NO-BREAK SPACE}zł",
        "spełniona",
    ):
        assert part in first
    again = json.loads(run("demo", "--no-serve", "--json", "--data", str(tmp_path / "demo")))
    assert again["accepted"] == 315
    assert again["state"]["small_pes_share"]["P2"]["share_bp_floor"] == 3029


@contextmanager
def serving(data: Path, *words: str) -> Iterator[str]:
    command = [str(PROGRAM), *words, "--json", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "}\n")
        try:
            yield json.loads("".join(lines) + "}")["url"]
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("words", [("serve",), ("demo",)])
def test_serving_tells_health_and_version_until_interrupted(tmp_path: Path, words: tuple[str, ...]) -> None:
    with serving(tmp_path / "data", *words) as url:
        with urllib.request.urlopen(f"{url}/health") as answer:  # noqa: S310 - our own address on loopback
            health = json.load(answer)
        with urllib.request.urlopen(f"{url}/version") as answer:  # noqa: S310 - our own address on loopback
            version = json.load(answer)
    assert (health["status"], health["database"]) == ("ok", "ok")
    assert version == {"version": health["version"]}


def test_an_address_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "serve") as url:
        port = url.rsplit(":", 1)[1]
        told = run("serve", "--port", port, "--data", str(tmp_path / "data"), status=1, CONSORTIUM_LEDGER_LANG="en")
    assert told == f"The address 127.0.0.1:{port} is taken or not available; name another by --port.\n"


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    nowhere = f"host={tmp_path} dbname=none connect_timeout=1"
    told = run("state", "anybody", status=1, DATABASE_URL=nowhere, CONSORTIUM_LEDGER_LANG="en")
    assert told.startswith("The database does not answer: ")
    assert told.count("\n") == 1
