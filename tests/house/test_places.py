"""No file names a place that only one machine or one moment has: a package index, or somebody's folders."""

from __future__ import annotations

import re

from tests.house.tree import TOP, files, lines

# The brackets keep a pattern from finding itself.
INDEX_HOST = re.compile(r"(py[p]i|python[h]osted|npm[j]s|deb\.[d]ebian|[r]egistry\.)\.?(org|com)")
INDEX_OPTION = re.compile(r"^\s*--(extra-)?(index-[u]rl|find-[l]inks|trusted-[h]ost)\b")
MACHINE_PATH = re.compile(r"/(work|farm|root|home|opt)/[A-Za-z.]")


def places(pattern: re.Pattern[str]) -> list[str]:
    return [place for path in files() if path.suffix != ".svg" for place, line in lines(path) if pattern.search(line)]


def test_no_file_names_a_package_index() -> None:
    assert places(INDEX_HOST) == []


def test_no_file_chooses_where_packages_come_from() -> None:
    assert places(INDEX_OPTION) == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    assert places(MACHINE_PATH) == []


def test_the_walk_sees_the_tree() -> None:
    assert {TOP / "pyproject.toml", TOP / ".ci" / "run", TOP / "domain" / "values.py"} <= set(files())
