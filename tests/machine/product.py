"""The product's core driven line by line: read, decided, written down as bytes, read back, followed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from domain.answers.state import state_on
from domain.budget.events import LineSplit
from domain.consortium import Consortium, evolve
from domain.decide import decide
from domain.decider import Entry, Given
from domain.errors import Refusal
from domain.ledger.entry import read_entry, write_entry
from domain.requests import read_history_line

if TYPE_CHECKING:
    from datetime import date, datetime

    from domain.decider import Command

Line = dict[str, Any]


class Product:
    """One consortium: its state, its stored bytes, and the state that those bytes alone give."""

    def __init__(self, consortium_id: str) -> None:
        self.consortium = Consortium(consortium_id)
        self.replayed = Consortium(consortium_id)
        self.stored: list[tuple[str, bytes]] = []
        self.history: list[tuple[datetime, Consortium]] = []
        self.facts: Counter[str] = Counter()
        self.split_on: dict[str, date] = {}

    def read(self, line: Line) -> Given[Command]:
        """Read a line of a register.

        Raises:
            Refusal: `malformed`.
        """
        read = read_history_line(line)
        request = read.request
        return Given(request.command, request.actor, request.effective_on, read.recorded_at, request.under)

    def reads(self, line: Line) -> bool:
        try:
            self.read(line)
        except Refusal:
            return False
        return True

    def give(self, line: Line) -> str | None:
        """Return None when the line is accepted, else the code of the refusal."""
        try:
            given = self.read(line)
            facts = decide(self.consortium, given)
        except Refusal as refusal:
            return refusal.code
        for fact in facts:
            version = self.consortium.version + 1
            self._record(
                Entry(
                    consortium_id=self.consortium.consortium_id,
                    version=version,
                    event_id=f"event-{version}",
                    command_id=f"line-{line['seq']}",
                    recorded_at=given.recorded_at,
                    effective_on=given.effective_on,
                    actor=given.actor,
                    under=given.under,
                    fact=fact,
                )
            )
        self.history.append((given.recorded_at, self.consortium))
        return None

    def _record(self, entry: Entry) -> None:
        self.stored.append((entry.fact.topic, write_entry(entry)))
        self.facts[entry.fact.topic] += 1
        if isinstance(entry.fact, LineSplit):
            self.split_on[entry.fact.line_id] = entry.fact.holds_from
        self.consortium = evolve(self.consortium, entry)
        self.replayed = evolve(self.replayed, read_entry(*self.stored[-1]))

    def known(self, known_at: datetime) -> Consortium:
        """Return the consortium as it was known at an instant."""
        before = [consortium for recorded_at, consortium in self.history if recorded_at <= known_at]
        return before[-1] if before else Consortium(self.consortium.consortium_id)

    def state(self, valid_on: date, known_at: datetime) -> dict[str, Any]:
        """Return what holds on a day, as known at an instant."""
        return state_on(self.known(known_at), valid_on, known_at)
