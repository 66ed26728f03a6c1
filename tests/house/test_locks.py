"""What is installed is pinned to the byte, and each package is known by its purpose and licence."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import TOP

PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ;[^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(lock: str) -> dict[str, str]:
    return {pin["name"]: pin["version"] for line in requirements(lock) if (pin := PIN.match(line))}


def requirements(lock: str) -> list[str]:
    text = (TOP / "requirements" / lock).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def outside_the_lock(declared: list[str], lock: str) -> list[str]:
    pinned = pins(lock)
    parsed = [Requirement(line) for line in declared]
    return [str(each) for each in parsed if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"))]


@pytest.mark.parametrize("lock", ["install.txt", "test.txt"])
def test_every_pin_has_a_hash_and_nothing_else_stands_in_a_lock(lock: str) -> None:
    kinds = "".join("p" if PIN.match(line) else "h" if HASH.match(line) else "?" for line in requirements(lock))
    assert re.fullmatch(r"(ph+)+", kinds)


def test_what_the_project_asks_for_is_pinned_within_its_range() -> None:
    assert outside_the_lock(PROJECT["dependencies"], "install.txt") == []
    assert outside_the_lock(PROJECT["optional-dependencies"]["test"], "test.txt") == []


def test_what_builds_the_project_is_pinned() -> None:
    assert {"pip", "setuptools", "wheel"} <= pins("install.txt").keys()


def test_the_tests_run_on_what_is_installed() -> None:
    assert pins("install.txt").items() <= pins("test.txt").items()


def test_every_package_stands_in_the_reference_with_its_licence() -> None:
    page = (TOP / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8")
    described = re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    assert sorted(described) == sorted(pins("test.txt"))
