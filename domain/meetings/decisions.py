"""Opening and closing meetings and circular votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.guards import require_seat_on
from domain.meetings.events import (
    AttendanceChanged,
    AttendanceFields,
    CircularClosingFields,
    CircularVoteClosed,
    CircularVoteFields,
    CircularVoteOpened,
    MeetingClosed,
    MeetingClosingFields,
    MeetingFields,
    MeetingOpened,
)

if TYPE_CHECKING:
    from domain.consortium import Consortium
    from domain.meetings.state import CircularVote, Meeting

FOUNDERS_NEEDED = 2


class OpenMeeting(Command, MeetingFields):
    """Open a sitting of the board with its attendance list."""


class ChangeAttendance(Command, AttendanceFields):
    """Record that a delegate came or left."""


class CloseMeeting(Command, MeetingClosingFields):
    """Close a sitting."""


class OpenCircularVote(Command, CircularVoteFields):
    """Send drafts round for a vote without a sitting."""


class CloseCircularVote(Command, CircularClosingFields):
    """Close a circular vote and say who did not reply."""


def open_meeting(consortium: Consortium, given: Given[OpenMeeting]) -> tuple[Fact, ...]:
    """Open a sitting, even without a quorum: that is judged at each vote.

    Raises:
        Refusal: `no-seat-on-date`; `too-few-founders`; `remote-meeting-not-allowed`.
    """
    command, statute = given.command, consortium.statute_on(given.day)
    require_seat_on(consortium, command.presiding, given.day, "/data/presiding")
    for index, delegate_id in enumerate(command.present):
        require_seat_on(consortium, delegate_id, given.day, f"/data/present/{index}")
    _require_founders(consortium)
    require(command.mode == "on_site" or statute.remote_meetings, "remote-meeting-not-allowed", place="/data/mode")
    seats = len(consortium.membership.seats_on(given.day))
    return (MeetingOpened.of(command, seats=seats, quorum_required=statute.quorum.required(seats)),)


def change_attendance(consortium: Consortium, given: Given[ChangeAttendance]) -> tuple[Fact, ...]:
    """Change the attendance list of an open sitting.

    Raises:
        Refusal: `unknown-forum` for a circular vote; `no-seat-on-date`; `forum-closed`.
    """
    meeting = consortium.meetings.meetings[given.command.meeting_id]
    require_seat_on(consortium, given.command.delegate_id, given.day, "/data/delegate_id")
    _require_open(meeting, meeting.meeting_id, "/data/meeting_id")
    return (AttendanceChanged.of(given.command),)


def close_meeting(consortium: Consortium, given: Given[CloseMeeting]) -> tuple[Fact, ...]:
    """Close a sitting: for want of a quorum exactly when there is none.

    Raises:
        Refusal: `unknown-forum` for a circular vote; `no-quorum` when closed as completed without one;
            `forum-closed`; `voting-already-open` while a live vote runs in it; `quorum-present` when closed for want
            of one that is there.
    """
    command = given.command
    meeting = consortium.meetings.meetings[command.meeting_id]
    present, required = len(meeting.present), meeting.quorum_required
    if command.reason == "completed" and present < required:
        refuse("no-quorum", place="/data/reason", present=present, seats=meeting.seats, required=required)
    _require_open(meeting, command.meeting_id, "/data/meeting_id")
    _require_no_live_vote(consortium, command.meeting_id)
    if command.reason == "no_quorum" and present >= required:
        refuse("quorum-present", place="/data/reason", present=present, seats=meeting.seats, required=required)
    return (MeetingClosed.of(command),)


def open_circular_vote(consortium: Consortium, given: Given[OpenCircularVote]) -> tuple[Fact, ...]:
    """Send drafts round.

    Raises:
        Refusal: `already-decided` for a draft that is; `circular-vote-not-allowed` by the statute of the opening day;
            `circular-vote-too-short`; `too-few-founders`.
    """
    command = given.command
    rules = consortium.statute_on(command.opens_on).circular_vote
    for index, draft_id in enumerate(command.drafts):
        settled = consortium.resolutions.drafts[draft_id].settled
        require(not settled, "already-decided", place=f"/data/drafts/{index}", id=draft_id)
    require(rules.allowed, "circular-vote-not-allowed", place="/data/opens_on", day=command.opens_on)
    days, least = (command.closes_on - command.opens_on).days, rules.min_days or 0
    require(days >= least, "circular-vote-too-short", place="/data/closes_on", days=days, least=least)
    _require_founders(consortium)
    return (CircularVoteOpened.of(command),)


def close_circular_vote(consortium: Consortium, given: Given[CloseCircularVote]) -> tuple[Fact, ...]:
    """Close a circular vote; those who did not reply are exactly those with a seat who neither voted nor recused.

    Raises:
        Refusal: `unknown-forum` for a meeting; `forum-closed`; `voting-already-open` while a live vote runs in it;
            `counts-differ`, once a vote taken in it shows who replied.
    """
    command = given.command
    circular = consortium.meetings.circular_votes[command.circular_id]
    _require_open(circular, command.circular_id, "/data/circular_id")
    _require_no_live_vote(consortium, command.circular_id)
    silent = _silent(consortium, circular)
    agrees = silent is None or silent == set(command.no_reply)
    numbers = {"counted": len(silent or ()), "took_part": len(command.no_reply)}
    require(agrees, "counts-differ", place="/data/no_reply", **numbers)
    return (CircularVoteClosed.of(command),)


def _silent(consortium: Consortium, circular: CircularVote) -> set[str] | None:
    """Return who neither voted on anything nor was recused; None while no vote was taken that would show it."""
    drafts = [consortium.resolutions.drafts[draft_id] for draft_id in circular.opened.drafts]
    votes = [draft.vote for draft in drafts if draft.vote and draft.vote.forum == circular.opened.circular_id]
    if not votes:
        return None
    replied = {delegate_id for draft in drafts for delegate_id in draft.recused}
    replied |= {delegate_id for vote in votes for delegate_id in vote.took_part}
    return set(consortium.membership.seats_on(circular.opened.opens_on)) - replied


def forum_is_of_kind(
    consortium: Consortium, given: Given[ChangeAttendance] | Given[CloseMeeting] | Given[CloseCircularVote]
) -> None:
    """Check that a meeting is named where a meeting belongs, and a circular vote where one does.

    Raises:
        Refusal: `unknown-forum`.
    """
    command = given.command
    if isinstance(command, CloseCircularVote):
        known, place, forum_id = consortium.meetings.circular_votes, "/data/circular_id", command.circular_id
        require(forum_id in known, "unknown-forum", place=place, id=forum_id)
    else:
        known_meetings = consortium.meetings.meetings
        require(command.meeting_id in known_meetings, "unknown-forum", place="/data/meeting_id", id=command.meeting_id)


def _require_open(forum: Meeting | CircularVote, forum_id: str, place: str) -> None:
    require(forum.closed_on is None, "forum-closed", place=place, id=forum_id)


def _require_founders(consortium: Consortium) -> None:
    """Check that two founders at least joined before the board first acts. Source: `rules.md` 7."""
    founders = consortium.membership.founders
    require(founders >= FOUNDERS_NEEDED, "too-few-founders", founders=founders, needed=FOUNDERS_NEEDED)


def _require_no_live_vote(consortium: Consortium, forum_id: str) -> None:
    for draft_id in consortium.resolutions.running:
        live = consortium.resolutions.drafts[draft_id].live
        running = live is not None and live.opened.forum == forum_id
        require(not running, "voting-already-open", draft_id=draft_id, forum=forum_id)
