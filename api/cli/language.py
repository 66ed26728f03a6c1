"""The reader's language: what `--lang` says, or else the environment; Polish unless that asks for English."""

from __future__ import annotations

import os
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.refusals import Language

_chosen: ContextVar[Language | None] = ContextVar("language of this run", default=None)
_sentences: dict[str, tuple[str, str]] = {}
"""By either: the Polish sentence and the English one."""


def language_of_environment() -> Language:
    """Return the language that `CONSORTIUM_LEDGER_LANG`, or else the locale, asks for."""
    for name in ("CONSORTIUM_LEDGER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "en" if value.lower().startswith("en") else "pl"
    return "pl"


def language_of_run() -> Language:
    """Return the language that `--lang` asked for, or else that of the environment."""
    return _chosen.get() or language_of_environment()


@contextmanager
def speaking(words: Sequence[str]) -> Iterator[Language]:
    """Answer a command line in the language that the last `--lang` of it asks for.

    It is looked for before anything is parsed: help and wrong usage are told while parsing, and end it.
    """
    chosen = _chosen.set(_asked_for(words))
    try:
        yield language_of_run()
    finally:
        _chosen.reset(chosen)


def _asked_for(words: Sequence[str]) -> Language | None:
    language: Language | None = None
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        if word == "--":
            break
        name, equals, value = word.partition("=")
        if name == "--lang":
            said = value if equals else following
            language = "pl" if said == "pl" else "en" if said == "en" else language
    return language


def told(polish: str, english: str) -> str:
    """Return the sentence in the language of this run."""
    _sentences[polish] = _sentences[english] = (polish, english)
    return polish if language_of_run() == "pl" else english


def told_again(sentence: str, language: Language) -> str:
    """Return in another language what was told before it was known; what nobody told stays as it is."""
    return _sentences.get(sentence, (sentence, sentence))[0 if language == "pl" else 1]
