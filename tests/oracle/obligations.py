"""What must still be done, and by when: reports, returns, recommendations, loans, and what outlived its ground."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from .book import Book, Fact, is_member, is_party
from .payments import unspent_on
from .shares import share_of_source

Answer = dict[str, Any]

REPORT_NAMES = {"partial": "sprawozdanie częściowe", "final": "sprawozdanie końcowe"}


def report_deadlines(book: Book, package: str, on: date) -> Iterator[tuple[str, date]]:
    """A partial report for each budget year that ends inside the period, a final one after its end."""
    fact, ends_on = book.packages[package], end_agreed_by(book.packages[package], on)
    allowed = timedelta(days=fact["report_due_days"])
    for year in range(fact["period_from"].year, ends_on.year):
        yield "partial", date(year, 12, 31) + allowed
    yield "final", ends_on + allowed


def end_agreed_by(package: Fact, on: date) -> date:
    """Annexes follow on each other: of those that hold by the day, the last one agreed."""
    held = [term["period_to"] for term in package["terms"] if term["from"] <= on]
    ends_on: date = held[-1] if held else package["terms"][0]["period_to"]
    return ends_on


def due_reports(book: Book, on: date) -> Iterator[tuple[str, date]]:
    for package, fact in book.packages.items():
        if fact["from"] > on:
            continue
        for kind, due_on in report_deadlines(book, package, on):
            submitted = [r for r in book.reports if (r["package"], r["kind"]) == (package, kind) and r["from"] <= on]
            if not any(kind == "final" or r["due_on"] == due_on for r in submitted):
                yield f"{REPORT_NAMES[kind]} {package}", due_on


def due_returns(book: Book, on: date) -> Iterator[tuple[str, date]]:
    for package, fact in book.packages.items():
        left = sum(u["amount"] for u in unspent_on(book, package, on))
        left -= sum(r["amount"] for r in book.returns if r["package"] == package and r["on"] <= on)
        if left > 0:
            yield f"zwrot {package}", end_agreed_by(fact, on) + timedelta(days=fact["return_due_days"])


def due_back(book: Book, on: date) -> Iterator[tuple[str, date]]:
    for name, fact in book.recommendations.items():
        if fact["from"] <= on and (fact["closed_on"] is None or fact["closed_on"] > on):
            yield f"zalecenie {name}", fact["due_on"]
    for loan in book.loans:
        if loan["lent_on"] <= on and (loan["returned_on"] is None or loan["returned_on"] > on):
            yield f"zwrot zasobu {loan['resource']}", loan["due_on"]


def overpaid(book: Book, on: date) -> Iterator[tuple[str, None]]:
    """A member paid more than its share as it now stands: to be settled, no day set."""
    places = {(p["package"], p["source"], p["member"]) for p in book.payments if p["on"] <= on}
    for package, source, member in sorted(places):
        paid = [p for p in book.payments if (p["package"], p["source"], p["member"]) == (package, source, member)]
        if sum(p["amount"] for p in paid if p["on"] <= on) > share_of_source(book, package, source, member, on):
            yield f"rozliczenie {package} {member}", None


def outliving(book: Book, on: date) -> Iterator[tuple[str, date]]:
    """Allocations that go on after their member's known last day: to be decided by that day."""
    for name, fact in book.allocations.items():
        last_day = book.members[fact["member"]]["last_day"]
        if last_day is not None and on <= last_day < fact["valid_to"]:
            yield f"przydział {name}", last_day


def orphaned(book: Book, on: date) -> Iterator[tuple[str, None]]:
    """Allocations of the day whose member is gone from the consortium or the contract, or whose ground is invalid."""
    for name, fact in book.allocations.items():
        if not fact["valid_from"] <= on <= fact["valid_to"]:
            continue
        package = book.tasks[fact["task"]]["package"]
        held = is_member(book, fact["member"], on) and is_party(book, package, fact["member"], on)
        if not held or book.drafts[fact["under"]]["invalid"]:
            yield f"przydział {name}", None


def obligations(book: Book, on: date) -> list[Answer]:
    found = [*due_reports(book, on), *due_returns(book, on), *due_back(book, on), *outliving(book, on)]
    found.sort(key=lambda at: (at[1], at[0]))
    dated = [{"what": what, "due_on": due_on.isoformat()} for what, due_on in found]
    undated = [{"what": what, "due_on": None} for what, _ in [*overpaid(book, on), *orphaned(book, on)]]
    return [*dated, *undated]
