"""Counting votes: majorities in whole numbers, and the casting vote.

Source: the definitions of majority as Polish collegiate bodies read them; `rules.md` 10 and 11.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from domain.resolutions.events import Counts, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from domain.statute.rules import Statute
    from domain.values import Ballot, Choice, Majority


class Question(NamedTuple):
    """What a vote must reach."""

    majority: Majority
    ballot: Ballot
    seats: int


def count(choices: Iterable[Choice]) -> Counts:
    """Count choices, one vote each."""
    votes = Counter(choices)
    return Counts(for_=votes["for"], against=votes["against"], abstain=votes["abstain"])


def reaches(majority: Majority, counts: Counts, seats: int) -> bool:
    """Tell whether the counts reach the majority; `seats` matters only where it is a fraction of all seats."""
    match majority:
        case "simple":
            return counts.for_ > counts.against
        case "absolute":
            return 2 * counts.for_ > counts.cast
        case "two_thirds_cast":
            return counts.cast > 0 and 3 * counts.for_ >= 2 * counts.cast
        case "three_quarters_seats":
            return 4 * counts.for_ >= 3 * seats
        case "unanimous":
            return counts.for_ == counts.cast >= 1


def needed(majority: Majority, counts: Counts, seats: int) -> int:
    """Return the smallest number of votes for that reaches the majority, the others' choices being as they are.

    Of a majority that counts all votes cast: among as many as were cast.
    """
    match majority:
        case "simple":
            return counts.against + 1
        case "absolute":
            return counts.cast // 2 + 1
        case "two_thirds_cast":
            return max(1, -(-2 * counts.cast // 3))
        case "three_quarters_seats":
            return -(-3 * seats // 4)
        case "unanimous":
            return max(1, counts.cast)


def is_tie(majority: Majority, counts: Counts) -> bool:
    """Tell whether exactly half are for: of those for and against, or of all cast for an absolute majority."""
    half = counts.cast if majority == "absolute" else counts.for_ + counts.against
    return counts.for_ > 0 and 2 * counts.for_ == half


def decide_outcome(
    statute: Statute, question: Question, counts: Counts, casting_vote: Choice | None
) -> tuple[Outcome, bool]:
    """Return the outcome and whether the casting vote made it.

    `casting_vote` is how the chair (or the deputy in the chair's absence) voted; an abstention decides nothing.
    """
    if reaches(question.majority, counts, question.seats):
        return "adopted", False
    if not _casting_vote_applies(statute, question) or not is_tie(question.majority, counts):
        return "rejected", False
    match casting_vote:
        case "for":
            return "adopted", True
        case "against":
            return "rejected", True
        case _:
            return "rejected", False


def _casting_vote_applies(statute: Statute, question: Question) -> bool:
    rule = statute.casting_vote
    allowed = question.majority in rule.majorities and question.ballot in rule.ballots
    return statute.tie_break == "chair_casting_vote" and allowed


def casting_vote_of(
    votes: Mapping[str, Choice] | None, chair: str | None, deputy: str | None, unable: frozenset[str]
) -> Choice | None:
    """Return the vote that breaks a tie: the chair's; the deputy's only when the chair is among the `unable`."""
    if votes is None or chair is None:
        return None
    holder = deputy if chair in unable else chair
    return votes.get(holder) if holder else None
