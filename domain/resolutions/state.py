"""Drafts and what became of them, as known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, assert_never

from immutables import Map

from domain.resolutions.events import (
    ClericalErrorCorrected,
    ConflictDeclared,
    ConflictDiscovered,
    Counts,
    DraftSubmitted,
    DraftWithdrawn,
    ObjectionLodged,
    ObjectionResolved,
    Outcome,
    ResolutionAdopted,
    ResolutionAmended,
    ResolutionInvalidated,
    ResolutionRejected,
    ResolutionRepealed,
    VoteCast,
    VoteRecordCorrected,
    VoteRecorded,
    VotingClosed,
    VotingOpened,
)
from domain.states import Grown, replace

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Actor, Entry
    from domain.values import Choice, Majority

DraftFact = (
    DraftWithdrawn
    | ConflictDeclared
    | VotingOpened
    | VoteCast
    | VoteRecorded
    | VotingClosed
    | ResolutionAdopted
    | ResolutionRejected
    | ResolutionAmended
    | ResolutionRepealed
    | ResolutionInvalidated
    | VoteRecordCorrected
    | ObjectionLodged
    | ObjectionResolved
    | ConflictDiscovered
)
AfterwardsFact = (
    ResolutionAmended
    | ResolutionRepealed
    | ResolutionInvalidated
    | VoteRecordCorrected
    | ObjectionLodged
    | ObjectionResolved
    | ConflictDiscovered
)
ResolutionFact = DraftSubmitted | DraftFact | ClericalErrorCorrected
Status = Literal["draft", "withdrawn", "adopted", "rejected"]


@dataclass(frozen=True)
class Recused:
    """A delegate who declared a conflict."""

    delegate_id: str
    member_id: str
    reason: str
    declared_on: date


@dataclass(frozen=True)
class LiveVote:
    """A vote in progress."""

    opened: VotingOpened
    votes: Map[str, Choice] = field(default_factory=Map)


@dataclass(frozen=True)
class Vote:
    """A vote that was taken, as corrected."""

    forum: str
    ballot: Literal["open", "secret"]
    votes: dict[str, Choice] | None
    took_part: tuple[str, ...]
    present: tuple[str, ...]
    recused: tuple[str, ...]
    counts: Counts
    counts_as_first_recorded: Counts
    votes_as_first_recorded: dict[str, Choice] | None
    judged_on: date
    voted_on: date
    chair: str | None
    deputy: str | None
    seats: dict[str, str]


@dataclass(frozen=True)
class Decided:
    """The outcome of a vote and its arithmetic, as corrected."""

    outcome: Outcome
    number: str | None
    majority: Majority
    seats: int
    present: int
    tie_break_used: bool
    statute_version: int


@dataclass(frozen=True)
class Repeal:
    """An end of force for the future."""

    effective_on: date
    by: str | None


@dataclass(frozen=True)
class Objection:
    """A dispute and its answer."""

    member_id: str
    lodged_on: date
    grounds: str
    outcome: str | None = None
    resolved_on: date | None = None
    note: str | None = None
    """What the board answered."""


@dataclass(frozen=True)
class Draft:
    """A draft, and the resolution that it became if adopted."""

    submitted: DraftSubmitted
    ordinal: int
    """Its place among all drafts in the order recorded, from 1."""
    title: str
    legal_basis: str
    submitted_on: date
    """The day it was recorded; `effective_on` says when it binds."""
    effective_on: date
    proposer: Actor
    withdrawn_on: date | None = None
    conflicts: tuple[Recused, ...] = ()
    live: LiveVote | None = None
    vote: Vote | None = None
    decided: Decided | None = None
    amended_by: tuple[str, ...] = ()
    repeal: Repeal | None = None
    invalidated_by: str | None = None
    invalid: bool = False
    objections: tuple[Objection, ...] = ()
    discovered: tuple[tuple[date, ConflictDiscovered], ...] = ()
    """With the day on which it was recorded."""
    corrected_on: date | None = None
    """The day of the last correction of its record, of the text or of a vote."""

    @property
    def draft_id(self) -> str:
        """The draft's own id, which it keeps when it gets a number."""
        return self.submitted.draft_id

    @property
    def matter(self) -> str:
        """What kind of decision it is."""
        return self.submitted.matter

    @property
    def recused(self) -> frozenset[str]:
        """Delegates who declared a conflict."""
        return frozenset(conflict.delegate_id for conflict in self.conflicts)

    @property
    def adopted(self) -> bool:
        """Whether the vote carried it, whatever happened to it since."""
        return self.decided is not None and self.decided.outcome == "adopted"

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to vote on."""
        return self.decided is not None or self.withdrawn_on is not None

    def in_force_on(self, day: date) -> bool:
        """Tell whether it may authorise a command effective on `day`; whether it already binds is not asked."""
        return self.adopted and not self.invalid and (self.repeal is None or day < self.repeal.effective_on)


@dataclass(frozen=True)
class Resolutions:
    """Every draft by its id, in the order submitted, and how many numbers each year has given out."""

    drafts: Map[str, Draft] = field(default_factory=Map)
    order: Grown[str] = Grown()
    numbered: Map[int, int] = field(default_factory=Map)
    running: tuple[str, ...] = ()
    """Drafts that are voted on live now, in the order opened."""


def evolve(state: Resolutions, fact: ResolutionFact, entry: Entry) -> Resolutions:
    """Return the drafts after `fact`."""
    if isinstance(fact, DraftSubmitted):
        draft = Draft(
            submitted=fact,
            ordinal=len(state.order) + 1,
            title=fact.title,
            legal_basis=fact.legal_basis,
            submitted_on=entry.day,
            effective_on=entry.effective_on,
            proposer=entry.actor,
        )
        order = state.order.added(fact.draft_id)
        return replace(state, drafts=state.drafts.set(fact.draft_id, draft), order=order)
    if isinstance(fact, ClericalErrorCorrected):
        return _correct_draft(state, fact, entry.day)
    if isinstance(fact, ResolutionAdopted | ResolutionRejected) and fact.year and fact.n:
        state = replace(state, numbered=state.numbered.set(fact.year, fact.n))
    draft_id = fact.draft_id if not isinstance(fact, _ByTarget) else fact.target
    if isinstance(fact, VotingOpened):
        state = replace(state, running=(*state.running, draft_id))
    elif isinstance(fact, VotingClosed):
        state = replace(state, running=tuple(other for other in state.running if other != draft_id))
    draft = _evolve_draft(state.drafts[draft_id], fact, entry)
    return replace(state, drafts=state.drafts.set(draft_id, draft))


_ByTarget = ResolutionAmended | ResolutionRepealed | ResolutionInvalidated


def _evolve_draft(draft: Draft, fact: DraftFact, entry: Entry) -> Draft:
    match fact:
        case DraftWithdrawn():
            return replace(draft, withdrawn_on=entry.day)
        case ConflictDeclared():
            recused = Recused(fact.delegate_id, fact.member_id, fact.reason, entry.day)
            return replace(draft, conflicts=(*draft.conflicts, recused), live=_strike(draft.live, fact.delegate_id))
        case VotingOpened() | VoteCast() | VotingClosed() | VoteRecorded():
            return _evolve_vote(draft, fact)
        case ResolutionAdopted() | ResolutionRejected():
            return replace(draft, decided=_decided(fact))
        case _:
            return _evolve_decided(draft, fact, entry)


def _evolve_decided(draft: Draft, fact: AfterwardsFact, entry: Entry) -> Draft:
    match fact:
        case ResolutionAmended():
            return replace(draft, amended_by=(*draft.amended_by, fact.by))
        case ResolutionRepealed():
            return replace(draft, repeal=Repeal(entry.effective_on, entry.under))
        case ResolutionInvalidated():
            return replace(draft, invalid=True, invalidated_by=entry.under)
        case VoteRecordCorrected():
            return replace(_correct_vote(draft, fact), corrected_on=entry.day)
        case ObjectionLodged() | ObjectionResolved():
            return replace(draft, objections=_objections(draft.objections, fact, entry.day))
        case ConflictDiscovered():
            return replace(draft, discovered=(*draft.discovered, (entry.day, fact)))
        case _:
            assert_never(fact)


def _strike(live: LiveVote | None, delegate_id: str) -> LiveVote | None:
    """Drop the vote of a delegate who turned out to be interested while the vote was open."""
    if live is None or delegate_id not in live.votes:
        return live
    return replace(live, votes=live.votes.delete(delegate_id))


def _evolve_vote(draft: Draft, fact: VotingOpened | VoteCast | VotingClosed | VoteRecorded) -> Draft:
    match fact:
        case VotingOpened():
            return replace(draft, live=LiveVote(fact))
        case VoteCast():
            assert draft.live is not None  # noqa: S101 - the decision let no vote in before the opening
            return replace(draft, live=replace(draft.live, votes=draft.live.votes.set(fact.delegate_id, fact.vote)))
        case VotingClosed():
            took_part = tuple(sorted(fact.votes))
            return replace(draft, live=None, vote=_vote(fact, "open", fact.votes, took_part))
        case VoteRecorded():
            return replace(draft, vote=_vote(fact, fact.ballot, fact.votes, fact.took_part))


def _vote(
    fact: VoteRecorded | VotingClosed,
    ballot: Literal["open", "secret"],
    votes: dict[str, Choice] | None,
    took_part: tuple[str, ...],
) -> Vote:
    return Vote(
        forum=fact.forum,
        ballot=ballot,
        votes=votes,
        took_part=took_part,
        present=fact.present,
        recused=fact.recused,
        counts=fact.counts,
        counts_as_first_recorded=fact.counts,
        votes_as_first_recorded=votes,
        judged_on=fact.judged_on,
        voted_on=fact.voted_on,
        chair=fact.chair,
        deputy=fact.deputy,
        seats=fact.seats,
    )


def _decided(fact: ResolutionAdopted | ResolutionRejected) -> Decided:
    return Decided(
        outcome="adopted" if isinstance(fact, ResolutionAdopted) else "rejected",
        number=fact.number,
        majority=fact.majority,
        seats=fact.seats,
        present=fact.present,
        tie_break_used=fact.tie_break_used,
        statute_version=fact.statute_version,
    )


def _correct_vote(draft: Draft, fact: VoteRecordCorrected) -> Draft:
    assert draft.vote is not None  # noqa: S101 - only a recorded vote can be corrected
    assert draft.vote.votes is not None  # noqa: S101 - and only an open one
    assert draft.decided is not None  # noqa: S101 - and a recorded vote is decided
    vote = replace(draft.vote, votes={**draft.vote.votes, fact.delegate_id: fact.correct}, counts=fact.counts)
    return replace(draft, vote=vote, decided=replace(draft.decided, tie_break_used=fact.tie_break_used))


def _objections(
    objections: tuple[Objection, ...], fact: ObjectionLodged | ObjectionResolved, day: date
) -> tuple[Objection, ...]:
    if isinstance(fact, ObjectionLodged):
        return (*objections, Objection(fact.member_id, day, fact.grounds))
    return tuple(
        replace(objection, outcome=fact.outcome, resolved_on=day, note=fact.note)
        if objection.member_id == fact.member_id and objection.outcome is None
        else objection
        for objection in objections
    )


def _correct_draft(state: Resolutions, fact: ClericalErrorCorrected, day: date) -> Resolutions:
    draft = replace(state.drafts[fact.target.id], corrected_on=day)
    corrected = (
        replace(draft, title=fact.correct) if fact.field == "title" else replace(draft, legal_basis=fact.correct)
    )
    return replace(state, drafts=state.drafts.set(draft.draft_id, corrected))
