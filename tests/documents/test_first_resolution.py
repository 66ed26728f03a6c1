"""The tutorial, run as it is written against a ledger that begins empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.command_line.test_processes import serving
from tests.documents.pages import DOCS, run_page, tools_of_machine

if TYPE_CHECKING:
    from pathlib import Path


def test_the_tutorial_is_as_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "newcomer"
    folder.mkdir()
    with serving(tmp_path / "data", "serve", "--development") as url:
        run_page(DOCS / "first-resolution.md", folder, tools_of_machine(tmp_path / "tools"), {"LEDGER": url})
