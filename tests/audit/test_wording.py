"""Numbers of entries as Polish and English decline them."""

from __future__ import annotations

import pytest

from api.audit.wording import entries, rewritten


@pytest.mark.parametrize(
    ("number", "polish", "english"),
    [
        (0, "0 wpisów", "0 entries"),
        (1, "1 wpis", "1 entry"),
        (2, "2 wpisy", "2 entries"),
        (5, "5 wpisów", "5 entries"),
        (12, "12 wpisów", "12 entries"),
        (22, "22 wpisy", "22 entries"),
        (112, "112 wpisów", "112 entries"),
        (21, "21 wpisów", "21 entries"),
    ],
)
def test_entries_are_counted_as_each_language_does(number: int, polish: str, english: str) -> None:
    assert (entries(number, "pl"), entries(number, "en")) == (polish, english)


def test_one_rewritten_entry_is_spoken_of_as_one() -> None:
    assert rewritten(1)[0] == "pierwszy wpis to nie ten, który wtedy podpisano"
    assert rewritten(2)[0] == "pierwsze 2 wpisy to nie te, które wtedy podpisano"
    assert rewritten(300)[0] == "pierwsze 300 wpisów to nie te, które wtedy podpisano"
