"""What every step of a life begins with, and the odds and ends that the rules draw from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis.stateful import RuleBasedStateMachine

from tests.machine.chance import Chance
from tests.machine.founding import Founding
from tests.oracle.shares import balance, turning_days

if TYPE_CHECKING:
    from datetime import date

    from hypothesis.strategies import DataObject


class Steps(Founding, RuleBasedStateMachine):
    """A life taken step by step."""

    def step(self, data: DataObject) -> None:
        self.chance, self.spoiling = Chance(data), True
        self.pass_time()

    def any_member(self) -> str:
        """Mostly one that belongs today."""
        belong = self.members()
        name: str = self.chance.one(belong if belong and not self.chance.once_in(8) else sorted(self.book.members))
        return name

    def any_delegate(self) -> str:
        seated = sorted(self.seats())
        known = sorted({fact["delegate"] for fact in self.book.delegates})
        delegate_id: str = self.chance.one(seated if seated and not self.chance.once_in(8) else known)
        return delegate_id

    def least(self, line_id: str, of_member: str | None, since: date) -> int:
        """The smallest share that the member has, or the line itself, on any day from `since` on, in grosze."""
        days = turning_days(self.book.postings, since)
        return min(balance(self.book.postings, line_id, of_member, on) for on in days)

    def sharer(self, line_id: str, on: date) -> str:
        """Mostly a member with a share of the line."""
        sharing = [name for name in self.book.members if self.least(line_id, name, on) > 0]
        return self.chance.one(sharing) if sharing and not self.chance.once_in(8) else self.any_member()
