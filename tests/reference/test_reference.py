"""The reference says what the code does, all of it."""

from __future__ import annotations

import pytest

from api.openapi.document import written
from domain.catalogue import COMMANDS, FACTS
from domain.refusals import REFUSALS
from tests.reference.render import DESCRIPTION, DOCUMENTS, FOLDER


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_committed_reference_is_what_the_code_renders(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == DOCUMENTS[name](), "run `make docs`"


def test_the_committed_description_is_what_the_code_makes() -> None:
    assert DESCRIPTION.read_text(encoding="utf-8") == written(), "run `make docs`"


@pytest.mark.parametrize(
    ("name", "headings"), [("commands.md", COMMANDS), ("facts.md", FACTS), ("refusals.md", REFUSALS)]
)
def test_every_command_fact_and_refusal_has_its_heading_once(name: str, headings: dict[str, object]) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    found = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    assert sorted(found) == sorted(headings)
