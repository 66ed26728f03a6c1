"""The reader's language: Polish unless the environment asks for English."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.refusals import Language


def language_of_environment() -> Language:
    """Return the language that `CONSORTIUM_LEDGER_LANG`, or else the locale, asks for."""
    for name in ("CONSORTIUM_LEDGER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "en" if value.lower().startswith("en") else "pl"
    return "pl"


def told(polish: str, english: str) -> str:
    """Return the sentence in the language of the environment."""
    return polish if language_of_environment() == "pl" else english
