"""A package that is divided, and the commands that bring and pass on its money."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.budget.cash import DistributeTranche, ReceiveTranche, ReturnUnspentGrant, SettleBetweenMembers
from tests.decisions.steps import (
    budget_adopted,
    contract_signed,
    founded,
    line,
    meeting_opened,
    performed,
    split,
    task_defined,
)

if TYPE_CHECKING:
    from datetime import date

DIVIDED = (
    founded(),
    meeting_opened(),
    contract_signed(grant_gr=100_000, project_funds_gr=10_000, own_contribution_gr=1_000),
    task_defined(),
    performed("M1", "M2"),
    budget_adopted(
        line("L1", 100_000), line("L2", 10_000, source="project_funds"), line("L3", 1_000, source="own_financial")
    ),
    split("L1", M1=3, M2=2),
    split("L2", M2=1),
    split("L3", M3=1),
)


def received(no: int, amount_gr: int) -> ReceiveTranche:
    return ReceiveTranche(package_id="P1", tranche_no=no, source="city_grant", amount_gr=amount_gr, payer="Miasto")


def passed_on(no: int, **amounts: int) -> DistributeTranche:
    return DistributeTranche(package_id="P1", tranche_no=no, source="city_grant", amounts_gr=amounts)


def settled(amount_gr: int) -> SettleBetweenMembers:
    return SettleBetweenMembers(
        package_id="P1", source="city_grant", from_member="M1", to_member="M2", amount_gr=amount_gr
    )


def returned(amount_gr: int, due_on: date) -> ReturnUnspentGrant:
    return ReturnUnspentGrant(package_id="P1", amount_gr=amount_gr, from_member="M2", to="Miasto", due_on=due_on)
