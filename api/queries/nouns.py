"""What the parameters of questions name, so that a thing without a row in one table is known from elsewhere.

A member who has no loan is a member all the same, and the loans of that member are none; a misspelt id is an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.audit_trail.trail import AUDIT_TRAIL
from projections.member_roll.members import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.bitemporal.table import Table

PARAMETERS: Final = {
    "member": (
        "member_id", "lead_id", "partner_ids", "mentor", "mentee", "owner", "from_member", "to_member", "parties",
        "subject_members", "largest_member", "member",
    ),
    "resolution": (
        "draft_id", "target_draft", "repealed_by", "invalidated_by", "amended_by", "under", "drafts", "resolution",
    ),
    "task": ("task_id", "task"),
    "package": ("package_id", "package"),
    "line": ("line_id", "line"),
    "allocation": ("allocation_id",),
    "application": ("application_id",),
    "finding": ("finding_id",),
    "recommendation": ("recommendation_id",),
    "resource": ("resource_id",),
    "pair": ("pair_id",),
    "plebiscite": ("plebiscite_id",),
    "consultation": ("consultation_id",),
    "forum": ("forum", "meeting_id", "circular_id"),
}  # fmt: skip
"""By noun, as `concerns` of the audit trail has it."""

NOUNS: Final = {parameter: noun for noun, parameters in PARAMETERS.items() for parameter in parameters}
DELEGATES: Final = frozenset({"delegate_id", "attending", "took_part", "recused", "presiding", "no_reply"})


def elsewhere(parameter: str, value: object) -> Iterator[tuple[Table, str, object]]:
    """Walk where else a value of a parameter would be known from: a table, its parameter and what to ask for."""
    if parameter in NOUNS:
        yield AUDIT_TRAIL, "concerns", f"{NOUNS[parameter]}:{value}"
    elif parameter in DELEGATES:
        yield MEMBERS, "delegate_id", value
