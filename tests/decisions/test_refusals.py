"""Every command is shown to be accepted with its facts, and every refusal to be met by a command."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from domain.catalogue import COMMANDS, FACTS
from domain.consortium import replay
from domain.errors import Refusal
from domain.invariants import violations
from domain.refusals import REFUSALS
from tests.decisions.given import CONSORTIUM
from tests.decisions.whole_life import LIFE, lived

OF_THE_LEDGER = {"idempotency-key-reused", "stale-version", "consortium-not-empty"}
"""Refused by the ledger around a decision, and shown where the ledger is tested."""
OF_NO_COMMAND = {"consortium.history-imported.v1", "log.key-rotated.v1"}
"""The facts that the ledger writes by itself: when a register is brought in, and when another key signs the record."""


@pytest.mark.parametrize(
    "place", range(len(LIFE)), ids=[f"{n}-{type(each.command).__name__}" for n, each in enumerate(LIFE)]
)
def test_every_command_is_accepted_with_its_facts(place: int) -> None:
    lived()[place].then(*(FACTS[topic] for topic in LIFE[place].facts.split()))


def test_no_command_is_left_out_of_the_life() -> None:
    assert {type(each.command).__name__ for each in LIFE} == COMMANDS.keys()


def test_every_fact_that_a_command_yields_stands_in_the_life() -> None:
    entries = lived()[-1].story.entries
    assert {entry.fact.topic for entry in entries} == FACTS.keys() - OF_NO_COMMAND


def test_the_life_told_again_makes_the_same_consortium() -> None:
    story = lived()[-1].story
    assert replay(CONSORTIUM, story.entries) == story.consortium


def test_the_life_breaks_no_rule_that_holds_of_every_history() -> None:
    assert list(violations(CONSORTIUM, lived()[-1].story.entries)) == []


def codes_shown() -> set[str]:
    """Collect the codes that tests of this folder expect by name, or by the table that feeds the name."""
    shown: set[str] = set()
    for module in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                shown |= codes_of(node)
    return shown


def codes_of(call: ast.Call) -> set[str]:
    match call:
        case ast.Call(func=ast.Attribute(attr="then_refused"), args=[ast.Constant(value=str(code)), *_]):
            return {code}
        case ast.Call(func=ast.Name(id="refused"), args=[_, ast.Constant(value=str(code)), *_]):
            return {code}
        case ast.Call(func=ast.Attribute(attr="parametrize")):
            texts = {str(part.value) for part in ast.walk(call) if isinstance(part, ast.Constant)}
            return {text for text in texts if text.startswith("unknown-")}
        case _:
            return set()


def test_every_refusal_is_met_by_a_command() -> None:
    assert REFUSALS.keys() - OF_THE_LEDGER - codes_shown() == set()


def test_a_refusal_names_itself_for_a_log() -> None:
    refusal = Refusal("no-quorum", place="/data/forum", present=4)
    assert str(refusal) == "no-quorum at /data/forum (present=4)"
    assert str(Refusal("founding-closed")) == "founding-closed at / ()"
