"""The board on the day by which a vote is judged, and who of it may vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from domain.errors import require
from domain.meetings.state import CircularVote, Meeting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from domain.consortium import Consortium
    from domain.resolutions.events import VotingOpened
    from domain.resolutions.state import Draft
    from domain.statute.rules import Statute
    from domain.values import Ballot


@dataclass(frozen=True, slots=True)
class Chamber:
    """The board on the day by which a vote is judged."""

    forum: Meeting | CircularVote
    forum_id: str
    judged_on: date
    statute: Statute
    seats: dict[str, str]
    """Delegate to member."""
    roll: frozenset[str]
    """Who may vote: in a meeting those present, in a circular vote every seat."""
    chair: str | None
    deputy: str | None

    @property
    def judged_by(self) -> dict[str, Any]:
        """What the facts of a vote say of it (`events.Judged`)."""
        return {"judged_on": self.judged_on, "seats": self.seats, "chair": self.chair, "deputy": self.deputy}

    def is_individual(self, draft: Draft) -> bool:
        """Tell whether the draft names subjects, fewer than half the seats, in a matter that asks for recusal."""
        subjects = draft.submitted.subject_members
        return draft.matter in self.statute.recusal.matters and 2 * len(subjects) < len(self.seats)


class Attendance(NamedTuple):
    """Who counts towards a quorum."""

    in_meeting: bool
    seats: int
    there: frozenset[str]
    """In a meeting everybody on the attendance list; in a circular vote those who voted."""
    recused: frozenset[str]
    """Of those in a meeting, or of all who might have replied."""


class Voters(NamedTuple):
    """Who votes, and where in the command that is said."""

    ids: tuple[str, ...]
    place: str
    each: Literal["by-id", "by-index", "at-place"] = "at-place"

    def place_of(self, delegate_id: str) -> str:
        """Return the JSON pointer to one voter."""
        match self.each:
            case "by-id":
                return f"{self.place}/{delegate_id}"
            case "by-index":
                return f"{self.place}/{self.ids.index(delegate_id)}"
            case "at-place":
                return self.place


def chamber_of(consortium: Consortium, forum_id: str, voted_on: date) -> Chamber:
    """Return the board as it judges a vote: by the opening day of a circular vote, else by the day of the vote.

    Source: `rules.md` 2.
    """
    forum = consortium.meetings.forum(forum_id)
    judged_on = forum.opened.opens_on if isinstance(forum, CircularVote) else voted_on
    statute = consortium.statute_on(judged_on)
    seats = consortium.membership.seats_on(judged_on)
    roll = forum.present & frozenset(seats) if isinstance(forum, Meeting) else frozenset(seats)
    appointed = consortium.membership.chair_on(judged_on)
    chair, deputy = (appointed.delegate_id, appointed.deputy_delegate_id) if appointed else (None, None)
    return Chamber(forum, forum_id, judged_on, statute, seats, roll, chair, deputy)


def chamber_at_opening(consortium: Consortium, opened: VotingOpened) -> Chamber:
    """Return the board as it stood when a live vote was opened."""
    forum = consortium.meetings.forum(opened.forum)
    statute = next(one.statute for one in consortium.statutes.versions if one.statute.version == opened.statute_version)
    roll = frozenset(opened.roll)
    return Chamber(forum, opened.forum, opened.judged_on, statute, opened.seats, roll, opened.chair, opened.deputy)


def require_quorum(chamber: Chamber, draft: Draft, took_part: Collection[str]) -> None:
    """Check the quorum of a meeting by its attendance list, of a circular vote by the replies.

    Source: `rules.md` 9.
    """
    in_meeting, seats = isinstance(chamber.forum, Meeting), len(chamber.seats)
    there = chamber.roll if in_meeting else frozenset(took_part)
    attendance = Attendance(in_meeting, seats, there, draft.recused & chamber.roll)
    present, required = quorum_of(chamber.statute, attendance)
    require(present >= required, "no-quorum", place="/data/forum", present=present, seats=seats, required=required)


def quorum_of(statute: Statute, attendance: Attendance) -> tuple[int, int]:
    """Return how many count as present, and how many must. Source: `rules.md` 9."""
    there, recused = attendance.there, attendance.recused
    if attendance.in_meeting:
        quorum = statute.quorum
        present = there if quorum.recused_counts_as_present else there - recused
        return len(present), quorum.required(attendance.seats)
    circular = statute.circular_vote.quorum
    counted = circular is None or circular.counts == "returned_and_recused"
    present = there | recused if counted else there
    return len(present), circular.required(attendance.seats) if circular else 0


def require_recusals(chamber: Chamber, draft: Draft, voters: Voters) -> None:
    """Check that no interested delegate votes.

    In an individual matter (fewer subjects than half the seats) a subject's delegate who is there must be recused.

    Raises:
        Refusal: `recusal-required` or `recused-delegate-voted`.

    Source: `rules.md` 8.
    """
    subjects = draft.submitted.subject_members
    if chamber.is_individual(draft):
        there = chamber.roll if isinstance(chamber.forum, Meeting) else frozenset(voters.ids)
        for delegate_id, member_id in chamber.seats.items():
            interested = member_id in subjects and delegate_id in there and delegate_id not in draft.recused
            require(
                not interested, "recusal-required", place=voters.place, delegate_id=delegate_id, member_id=member_id
            )
    for delegate_id in voters.ids:
        voted = delegate_id in draft.recused
        require(not voted, "recused-delegate-voted", place=voters.place_of(delegate_id), delegate_id=delegate_id)


def require_disinterest(chamber: Chamber, draft: Draft, delegate_id: str) -> None:
    """Check that a delegate who votes live is no subject's in an individual matter.

    Raises:
        Refusal: `recusal-required`.
    """
    member_id = chamber.seats.get(delegate_id)
    interested = chamber.is_individual(draft) and member_id in draft.submitted.subject_members
    place = "/data/delegate_id"
    require(not interested, "recusal-required", place=place, delegate_id=delegate_id, member_id=member_id)


def require_forum(chamber: Chamber, draft: Draft, day: date) -> None:
    forum = chamber.forum
    if isinstance(forum, CircularVote):
        allowed = chamber.statute.circular_vote.allowed
        require(allowed, "circular-vote-not-allowed", place="/data/forum", day=chamber.judged_on)
    require(forum.closed_on is None, "forum-closed", place="/data/forum", id=chamber.forum_id)
    if isinstance(forum, CircularVote):
        require(day >= forum.opened.opens_on, "voting-not-open", place="/data/forum", draft_id=draft.draft_id)
        sent = draft.draft_id in forum.opened.drafts
        require(sent, "voting-not-open", place="/data/draft_id", draft_id=draft.draft_id)


def require_on_roll(chamber: Chamber, draft: Draft, voters: Voters, ballot: Ballot) -> None:
    for delegate_id in voters.ids:
        on_roll = delegate_id in chamber.roll
        require(on_roll, "voter-not-present", place=voters.place_of(delegate_id), delegate_id=delegate_id)
    if ballot == "open" and isinstance(chamber.forum, Meeting):
        awaited = chamber.roll - draft.recused - frozenset(voters.ids)
        require(not awaited, "vote-missing", place=voters.place, delegates=", ".join(sorted(awaited)))


def attending_of(chamber: Chamber, took_part: tuple[str, ...], recused: tuple[str, ...]) -> tuple[str, ...]:
    """Return who makes the quorum: a meeting's attendance list, or who replied or was recused in a circular vote."""
    if isinstance(chamber.forum, Meeting):
        return tuple(sorted(chamber.roll))
    return tuple(sorted({*took_part, *(chamber.roll & {*recused})}))
