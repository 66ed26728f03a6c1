"""Commands that only read, where there is no database: they refuse, name the folder and make nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.command_line import main
from tests.command_line.conftest import CONSORTIUM

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [
    (("check",), 1),
    (("events", CONSORTIUM), 1),
    (("state", CONSORTIUM), 1),
    (("key", "list"), 1),
    (("key", "rotate"), 1),
    (("rebuild",), 1),
    (("fsck",), 3),
]


@pytest.mark.parametrize(("words", "status"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
@pytest.mark.parametrize("there", [True, False], ids=["an empty folder", "no folder"])
def test_a_folder_without_a_database_is_refused_and_stays_as_it_is(
    tmp_path: Path, words: tuple[str, ...], status: int, *, there: bool
) -> None:
    home = tmp_path / "mistyped"
    if there:
        home.mkdir()
    result = CliRunner(env={"CONSORTIUM_LEDGER_LANG": "pl"}).invoke(main, [*words, "--data", str(home)])
    assert result.stderr == f"W folderze {home} nie ma bazy danych; wskaż inny przez --data.\n"
    assert (result.exit_code, result.stdout) == (status, "")
    assert list(tmp_path.rglob("*")) == ([home] if there else [])


def test_keys_are_listed_where_the_database_is_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "signer").mkdir()
    result = CliRunner(env={"CONSORTIUM_LEDGER_LANG": "pl"}).invoke(main, ["key", "list", "--data", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (0, "Ziarna (generacje): –\n")
