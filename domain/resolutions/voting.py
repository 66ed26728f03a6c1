"""Taking a vote, at once from the minutes or live, and its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.guards import require_seat_on
from domain.meetings.state import Meeting
from domain.resolutions.chamber import (
    Chamber,
    Voters,
    attending_of,
    chamber_at_opening,
    chamber_of,
    require_disinterest,
    require_forum,
    require_on_roll,
    require_quorum,
    require_recusals,
)
from domain.resolutions.decisions import require_undecided
from domain.resolutions.events import (
    CastFields,
    Counts,
    ResolutionAdopted,
    ResolutionAmended,
    ResolutionRejected,
    VoteCast,
    VoteRecorded,
    VotingClosed,
    VotingOpened,
)
from domain.resolutions.tally import Question, casting_vote_of, count, decide_outcome
from domain.values import Ballot, Choice, Delegates, KnownDelegate, KnownDraft, KnownForum

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from domain.consortium import Consortium
    from domain.resolutions.state import Draft


class RecordVote(Command):
    """Record a vote that was taken: names and choices when open, participants and counts when secret."""

    draft_id: KnownDraft
    forum: KnownForum
    ballot: Ballot
    votes: dict[KnownDelegate, Choice] | None = None
    took_part: Delegates | None = None
    counts: Counts | None = None


class OpenVoting(Command):
    """Start a live vote in an open ballot."""

    draft_id: KnownDraft
    forum: KnownForum


class CastVote(Command, CastFields):
    """Vote, or change one's vote, in a live vote."""


class CloseVoting(Command):
    """End a live vote and compute the outcome."""

    draft_id: KnownDraft


def record_vote(consortium: Consortium, given: Given[RecordVote]) -> tuple[Fact, ...]:
    """Record a vote and compute its outcome, in one breath; missing the majority is an outcome.

    Raises:
        Refusal: `no-seat-on-date`, `no-quorum`, `already-decided`, `ballot-kind-mismatch`,
            `secret-ballot-names-voters`, `recusal-required`, `recused-delegate-voted`, `circular-vote-not-allowed`,
            `forum-closed`, `voting-not-open`, `voting-already-open`, `voter-not-present`,
            `vote-missing` or `counts-differ`, tried in this order.
    """
    command, draft = given.command, consortium.resolutions.drafts[given.command.draft_id]
    chamber = chamber_of(consortium, command.forum, given.day)
    voters = _voters(command)
    took_part = voters.ids
    _require_seats(consortium, voters, chamber.judged_on)
    require_quorum(chamber, draft, took_part)
    require_undecided(draft)
    _require_ballot(command, chamber.statute.ballot(draft.matter))
    require_recusals(chamber, draft, voters)
    require_forum(chamber, draft, given.day)
    require(draft.live is None, "voting-already-open", place="/data/draft_id", draft_id=draft.draft_id)
    require_on_roll(chamber, draft, voters, command.ballot)
    counts, recused = _counts(command, took_part), tuple(sorted(draft.recused))
    recorded = VoteRecorded(
        draft_id=command.draft_id,
        forum=command.forum,
        ballot=command.ballot,
        votes=command.votes,
        took_part=tuple(sorted(took_part)),
        counts=counts,
        present=attending_of(chamber, took_part, recused),
        recused=recused,
        voted_on=given.day,
        **chamber.judged_by,
    )
    return (recorded, *conclude(consortium, draft, chamber, recorded))


def open_voting(consortium: Consortium, given: Given[OpenVoting]) -> tuple[Fact, ...]:
    """Fix the roll and the rule as they stand and let votes in.

    Raises:
        Refusal: `no-quorum` in a meeting, `already-decided`, `ballot-kind-mismatch` for a matter that asks for a
            secret ballot, `recusal-required` in a meeting, `circular-vote-not-allowed`, `forum-closed`,
            `voting-not-open` or `voting-already-open`.
    """
    command, draft = given.command, consortium.resolutions.drafts[given.command.draft_id]
    chamber = chamber_of(consortium, command.forum, given.day)
    in_meeting = isinstance(chamber.forum, Meeting)
    if in_meeting:
        require_quorum(chamber, draft, ())
    require_undecided(draft)
    expected = chamber.statute.ballot(draft.matter)
    require(expected == "open", "ballot-kind-mismatch", place="/data/draft_id", ballot="open", expected=expected)
    if in_meeting:
        require_recusals(chamber, draft, Voters((), "/data/draft_id"))
    require_forum(chamber, draft, given.day)
    require(draft.live is None, "voting-already-open", place="/data/draft_id", draft_id=draft.draft_id)
    fixed = {"roll": tuple(sorted(chamber.roll)), "statute_version": chamber.statute.version, **chamber.judged_by}
    return (VotingOpened.of(command, **fixed),)


def cast_vote(consortium: Consortium, given: Given[CastVote]) -> tuple[Fact, ...]:
    """Let one vote in; it may be changed until the vote closes.

    Raises:
        Refusal: `no-seat-on-date`; `already-decided`;
            `recused-delegate-voted`; `voting-not-open`; `recusal-required`;
            `voter-not-present` for a delegate who is not on the roll.
    """
    command, draft = given.command, consortium.resolutions.drafts[given.command.draft_id]
    day = draft.live.opened.judged_on if draft.live else given.day
    seats = draft.live.opened.seats if draft.live else consortium.membership.seats_on(day)
    named = {"delegate_id": command.delegate_id, "day": day}
    require(command.delegate_id in seats, "no-seat-on-date", place="/data/delegate_id", **named)
    speaks_for = {None, command.delegate_id, seats[command.delegate_id]}
    require(command.on_behalf_of in speaks_for, "no-seat-on-date", place="/data/on_behalf_of", **named)
    require_undecided(draft)
    recused = command.delegate_id in draft.recused
    require(not recused, "recused-delegate-voted", place="/data/delegate_id", delegate_id=command.delegate_id)
    if draft.live is None:
        refuse("voting-not-open", place="/data/draft_id", draft_id=draft.draft_id)
    chamber = chamber_at_opening(consortium, draft.live.opened)
    require_disinterest(chamber, draft, command.delegate_id)
    on_roll = command.delegate_id in draft.live.opened.roll
    require(on_roll, "voter-not-present", place="/data/delegate_id", delegate_id=command.delegate_id)
    return (VoteCast.of(command),)


def close_voting(consortium: Consortium, given: Given[CloseVoting]) -> tuple[Fact, ...]:
    """Close a live vote; who is on the roll and did not vote was present and did not vote.

    The day of adoption is the day of closing, the statute and roll are those of the opening.

    Raises:
        Refusal: `no-quorum`; `already-decided`; `recusal-required`; `voting-not-open`.
    """
    draft = consortium.resolutions.drafts[given.command.draft_id]
    require_undecided(draft)
    if draft.live is None:
        refuse("voting-not-open", place="/data/draft_id", draft_id=draft.draft_id)
    opened, votes = draft.live.opened, dict(sorted(draft.live.votes.items()))
    chamber = chamber_at_opening(consortium, opened)
    require_quorum(chamber, draft, votes)
    require_recusals(chamber, draft, Voters(tuple(votes), "/data/draft_id"))
    closed = VotingClosed(
        draft_id=draft.draft_id,
        forum=opened.forum,
        votes=votes,
        counts=count(votes.values()),
        present=attending_of(chamber, tuple(votes), tuple(draft.recused)),
        recused=tuple(sorted(draft.recused)),
        voted_on=given.day,
        **chamber.judged_by,
    )
    return (closed, *conclude(consortium, draft, chamber, closed))


def conclude(
    consortium: Consortium,
    draft: Draft,
    chamber: Chamber,
    vote: VoteRecorded | VotingClosed,
) -> tuple[Fact, ...]:
    """Compute the outcome, number it, and follow what it amends."""
    statute, year = chamber.statute, vote.voted_on.year
    majority = statute.majorities[draft.submitted.matter]
    ballot = vote.ballot if isinstance(vote, VoteRecorded) else "open"
    breaks_tie = casting_vote((vote.chair, vote.deputy), vote.votes, {*vote.present} - {*vote.recused})
    question = Question(majority, ballot, len(chamber.seats))
    outcome, tie_break_used = decide_outcome(statute, question, vote.counts, breaks_tie)
    numbered = outcome == "adopted" or statute.numbering.rejected_get_number
    n = consortium.resolutions.numbered.get(year, 0) + 1
    shared = {
        "draft_id": draft.draft_id,
        "majority": majority,
        "seats": len(chamber.seats),
        "present": len(vote.present),
        "cast": vote.counts.cast,
        "tie_break_used": tie_break_used,
        "statute_version": statute.version,
        "number": statute.numbering.number(n, year) if numbered else None,
        "n": n if numbered else None,
        "year": year if numbered else None,
    }
    if outcome == "rejected":
        named = draft.submitted.application_id if draft.matter == "accession" else None
        return (ResolutionRejected.model_validate({**shared, "application_id": named}),)
    return (ResolutionAdopted.model_validate(shared), *_amends(consortium, draft))


def _amends(consortium: Consortium, draft: Draft) -> tuple[Fact, ...]:
    """Follow an adopted draft that changes an earlier resolution. Source: `rules.md` 13."""
    target = draft.submitted.target_draft
    if target is None or draft.matter in {"repeal", "invalidation"}:
        return ()
    if not consortium.resolutions.drafts[target].adopted:
        return ()
    return (ResolutionAmended(target=target, by=draft.draft_id),)


def casting_vote(
    presiding: tuple[str | None, str | None], votes: Mapping[str, Choice] | None, able: Collection[str]
) -> Choice | None:
    """Return the vote that breaks a tie: of the chair, or the deputy; `able` are those present and not recused."""
    chair, deputy = presiding
    if chair is None:
        return None
    unable = frozenset() if chair in able else frozenset({chair})
    return casting_vote_of(votes, chair, deputy, unable)


def _voters(command: RecordVote) -> Voters:
    if command.votes is not None:
        return Voters(tuple(command.votes), "/data/votes", "by-id")
    if command.took_part is not None:
        return Voters(command.took_part, "/data/took_part", "by-index")
    return Voters((), "/data/votes")


def _require_seats(consortium: Consortium, voters: Voters, day: date) -> None:
    for delegate_id in voters.ids:
        require_seat_on(consortium, delegate_id, day, voters.place_of(delegate_id))


def _require_ballot(command: RecordVote, expected: Ballot) -> None:
    require(
        command.ballot == expected,
        "ballot-kind-mismatch",
        place="/data/ballot",
        ballot=command.ballot,
        expected=expected,
    )
    named = command.ballot == "open" and command.votes is None and command.took_part is not None
    require(not named, "ballot-kind-mismatch", place="/data/took_part", ballot="secret", expected="open")
    if command.ballot == "secret":
        require(command.votes is None, "secret-ballot-names-voters", place="/data/votes")


def _counts(command: RecordVote, took_part: tuple[str, ...]) -> Counts:
    """Return the counts: of the votes, or as given when secret.

    Raises:
        Refusal: `vote-missing` when an open ballot has no votes or a secret one no counts; `counts-differ`.
    """
    if command.ballot == "open":
        if command.votes is None:
            refuse("vote-missing", place="/data/votes", delegates="-")
        counts = count(command.votes.values())
        agrees = command.counts in {None, counts} and set(command.took_part or took_part) == set(took_part)
        require(agrees, "counts-differ", place="/data/counts", counted=counts.cast, took_part=len(took_part))
        return counts
    if command.counts is None:
        refuse("vote-missing", place="/data/counts", delegates="-")
    cast = command.counts.cast
    require(cast == len(took_part), "counts-differ", place="/data/counts", counted=cast, took_part=len(took_part))
    return command.counts


def casts_its_own(consortium: Consortium, given: Given[CastVote]) -> None:
    """Check that a member casts its own delegate's vote.

    Raises:
        Refusal: `role-not-permitted`.
    """
    if given.actor.role == "member":
        own = {consortium.membership.delegates[given.command.delegate_id], given.command.delegate_id}
        require(given.actor.id in own, "role-not-permitted", place="/actor/id", role="member", command="CastVote")


def may_cast(given: Given[CastVote]) -> bool:
    """Tell whether the role casts in the way it may: the secretary for another and with the source, a member itself."""
    command = given.command
    if given.actor.role == "member":
        return command.on_behalf_of is None
    return command.on_behalf_of is not None and command.source_sha256 is not None
