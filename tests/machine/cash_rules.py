"""Money in hand: tranches received and distributed, settlements, execution, return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.life import CITY, OFFICE, member
from tests.machine.steps import Steps
from tests.oracle.payments import paid, received, unspent_by
from tests.oracle.shares import least_share

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

Line = dict[str, Any]
LEADER = {"role": "leader", "id": "M01"}


class CashRules(Steps):
    """What came in, and where it went."""

    def draw_fund(self) -> tuple[str, str]:
        """A package and a source of its budget."""
        budgeted = sorted({(at["package"], at["source"]) for at in self.book.lines.values()})
        paid_out = [fund for fund in budgeted if not fund[1].startswith("own_")]
        return self.chance.one(paid_out if paid_out and not self.chance.once_in(10) else budgeted)

    def room(self, fund: tuple[str, str]) -> dict[str, int]:
        """What each member may still be paid of a source today, in grosze."""
        rooms = {
            name: least_share(self.book, *fund, name, self.today) - paid(self.book, *fund, name)
            for name in self.book.members
        }
        return {name: room for name, room in rooms.items() if room > 0}

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def a_tranche_comes(self, data: DataObject) -> None:
        self.step(data)
        fund = self.draw_fund()
        package_id, source = fund
        package = self.book.packages[package_id]
        agreed: int = package[source] if source in package else package["own"]
        open_gr = agreed - received(self.book, package_id, source)
        room = sum(self.room(fund).values())
        payable = min(room, open_gr)
        amount = max(1, self.chance.one((payable // 2, payable, payable // 3, payable, open_gr, open_gr + 1)))
        number = 1 + sum((at["package"], at["source"]) == fund for at in self.book.tranches)
        number -= self.chance.once_in(10) and number > 1
        payload = {"package_id": package_id, "tranche_no": number, "source": source, "amount_gr": amount}
        self.give("ReceiveTranche", self.chance.one((LEADER, CITY)), {**payload, "payer": "Gmina"})
        if self.waiting() and not self.chance.once_in(3):
            self.distribute(self.waiting()[-1])

    def waiting(self) -> list[Line]:
        return [at for at in self.book.tranches if not at["distributed"]]

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def a_tranche_is_distributed(self, data: DataObject) -> None:
        self.step(data)
        self.distribute(self.chance.one(self.waiting()))

    def distribute(self, tranche: Line) -> None:
        left, amounts = tranche["amount"], {}
        for name, room in self.room((tranche["package"], tranche["source"])).items():
            amounts[name] = min(left, room)
            left -= amounts[name]
        if left:
            amounts[self.any_member()] = left
        ids = {"package_id": tranche["package"], "tranche_no": tranche["no"], "source": tranche["source"]}
        self.give("DistributeTranche", LEADER, {**ids, "amounts_gr": amounts})

    @precondition(lambda self: self.book.payments)
    @rule(data=st.data())
    def members_settle(self, data: DataObject) -> None:
        self.step(data)
        funds = sorted({(at["package"], at["source"]) for at in self.book.payments})
        fund = self.chance.one([fund for fund in funds if self.room(fund)] or funds)
        room = self.room(fund)
        if not room and not self.chance.once_in(8):
            return
        takes = self.chance.one(sorted(room) or sorted(self.book.members))
        others = sorted(set(self.book.members) - {takes})
        gives = self.chance.one([name for name in others if paid(self.book, *fund, name) > 0] or others)
        most = max(1, min(room.get(takes, 1), paid(self.book, *fund, gives)))
        amount = self.chance.one((most, self.chance.whole(1, most), most + 1))
        ids = {"package_id": fund[0], "source": fund[1], "from_member": gives, "to_member": takes}
        under = self.ground(("budget_transfer",), self.members())
        self.give("SettleBetweenMembers", LEADER, {**ids, "amount_gr": amount}, under)

    @precondition(lambda self: self.book.lines)
    @rule(data=st.data())
    def spending_is_reported(self, data: DataObject) -> None:
        self.step(data)
        package_id = self.draw_fund()[0]
        on = self.chance.day_near(self.today, self.book.packages[package_id]["period_to"])
        lines = [name for name, at in self.book.lines.items() if at["package"] == package_id]
        by = self.chance.one((OFFICE, OFFICE, member(self.any_member())))
        unspent = []
        for line_id in self.chance.some(lines):
            named = by["id"] if by["role"] == "member" else self.sharer(line_id, on)
            share = max(0, self.least(line_id, named, on))
            amount = self.chance.one((share, self.chance.whole(0, share), self.chance.whole(0, share), share + 1))
            unspent.append({"line_id": line_id, "member_id": named, "amount_gr": amount})
        self.give("RecordExecution", by, {"package_id": package_id, "unspent": unspent, "note": ""}, on=on)

    @precondition(lambda self: self.book.unspent)
    @rule(data=st.data())
    def what_is_left_goes_back(self, data: DataObject) -> None:
        self.step(data)
        reports = [(at["package"], at["member"]) for at in self.book.unspent]
        due = [report for report in reports if unspent_by(self.book, *report) > 0]
        package_id, named = self.chance.one(due or reports)
        left = unspent_by(self.book, package_id, named)
        amount = max(1, self.chance.one((left // 2, left, left // 3, left + 1)))
        payload = {"package_id": package_id, "amount_gr": amount, "from_member": named, "to": "Gmina"}
        self.give("ReturnUnspentGrant", LEADER, {**payload, "due_on": self.today.isoformat()})
