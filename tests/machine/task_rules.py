"""Offers, contracts and their annexes on parties and terms; tasks, and who performs them from when to when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.life import CITY, OFFICE
from tests.machine.steps import Steps
from tests.oracle.book import is_party, leader_on

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

Line = dict[str, Any]


class TaskRules(Steps):
    """Packages and tasks."""

    def any_task(self) -> str:
        return self.chance.one(self.book.tasks)

    @rule(data=st.data())
    def an_offer_is_submitted(self, data: DataObject) -> None:
        self.step(data)
        leader = leader_on(self.book, self.today) or "M01"
        if self.chance.once_in(8):
            leader = self.any_member()
        package_id = self.new_id("P") if not self.chance.once_in(6) else self.chance.one(("P01", *self.book.offers))
        amounts = {"requested_grant_gr": 1_000_000, "own_contribution_gr": 0}
        payload = {"package_id": package_id, "parties": self.chance.most(self.members()), "represented_by": leader}
        by = {"role": "leader", "id": leader}
        self.give("SubmitJointOffer", by, {**payload, **amounts}, self.ground(("joint_offer",)))

    @rule(data=st.data())
    def another_contract_is_signed(self, data: DataObject) -> None:
        self.step(data)
        begins = self.today + timedelta(days=self.chance.one((0, 14, 60, -20)))
        contract = self.draw_contract(begins, self.chance.most(self.members()))
        offered = [name for name in self.book.offers if name not in self.book.packages]
        contract["package_id"] = self.chance.one((*offered, contract["package_id"]))
        self.give("SignContract", CITY, contract)

    def _annex(self, package_id: str) -> Line:
        number = self.book.packages[package_id]["annexes"] + (1 if not self.chance.once_in(10) else 2)
        return {"package_id": package_id, "annex_no": number, "signed_on": self.today.isoformat()}

    @precondition(lambda self: self.book.packages)
    @rule(data=st.data())
    def the_parties_change(self, data: DataObject) -> None:
        self.step(data)
        package_id = self.chance.one(self.book.packages)
        bound = [name for name in self.book.members if is_party(self.book, package_id, name, self.today)]
        free = [name for name in self.members() if name not in bound]
        add = free if not self.chance.once_in(8) else self.chance.some(sorted(self.book.members))
        remove = self.chance.some(bound) if self.chance.once_in(3) or not add else []
        on = self.chance.day_near(self.today, self.today + timedelta(days=10))
        payload = {**self._annex(package_id), "add": add, "remove": remove}
        self.give("AmendContractParties", CITY, payload, self.ground(("reallocation",), self.members()), on)

    @precondition(lambda self: self.book.packages)
    @rule(data=st.data())
    def the_term_changes(self, data: DataObject) -> None:
        self.step(data)
        package_id = self.chance.one(self.book.packages)
        package = self.book.packages[package_id]
        period_to = self.chance.day_near(package["period_to"], package["period_to"], package["period_from"])
        payload = {**self._annex(package_id), "period_to": period_to.isoformat()}
        self.give("ChangeContractTerm", CITY, payload, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.packages)
    @rule(data=st.data())
    def a_task_is_defined(self, data: DataObject) -> None:
        self.step(data)
        package_id = self.chance.one(self.book.packages)
        package = self.book.packages[package_id]
        begins = self.chance.one((package["period_from"], self.chance.day_near(package["period_from"])))
        ends = self.chance.one((package["period_to"], self.chance.day_near(package["period_to"])))
        self.define_task(package_id, begins, ends)

    @precondition(lambda self: self.book.tasks)
    @rule(data=st.data())
    def a_task_is_allocated(self, data: DataObject) -> None:
        self.step(data)
        task_id = self.any_task()
        period = self.book.tasks[task_id]
        begins: date = period["period_from"] if self.chance.once_in(2) else self.chance.day_near(self.today)
        ends: date = period["period_to"]
        if self.chance.once_in(3):
            ends = self.chance.day_near(ends, begins + timedelta(days=45))
        led = any(at["task"] == task_id and at["role"] == "lead" for at in self.book.allocations.values())
        role = "partner" if led and not self.chance.once_in(4) else "lead"
        matters = ("task_allocation", "task_allocation", "reallocation")
        under = self.ground(matters, self.members())
        self.allocate(task_id, self.any_member(), role, (begins, ends), under)

    @precondition(lambda self: self.book.allocations)
    @rule(data=st.data())
    def an_allocation_ends(self, data: DataObject) -> None:
        self.step(data)
        partners = [name for name, at in self.book.allocations.items() if at["role"] == "partner"]
        chosen = self.chance.one(partners if partners and not self.chance.once_in(4) else list(self.book.allocations))
        fact = self.book.allocations[chosen]
        last_day = self.chance.day_near(self.today, fact["valid_to"], fact["valid_from"])
        payload = {"allocation_id": chosen, "last_day": last_day.isoformat()}
        self.give("EndAllocation", OFFICE, payload, self.ground(("reallocation",), self.members()), last_day)

    @precondition(lambda self: self.book.allocations)
    @rule(data=st.data())
    def a_task_changes_hands(self, data: DataObject) -> None:
        """The lead goes, another comes the day after, and takes over some of the money."""
        self.step(data)
        task_id = self.book.allocations[self.chance.one(self.book.allocations)]["task"]
        period = self.book.tasks[task_id]
        first_day = self.chance.day_near(self.today, period["period_from"] + timedelta(days=30))
        last_day = first_day - timedelta(days=1)
        running = {
            name: at
            for name, at in self.book.allocations.items()
            if at["task"] == task_id and at["valid_from"] <= last_day < at["valid_to"]
        }
        leads = [name for name, at in running.items() if at["role"] == "lead"]
        goes = leads if not self.chance.once_in(4) else self.chance.some(running)
        comes = self.any_member()
        new = {"allocation_id": self.new_id("A"), "member_id": comes, "role": "lead" if goes else "partner"}
        dates = {"valid_from": first_day.isoformat(), "valid_to": period["period_to"].isoformat()}
        payload = {
            "task_id": task_id,
            "end": [{"allocation_id": name, "last_day": last_day.isoformat()} for name in goes],
            "allocate": [{**new, **dates}] if not self.chance.once_in(8) else [],
            "moves": [self._handing_over(task_id, running[name]["member"], comes) for name in goes],
        }
        payload["moves"] = [move for move in payload["moves"] if move is not None]
        self.give("ReallocateTask", OFFICE, payload, self.ground(("reallocation",), self.members()), first_day)

    def _handing_over(self, task_id: str, goes: str, comes: str) -> Line | None:
        lines = [name for name, at in self.book.lines.items() if at["task"] == task_id]
        held = [(name, share) for name in lines if (share := self.least(name, goes, self.today)) > 0]
        if not held or goes == comes:
            return None
        name, share = self.chance.one(held)
        amount = self.chance.whole(1, share)
        return {"line_id": name, "from_member": goes, "to_member": comes, "amount_gr": amount}
