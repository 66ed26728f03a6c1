"""Who performs which task on a day, under which resolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium
    from domain.packages.state import Allocation


def allocations(consortium: Consortium, valid_on: date) -> dict[str, list[dict[str, Any]]]:
    """Return task to performers, the lead first, then by member; a running task that nobody performs has none."""
    return {
        task.task_id: _performers(consortium, task.task_id, valid_on)
        for _, task in sorted(consortium.packages.tasks.items())
        if task.period_from <= valid_on <= task.period_to
    }


def _performers(consortium: Consortium, task_id: str, valid_on: date) -> list[dict[str, Any]]:
    running = performers_on(consortium, task_id, valid_on)
    return [
        {"member": one.member_id, "role": one.role, "resolution": number_of(consortium, one.under)} for one in running
    ]


def performers_on(consortium: Consortium, task_id: str, day: date) -> list[Allocation]:
    """Return who performs a task on a day, the lead first, then by member."""
    running = [one for one in consortium.packages.of_task(task_id) if one.covers(day)]
    running.sort(key=lambda one: (one.role != "lead", one.member_id))
    return running


def number_of(consortium: Consortium, draft_id: str | None) -> str | None:
    """Return the number of a resolution, which once given stays for ever; None where there is none."""
    draft = consortium.resolutions.drafts.get(draft_id) if draft_id else None
    return draft.decided.number if draft and draft.decided else None
