"""Lines and their shares: adopted, divided, divided anew, moved, transferred, raised by an annex."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.life import CITY, OFFICE
from tests.machine.steps import Steps
from tests.oracle.book import performs
from tests.oracle.shares import is_split

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

Line = dict[str, Any]

FEW_LINES = 4
"""Only in a small budget is another one tried of a package that has one."""


class MoneyRules(Steps):
    """The budget of a package."""

    def any_line(self, mostly: list[str]) -> str:
        return self.chance.one(mostly if mostly and not self.chance.once_in(8) else self.book.lines)

    def day_of_package(self, package_id: str) -> date:
        package = self.book.packages[package_id]
        return self.chance.day_near(self.today, self.today, package["period_from"] + timedelta(days=31))

    def unplanned(self) -> list[str]:
        planned = {line["package"] for line in self.book.lines.values()}
        return [name for name in self.book.packages if name not in planned]

    def divided(self) -> list[str]:
        """Lines with shares today."""
        return [name for name in self.book.lines if is_split(self.book, name, self.today)]

    @precondition(lambda self: self.unplanned() or len(self.book.lines) < FEW_LINES)
    @rule(data=st.data())
    def a_budget_is_adopted(self, data: DataObject) -> None:
        self.step(data)
        package_id = self.chance.one(self.unplanned() or self.book.packages)
        tasks = [name for name, at in self.book.tasks.items() if at["package"] == package_id]
        if not tasks:
            package = self.book.packages[package_id]
            tasks = [self.define_task(package_id, package["period_from"], package["period_to"])]
        budget = self.draw_budget(package_id, tasks)
        if package_id not in self.unplanned() and not self.chance.once_in(3):
            budget["lines"] = [{**line, "amount_gr": 0} for line in budget["lines"]]
        on = self.chance.one((self.book.packages[package_id]["period_from"], self.today))
        self.give("AdoptBudget", OFFICE, budget, self.ground(("budget",), self.members()), on)

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def a_line_is_divided(self, data: DataObject) -> None:
        self.step(data)
        whole = [name for name in self.book.lines if not is_split(self.book, name)]
        line_id = self.chance.one(whole if whole and not self.chance.once_in(8) else self.book.lines)
        own = self.book.lines[line_id]["source"].startswith("own_")
        matters = ("budget_split", "budget", "own_contribution") if own else ("budget_split", "budget")
        under = self.ground(matters, self.members())
        self.split(line_id, under, self.day_of_package(self.book.lines[line_id]["package"]))

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def a_line_is_divided_anew(self, data: DataObject) -> None:
        self.step(data)
        line_id = self.any_line(self.divided())
        payload = {"line_id": line_id, "shares": self.draw_shares(line_id)}
        target = self.chance.one((None, None, *(self.adopted()[:3])))
        more = {"target_draft": target} if target is not None else {}
        if target is not None and not self.chance.once_in(6):
            payload["amends"] = target
        under = self.ground(("budget_split",), self.members(), **more)
        self.give("ResplitLine", OFFICE, payload, under, self.day_of_package(self.book.lines[line_id]["package"]))

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def a_share_is_moved(self, data: DataObject) -> None:
        self.step(data)
        line_id = self.any_line(self.divided())
        line = self.book.lines[line_id]
        on = self.day_of_package(line["package"])
        gives = self.sharer(line_id, on)
        share = max(1, self.least(line_id, gives, on))
        amount = self.chance.one((self.chance.whole(1, share), share, self.chance.whole(1, share), share + 1))
        able = [name for name in self.book.members if performs(self.book, line["task"], name, on) and name != gives]
        takes = self.chance.one(able) if able and not self.chance.once_in(8) else self.any_member()
        payload = {"line_id": line_id, "from_member": gives, "to_member": takes, "amount_gr": amount}
        self.give("MoveSplit", OFFICE, payload, self.ground(("budget_split", "reallocation"), self.members()), on)

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def money_moves_between_lines(self, data: DataObject) -> None:
        self.step(data)
        pairs = [(one, other) for one in self.book.lines for other in self.book.lines if self._alike(one, other)]
        if not pairs or self.chance.once_in(8):
            pairs = [(one, other) for one in self.book.lines for other in self.book.lines if one != other]
        if not pairs:
            return
        gives, takes = self.chance.one(pairs)
        line = self.book.lines[gives]
        on, package = self.day_of_package(line["package"]), self.book.packages[line["package"]]
        amount = self.draw_transfer(gives, takes, on)
        payload = {
            "package_id": line["package"],
            "from_line": gives,
            "to_line": takes,
            "amount_gr": amount,
            "from_members": self.draw_parts(gives, amount, on, taken=True),
            "to_members": self.draw_parts(takes, amount, on, taken=False),
        }
        if self.chance.once_in(3):
            payload["annex_no"] = self.chance.one((package["annexes"] + 1, max(1, package["annexes"]), 9))
        under = self.ground(("budget_transfer",), self.members())
        self.give("TransferBetweenLines", OFFICE, payload, under, on)

    def _alike(self, one: str, other: str) -> bool:
        of_one, of_other = self.book.lines[one], self.book.lines[other]
        return one != other and all(of_one[key] == of_other[key] for key in ("package", "source"))

    def draw_transfer(self, gives: str, takes: str, on: date) -> int:
        """An amount at the limit of the contract, a grosz over it, or any."""
        line = self.book.lines[takes]
        limit_bp = self.book.packages[line["package"]]["limit_bp"]
        room = line["amount_gr"] * limit_bp // 10_000 - line["raised_gr"]
        held = max(1, self.least(gives, None, on))
        amount: int = self.chance.one((min(room, held), min(room, held) // 3, self.chance.whole(1, held), room + 1))
        return max(1, amount)

    def draw_parts(self, line_id: str, amount: int, on: date, *, taken: bool) -> Line:
        """Who gives or gets how much of an amount; nobody where the line is not divided."""
        if not is_split(self.book, line_id) and not self.chance.once_in(8):
            return {}
        able = self.performers(self.book.lines[line_id]["task"])
        if not taken:
            named = self.chance.some(able, least=1) or ["M01"]
            return dict(zip(named, self.chance.parts(amount, len(named)), strict=True))
        parts, left = {}, amount
        for name in able:
            parts[name] = min(left, max(0, self.least(line_id, name, on)))
            left -= parts[name]
        if left and able:
            parts[able[0]] += left
        return {name: part for name, part in parts.items() if part}

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def an_annex_changes_the_grant(self, data: DataObject) -> None:
        self.step(data)
        grants = [name for name, at in self.book.lines.items() if at["source"] == "city_grant"]
        line_id = self.chance.one(grants if not self.chance.once_in(8) else list(self.book.lines))
        package_id = self.book.lines[line_id]["package"]
        on = self.day_of_package(package_id)
        change = self.chance.one((800_000, 1, 0, -1, -self.chance.whole(1, 1000)))
        if change < 0:
            parts = {name: -part for name, part in self.draw_parts(line_id, -change, on, taken=True).items()}
        else:
            parts = self.draw_parts(line_id, change, on, taken=False)
        number = self.book.packages[package_id]["annexes"] + (1 if not self.chance.once_in(10) else 2)
        annex = {"package_id": package_id, "annex_no": number, "signed_on": self.today.isoformat()}
        payload = {**annex, "line_id": line_id, "grant_change_gr": change, "to_members": parts}
        self.give("SignAnnex", CITY, payload, self.ground(("budget",), self.members()), on)
