"""The oracle: the list of accepted commands, and the book folded from them anew for every question."""

from datetime import date, datetime
from typing import Any

from . import corrections, forums, membership, money, packages, payments, reallocation, resolutions, support, votes
from .answers import state
from .authority import COMMANDS, own_faults, resolution_faults, role_permits
from .book import Book, Line
from .identity import id_faults, under_faults
from .precedence import in_order

NOUNS = (membership, forums, resolutions, votes, packages, reallocation, money, payments, corrections, support)
CHECKS = {command: check for noun in NOUNS for command, check in noun.CHECKS.items()}
APPLY = {command: apply for noun in NOUNS for command, apply in noun.APPLY.items()}


class Oracle:
    """One consortium. Nothing is kept but the accepted lines."""

    def __init__(self) -> None:
        self.accepted: list[Line] = []

    def book(self, known_at: datetime | None = None) -> Book:
        """Every fact recorded up to the instant, with the corrections known by then; all of them without one."""
        book = Book()
        for line in self.accepted:
            if known_at is None or datetime.fromisoformat(line["recorded_at"]) <= known_at:
                APPLY.get(line["command"], _leaves_nothing)(book, line)
        return book

    def refusal(self, line: Line) -> str | None:
        """The first guard that fails: role, existence, resolution, then the noun's own in their order."""
        book = self.book()
        if line["command"] not in COMMANDS:
            return "malformed"
        if not role_permits(line):
            return "role-not-permitted"
        if book.consortium is None and line["command"] != "FoundConsortium":
            return "unknown-consortium"
        for stage in (id_faults, own_faults, under_faults, resolution_faults):
            for code in stage(book, line):
                return code
        check = CHECKS.get(line["command"])
        return next(iter(in_order(check(book, line) if check else [])), None)

    def give(self, line: Line) -> str | None:
        """None when accepted, else the code of the refusal, which changes nothing."""
        code = self.refusal(line)
        if code is None:
            self.accepted.append(line)
        return code

    def state(self, valid_on: date, known_at: datetime) -> dict[str, Any]:
        """What holds on the day, as known at the instant."""
        return state(self.book(known_at), valid_on)


def _leaves_nothing(_book: Book, _line: Line) -> None:
    """For commands whose facts are never asked for here: publications, conflicts found later."""
