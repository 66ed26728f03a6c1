"""One consortium in two books: the product's and the oracle's, and the clock by which both are told."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import note

from tests.machine.product import Product
from tests.machine.spoiling import spoiled
from tests.oracle.book import WARSAW, Book, is_member, roll, rules_on
from tests.oracle.model import Oracle

if TYPE_CHECKING:
    from tests.machine.chance import Chance

Line = dict[str, Any]
Actor = dict[str, str]

SECRETARY = {"role": "board_secretary", "id": "sek-1"}
CHAIR = {"role": "board_chair", "id": "przew-1"}
OFFICE = {"role": "administration", "id": "adm-1"}
CITY = {"role": "city", "id": "um-1"}
AUDITOR = {"role": "city_auditor", "id": "aud-1"}
BEGINNING = datetime(2019, 10, 1, 8, 0, tzinfo=UTC)


def member(member_id: str) -> Actor:
    return {"role": "member", "id": member_id}


class Life:
    """Gives every command to both, and keeps count of what became of it."""

    chance: Chance
    """Of the step that is being taken."""

    def __init__(self) -> None:
        super().__init__()
        self.oracle = Oracle()
        self.product = Product("zycie-konsorcjum")
        self.now = BEGINNING
        self.seq = 0
        self.spoiling = False
        self.given: Counter[str] = Counter()
        self._book: Book | None = None
        self._ids: Counter[str] = Counter()

    @property
    def book(self) -> Book:
        """The oracle's book, for the life to see what there is; never changed here."""
        if self._book is None:
            self._book = self.oracle.book()
        return self._book

    @property
    def today(self) -> date:
        return self.now.astimezone(WARSAW).date()

    def new_id(self, prefix: str) -> str:
        self._ids[prefix] += 1
        return f"{prefix}{self._ids[prefix]:02d}"

    def pass_time(self) -> None:
        """Let minutes, hours, or weeks go by."""
        minutes = self.chance.one((1, 1, 7, 60, 60 * 9, 60 * 24, 60 * 24 * 3, 60 * 24 * 21))
        self.now += timedelta(minutes=minutes)

    def give(self, command: str, by: Actor, data: Line, under: str | None = None, on: date | None = None) -> str | None:
        """Give a command to both; return the code of the refusal, or None."""
        effective_on = (on or self.today).isoformat()
        line = {"effective_on": effective_on, "actor": by, "command": command, "under": under, "data": data}
        if self.spoiling and self.chance.once_in(8):
            line = spoiled(line, self.chance, self.book)
        return self.tell(line)

    def tell(self, line: Line) -> str | None:
        """Tell both a line, dated now; what the product cannot read is not told to the oracle."""
        self.seq += 1
        self.now += timedelta(seconds=20)
        line = {**line, "seq": self.seq, "recorded_at": self.now.astimezone(WARSAW).isoformat()}
        line = json.loads(json.dumps(line))
        before, count = self.product.consortium, len(self.product.stored)
        expected = self.oracle.give(line) if self.product.reads(line) else "malformed"
        code = self.product.give(line)
        note(f"{json.dumps(line, ensure_ascii=False)} -> {code}")
        self.compare(code, expected, line)
        if code is not None:
            assert self.product.consortium is before
            assert len(self.product.stored) == count
        self.given[code or "accepted"] += 1
        self.given[f"{line['command']} {code or 'accepted'}"] += 1
        self._book = None
        return code

    def compare(self, code: str | None, expected: str | None, line: Line) -> None:
        assert code == expected, f"the product says {code}, the oracle {expected}: {line}"

    def members(self, on: date | None = None) -> list[str]:
        return [name for name in self.book.members if is_member(self.book, name, on or self.today)]

    def seats(self) -> dict[str, str]:
        return roll(self.book, self.today)

    @property
    def statute(self) -> dict[str, Any]:
        return rules_on(self.book, self.today)
