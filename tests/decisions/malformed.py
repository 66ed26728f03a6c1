"""Expecting that something is not well formed: where, and why in Polish and English."""

from __future__ import annotations

import pytest

from domain.errors import Refusal
from domain.refusals import sentence


def refusal(read: object, *given: object) -> Refusal:
    assert callable(read)
    with pytest.raises(Refusal) as refused:
        read(*given)
    assert refused.value.code == "malformed"
    return refused.value


def expect(refused: Refusal, place: str, polish: str, english: str) -> None:
    assert refused.place == place
    assert sentence(refused, "pl") == f"Nieprawidłowe dane w {place or '/'}: {polish}."
    assert sentence(refused, "en") == f"Malformed at {place or '/'}: {english}."
