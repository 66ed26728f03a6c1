"""How the board comes to a decision: a sitting, a draft, its conflicts, a vote; and which decision authorises what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.machine.life import CHAIR, SECRETARY, Life, member
from tests.oracle.resolutions import is_adopted
from tests.oracle.votes import is_settled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.machine.life import Actor

Line = dict[str, Any]
CHOICES = ("for", "against", "abstain")


class Board(Life):
    """A life whose board meets and decides."""

    def proposer(self) -> Actor:
        return self.chance.one((SECRETARY, CHAIR, {"role": "leader", "id": "M01"}, member("M01")))

    def open_meetings(self) -> list[str]:
        return [name for name, at in self.book.forums.items() if at["kind"] == "meeting" and at["closed_on"] is None]

    def open_drafts(self) -> list[str]:
        return [name for name, draft in self.book.drafts.items() if not is_settled(draft)]

    def voted(self) -> list[str]:
        return [name for name, draft in self.book.drafts.items() if draft["vote"] is not None]

    def adopted(self) -> list[str]:
        return [name for name, draft in self.book.drafts.items() if is_adopted(draft)]

    def sitting(self) -> str:
        """A meeting of today at which all are present; opened when there is none."""
        seats = sorted(self.seats())
        for name in self.open_meetings():
            if set(seats) <= set(self.book.forums[name]["present"]):
                return name
        return self.open_meeting(seats)

    def open_meeting(self, present: list[str], presiding: str | None = None, mode: str = "on_site") -> str:
        meeting_id = self.new_id("RZ-")
        head = presiding or (present[0] if present else "del-M01")
        data = {"meeting_id": meeting_id, "mode": mode, "presiding": head, "present": present}
        self.give("OpenMeeting", SECRETARY, data)
        return meeting_id

    def propose(self, matter: str, subjects: Iterable[str] = (), by: Actor | None = None, **more: Any) -> str:  # noqa: ANN401 - any optional field of a draft
        draft_id = self.new_id("DR-")
        text = {"title": f"w sprawie {draft_id}", "legal_basis": "umowa konsorcjum"}
        data = {"draft_id": draft_id, "matter": matter, "subject_members": list(subjects), **text, **more}
        self.give("ProposeResolution", by or SECRETARY, data)
        return draft_id

    def recuse(self, draft_id: str) -> None:
        """Those whom the draft concerns declare their conflict, where the statute asks for it."""
        draft, seats = self.book.drafts[draft_id], self.seats()
        individual = 2 * len(draft["subjects"]) < len(seats)
        if draft["matter"] in self.statute["recusal"]["matters"] and individual:
            for delegate, of_member in seats.items():
                if of_member in draft["subjects"] and delegate not in draft["conflicts"]:
                    self.declare_conflict(draft_id, delegate, of_member)

    def declare_conflict(self, draft_id: str, delegate: str, of_member: str, by: Actor | None = None) -> None:
        data = {"draft_id": draft_id, "delegate_id": delegate, "member_id": of_member, "reason": "dotyczy członka"}
        self.give("DeclareConflict", by or SECRETARY, data)

    def ballot(self, draft_id: str, voters: list[str], favourable: int) -> Line:
        """What is recorded of a vote in which about `favourable` of ten are for it."""
        draft = self.book.drafts[draft_id]
        secret = draft["matter"] in self.statute["secret_ballot_matters"]
        choices = [self.choice(favourable) for _ in voters]
        if not secret:
            return {"ballot": "open", "votes": dict(zip(voters, choices, strict=True))}
        counts = {kind: choices.count(kind) for kind in CHOICES}
        return {"ballot": "secret", "took_part": voters, "counts": counts}

    def choice(self, favourable: int) -> str:
        return "for" if self.chance.whole(0, 9) < favourable else self.chance.one(CHOICES)

    def vote(self, draft_id: str, forum: str, favourable: int) -> str | None:
        at, seats = self.book.forums[forum], self.seats()
        there = [name for name in at.get("present", sorted(seats)) if name in seats]
        voters = [name for name in there if name not in self.book.drafts[draft_id]["conflicts"]]
        data = {"draft_id": draft_id, "forum": forum, **self.ballot(draft_id, voters, favourable)}
        return self.give("RecordVote", SECRETARY, data)

    def resolve(self, matter: str, subjects: Iterable[str] = (), **more: Any) -> str:  # noqa: ANN401 - any optional field of a draft
        """The whole way from a draft to a vote that most probably carries it."""
        draft_id = self.propose(matter, subjects, **more)
        forum = self.sitting()
        if draft_id in self.book.drafts and forum in self.book.forums:
            self.recuse(draft_id)
            self.vote(draft_id, forum, self.chance.one((10, 10, 10, 9)))
        return draft_id

    def ground(self, matters: tuple[str, ...], subjects: Iterable[str] = (), **more: Any) -> str | None:  # noqa: ANN401 - any optional field of a draft
        """A resolution for a command: one that is there, a new one, and now and then a wrong one or none."""
        if self.chance.once_in(20):
            return self.chance.one((None, *self.book.drafts))
        fitting = [name for name in self.adopted() if self._fits(name, matters, more)]
        if fitting and not self.chance.once_in(3):
            return self.chance.one(fitting)
        return self.resolve(self.chance.one(matters), subjects, **more)

    def _fits(self, draft_id: str, matters: tuple[str, ...], named: Line) -> bool:
        draft = self.book.drafts[draft_id]
        target, application = named.get("target_draft"), named.get("application_id")
        in_force = draft["repealed_from"] is None and not draft["invalid"]
        return (
            draft["matter"] in matters and in_force and (draft["target"], draft["application"]) == (target, application)
        )
