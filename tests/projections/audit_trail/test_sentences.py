"""Every kind of fact as a sentence in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import pytest

from domain.catalogue import FACTS
from domain.corrections import CLERICAL
from domain.decider import Entry, Fact
from projections.audit_trail.sentences import SENTENCES, sentence
from projections.audit_trail.wording import FORMS, Reader, fields_of, filled, money
from projections.audit_trail.words import WORDS
from tests.decisions.whole_life import lived
from tests.projections.tables import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.audit_trail.wording import Language

STORY = lived()[-1].story


def said(topic: str, language: Language) -> list[str]:
    """Say every entry of a kind in the life with every command, as known at its end."""
    return [sentence(entry, STORY.consortium, language) for entry in STORY.entries if entry.fact.topic == topic]


def words_in(annotation: object) -> Iterator[str]:
    """Walk the words that a field may have, whatever it is wrapped in."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for inner in get_args(annotation):
            yield from words_in(inner)


@pytest.mark.parametrize("kind", FACTS.values(), ids=lambda kind: kind.topic)
def test_every_kind_of_fact_has_a_sentence_of_fields_that_it_or_its_entry_has(kind: type[Fact]) -> None:
    both = [fields_of(template) for template in (SENTENCES[kind].pl, SENTENCES[kind].en)]
    assert sorted(both[0]) == sorted(both[1])
    for name, form in both[0]:
        first = name.split(".", maxsplit=1)[0]
        assert first in kind.model_fields or first in Entry.__dataclass_fields__, name
        assert form in FORMS


def test_there_is_no_sentence_without_its_kind_of_fact() -> None:
    assert set(SENTENCES) == set(FACTS.values())


@pytest.mark.parametrize("kind", FACTS.values(), ids=lambda kind: kind.topic)
def test_every_word_that_a_sentence_may_say_is_known(kind: type[Fact]) -> None:
    for name, form in fields_of(SENTENCES[kind].pl):
        if form == "word" and name in kind.model_fields:
            assert set(words_in(kind.model_fields[name].annotation)) <= set(WORDS), name


def test_the_words_of_every_clerical_error_are_known() -> None:
    assert {word for target in CLERICAL for word in target} <= set(WORDS)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_entry_can_be_said_and_nothing_stays_unfilled(language: Language) -> None:
    for entry in (*STORY.entries, *register()):
        text = sentence(entry, STORY.consortium, language)
        assert text
        assert not {"{", "}"} & set(text) or entry.fact.topic == "consortium.founded.v1"
        assert "None" not in text


@pytest.mark.parametrize(
    ("grosze", "polish", "english"),
    [
        (123_456, "1 234,56 zł", "PLN 1,234.56"),
        (5, "0,05 zł", "PLN 0.05"),
        (-100_000_000, "−1 000 000,00 zł", "−PLN 1,000,000.00"),
    ],
)
def test_amounts_are_written_as_people_write_them(grosze: int, polish: str, english: str) -> None:
    assert (money(grosze, "pl"), money(grosze, "en")) == (polish, english)


def test_a_member_is_named_and_the_resolution_too() -> None:
    (polish,), (english,) = said("resource.registered.v1", "pl"), said("resource.registered.v1", "en")
    number = STORY.consortium.resolutions.drafts["DR-18"].decided
    assert number
    assert "właściciel: " + STORY.consortium.membership.members["M1"].name + " (M1)." in polish
    assert polish.endswith(f" Na podstawie uchwały {number.number} (DR-18).")
    assert english.endswith(f" Under resolution {number.number} (DR-18).")


def test_what_is_empty_leaves_nothing_behind() -> None:
    drafts = said("resolution.draft-submitted.v1", "en")
    assert any("; on resolution " in text for text in drafts)
    assert any("; on resolution " not in text and text.endswith(".") for text in drafts)


def test_free_texts_about_people_stay_in_the_entry() -> None:
    kept_back = {"reason", "note", "grounds", "condition", "evidence", "body_ref"}
    for kind, templates in SENTENCES.items():
        named: set[Any] = {name for template in (templates.pl, templates.en) for name, _ in fields_of(template)}
        closing = kind.model_fields.get("reason") and get_origin(kind.model_fields["reason"].annotation) is Literal
        assert not named & (kept_back - ({"reason"} if closing else set())), kind


def test_a_sentence_is_filled_only_in_the_reader_s_language() -> None:
    entry = STORY.entries[0]
    polish, english = (
        filled(SENTENCES[type(entry.fact)], entry, Reader(STORY.consortium, one)) for one in ("pl", "en")
    )
    assert polish.startswith("Zawiązano konsorcjum")
    assert english.startswith("The consortium")
