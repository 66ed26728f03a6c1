"""Grosze on lines and members by day, and how an amount is divided to the last grosz."""

from collections.abc import Container
from datetime import date
from fractions import Fraction

from .book import Book, Fact


def balance(postings: list[Fact], line: str, member: str | None, on: date) -> int:
    """What stands that day on the line (member None) or as the member's share of it, in grosze."""
    return sum(p["amount"] for p in postings if p["line"] == line and p["member"] == member and p["on"] <= on)


def turning_days(postings: list[Fact], since: date) -> list[date]:
    """The day itself and every later day on which any posting takes effect."""
    return [since, *sorted({p["on"] for p in postings if p["on"] > since})]


def share_of_source(book: Book, package: str, source: str, member: str, on: date) -> int:
    lines = [name for name, line in book.lines.items() if (line["package"], line["source"]) == (package, source)]
    return sum(balance(book.postings, name, member, on) for name in lines)


def least_share(book: Book, package: str, source: str, member: str, since: date) -> int:
    """The smallest share of the source that the member has on any day from `since` on, as known."""
    return min(share_of_source(book, package, source, member, on) for on in turning_days(book.postings, since))


def overdrawn(postings: list[Fact], since: date, lines: Container[str]) -> bool:
    """Whether one of the lines, or a share of one, stands below nought on some day from `since` on."""
    places = {(p["line"], p["member"]) for p in postings if p["line"] in lines}
    every_day = turning_days(postings, since)
    return any(balance(postings, *place, on) < 0 for place in places for on in every_day)


def is_split(book: Book, line: str, on: date = date.max) -> bool:
    return any(p["line"] == line and p["kind"] == "split" and p["on"] <= on for p in book.postings)


def apportion(amount: int, shares: list[Fact]) -> dict[str, int]:
    """Largest remainder: floors first, then one grosz each by remainder, ties to the earlier listed."""
    total = sum(share["weight"] for share in shares)
    exact = [Fraction(amount * share["weight"], total) for share in shares]
    floors = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: (floors[i] - exact[i], i))
    for i in by_remainder[: amount - sum(floors)]:
        floors[i] += 1
    return {share["member_id"]: floors[i] for i, share in enumerate(shares)}


def leader_takes_remainder(amount: int, shares: list[Fact], leader: str) -> dict[str, int]:
    total = sum(share["weight"] for share in shares)
    parts = {share["member_id"]: amount * share["weight"] // total for share in shares}
    parts[leader] += amount - sum(parts.values())
    return parts


def divide(rounding: str, amount: int, shares: list[Fact], leader: str | None) -> dict[str, int]:
    if rounding == "leader_takes_remainder":
        return leader_takes_remainder(amount, shares, str(leader))
    return apportion(amount, shares)
