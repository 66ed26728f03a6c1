"""Inside the domain there is one folder for each noun of the agreement, always with the same three files."""

from __future__ import annotations

import pytest

from tests.house.tree import TOP

NOUNS = (
    "statute",
    "membership",
    "meetings",
    "resolutions",
    "packages",
    "budget",
    "support",
    "participation",
    "oversight",
)


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_its_facts_its_state_and_its_decisions(noun: str) -> None:
    found = {path.name for path in (TOP / "domain" / noun).glob("*.py")}
    assert {"events.py", "state.py", "decisions.py"} <= found


def test_every_noun_stands_in_the_import_contracts() -> None:
    contracts = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    modules = {f"(domain.{noun}.{file})" for noun in NOUNS for file in ("events", "state", "decisions")}
    assert {module for module in modules if module not in contracts} == set()
