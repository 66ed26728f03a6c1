"""Forums in which the board votes: meetings and circular votes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.meetings.events import (
    AttendanceChanged,
    CircularVoteClosed,
    CircularVoteOpened,
    MeetingClosed,
    MeetingOpened,
)
from domain.states import Grown, replace

if TYPE_CHECKING:
    from datetime import date

    from domain.decider import Entry

MeetingFact = MeetingOpened | AttendanceChanged | MeetingClosed | CircularVoteOpened | CircularVoteClosed


@dataclass(frozen=True)
class Meeting:
    """A sitting; `held_on` is the day on which its opening was recorded."""

    meeting_id: str
    held_on: date
    mode: str
    presiding: str
    seats: int
    quorum_required: int
    attendance: tuple[tuple[date, frozenset[str]], ...]
    """The attendance list from each day on which it changed, the last being the current one."""
    closed_on: date | None = None
    reason: str | None = None
    minutes_ref: str | None = None

    @property
    def present(self) -> frozenset[str]:
        """The attendance list as it stands."""
        return self.attendance[-1][1]

    def present_on(self, day: date) -> frozenset[str]:
        """Return the attendance list as it stood at the end of `day`."""
        return next((present for since, present in reversed(self.attendance) if since <= day), frozenset())


@dataclass(frozen=True)
class CircularVote:
    """A vote without a sitting."""

    opened: CircularVoteOpened
    opened_on: date
    closed_on: date | None = None
    no_reply: tuple[str, ...] = ()
    minutes_ref: str | None = None


@dataclass(frozen=True)
class Meetings:
    """Every forum by its id, in the order in which they were opened."""

    meetings: Map[str, Meeting] = field(default_factory=Map)
    circular_votes: Map[str, CircularVote] = field(default_factory=Map)
    order: Grown[str] = Grown()

    def forum(self, forum_id: str) -> Meeting | CircularVote:
        """Return the forum of that id, which must be known."""
        return self.meetings.get(forum_id) or self.circular_votes[forum_id]


def evolve(state: Meetings, fact: MeetingFact, entry: Entry) -> Meetings:
    """Return the forums after `fact`."""
    match fact:
        case MeetingOpened():
            meeting = Meeting(
                meeting_id=fact.meeting_id,
                held_on=entry.day,
                mode=fact.mode,
                presiding=fact.presiding,
                seats=fact.seats,
                quorum_required=fact.quorum_required,
                attendance=((entry.day, frozenset(fact.present)),),
            )
            order = state.order.added(fact.meeting_id)
            return replace(state, meetings=state.meetings.set(fact.meeting_id, meeting), order=order)
        case AttendanceChanged() | MeetingClosed():
            meeting = _evolve_meeting(state.meetings[fact.meeting_id], fact, entry.day)
            return replace(state, meetings=state.meetings.set(fact.meeting_id, meeting))
        case CircularVoteOpened():
            circular = CircularVote(fact, entry.day)
            return replace(state, circular_votes=state.circular_votes.set(fact.circular_id, circular))
        case CircularVoteClosed():
            circular = replace(
                state.circular_votes[fact.circular_id],
                closed_on=entry.day,
                no_reply=fact.no_reply,
                minutes_ref=fact.minutes_ref,
            )
            return replace(state, circular_votes=state.circular_votes.set(fact.circular_id, circular))
        case _:
            assert_never(fact)


def _evolve_meeting(meeting: Meeting, fact: AttendanceChanged | MeetingClosed, day: date) -> Meeting:
    if isinstance(fact, MeetingClosed):
        return replace(meeting, closed_on=day, reason=fact.reason, minutes_ref=fact.minutes_ref)
    present = meeting.present | {fact.delegate_id} if fact.present else meeting.present - {fact.delegate_id}
    return replace(meeting, attendance=(*meeting.attendance, (day, present)))


def correct_minutes(state: Meetings, forum_id: str, value: str) -> Meetings:
    """Return the forums with the reference of a forum's minutes put right."""
    if forum_id in state.meetings:
        meeting = replace(state.meetings[forum_id], minutes_ref=value)
        return replace(state, meetings=state.meetings.set(forum_id, meeting))
    circular = replace(state.circular_votes[forum_id], minutes_ref=value)
    return replace(state, circular_votes=state.circular_votes.set(forum_id, circular))
