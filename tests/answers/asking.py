"""Asking a history what held on a day, as far as it was known at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.answers.state import state_on

if TYPE_CHECKING:
    from datetime import date

    from tests.decisions.given import Story

from tests.decisions.given import noon


def asked(story: Story, valid_on: date, known_on: date | None = None) -> dict[str, Any]:
    """Ask what held on a day, as known at noon of another, or as known now."""
    known_at = noon(known_on) if known_on else story.clock
    return state_on(story.as_known_at(known_at), valid_on, known_at)


def resolution(answer: dict[str, Any], draft_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in answer["resolutions"] if one["draft_id"] == draft_id)
    return found


def owed(story: Story, valid_on: date) -> list[tuple[str, str | None]]:
    return [(one["what"], one["due_on"]) for one in asked(story, valid_on)["obligations"]]
