"""Numbers of entries as both languages decline them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.refusals import Language


def entries(number: int, language: Language) -> str:
    """Count entries, in Polish in the nominative or the accusative: 1 wpis, 2 wpisy, 5 wpisów, 12 wpisów, 22 wpisy."""
    if language == "en":
        return f"{number} entry" if number == 1 else f"{number} entries"
    if number == 1:
        return "1 wpis"
    few = number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}
    return f"{number} wpisy" if few else f"{number} wpisów"


def rewritten(number: int) -> tuple[str, str]:
    """Say that the first entries are not those that were signed."""
    if number == 1:
        return "pierwszy wpis to nie ten, który wtedy podpisano", "the first entry is not the one signed then"
    counted = entries(number, "pl")
    return (
        f"pierwsze {counted} to nie te, które wtedy podpisano",
        f"the first {number} entries are not those signed then",
    )
