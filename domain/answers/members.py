"""Who belongs on a day, and who holds which office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium


def members(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return the members of the day with their size class."""
    return {
        member.member_id: {
            "name": member.name,
            "size": member.size_on(valid_on),
            "joined_on": member.joined_on.isoformat(),
        }
        for member in consortium.membership.on(valid_on)
    }


def members_left(consortium: Consortium, valid_on: date) -> dict[str, Any]:
    """Return the members whose last day has passed."""
    return {
        member_id: {"last_day": member.last_day.isoformat()}
        for member_id, member in sorted(consortium.membership.members.items())
        if member.last_day is not None and member.last_day < valid_on
    }


def chair(consortium: Consortium, valid_on: date) -> dict[str, Any] | None:
    """Return the chair and deputy of the day."""
    appointed = consortium.membership.chair_on(valid_on)
    if appointed is None:
        return None
    return {"delegate": appointed.delegate_id, "deputy": appointed.deputy_delegate_id}


def statute_version(consortium: Consortium, valid_on: date) -> dict[str, Any] | None:
    """Return the version of the statute in force on the day; None before the first came into force."""
    if not consortium.founded:
        return None
    version = consortium.statutes.version_on(valid_on)
    if valid_on < version.effective_on:
        return None
    return {
        "effective_on": version.effective_on.isoformat(),
        "version": version.statute.version,
        "tie_break": version.statute.tie_break,
        "circular_allowed": version.statute.circular_vote.allowed,
    }
