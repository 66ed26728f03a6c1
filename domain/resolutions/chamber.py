"""The board on the day by which a vote is judged, and who of it may vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from domain.errors import require
from domain.meetings.state import CircularVote, Meeting

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from domain.consortium import Consortium
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

    @property
    def roll(self) -> frozenset[str]:
        """Who may vote: in a meeting those present, in a circular vote every seat."""
        return self.forum.present if isinstance(self.forum, Meeting) else frozenset(self.seats)


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
    return Chamber(forum, forum_id, judged_on, statute, consortium.membership.seats_on(judged_on))


def require_quorum(
    chamber: Chamber, draft: Draft, took_part: Collection[str], *, attending: frozenset[str] | None = None
) -> None:
    """Check the quorum of a meeting by its attendance list, of a circular vote by the replies.

    Source: `rules.md` 9.
    """
    seats, recused = len(chamber.seats), draft.recused & chamber.roll
    if isinstance(chamber.forum, Meeting):
        quorum = chamber.statute.quorum
        there = (chamber.forum.present if attending is None else attending) & frozenset(chamber.seats)
        present = len(there if quorum.recused_counts_as_present else there - recused)
        required = quorum.required(seats)
    else:
        circular = chamber.statute.circular_vote.quorum
        counted = circular is None or circular.counts == "returned_and_recused"
        present = len(frozenset(took_part) | (recused if counted else frozenset()))
        required = circular.required(seats) if circular else 0
    require(present >= required, "no-quorum", place="/data/forum", present=present, seats=seats, required=required)


def require_recusals(chamber: Chamber, draft: Draft, voters: Voters) -> None:
    """Check that no interested delegate votes.

    In an individual matter (fewer subjects than half the seats) a subject's delegate who is there must be recused.

    Raises:
        Refusal: `recusal-required` or `recused-delegate-voted`.

    Source: `rules.md` 8.
    """
    subjects = draft.submitted.subject_members
    if draft.matter in chamber.statute.recusal.matters and 2 * len(subjects) < len(chamber.seats):
        there = chamber.roll if isinstance(chamber.forum, Meeting) else frozenset(voters.ids)
        for delegate_id, member_id in chamber.seats.items():
            interested = member_id in subjects and delegate_id in there and delegate_id not in draft.recused
            require(
                not interested, "recusal-required", place=voters.place, delegate_id=delegate_id, member_id=member_id
            )
    for delegate_id in voters.ids:
        voted = delegate_id in draft.recused
        require(not voted, "recused-delegate-voted", place=voters.place_of(delegate_id), delegate_id=delegate_id)


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
        awaited = (chamber.roll & frozenset(chamber.seats)) - draft.recused - frozenset(voters.ids)
        require(not awaited, "vote-missing", place=voters.place, delegates=", ".join(sorted(awaited)))


def attending_of(chamber: Chamber, took_part: tuple[str, ...], recused: tuple[str, ...]) -> tuple[str, ...]:
    """Return who makes the quorum: a meeting's attendance list, or who replied or was recused in a circular vote."""
    there = chamber.forum.present if isinstance(chamber.forum, Meeting) else {*took_part, *recused}
    return tuple(sorted(there))
