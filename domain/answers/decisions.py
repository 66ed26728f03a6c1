"""What the board decided by a day, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium
    from domain.meetings.state import Meeting
    from domain.resolutions.state import Draft


def resolutions(consortium: Consortium, valid_on: date) -> list[dict[str, Any]]:
    """Return every draft recorded by the day, in the order recorded."""
    drafts = (consortium.resolutions.drafts[draft_id] for draft_id in consortium.resolutions.order)
    return [_resolution(draft, valid_on) for draft in drafts if draft.submitted_on <= valid_on]


def _resolution(draft: Draft, valid_on: date) -> dict[str, Any]:
    status, status_from = status_on(draft, valid_on)
    vote, decided = (draft.vote, draft.decided) if voted_by(draft, valid_on) else (None, None)
    return {
        "draft_id": draft.draft_id,
        "number": decided.number if decided else None,
        "matter": draft.matter,
        "title": draft.title,
        "majority": decided.majority if decided else None,
        "ballot": vote.ballot if vote else None,
        "forum": vote.forum if vote else None,
        "voted_on": vote.voted_on.isoformat() if vote else None,
        "seats": decided.seats if decided else None,
        "present": decided.present if decided else None,
        "recused": list(recused_on(draft, valid_on)),
        "counts": vote.counts.model_dump() if vote else None,
        "counts_as_first_recorded": vote.counts_as_first_recorded.model_dump() if vote else None,
        "cast": vote.counts.cast if vote else None,
        "tie_break_used": decided.tie_break_used if decided else None,
        "outcome": decided.outcome if decided else None,
        "status": status,
        "status_from": status_from.isoformat() if status_from else None,
    }


def voted_by(draft: Draft, day: date) -> bool:
    """Tell whether a vote was taken on the draft by the day, and its outcome is on record."""
    return draft.vote is not None and draft.decided is not None and draft.vote.voted_on <= day


def recused_on(draft: Draft, day: date) -> tuple[str, ...]:
    """Return who was recused by the day, in order of their ids: of a vote, those recorded with it."""
    if draft.vote is not None and voted_by(draft, day):
        return draft.vote.recused
    return tuple(sorted(one.delegate_id for one in draft.conflicts if one.declared_on <= day))


def status_on(draft: Draft, valid_on: date) -> tuple[str, date | None]:
    """Return the status on a day, and since when where that is not the vote: a repeal, an invalidity, a withdrawal.

    Source: `rules.md` 18: invalidity changes the status from the day of the vote.
    """
    if draft.withdrawn_on is not None and draft.withdrawn_on <= valid_on:
        return "withdrawn", draft.withdrawn_on
    if draft.vote is None or not voted_by(draft, valid_on):
        return "draft", None
    if not draft.adopted:
        return "rejected", None
    if draft.invalid:
        return "invalid", draft.vote.voted_on
    if draft.repeal is not None and draft.repeal.effective_on <= valid_on:
        return "repealed", draft.repeal.effective_on
    return "in_force", None


def meetings(consortium: Consortium, valid_on: date) -> list[dict[str, Any]]:
    """Return every sitting opened by the day, in the order recorded."""
    held = (consortium.meetings.meetings[meeting_id] for meeting_id in consortium.meetings.order)
    return [_meeting(meeting, valid_on) for meeting in held if meeting.held_on <= valid_on]


def _meeting(meeting: Meeting, valid_on: date) -> dict[str, Any]:
    closed = meeting.closed_on is not None and meeting.closed_on <= valid_on
    present = len(meeting.present_on(valid_on))
    return {
        "meeting_id": meeting.meeting_id,
        "date": meeting.held_on.isoformat(),
        "mode": meeting.mode,
        "seats": meeting.seats,
        "present": present,
        "quorum_required": meeting.quorum_required,
        "quorum": present >= meeting.quorum_required,
        "minutes": meeting.minutes_ref if closed else None,
        "closed": meeting.reason if closed else None,
    }
