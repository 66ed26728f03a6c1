"""A package with a line of each source, all divided."""

from __future__ import annotations

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

UNDIVIDED = (
    founded(),
    meeting_opened(),
    contract_signed(grant_gr=100_000, project_funds_gr=10_000, own_contribution_gr=1_000),
    task_defined("T1"),
    task_defined("T2"),
    performed("M1", "M2"),
    performed("M3", "M2", task_id="T2"),
    budget_adopted(
        line("L1", 60_000),
        line("L2", 40_000, task_id="T2"),
        line("L3", 10_000, source="project_funds"),
        line("L4", 1_000, source="own_financial"),
    ),
)
PLANNED = (*UNDIVIDED, split("L1", M1=2, M2=1), split("L2", M3=1), split("L3", M2=1), split("L4", M4=1))
