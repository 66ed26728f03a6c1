"""What a newcomer finds first: the two commands, the licence, and the run that guards them."""

from __future__ import annotations

import os
import re
import subprocess

import pytest

from tests.house.tree import TOP


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_shows_the_two_commands(command: str) -> None:
    assert command in (TOP / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_readme_links_to_files_that_exist() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (TOP / "README.md").read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (TOP / link).exists()] == []


def test_the_guarding_run_is_the_command_that_anyone_types() -> None:
    run = TOP / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert run.read_text(encoding="utf-8").splitlines()[-1] == "make test"


@pytest.mark.parametrize("target", ["help", "install", "demo", "test", "lint", "format", "lock", "clean"])
def test_make_help_lists_every_target(target: str) -> None:
    listed = subprocess.run(["/usr/bin/env", "make", "help"], cwd=TOP, check=True, capture_output=True, text=True)
    assert f"make {target} " in listed.stdout


def test_the_licence_is_whole() -> None:
    text = (TOP / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert re.findall(r"^(\d+)\.\w", text, re.MULTILINE) == [str(article) for article in range(1, 16)]
    assert "European Union Public Licence (EUPL) v. 1.1, v. 1.2" in text.partition("Appendix\n")[2]
