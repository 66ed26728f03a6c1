"""Facts about meetings and circular votes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from domain.decider import Fact, Fields
from domain.values import Count, Day, Delegates, Drafts, Flag, Id, KnownDelegate, KnownForum, New, Note, Text


class MeetingFields(Fields):
    """A sitting and its attendance list."""

    meeting_id: Annotated[Id, New("forum")]
    mode: Literal["on_site", "remote"]
    presiding: KnownDelegate
    present: Delegates


class MeetingOpened(Fact, MeetingFields):
    """The board sat down."""

    topic: ClassVar[str] = "meeting.opened.v1"

    seats: Count
    quorum_required: Count


class AttendanceFields(Fields):
    """A delegate who came or left."""

    meeting_id: KnownForum
    delegate_id: KnownDelegate
    present: Flag


class AttendanceChanged(Fact, AttendanceFields):
    """The attendance list changed; quorum is judged anew at each vote."""

    topic: ClassVar[str] = "meeting.attendance-changed.v1"


class MeetingClosingFields(Fields):
    """How a sitting ended."""

    meeting_id: KnownForum
    minutes_ref: Text
    reason: Literal["completed", "no_quorum", "adjourned"]


class MeetingClosed(Fact, MeetingClosingFields):
    """The sitting ended; drafts without a vote are carried over."""

    topic: ClassVar[str] = "meeting.closed.v1"


class CircularVoteFields(Fields):
    """A vote by correspondence on some drafts."""

    circular_id: Annotated[Id, New("forum")]
    drafts: Drafts
    opens_on: Day
    closes_on: Day
    channel: Text


class CircularVoteOpened(Fact, CircularVoteFields):
    """Drafts were sent round."""

    topic: ClassVar[str] = "circular-vote.opened.v1"


class CircularClosingFields(Fields):
    """How a circular vote ended."""

    circular_id: KnownForum
    no_reply: Delegates
    minutes_ref: Note


class CircularVoteClosed(Fact, CircularClosingFields):
    """The time for replies is over; silence is not an abstention."""

    topic: ClassVar[str] = "circular-vote.closed.v1"
