"""What happens to resolutions afterwards: repeal, invalidity, objections, corrections, conflicts found too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.board import CHOICES
from tests.machine.life import AUDITOR, CHAIR, SECRETARY, member
from tests.machine.steps import Steps

if TYPE_CHECKING:
    from datetime import date

    from hypothesis.strategies import DataObject

Line = dict[str, Any]
NUMBERED = (("contract", "grant_gr"), ("resolution", "number"), ("allocation", "member_id"), ("budget_line", "amount"))


class RegisterRules(Steps):
    """The register of resolutions and the record as a whole."""

    @precondition(lambda self: self.adopted())
    @rule(data=st.data())
    def a_resolution_is_repealed(self, data: DataObject) -> None:
        self.step(data)
        target = self._any_decided()
        on = self.chance.day_near(self.today, self.today)
        self.give("RepealResolution", SECRETARY, {"target": target}, self._against(target, "repeal"), on)

    @precondition(lambda self: self.adopted())
    @rule(data=st.data())
    def a_resolution_is_declared_invalid(self, data: DataObject) -> None:
        self.step(data)
        target = self._any_decided()
        payload: Line = {"target": target, "effect": "ex_tunc"}
        if self.book.findings:
            payload["finding_id"] = self.chance.one(self.book.findings)
        self.give("DeclareResolutionInvalid", SECRETARY, payload, self._against(target, "invalidation"))

    def _any_decided(self) -> str:
        """Seldom one on which everything else stands."""
        late = self.adopted()[-3:]
        return self.chance.one(sorted(self.book.drafts) if self.chance.once_in(5) else late)

    def _against(self, target: str, matter: str) -> str | None:
        if self.chance.once_in(5):
            return self.ground((matter,))
        return self.resolve(matter, target_draft=target)

    @precondition(lambda self: self.book.drafts)
    @rule(data=st.data())
    def a_member_objects(self, data: DataObject) -> None:
        self.step(data)
        named = self.any_member()
        draft_id = self.chance.one(self.voted() if self.voted() and not self.chance.once_in(8) else self.book.drafts)
        payload = {"draft_id": draft_id, "member_id": named, "grounds": "brak uzasadnienia"}
        self.give("LodgeObjection", member(named), payload)

    @precondition(lambda self: self.book.objections)
    @rule(data=st.data())
    def an_objection_is_answered(self, data: DataObject) -> None:
        self.step(data)
        lodged = [(at["draft"], at["member"]) for at in self.book.objections]
        waiting = [(at["draft"], at["member"]) for at in self.book.objections if at["outcome"] is None]
        draft_id, named = self.chance.one(waiting or lodged)
        if self.chance.once_in(8):
            named = self.any_member()
        payload = {"draft_id": draft_id, "member_id": named, "outcome": self.chance.one(("dismissed", "upheld"))}
        self.give("ResolveObjection", self.chance.one((SECRETARY, CHAIR)), {**payload, "note": ""})

    @precondition(lambda self: self.book.drafts)
    @rule(data=st.data())
    def a_vote_record_is_corrected(self, data: DataObject) -> None:
        self.step(data)
        draft_id, delegate, recorded = self._any_vote()
        change = {"recorded": recorded or "for", "correct": self.chance.one(CHOICES)}
        payload = {"draft_id": draft_id, "delegate_id": delegate, **change, "basis": "protokół", "reason": "omyłka"}
        self.give("CorrectVoteRecord", SECRETARY, payload)

    def _any_vote(self) -> tuple[str, str, str | None]:
        """A draft, a delegate, and how that delegate voted on it: None when it did not, or nobody may know."""
        named = [name for name in self.voted() if self.book.drafts[name]["vote"]["votes"]]
        draft_id = self.chance.one(named if named and not self.chance.once_in(8) else list(self.book.drafts))
        votes = (self.book.drafts[draft_id]["vote"] or {"votes": {}})["votes"]
        delegate = self.chance.one(sorted(votes) if votes and not self.chance.once_in(6) else [self.any_delegate()])
        return draft_id, delegate, votes.get(delegate)

    @precondition(lambda self: self.book.drafts)
    @rule(data=st.data())
    def a_conflict_is_discovered(self, data: DataObject) -> None:
        self.step(data)
        draft_id, delegate, voted = self._any_vote()
        of_member = next(at["member"] for at in self.book.delegates if at["delegate"] == delegate)
        payload: Line = {"draft_id": draft_id, "member_id": of_member, "delegate_id": delegate, "voted": voted or "for"}
        if self.book.findings:
            payload["finding_id"] = self.chance.one(self.book.findings)
        self.give("RecordConflictDiscovered", AUDITOR, payload)

    @rule(data=st.data())
    def a_clerical_error_is_corrected(self, data: DataObject) -> None:
        self.step(data)
        kind, target, name, recorded = self._any_text()
        self._correct(kind, target, name, recorded, f"{recorded} (poprawione)")

    def _any_text(self) -> tuple[str, str, str, str]:
        book = self.book
        texts = [("member", name, "name", at["name"]) for name, at in book.members.items()]
        texts += [("resolution", name, "title", at["title"]) for name, at in book.drafts.items()]
        texts += [("contract", name, "contract_no", at["contract_no"]) for name, at in book.packages.items()]
        texts += [("task", name, "name", at["name"]) for name, at in book.tasks.items()]
        for name, at in book.forums.items():
            kind = {"meeting": "meeting", "circular": "circular_vote"}[at["kind"]]
            texts.append((kind, name, "minutes_ref", at["minutes_ref"] or ""))
        return self.chance.one(texts)

    @precondition(lambda self: self.book.allocations)
    @rule(data=st.data())
    def a_day_of_an_allocation_is_corrected(self, data: DataObject) -> None:
        self.step(data)
        target = self.chance.one(self.book.allocations)
        fact = self.book.allocations[target]
        name = self.chance.one(("valid_from", "valid_to"))
        period = self.book.tasks[fact["task"]]
        ends: tuple[date, ...] = (fact[name], period["period_from"], period["period_to"], fact["valid_from"])
        correct = self.chance.day_near(*ends)
        self._correct("allocation", target, name, fact[name].isoformat(), correct.isoformat())

    @precondition(lambda self: self.book.allocations)
    @rule(data=st.data())
    def a_correction_would_change_a_decision(self, data: DataObject) -> None:
        self.step(data)
        kind, name = self.chance.one(NUMBERED)
        ids = {"contract": "P01", "resolution": "DR-01", "allocation": "A01", "budget_line": "L01"}
        self._correct(kind, ids[kind], name, "1", "2")

    def _correct(self, kind: str, target: str, name: str, recorded: str, correct: str) -> None:
        change = {"field": name, "recorded": recorded, "correct": correct}
        basis = {"basis": "protokół", "reason": "oczywista omyłka pisarska"}
        self.give("CorrectClericalError", SECRETARY, {"target": {"type": kind, "id": target}, **change, **basis})
