"""The whole answer for one pair of clocks, in the shape that `state --json` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.answers import decisions, members, money, obligations, support, tasks
from domain.values import write_instant

if TYPE_CHECKING:
    from datetime import date, datetime

    from domain.consortium import Consortium


def state_on(consortium: Consortium, valid_on: date, known_at: datetime) -> dict[str, Any]:
    """Return everything that holds on `valid_on` of a consortium folded up to `known_at`."""
    membership = consortium.membership
    return {
        "consortium": consortium.consortium_id,
        "version": consortium.version,
        "valid_on": valid_on.isoformat(),
        "known_at": write_instant(known_at),
        "members": members.members(consortium, valid_on),
        "members_left": members.members_left(consortium, valid_on),
        "seats": len(membership.seats_on(valid_on)),
        "leader": membership.leader_on(valid_on),
        "chair": members.chair(consortium, valid_on),
        "statute_version": members.statute_version(consortium, valid_on),
        "resolutions": decisions.resolutions(consortium, valid_on),
        "meetings": decisions.meetings(consortium, valid_on),
        "allocations": tasks.allocations(consortium, valid_on),
        "budget": money.budget(consortium, valid_on),
        "payments": money.payments(consortium, valid_on),
        "small_pes_share": money.small_pes_share(consortium, valid_on),
        "execution": money.execution(consortium, valid_on),
        "plebiscites": support.plebiscites(consortium, valid_on),
        "loans": support.loans(consortium, valid_on),
        "audit": support.audit(consortium, valid_on),
        "reports": support.reports(consortium, valid_on),
        "indicators": support.indicators(consortium, valid_on),
        "mentoring": support.mentoring(consortium, valid_on),
        "obligations": obligations.obligations(consortium, valid_on),
    }
