"""Money as it stands on a day: lines and shares, what came in and went out, and how much of it the small have."""

from collections import defaultdict
from datetime import date
from typing import Any

from .book import RECEIVED_SOURCES, Book, size_of
from .shares import balance

Answer = dict[str, Any]


def budget(book: Book, on: date) -> Answer:
    answers: Answer = {}
    for package in book.packages:
        adopted = {p["line"] for p in book.postings if p["kind"] == "line" and p["on"] <= on}
        names = [name for name, line in book.lines.items() if line["package"] == package and name in adopted]
        if names:
            answers[package] = package_budget(book, names, on)
    return answers


def package_budget(book: Book, names: list[str], on: date) -> Answer:
    by_task: dict[str, int] = defaultdict(int)
    by_source: dict[str, int] = defaultdict(int)
    by_member: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    lines: Answer = {}
    for name in names:
        line, amount = book.lines[name], balance(book.postings, name, None, on)
        shares = {member: balance(book.postings, name, member, on) for member in book.members}
        shares = {member: share for member, share in shares.items() if share}
        by_task[line["task"]] += amount
        by_source[line["source"]] += amount
        for member, share in shares.items():
            by_member[member][line["source"]] += share
        lines[name] = {"task": line["task"], "source": line["source"], "amount_gr": amount, "by_member_gr": shares}
    return {
        "lines": lines,
        "by_task_gr": dict(by_task),
        "by_source_gr": dict(by_source),
        "total_gr": sum(by_source.values()),
        "by_member_gr": {member: dict(sources) for member, sources in by_member.items()},
    }


def payments(book: Book, on: date) -> Answer:
    """What came from the payer and what went to each member, net of settlements between members."""
    answers: Answer = {}
    for package in book.packages:
        for source in RECEIVED_SOURCES:
            come = [t for t in book.tranches if (t["package"], t["source"]) == (package, source) and t["on"] <= on]
            gone = [p for p in book.payments if (p["package"], p["source"]) == (package, source) and p["on"] <= on]
            if not come:
                continue
            net = {member: sum(p["amount"] for p in gone if p["member"] == member) for member in book.members}
            answers.setdefault(package, {})[source] = {
                "received_gr": sum(t["amount"] for t in come),
                "paid_to_members_gr": {member: amount for member, amount in net.items() if amount},
            }
    return answers


def small_share(book: Book, on: date, minimum_bp: int) -> Answer:
    """Each posting counts with the member's class on the vote day of the resolution behind it; the city grant only."""
    answers: Answer = {}
    for package in book.packages:
        lines = {name for name, at in book.lines.items() if (at["package"], at["source"]) == (package, "city_grant")}
        posted = [p for p in book.postings if p["line"] in lines and p["member"] is not None and p["on"] <= on]
        total = sum(p["amount"] for p in posted)
        if not total:
            continue
        small = sum(
            p["amount"]
            for p in posted
            if size_of(book, p["member"], book.drafts[p["under"]]["vote"]["voted_on"]) == "small"
        )
        answers[package] = {
            "small_gr": small,
            "total_gr": total,
            "share_bp_floor": small * 10_000 // total,
            f"meets_statute_min_{minimum_bp}_bp": small * 10_000 >= total * minimum_bp,
        }
    return answers
