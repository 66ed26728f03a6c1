"""Budget lines that tests of their division begin with."""

from __future__ import annotations

from domain.budget.decisions import SplitLine
from tests.decisions.steps import (
    adopted,
    budget_adopted,
    contract_signed,
    founded,
    line,
    meeting_opened,
    performed,
    shares,
    task_defined,
)

BOARD = (founded(), meeting_opened())
LINE = (*BOARD, contract_signed(), task_defined(), performed("M1", "M2", "M3"), budget_adopted(line("L1", 100_000)))
SPLIT = SplitLine(line_id="L1", shares=shares(M1=1, M2=1, M3=1))
OWN = (
    *BOARD,
    contract_signed(own_contribution_gr=10_000),
    task_defined(),
    performed("M1"),
    budget_adopted(line("L1", 100_000), line("L2", 10_000, source="own_financial")),
    adopted("DR-1", "own_contribution"),
)
