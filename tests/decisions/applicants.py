"""Who wants to join: an application, and the admission that may follow it."""

from __future__ import annotations

from domain.decider import Actor
from domain.membership.decisions import AdmitMember, ApplyForMembership
from tests.decisions.given import FOUNDED
from tests.decisions.steps import founder

APPLICANT = Actor(role="applicant", id="W-1")


def application(application_id: str = "W-1", **numbers: str) -> ApplyForMembership:
    named: dict[str, object] = {
        "name": "Fundacja",
        "legal_form": "foundation",
        "employment_fte_x100": 0,
        "annual_revenue_gr": 0,
    }
    return ApplyForMembership.model_validate({"application_id": application_id, **named, **numbers})


def admission(member_id: str = "M9", application_id: str = "W-1", **changes: object) -> AdmitMember:
    same = founder("M9").model_dump(exclude={"joined_on", "member_id"})
    named = {"member_id": member_id, "application_id": application_id, "declaration_signed_on": FOUNDED}
    return AdmitMember.model_validate({**same, **named, "joined_on": FOUNDED, **changes})
