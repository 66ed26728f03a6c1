"""A module is read in one sitting, a function on one screen."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house.tree import PACKAGES, TOP, files

if TYPE_CHECKING:
    from pathlib import Path

MODULE_LINES = 400
FUNCTION_LINES = 60
MODULES = [path for package in PACKAGES for path in files(".py", under=package)]


def relative(path: Path) -> str:
    return str(path.relative_to(TOP))


@pytest.mark.parametrize("module", MODULES, ids=relative)
def test_no_module_is_too_long_to_read_in_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


@pytest.mark.parametrize("module", MODULES, ids=relative)
def test_no_function_is_too_long_for_a_screen(module: Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in functions}
    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}
