"""Mentoring, lending, plebiscites, consultations, reports, indicators, findings, recommendations, publications."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.life import AUDITOR, OFFICE, SECRETARY
from tests.machine.steps import Steps

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

Line = dict[str, Any]


class SupportRules(Steps):
    """What the consortium does besides deciding and sharing out."""

    def day_ahead(self) -> str:
        return (self.today + timedelta(days=self.chance.one((30, 90, 0, -1)))).isoformat()

    def begin_pair(self) -> None:
        pair = {"mentor": self.any_member(), "mentee": self.any_member(), "until": self.day_ahead()}
        payload = {"pair_id": self.new_id("MEN-"), **pair, "hours_planned": 60}
        self.give("StartMentoring", OFFICE, payload, self.ground(("mentoring",), self.members()))

    @rule(data=st.data())
    def a_pair_begins(self, data: DataObject) -> None:
        self.step(data)
        self.begin_pair()

    @rule(data=st.data())
    def hours_of_a_pair_are_logged(self, data: DataObject) -> None:
        self.step(data)
        if not self.book.pairs:
            self.begin_pair()
        if not self.book.pairs:
            return
        pair_id = self.chance.one(self.book.pairs)
        pair = self.book.pairs[pair_id]
        held_on = self.chance.one((pair["started_on"], pair["until"], self.today, self.chance.day_near(self.today)))
        hours = {"hours_x100": self.chance.one((0, 50, 125, 800)), "topic_code": self.chance.one(("law", "accounting"))}
        payload = {"pair_id": pair_id, "held_on": held_on.isoformat(), **hours}
        self.give("LogMentoringHours", OFFICE, payload, on=self.chance.day_near(self.today))

    @rule(data=st.data())
    def a_resource_is_registered(self, data: DataObject) -> None:
        self.step(data)
        payload = {"name": "Projektor", "owner": self.any_member(), "quantity": self.chance.one((1, 2))}
        under = self.ground(("resource_rules",))
        self.give("RegisterResource", OFFICE, {"resource_id": self.new_id("RES-"), **payload}, under)

    @precondition(lambda self: self.book.resources)
    @rule(data=st.data())
    def a_resource_is_lent(self, data: DataObject) -> None:
        self.step(data)
        payload = {"resource_id": self.chance.one(self.book.resources), "member_id": self.any_member(), "fee_gr": 0}
        self.give("LendResource", OFFICE, {**payload, "due_on": self.day_ahead()}, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.resources)
    @rule(data=st.data())
    def a_resource_comes_back(self, data: DataObject) -> None:
        self.step(data)
        lent = [(at["resource"], at["member"]) for at in self.book.loans if at["returned_on"] is None]
        resource, named = self.chance.one(lent or [(self.chance.one(self.book.resources), self.any_member())])
        payload = {"resource_id": resource, "member_id": named, "condition": "bez uwag"}
        self.give("ReturnResource", OFFICE, payload, on=self.chance.day_near(self.today))

    @rule(data=st.data())
    def residents_are_asked(self, data: DataObject) -> None:
        self.step(data)
        days = {"from": self.today.isoformat(), "to": (self.today + timedelta(days=21)).isoformat()}
        payload = {"plebiscite_id": self.new_id("PLB-"), "question": "Motyw", "options": ["szyszka", "dąb", "wełna"]}
        self.give("OpenPlebiscite", OFFICE, {**payload, **days}, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.plebiscites)
    @rule(data=st.data())
    def residents_are_counted(self, data: DataObject) -> None:
        self.step(data)
        plebiscite = self.chance.one(self.book.plebiscites)
        options = list(self.book.plebiscites[plebiscite]["options"])
        counted = options if not self.chance.once_in(6) else self.chance.some(options)
        counts = [{"option": option, "votes": self.chance.one((0, 3, 5))} for option in counted]
        self.give("ClosePlebiscite", OFFICE, {"plebiscite_id": plebiscite, "counts": counts, "invalid": 1})

    @rule(data=st.data())
    def comments_are_asked_for(self, data: DataObject) -> None:
        self.step(data)
        days = {"from": self.today.isoformat(), "to": (self.today + timedelta(days=14)).isoformat()}
        groups = self.chance.one((["seniors"], ["seniors", "youth"], ["youth", "families"]))
        payload = {"consultation_id": self.new_id("KON-"), "subject": "Usługi", "target_groups": groups}
        self.give("OpenConsultation", OFFICE, {**payload, **days}, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.consultations)
    @rule(data=st.data())
    def comments_are_summed_up(self, data: DataObject) -> None:
        self.step(data)
        accepted, rejected, left = (self.chance.one((0, 1, 4)) for _ in range(3))
        decided = {"comments": accepted + rejected + left, "accepted": accepted, "rejected": rejected}
        payload = {"consultation_id": self.chance.one(self.book.consultations), "participants": 12, **decided}
        payload["conclusions_ref"] = "wnioski"
        self.give("CloseConsultation", OFFICE, payload, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.packages)
    @rule(data=st.data())
    def a_report_is_submitted(self, data: DataObject) -> None:
        self.step(data)
        package_id = self.chance.one(self.book.packages)
        package = self.book.packages[package_id]
        kind = self.chance.one(("partial", "final"))
        ends = package["period_to"] if kind == "final" else package["period_from"].replace(month=12, day=31)
        due_on = (ends + timedelta(days=package["report_due_days"])).isoformat()
        payload = {"package_id": package_id, "kind": kind, "due_on": due_on, "submitted_on": self.today.isoformat()}
        by = self.chance.one((OFFICE, {"role": "leader", "id": "M01"}))
        self.give("SubmitReport", by, payload, self.ground(("report",)))

    @precondition(lambda self: self.book.tasks)
    @rule(data=st.data())
    def a_result_is_reported(self, data: DataObject) -> None:
        self.step(data)
        task_id = self.chance.one(self.book.tasks)
        ids = {"package_id": self.book.tasks[task_id]["package"], "task_id": task_id}
        numbers = {"target": 10, "achieved": self.chance.whole(8, 11)}
        self.give("ReportIndicator", OFFICE, {**ids, "indicator": "uczestnicy", "unit": "osoba", **numbers})

    @rule(data=st.data())
    def the_auditor_finds_something(self, data: DataObject) -> None:
        self.step(data)
        payload = {"finding_id": self.new_id("F-"), "subject": "DR-01", "severity": "remark", "text": "uwaga"}
        self.give("RecordAuditFinding", AUDITOR, payload, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.findings)
    @rule(data=st.data())
    def the_auditor_recommends_something(self, data: DataObject) -> None:
        self.step(data)
        payload = {"recommendation_id": self.new_id("R-"), "finding_id": self.chance.one(self.book.findings)}
        text = {"text": "poprawić", "due_on": self.day_ahead()}
        self.give("RecordRecommendation", AUDITOR, {**payload, **text}, on=self.chance.day_near(self.today))

    @precondition(lambda self: self.book.recommendations)
    @rule(data=st.data())
    def a_recommendation_is_met(self, data: DataObject) -> None:
        self.step(data)
        payload = {"recommendation_id": self.chance.one(self.book.recommendations), "evidence": "DR-01"}
        by = self.chance.one((OFFICE, AUDITOR))
        self.give("CloseRecommendation", by, payload, on=self.chance.day_near(self.today))

    @rule(data=st.data())
    def a_document_is_published(self, data: DataObject) -> None:
        self.step(data)
        payload: Line = {"document": "Protokół", "channel": "bip", "published_on": self.today.isoformat()}
        if self.book.forums and self.chance.once_in(2):
            payload["meeting_id"] = self.chance.one(self.book.forums)
        self.give("PublishDocument", self.chance.one((SECRETARY, OFFICE)), payload)
