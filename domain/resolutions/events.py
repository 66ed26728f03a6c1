"""Facts about drafts, votes and resolutions."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from domain.decider import Fact, Fields
from domain.values import (
    MAX_INTEGER,
    Ballot,
    Choice,
    Count,
    Day,
    Delegates,
    Flag,
    Id,
    KnownApplication,
    KnownDelegate,
    KnownDraft,
    KnownFinding,
    KnownForum,
    KnownMember,
    Majority,
    Matter,
    Members,
    New,
    Note,
    Ordinal,
    Sha256,
    Text,
)

Outcome = Literal["adopted", "rejected"]
TargetType = Literal[
    "resolution", "allocation", "member", "contract", "meeting", "circular_vote", "task", "budget_line", "package",
    "application", "delegate", "plebiscite", "resource", "mentoring_pair", "finding", "recommendation",
    "consultation",
]  # fmt: skip
WholeNumber = Annotated[int, Field(strict=True, ge=-MAX_INTEGER, le=MAX_INTEGER)]
FieldName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class DraftFields(Fields):
    """What is put to the vote."""

    draft_id: Annotated[Id, New("resolution")]
    matter: Matter
    title: Text
    subject_members: Members
    legal_basis: Text
    application_id: KnownApplication | None = None
    target_draft: KnownDraft | None = None
    """The resolution that it amends, repeals or invalidates."""
    body_ref: Text | None = None


class DraftSubmitted(Fact, DraftFields):
    """A draft came in; its `effective_on` says only when it binds."""

    topic: ClassVar[str] = "resolution.draft-submitted.v1"


class WithdrawnFields(Fields):
    """A draft taken back."""

    draft_id: KnownDraft
    reason: Note


class DraftWithdrawn(Fact, WithdrawnFields):
    """The proposer took the draft back before a vote."""

    topic: ClassVar[str] = "resolution.draft-withdrawn.v1"


class ConflictFields(Fields):
    """A delegate who will not vote on a draft."""

    draft_id: KnownDraft
    delegate_id: KnownDelegate
    member_id: KnownMember
    reason: Note


class ConflictDeclared(Fact, ConflictFields):
    """A delegate is recused."""

    topic: ClassVar[str] = "resolution.conflict-declared.v1"


class Counts(Fields):
    """Votes by choice."""

    for_: Annotated[int, Field(alias="for", strict=True, ge=0, le=10**6)]
    against: Annotated[int, Field(strict=True, ge=0, le=10**6)]
    abstain: Annotated[int, Field(strict=True, ge=0, le=10**6)]

    @property
    def cast(self) -> int:
        """Votes cast, abstentions among them."""
        return self.for_ + self.against + self.abstain


class Judged(Fields):
    """By what a vote is judged: the seats, the statute and the chair of its day, as they were known then."""

    judged_on: Day
    seats: dict[KnownDelegate, KnownMember]
    """Delegate to member, for every seat."""
    chair: KnownDelegate | None
    deputy: KnownDelegate | None


class VoteRecorded(Fact, Judged):
    """The vote as it was taken: every delegate's in an open ballot, participants and counts in a secret one."""

    topic: ClassVar[str] = "resolution.vote-recorded.v1"

    draft_id: KnownDraft
    forum: KnownForum
    ballot: Ballot
    votes: dict[KnownDelegate, Choice] | None
    took_part: Delegates
    counts: Counts
    present: Delegates
    """Who made the quorum: the attendance list, or who replied and was recused in a circular vote."""
    recused: Delegates
    voted_on: Day


class VotingOpened(Fact, Judged):
    """A live vote began: the roll and the rule are fixed as they stand."""

    topic: ClassVar[str] = "resolution.voting-opened.v1"

    draft_id: KnownDraft
    forum: KnownForum
    roll: Delegates
    """Who may vote: in a meeting those present, in a circular vote every seat."""
    statute_version: Ordinal


class CastFields(Fields):
    """One delegate's choice in an open ballot."""

    draft_id: KnownDraft
    delegate_id: KnownDelegate
    vote: Choice
    on_behalf_of: Id | None = None
    """The member, or its delegate, for whom the secretary records the vote."""
    source_sha256: Sha256 | None = None
    """Of the document that shows that vote."""


class VoteCast(Fact, CastFields):
    """A delegate voted; may be changed until closing, the last counts."""

    topic: ClassVar[str] = "resolution.vote-cast.v1"


class VotingClosed(Fact, Judged):
    """A live vote ended with these votes."""

    topic: ClassVar[str] = "resolution.voting-closed.v1"

    draft_id: KnownDraft
    forum: KnownForum
    votes: dict[KnownDelegate, Choice]
    counts: Counts
    present: Delegates
    recused: Delegates
    voted_on: Day


class OutcomeFields(Fields):
    """The arithmetic behind an outcome."""

    draft_id: KnownDraft
    majority: Majority
    seats: Count
    present: Count
    cast: Count
    tie_break_used: Flag
    statute_version: Ordinal


class ResolutionAdopted(Fact, OutcomeFields):
    """The draft won its majority and has its number, for ever."""

    topic: ClassVar[str] = "resolution.adopted.v1"

    number: Text
    n: Ordinal
    year: Ordinal


class ResolutionRejected(Fact, OutcomeFields):
    """The draft missed its majority."""

    topic: ClassVar[str] = "resolution.rejected.v1"

    number: Text | None
    """Only where the statute numbers rejected drafts too."""
    n: Ordinal | None
    year: Ordinal | None
    application_id: KnownApplication | None = None


class ResolutionAmended(Fact):
    """A later resolution changed this one, which stays in force."""

    topic: ClassVar[str] = "resolution.amended.v1"

    target: KnownDraft
    by: KnownDraft


class RepealFields(Fields):
    """A resolution to be repealed."""

    target: KnownDraft


class ResolutionRepealed(Fact, RepealFields):
    """The resolution loses force from `effective_on` (ex nunc)."""

    topic: ClassVar[str] = "resolution.repealed.v1"


class InvalidityFields(Fields):
    """A resolution found to have been void."""

    target: KnownDraft
    effect: Literal["ex_tunc"]
    finding_id: KnownFinding | None = None


class ResolutionInvalidated(Fact, InvalidityFields):
    """The resolution never had force (ex tunc); what was done under it stays, flagged."""

    topic: ClassVar[str] = "resolution.invalidated.v1"


class Target(Fields):
    """What a correction corrects."""

    type: TargetType
    id: Id


class ClericalFields(Fields):
    """A field that was written down wrongly, what stands there and what should."""

    target: Target
    field: FieldName
    recorded: Note | WholeNumber
    correct: Text | WholeNumber
    basis: Text
    reason: Text


class ClericalErrorCorrected(Fact, ClericalFields):
    """The record reads as corrected, for every day, from the recording on."""

    topic: ClassVar[str] = "correction.clerical-error-corrected.v1"

    recorded: Note
    correct: Text


class VoteCorrectionFields(Fields):
    """A vote that was written down wrongly."""

    draft_id: KnownDraft
    delegate_id: KnownDelegate
    recorded: Choice
    correct: Choice
    basis: Text
    reason: Text


class VoteRecordCorrected(Fact, VoteCorrectionFields):
    """The counts are recomputed; the outcome stands."""

    topic: ClassVar[str] = "correction.vote-record-corrected.v1"

    counts: Counts
    tie_break_used: Flag


class ObjectionFields(Fields):
    """A member's objection to a resolution."""

    draft_id: KnownDraft
    member_id: KnownMember
    grounds: Text


class ObjectionLodged(Fact, ObjectionFields):
    """A member disputes a resolution."""

    topic: ClassVar[str] = "resolution.objection-lodged.v1"


class ResolvedObjectionFields(Fields):
    """What became of an objection."""

    draft_id: KnownDraft
    member_id: KnownMember
    outcome: Literal["dismissed", "upheld"]
    note: Note


class ObjectionResolved(Fact, ResolvedObjectionFields):
    """The board answered an objection; it stays in the register."""

    topic: ClassVar[str] = "resolution.objection-resolved.v1"


class DiscoveredFields(Fields):
    """A vote that should not have been cast."""

    draft_id: KnownDraft
    member_id: KnownMember
    delegate_id: KnownDelegate
    voted: Choice
    finding_id: KnownFinding | None = None


class ConflictDiscovered(Fact, DiscoveredFields):
    """An interested delegate had voted; the resolution is flagged, not annulled."""

    topic: ClassVar[str] = "resolution.conflict-discovered.v1"
