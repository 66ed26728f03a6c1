"""How a life begins: an agreement, its members, the first sitting; then a contract, its tasks and its money."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.machine.board import Board
from tests.machine.life import CITY, OFFICE, SECRETARY
from tests.oracle.book import leader_on
from tests.oracle.statute import MATTERS

Line = dict[str, Any]

SAMPLE = Path(__file__).resolve().parents[1] / "scenario" / "hajnowka" / "commands.jsonl"
FORMS = ("association", "foundation", "social_cooperative", "rural_womens_circle", "non_profit_company")
CIRCULAR_QUORUM = {"num": 1, "den": 2, "rule": "at_least", "base": "seats", "counts": "returned_and_recused"}
CIRCULAR = {"allowed": True, "min_days": 2, "quorum": CIRCULAR_QUORUM}


def sample_founding() -> Line:
    with SAMPLE.open(encoding="utf-8") as sample:
        data: Line = json.loads(sample.readline())["data"]
    return data


class Founding(Board):
    """A life that can be founded and put to work."""

    def draw_statute(self) -> Line:
        chance, statute = self.chance, copy.deepcopy(sample_founding()["statute"])
        statute["tie_break"] = chance.one(("rejected", "chair_casting_vote"))
        statute["casting_vote"] = {"majorities": chance.one((["simple"], ["simple", "absolute"])), "ballots": ["open"]}
        statute["rounding"] = chance.one(("largest_remainder", "leader_takes_remainder"))
        statute["circular_vote"] = chance.one((CIRCULAR, CIRCULAR, {"allowed": False}))
        statute["remote_meetings"] = chance.one((True, False))
        statute["quorum"]["rule"] = chance.one(("at_least", "more_than"))
        statute["quorum"]["recused_counts_as_present"] = chance.one((True, True, False))
        statute["withdrawal"]["notice_months"] = chance.one((0, 1, 3))
        statute["numbering"]["rejected_get_number"] = chance.one((False, False, True))
        for matter in chance.some(MATTERS):
            statute["majorities"][matter] = chance.one(("simple", "absolute", "two_thirds_cast"))
        if chance.once_in(3):
            statute["secret_ballot_matters"] = chance.some(MATTERS)
        changed: dict[str, Any] = statute
        return changed

    def found(self) -> None:
        data = {**sample_founding(), "consortium_id": "zycie-konsorcjum", "statute": self.draw_statute()}
        self.give("FoundConsortium", SECRETARY, data)

    def draw_entity(self, name: str) -> Line:
        """What is known of an entity; about half are small."""
        return {
            "name": f"Podmiot {name}",
            "legal_form": self.chance.one(FORMS),
            "employment_fte_x100": self.chance.one((0, 500, 999, 1000, 2500)),
            "annual_revenue_gr": self.chance.one((0, 5_000_000, 99_999_999, 100_000_000, 250_000_000)),
            "registry_ref": f"REJ-{name}",
        }

    def draw_admission(self, joined_on: date) -> Line:
        member_id = self.new_id("M")
        ids = {"member_id": member_id, "delegate_id": f"del-{member_id}", "joined_on": joined_on.isoformat()}
        return {**self.draw_entity(member_id), **ids}

    def admit_founders(self, least: int, most: int) -> None:
        for _ in range(self.chance.whole(least, most)):
            self.give("AdmitFoundingMember", SECRETARY, {**self.draw_admission(self.today), "operates_units": []})

    def elect(self) -> None:
        """The leader and the chair, each under its resolution."""
        draft_id = self.resolve("leader_election", ["M01"])
        self.give("AppointLeader", SECRETARY, {"member_id": "M01"}, draft_id)
        draft_id = self.resolve("chair_election")
        data = {"delegate_id": "del-M02", "deputy_delegate_id": "del-M01"}
        self.give("AppointChair", SECRETARY, data, draft_id)

    def draw_contract(self, begins: date, parties: list[str]) -> Line:
        chance = self.chance
        days = chance.one((120, 275, 400, 640))
        return {
            "package_id": self.new_id("P"),
            "title": "Pakiet usług społecznych",
            "mode": chance.one(("opp_supporting", "opp_entrusting")),
            "contract_no": "WS/1",
            "signed_on": self.today.isoformat(),
            "period_from": begins.isoformat(),
            "period_to": (begins + timedelta(days=days)).isoformat(),
            "grant_gr": chance.one((1_000, 100_003, 34_000_000, 100_000_000_007)),
            "project_funds_gr": chance.one((0, 0, 60_001)),
            "own_contribution_gr": chance.one((0, 25_000, 101)),
            "parties": parties,
            "line_increase_limit_bp": chance.one((1_000, 0, 10_000)),
            "report_due_days": 30,
            "return_due_days": 15,
        }

    def sign_contract(self, begins: date, parties: list[str]) -> str:
        data = self.draw_contract(begins, parties)
        self.give("SignContract", CITY, data)
        return str(data["package_id"])

    def define_task(self, package_id: str, begins: date, ends: date) -> str:
        period = {"period_from": begins.isoformat(), "period_to": ends.isoformat()}
        task_id = self.new_id("T")
        data = {"task_id": task_id, "package_id": package_id, "name": f"Zadanie {task_id}", **period}
        self.give("DefineTask", OFFICE, data)
        return task_id

    def allocate(self, task_id: str, of_member: str, role: str, period: tuple[date, date], under: str | None) -> None:
        dates = {"valid_from": period[0].isoformat(), "valid_to": period[1].isoformat()}
        ids = {"allocation_id": self.new_id("A"), "task_id": task_id, "member_id": of_member}
        self.give("AllocateTask", OFFICE, {**ids, "role": role, **dates}, under)

    def draw_budget(self, package_id: str, tasks: list[str]) -> Line:
        """Lines that make up the contract, source by source; some of them of nought."""
        package = self.book.packages[package_id]
        lines = []
        for source, amount in (
            ("city_grant", package["city_grant"]),
            ("project_funds", package["project_funds"]),
            (self.chance.one(("own_financial", "own_personal")), package["own"]),
        ):
            pieces = self.chance.one((1, 2, 3)) if source == "city_grant" else 1
            for part in self.chance.parts(amount, pieces) if amount or source == "city_grant" else []:
                line = {"line_id": self.new_id("L"), "task_id": self.chance.one(tasks), "source": source}
                lines.append({**line, "amount_gr": part})
        return {"package_id": package_id, "lines": lines}

    def put_to_work(self) -> None:
        """One package with tasks, performers, a budget and most of its lines divided."""
        begins = self.today + timedelta(days=self.chance.one((20, 0, 60)))
        package_id = self.sign_contract(begins, self.chance.most(self.members()))
        package = self.book.packages[package_id]
        tasks = [self.define_task(package_id, begins, package["period_to"]) for _ in range(self.chance.whole(1, 3))]
        under = self.resolve("task_allocation", self.members())
        for task in tasks:
            team = self.chance.some(package["parties"], least=1)
            if self.statute["rounding"] == "leader_takes_remainder" and "M01" in package["parties"]:
                team = ["M01", *(name for name in team if name != "M01")]
            for place, name in enumerate(team[:3]):
                period = (begins, package["period_to"])
                self.allocate(task, name, "partner" if place else "lead", period, under)
        under = self.resolve("budget", self.members())
        self.give("AdoptBudget", OFFICE, self.draw_budget(package_id, tasks), under, on=begins)
        for line_id in list(self.book.lines):
            if not self.chance.once_in(5):
                self.split(line_id, under, begins)
                if line_id not in {posting["line"] for posting in self.book.postings if posting["kind"] == "split"}:
                    self.split(line_id, under, begins)

    def performers(self, task_id: str) -> list[str]:
        return sorted({fact["member"] for fact in self.book.allocations.values() if fact["task"] == task_id})

    def draw_shares(self, line_id: str) -> list[Line]:
        line = self.book.lines[line_id]
        own = line["source"].startswith("own_")
        able = self.members() if own else self.performers(line["task"])
        named = self.chance.some(able, least=1) or ["M01"]
        leader = leader_on(self.book, self.today)
        if self.statute["rounding"] == "leader_takes_remainder" and leader in able and leader not in named:
            named.append(leader)
        return [{"member_id": name, "weight": self.chance.one((1, 2, 3, 40, 55, 100, 7, 1, 1, 0))} for name in named]

    def split(self, line_id: str, under: str | None, on: date) -> None:
        self.give("SplitLine", OFFICE, {"line_id": line_id, "shares": self.draw_shares(line_id)}, under, on)
