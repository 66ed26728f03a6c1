"""Ctrl-C at any moment: status 130 and one line."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.command_line.conftest import REGISTER
from tests.command_line.test_processes import environment

if TYPE_CHECKING:
    from pathlib import Path

AT = """
import os, signal, sys
from api.command_line import main
import {module} as module

def interrupt(self, *args, **kwargs):
    {before}
    os.kill(os.getpid(), signal.SIGINT)
    return original(self, *args, **kwargs)

original = module.{function}
module.{function} = interrupt
sys.exit(main())
"""


def interrupted(program: str, *words: str | Path, language: str = "pl") -> str:
    """Run a program that interrupts itself; return what it says."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        env=environment(CONSORTIUM_LEDGER_LANG=language),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (130, ""), done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("module", "function"),
    [
        ("api.cli.program", "Program.parse_args"),
        ("api.cli.importing", "gather"),
        ("api.embedded.supervisor", "EmbeddedPostgres.start"),
        ("api.embedded.server", "Server._launch"),
        ("api.embedded.accounts", "Account.run"),
    ],
)
def test_an_interrupt_while_starting_is_one_line(tmp_path: Path, module: str, function: str) -> None:
    program = AT.format(module=module, function=function, before="")
    assert interrupted(program, "import", REGISTER, "--dry-run", "--data", tmp_path / "data") == "Przerwano.\n"


def test_an_interrupt_that_a_library_drops_is_no_fault_of_the_record(tmp_path: Path) -> None:
    # A destructor cannot let an exception through any more than native code can.
    before = """
    class Dropping:
        def __del__(self): os.kill(os.getpid(), signal.SIGINT); [None for _ in range(100)]
    Dropping()
    raise OSError("what the library made of it")"""
    program = AT.format(module="api.cli.importing", function="progress_bar", before=before)
    told = interrupted(program, "import", REGISTER, "--data", tmp_path / "data", "--lang", "en")
    assert told == "Interrupted.\n"


def test_the_interrupt_is_raised_again_where_nothing_came_of_its_loss(tmp_path: Path) -> None:
    before = """
    class Dropping:
        def __del__(self): os.kill(os.getpid(), signal.SIGINT); [None for _ in range(100)]
    Dropping()
    signal.pause()"""
    program = AT.format(module="api.cli.importing", function="progress_bar", before=before)
    assert interrupted(program, "import", REGISTER, "--data", tmp_path / "data") == "Przerwano.\n"
