"""A task handed over in one step: allocations ended and made, shares moved; judged by how things then stand."""

import copy
from collections.abc import Iterator

from .book import Apply, Book, Check, Fact, Line, effective_day
from .money import move_faults, move_postings, party_faults, receiver_faults
from .packages import allocation_fact, end_faults, ended, lead_faults, people_faults, period_faults


def made(line: Line) -> dict[str, Fact]:
    data = line["data"]
    return {a["allocation_id"]: allocation_fact(a, data["task_id"], line["under"]) for a in data["allocate"]}


def check_reallocate(book: Book, line: Line) -> Iterator[str]:
    data, new = line["data"], made(line)
    after = copy.deepcopy(book)
    after.allocations = {**ended(book, data["end"]), **new}
    yield from people_faults(book, list(new.values()))
    for move in data.get("moves", ()):
        yield from receiver_faults(book, move, effective_day(line))
    for move in data.get("moves", ()):
        yield from party_faults(book, move["line_id"], move["to_member"], effective_day(line))
    yield from lead_faults(book, after.allocations, data["task_id"])
    for fact in new.values():
        yield from period_faults(book, fact)
    yield from end_faults(book, data["end"])
    yield from moves_faults(after, line)


def moves_faults(after: Book, line: Line) -> Iterator[str]:
    """Each judged after those before it."""
    for move in line["data"].get("moves", ()):
        yield from move_faults(after, line, move)
        after.postings.extend(move_postings(line, move))


def reallocate(book: Book, line: Line) -> None:
    book.allocations = {**ended(book, line["data"]["end"]), **made(line)}
    for move in line["data"].get("moves", ()):
        book.postings.extend(move_postings(line, move))


CHECKS: dict[str, Check] = {"ReallocateTask": check_reallocate}
APPLY: dict[str, Apply] = {"ReallocateTask": reallocate}
