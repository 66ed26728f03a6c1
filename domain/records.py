"""Which entry wrote down what a correction may put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.meetings.events import CircularVoteClosed, CircularVoteOpened, MeetingClosed, MeetingOpened
from domain.membership.events import FoundingMemberAdmitted, MemberAdmitted
from domain.packages.events import AllocationEnded, ContractSigned, TaskAllocated, TaskDefined
from domain.resolutions.events import (
    ClericalErrorCorrected,
    DraftSubmitted,
    VoteRecordCorrected,
    VoteRecorded,
    VotingClosed,
)

if TYPE_CHECKING:
    from immutables import Map

    from domain.decider import Entry, Fact

Record = tuple[str, str]
"""A type of target, or one field of it that another fact writes, and its id."""

WRITTEN: Final[dict[type[Fact], tuple[str, str]]] = {
    DraftSubmitted: ("resolution", "draft_id"),
    FoundingMemberAdmitted: ("member", "member_id"),
    MemberAdmitted: ("member", "member_id"),
    ContractSigned: ("contract", "package_id"),
    TaskDefined: ("task", "task_id"),
    TaskAllocated: ("allocation", "allocation_id"),
    AllocationEnded: ("allocation/valid_to", "allocation_id"),
    MeetingOpened: ("meeting", "meeting_id"),
    MeetingClosed: ("meeting/minutes_ref", "meeting_id"),
    CircularVoteOpened: ("circular_vote", "circular_id"),
    CircularVoteClosed: ("circular_vote/minutes_ref", "circular_id"),
    VoteRecorded: ("vote", "draft_id"),
    VotingClosed: ("vote", "draft_id"),
}
"""By the fact that writes it: the record, and the field with its id."""


def with_written(records: Map[Record, int], entry: Entry) -> Map[Record, int]:
    """Return the version that wrote each record, after `entry`."""
    written = WRITTEN.get(type(entry.fact))
    if written is None:
        return records
    record, field = written
    return records.set((record, getattr(entry.fact, field)), entry.version)


def corrected(records: Map[Record, int], fact: Fact) -> int | None:
    """Return the version of the entry that wrote down what a correction puts right; None for any other fact."""
    match fact:
        case VoteRecordCorrected():
            return records[("vote", fact.draft_id)]
        case ClericalErrorCorrected():
            whole = records[(fact.target.type, fact.target.id)]
            return records.get((f"{fact.target.type}/{fact.field}", fact.target.id), whole)
        case _:
            return None
