"""A way to give commands on the command line, on a database of the test's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from api.command_line import main

if TYPE_CHECKING:
    from click.testing import Result

SCENARIO = Path(__file__).parents[1] / "scenario" / "hajnowka"
REGISTER = SCENARIO / "commands.jsonl"
CONSORTIUM = "hajnowka-odnowa"


@dataclass(frozen=True)
class CommandLine:
    """Gives commands to one database."""

    database: str

    def __call__(self, *words: str | Path, status: int = 0) -> Result:
        """Give a command and expect this exit status."""
        environment = {"DATABASE_URL": self.database, "CONSORTIUM_LEDGER_LANG": "pl"}
        result = CliRunner(env=environment).invoke(main, [str(word) for word in words])
        assert result.exit_code == status, (result.output, result.stderr, result.exception)
        return result

    def json(self, *words: str | Path, status: int = 0) -> Any:  # noqa: ANN401 - any JSON document
        """Give a command with `--json` and read the one document that it prints."""
        return json.loads(self(*words, "--json", status=status).stdout)


@pytest.fixture
def command_line(database: str) -> CommandLine:
    return CommandLine(database)
