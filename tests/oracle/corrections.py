"""Obvious clerical errors: the record reads as corrected for every day, from the moment the correction is known."""

from collections.abc import Iterator
from datetime import date

from .book import Apply, Book, Check, Fact, Line, day
from .packages import lead_faults, people_faults, period_faults

CLERICAL_FIELDS = {
    "resolution": ("title", "legal_basis"),
    "allocation": ("valid_from", "valid_to"),
    "member": ("name", "registry_ref"),
    "contract": ("title", "contract_no"),
    "meeting": ("minutes_ref",),
    "circular_vote": ("minutes_ref",),
    "task": ("name",),
}
NOUN_OF_TARGET = {
    "contract": "package",
    "meeting": "meeting",
    "circular_vote": "circular",
    "budget_line": "line",
    "mentoring_pair": "pair",
}
"""Where the word for the target is not the noun of its ids."""


def place_of(book: Book, target: Line) -> Fact:
    places = {
        "resolution": book.drafts,
        "allocation": book.allocations,
        "member": book.members,
        "contract": book.packages,
        "meeting": book.forums,
        "circular_vote": book.forums,
        "task": book.tasks,
    }
    return places[target["type"]][target["id"]]


def check_correct(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    target, name = data["target"], data["field"]
    if name not in CLERICAL_FIELDS.get(target["type"], ()):
        yield "substantive-change-needs-resolution"
        return
    stands = place_of(book, target)[name]
    if (stands.isoformat() if isinstance(stands, date) else stands or "") != data["recorded"]:
        yield "recorded-value-differs"
        return
    if target["type"] == "allocation":
        corrected = {**place_of(book, target), name: day(data["correct"])}
        if corrected["valid_to"] < corrected["valid_from"]:
            yield "malformed"
            return
        yield from people_faults(book, [corrected])
        yield from lead_faults(book, {**book.allocations, target["id"]: corrected}, corrected["task"])
        yield from period_faults(book, corrected)


def correct(book: Book, line: Line) -> None:
    data = line["data"]
    value = day(data["correct"]) if data["target"]["type"] == "allocation" else data["correct"]
    place_of(book, data["target"])[data["field"]] = value


CHECKS: dict[str, Check] = {"CorrectClericalError": check_correct}
APPLY: dict[str, Apply] = {"CorrectClericalError": correct}
