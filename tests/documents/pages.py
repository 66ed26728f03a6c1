"""Runs a page of the documentation: its ```sh blocks by bash in order, its ```text blocks as what they must print.

A line of a `text` block must be printed by the `sh` block before it; `…` in it stands for anything.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCS = Path(__file__).parents[2] / "docs"
STAND_INS = Path(__file__).with_name("stand_ins.py")
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END_OF_BLOCK = "--- end of block {} ---"
TOOLS = (
    *("base64", "bash", "cat", "cmp", "cp", "curl", "cut", "date", "head", "mkdir", "od", "openssl", "rm", "sed"),
    *("sha256sum", "tail", "tr", "wc", "xxd"),
)
PROGRAM = Path(sys.executable).with_name("consortium-ledger")


@dataclass(frozen=True)
class Step:
    """A block of commands, and the lines that it must print."""

    commands: str
    expected: tuple[str, ...]


def steps(page: Path) -> list[Step]:
    found: list[Step] = []
    for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")):
        if kind == "sh":
            found.append(Step(text, ()))
        else:
            found[-1] = Step(found[-1].commands, (*found[-1].expected, *text.splitlines()))
    return found


def run_page(page: Path, folder: Path, tools: Path, variables: Mapping[str, str]) -> None:
    """Run a page in an empty folder with the tools of another one, and hold it to what it says."""
    of_page = steps(page)
    script = "".join(f"{step.commands}\necho '{END_OF_BLOCK.format(n)}'\n" for n, step in enumerate(of_page))
    done = subprocess.run(
        [tools / "bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": str(tools), "HOME": str(folder), "LANG": "C.UTF-8", "CONSORTIUM_LEDGER_LANG": "en", **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    rest = done.stdout
    for number, step in enumerate(of_page):
        printed, _, rest = rest.partition(f"{END_OF_BLOCK.format(number)}\n")
        for line in filter(None, step.expected):
            pattern = ".*".join(map(re.escape, line.split("…")))
            assert re.search(f"^{pattern}$", printed, re.MULTILINE), (line, printed)


def tools_of_machine(folder: Path, *, without: tuple[str, ...] = ()) -> Path:
    """Gather the tools that pages use; what is missing here, or left out, is stood in for where that is possible."""
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        if found and name not in without:
            (folder / name).symlink_to(found)
        elif name in {"curl", "openssl"}:
            (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_INS}" {name} "$@"\n')
            (folder / name).chmod(0o755)
    (folder / "consortium-ledger").symlink_to(PROGRAM)
    return folder
