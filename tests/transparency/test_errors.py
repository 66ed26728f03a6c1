"""What is refused says why, in Polish and in English."""

from __future__ import annotations

import ast
import pickle
from typing import TYPE_CHECKING

import pytest

from domain.transparency import errors
from domain.transparency.errors import Invalid, InvalidTile, NotSigned, refuse, require
from projections.transparency.alarm import Alarm, told_as_alarms
from tests.house.tree import PACKAGES, TOP, files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Invalid)}
SENTENCES = ("Tego kafla nie ma.", "There is no such tile.")


def sentences(module: Path) -> Iterator[tuple[int, ast.expr, ast.expr]]:
    """The Polish and the English argument wherever something is refused with an error of the transparency log."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            names = [one.id for one in (node.func, *node.args) if isinstance(one, ast.Name)]
            if KINDS.intersection(names) and names[0] in {"refuse", "require", *KINDS}:
                polish, english = node.args[-2:]
                yield node.lineno, polish, english


def told_of(sentence: ast.expr) -> set[str]:
    """What a sentence speaks of, apart from the words that are themselves in one language."""
    return {node.id for node in ast.walk(sentence) if isinstance(node, ast.Name)} - {"polish", "english"}


def test_the_sentence_is_said_in_the_language_asked_for() -> None:
    with pytest.raises(InvalidTile) as caught:
        refuse(InvalidTile, *SENTENCES)
    assert (caught.value.say("pl"), caught.value.say("en")) == SENTENCES
    assert str(caught.value) == SENTENCES[1]


def test_nothing_is_refused_while_the_condition_holds() -> None:
    require(1, InvalidTile, *SENTENCES)
    with pytest.raises(InvalidTile, match=r"^There is no such tile\.$"):
        require(0, InvalidTile, *SENTENCES)


def test_both_sentences_outlive_a_copy_in_another_process() -> None:
    copied = pickle.loads(pickle.dumps(NotSigned(*SENTENCES)))  # noqa: S301 - the bytes are our own
    assert isinstance(copied, NotSigned)
    assert (copied.say("pl"), copied.say("en")) == SENTENCES


def test_every_refusal_speaks_of_the_same_in_both_languages() -> None:
    found = {
        f"{module.relative_to(TOP)}:{line}": (polish, english)
        for package in PACKAGES
        for module in files(".py", under=package)
        if module.name != "errors.py"
        for line, polish, english in sentences(module)
    }
    assert len(found) > 80
    for place, (polish, english) in found.items():
        assert told_of(polish) == told_of(english), place
        assert isinstance(polish, ast.Name) or ast.unparse(polish) != ast.unparse(english), place


def test_an_alarm_says_why_in_each_language() -> None:
    with pytest.raises(Alarm) as caught, told_as_alarms("hajnowka"):
        refuse(InvalidTile, *SENTENCES)
    assert caught.value.sentences["pl"] == f"historia nie jest przedłużeniem podpisanej: {SENTENCES[0]}"
    assert caught.value.sentences["en"] == f"the history is not an extension of what was signed: {SENTENCES[1]}"
