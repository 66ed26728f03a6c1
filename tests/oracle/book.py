"""The book: every fact that the accepted commands left, in plain dicts and lists, and questions to it by day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Line = dict[str, Any]
Fact = dict[str, Any]

WARSAW = ZoneInfo("Europe/Warsaw")
ONE_DAY = timedelta(days=1)
RECEIVED_SOURCES = ("city_grant", "project_funds")
OWN_SOURCES = ("own_financial", "own_personal")


@dataclass
class Book:
    """Facts by noun. `postings` are signed grosze: of the line itself (member None) or of a member's share of it."""

    consortium: str | None = None
    statutes: list[Fact] = field(default_factory=list)
    members: dict[str, Fact] = field(default_factory=dict)
    delegates: list[Fact] = field(default_factory=list)
    leaders: list[Fact] = field(default_factory=list)
    chairs: list[Fact] = field(default_factory=list)
    applications: dict[str, Fact] = field(default_factory=dict)
    withdrawals: list[Fact] = field(default_factory=list)
    forums: dict[str, Fact] = field(default_factory=dict)
    drafts: dict[str, Fact] = field(default_factory=dict)
    objections: list[Fact] = field(default_factory=list)
    offers: dict[str, Fact] = field(default_factory=dict)
    packages: dict[str, Fact] = field(default_factory=dict)
    tasks: dict[str, Fact] = field(default_factory=dict)
    allocations: dict[str, Fact] = field(default_factory=dict)
    lines: dict[str, Fact] = field(default_factory=dict)
    postings: list[Fact] = field(default_factory=list)
    tranches: list[Fact] = field(default_factory=list)
    payments: list[Fact] = field(default_factory=list)
    executions: list[Fact] = field(default_factory=list)
    unspent: list[Fact] = field(default_factory=list)
    returns: list[Fact] = field(default_factory=list)
    resources: dict[str, Fact] = field(default_factory=dict)
    loans: list[Fact] = field(default_factory=list)
    pairs: dict[str, Fact] = field(default_factory=dict)
    plebiscites: dict[str, Fact] = field(default_factory=dict)
    consultations: dict[str, Fact] = field(default_factory=dict)
    reports: list[Fact] = field(default_factory=list)
    indicators: list[Fact] = field(default_factory=list)
    findings: dict[str, Fact] = field(default_factory=dict)
    recommendations: dict[str, Fact] = field(default_factory=dict)


Check = Callable[[Book, Line], Iterator[str]]
Apply = Callable[[Book, Line], None]


def day(text: str) -> date:
    return date.fromisoformat(text)


def recorded_day(line: Line) -> date:
    """Warsaw date of the instant at which the ledger learned it."""
    return datetime.fromisoformat(line["recorded_at"]).astimezone(WARSAW).date()


def effective_day(line: Line) -> date:
    return day(line["effective_on"])


def days(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    while first <= last:
        yield first
        first += ONE_DAY


def known_ids(book: Book, noun: str) -> set[str]:
    if noun == "delegate":
        return {fact["delegate"] for fact in book.delegates}
    places: dict[str, dict[str, Fact]] = {
        "member": book.members,
        "application": book.applications,
        "resolution": book.drafts,
        "forum": book.forums,
        "offer": {**book.offers, **book.packages},
        "package": book.packages,
        "task": book.tasks,
        "allocation": book.allocations,
        "line": book.lines,
        "plebiscite": book.plebiscites,
        "consultation": book.consultations,
        "resource": book.resources,
        "pair": book.pairs,
        "finding": book.findings,
        "recommendation": book.recommendations,
    }
    return set(places[noun])


def latest(facts: list[Fact], on: date) -> Fact | None:
    """The fact that holds on the day: the last to take effect by then, the later recorded of two of the same day."""
    held = [(fact["from"], place) for place, fact in enumerate(facts) if fact["from"] <= on]
    return facts[max(held)[1]] if held else None


def is_member(book: Book, member: str, on: date) -> bool:
    fact = book.members[member]
    return bool(fact["joined_on"] <= on and (fact["last_day"] is None or on <= fact["last_day"]))


def is_member_throughout(book: Book, member: str, first: date, last: date) -> bool:
    return is_member(book, member, first) and is_member(book, member, last)


def delegate_of(book: Book, member: str, on: date) -> str | None:
    """The one who holds the member's seat that day, or None when the member has no seat that day."""
    if not is_member(book, member, on):
        return None
    fact = latest([fact for fact in book.delegates if fact["member"] == member], on)
    return fact["delegate"] if fact else None


def leader_on(book: Book, on: date) -> str | None:
    """Whoever was appointed last, as long as it is a member."""
    fact = latest(book.leaders, on)
    return fact["member"] if fact and is_member(book, fact["member"], on) else None


def roll(book: Book, on: date) -> dict[str, str]:
    """Delegate to member, one seat for each member of that day."""
    pairs = [(delegate_of(book, member, on), member) for member in book.members]
    return {delegate: member for delegate, member in pairs if delegate is not None}


def statute_on(book: Book, on: date) -> Fact | None:
    """The highest version whose day has come."""
    held = [fact for fact in book.statutes if fact["from"] <= on]
    return max(held, key=lambda fact: int(fact["version"])) if held else None


def rules_on(book: Book, on: date) -> dict[str, Any]:
    """The statute's rules in force that day; before its first day, those of its first version."""
    fact = statute_on(book, on) or book.statutes[0]
    return dict(fact["rules"])


def size_of(book: Book, member: str, on: date) -> str:
    """The class held that day; before the first classification, the first one."""
    sizes = book.members[member]["sizes"]
    fact = latest(sizes, on) or sizes[0]
    return str(fact["size"])


def is_party(book: Book, package: str, member: str, on: date) -> bool:
    periods = book.packages[package]["parties"].get(member, [])
    return any(p["from"] <= on and (p["until"] is None or on <= p["until"]) for p in periods)


def performs(book: Book, task: str, member: str, on: date) -> bool:
    return any(
        fact["task"] == task and fact["member"] == member and fact["valid_from"] <= on <= fact["valid_to"]
        for fact in book.allocations.values()
    )


def performs_some_day(book: Book, task: str, member: str) -> bool:
    period = book.tasks[task]
    return any(performs(book, task, member, on) for on in days(period["period_from"], period["period_to"]))
