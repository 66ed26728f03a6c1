"""Sittings, circular votes, drafts and the votes on them: recorded from the minutes, or cast one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.board import CHOICES
from tests.machine.life import CHAIR, SECRETARY, member
from tests.machine.steps import Steps
from tests.oracle.forums import without_reply
from tests.oracle.statute import MATTERS

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

Line = dict[str, Any]
SHA256 = "0" * 64


class BoardRules(Steps):
    """What the board does before a draft is decided."""

    def circulars(self) -> list[str]:
        return [name for name, at in self.book.forums.items() if at["kind"] == "circular"]

    def live(self) -> list[str]:
        return [name for name, draft in self.book.drafts.items() if draft["live"] is not None]

    def any_forum(self) -> str:
        running = [name for name, at in self.book.forums.items() if at["closed_on"] is None]
        return self.chance.one(running if running and not self.chance.once_in(8) else sorted(self.book.forums))

    def any_draft(self) -> str:
        undecided = self.open_drafts()
        return self.chance.one(undecided if undecided and not self.chance.once_in(8) else sorted(self.book.drafts))

    @rule(data=st.data())
    def a_sitting_opens(self, data: DataObject) -> None:
        self.step(data)
        seated = sorted(self.seats())
        present = self.chance.most(seated) if not self.chance.once_in(4) else self.chance.some(seated)
        self.open_meeting(present, self.any_delegate(), "remote" if self.chance.once_in(6) else "on_site")

    @precondition(lambda self: self.book.forums)
    @rule(data=st.data())
    def somebody_comes_or_leaves(self, data: DataObject) -> None:
        self.step(data)
        meeting = self.chance.one(self.open_meetings() or [self.any_forum()])
        there = self.book.forums[meeting].get("present", [])
        delegate = self.any_delegate()
        payload = {"meeting_id": meeting, "delegate_id": delegate, "present": delegate not in there}
        self.give("ChangeAttendance", SECRETARY, payload)

    @precondition(lambda self: self.book.forums)
    @rule(data=st.data())
    def a_sitting_closes(self, data: DataObject) -> None:
        self.step(data)
        meeting = self.chance.one(self.open_meetings() or [self.any_forum()])
        at = self.book.forums[meeting]
        quorate = len(at.get("present", [])) >= at.get("quorum_required", 0)
        reason = self.chance.one(("completed" if quorate else "no_quorum", "adjourned", "no_quorum"))
        payload = {"meeting_id": meeting, "minutes_ref": f"Protokół {meeting}", "reason": reason}
        self.give("CloseMeeting", SECRETARY, payload)

    @rule(data=st.data())
    def somebody_proposes(self, data: DataObject) -> None:
        self.step(data)
        matter = self.chance.one(MATTERS)
        subjects = self.chance.one(([], self.members(), self.chance.some(sorted(self.book.members))))
        more: Line = {}
        if self.book.drafts and self.chance.once_in(3):
            more["target_draft"] = self.chance.one(self.book.drafts)
        if self.book.applications and matter == "accession":
            more["application_id"] = self.chance.one(self.book.applications)
        self.propose(matter, subjects, self.proposer(), **more)

    @precondition(lambda self: self.book.drafts)
    @rule(data=st.data())
    def a_draft_is_withdrawn(self, data: DataObject) -> None:
        self.step(data)
        draft_id = self.any_draft()
        by = self.chance.one((SECRETARY, self.book.drafts[draft_id]["proposer"], self.proposer()))
        self.give("WithdrawDraft", by, {"draft_id": draft_id, "reason": "do poprawy"})

    @precondition(lambda self: self.book.drafts)
    @rule(data=st.data())
    def somebody_is_recused(self, data: DataObject) -> None:
        self.step(data)
        delegate = self.any_delegate()
        of_member = next(at["member"] for at in self.book.delegates if at["delegate"] == delegate)
        by = self.chance.one((SECRETARY, CHAIR, member(of_member)))
        self.declare_conflict(self.chance.one((*self.live(), self.any_draft())), delegate, of_member, by)

    @rule(data=st.data())
    def the_board_decides(self, data: DataObject) -> None:
        self.step(data)
        matter = self.chance.one(MATTERS)
        subjects = self.chance.one(([], self.chance.some(self.members()), self.members()))
        draft_id, forum = self.propose(matter, subjects, self.proposer()), self.sitting()
        if draft_id in self.book.drafts and forum in self.book.forums:
            self.recuse(draft_id)
            self.vote(draft_id, forum, self.chance.one((3, 0, 5, 7)))

    @precondition(lambda self: self.book.drafts and self.book.forums)
    @rule(data=st.data())
    def a_vote_is_recorded(self, data: DataObject) -> None:
        self.step(data)
        draft_id, forum = self.any_draft(), self.any_forum()
        if self.chance.once_in(2):
            forum = self.sitting()
        if forum not in self.book.forums:
            return
        if not self.chance.once_in(4):
            self.recuse(draft_id)
        self.vote(draft_id, forum, self.chance.one((0, 2, 5, 8)))

    @precondition(lambda self: self.open_drafts() and self.statute["circular_vote"]["allowed"])
    @rule(data=st.data())
    def drafts_are_sent_round(self, data: DataObject) -> None:
        self.step(data)
        opens_on = self.today + timedelta(days=self.chance.one((0, 0, 3, -2)))
        closes_on = opens_on + timedelta(days=self.chance.one((2, 3, 10, 5, 8, 1)))
        if self.chance.once_in(8):
            opens_on -= timedelta(days=200)
        drafts = self.chance.some(self.open_drafts(), least=1)
        days = {"opens_on": opens_on.isoformat(), "closes_on": closes_on.isoformat()}
        payload = {"circular_id": self.new_id("OB-"), "drafts": drafts, "channel": "email", **days}
        self.give("OpenCircularVote", SECRETARY, payload)

    @precondition(lambda self: self.circulars())
    @rule(data=st.data())
    def replies_come_in(self, data: DataObject) -> None:
        self.step(data)
        forum = self.chance.one(self.circulars())
        draft_id = self.chance.one(self.book.forums[forum]["drafts"])
        if not self.chance.once_in(4):
            self.recuse(draft_id)
        conflicts = self.book.drafts[draft_id]["conflicts"]
        replied = [name for name in self.chance.most(sorted(self.seats())) if name not in conflicts]
        ballot = self.ballot(draft_id, replied, self.chance.one((3, 6, 10)))
        self.give("RecordVote", SECRETARY, {"draft_id": draft_id, "forum": forum, **ballot})

    @precondition(lambda self: self.circulars())
    @rule(data=st.data())
    def a_circular_vote_closes(self, data: DataObject) -> None:
        self.step(data)
        forum = self.chance.one(self.circulars())
        silent = without_reply(self.book, forum)
        no_reply = self.chance.some(sorted(self.seats())) if silent is None or self.chance.once_in(4) else silent
        payload = {"circular_id": forum, "no_reply": sorted(no_reply), "minutes_ref": f"Protokół {forum}"}
        self.give("CloseCircularVote", SECRETARY, payload)

    @rule(data=st.data())
    def voting_opens(self, data: DataObject) -> None:
        self.step(data)
        matter, subjects = self.chance.one(("other", "purchase", "rules")), self.chance.some(self.members())
        draft_id = self.any_draft() if self.chance.once_in(2) and self.open_drafts() else self.propose(matter, subjects)
        sitting = self.sitting()
        forum = self.chance.one((*self.circulars(), sitting, *self.open_meetings()))
        if draft_id in self.book.drafts and not self.chance.once_in(4):
            self.recuse(draft_id)
        self.give("OpenVoting", self.chance.one((SECRETARY, CHAIR)), {"draft_id": draft_id, "forum": forum})

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def delegates_cast_their_votes(self, data: DataObject) -> None:
        self.step(data)
        draft_id = self.chance.one(self.live())
        for delegate in self.chance.most(sorted(self.seats())):
            self._cast(draft_id, delegate, self.chance.one(CHOICES))

    @precondition(lambda self: self.book.drafts)
    @rule(data=st.data())
    def a_delegate_casts_a_vote(self, data: DataObject) -> None:
        self.step(data)
        self._cast(self.chance.one(self.live() or [self.any_draft()]), self.any_delegate(), self.chance.one(CHOICES))

    def _cast(self, draft_id: str, delegate: str, choice: str) -> None:
        of_member = next(at["member"] for at in self.book.delegates if at["delegate"] == delegate)
        payload = {"draft_id": draft_id, "delegate_id": delegate, "vote": choice}
        if self.chance.once_in(3):
            behalf = self.chance.one((of_member, delegate, *([None, "M01"] if self.chance.once_in(5) else [])))
            self.give("CastVote", SECRETARY, {**payload, "on_behalf_of": behalf, "source_sha256": SHA256})
        else:
            self.give("CastVote", member(of_member), payload)

    @precondition(lambda self: self.live())
    @rule(data=st.data())
    def voting_closes(self, data: DataObject) -> None:
        self.step(data)
        draft_id = self.chance.one(self.live()) if not self.chance.once_in(8) else self.any_draft()
        self.give("CloseVoting", self.chance.one((SECRETARY, CHAIR)), {"draft_id": draft_id})
