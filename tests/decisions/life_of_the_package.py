"""The package of the whole life: contract, tasks, who performs them, and the money."""

from __future__ import annotations

from typing import Any

from tests.decisions.acts import AUTUMN, NEW_YEAR, SPRING, SUMMER, act
from tests.decisions.steps import adopted

YEAR: dict[str, Any] = {"period_from": "2019-04-01", "period_to": "2019-12-31"}
TERM: dict[str, Any] = {"valid_from": "2019-04-01", "valid_to": "2019-12-31"}
REST: dict[str, Any] = {"valid_from": "2019-07-01", "valid_to": "2019-12-31"}
ENDED = "task.allocation-ended.v1"
ALLOCATED = "task.allocated.v1"

THE_TASKS = (
    act(
        "SubmitJointOffer",
        "package.joint-offer-submitted.v1",
        adopted("DR-11", "joint_offer"),
        under="DR-11",
        package_id="P1",
        parties=["M1", "M2", "M3", "M4"],
        represented_by="M1",
    ),
    act(
        "SignContract",
        "contract.signed.v1",
        package_id="P1",
        parties=["M1", "M2", "M3", "M4"],
        signed_on="2019-01-14",
        grant_gr=100_000,
        line_increase_limit_bp=1000,
        **YEAR,
    ),
    act("DefineTask", "task.defined.v1", task_id="T1", package_id="P1", **YEAR),
    act(
        "AmendContractParties",
        "contract.parties-amended.v1",
        adopted("DR-12", "reallocation"),
        under="DR-12",
        on=SUMMER,
        package_id="P1",
        add=["M5"],
    ),
    act("ChangeContractTerm", "contract.term-changed.v1", package_id="P1", annex_no=2, period_to="2020-01-31"),
    act(
        "AllocateTask",
        ALLOCATED,
        adopted("DR-13", "task_allocation"),
        under="DR-13",
        allocation_id="A1",
        task_id="T1",
        member_id="M1",
        **TERM,
    ),
    act(
        "AllocateTask",
        ALLOCATED,
        under="DR-13",
        allocation_id="A2",
        task_id="T1",
        member_id="M2",
        role="partner",
        **TERM,
    ),
    act("EndAllocation", ENDED, under="DR-12", allocation_id="A2", last_day="2019-11-30"),
    act(
        "AdoptBudget",
        "budget.adopted.v1",
        adopted("DR-14", "budget"),
        under="DR-14",
        on=SPRING,
        package_id="P1",
        lines=[
            {"line_id": "L1", "task_id": "T1", "source": "city_grant", "amount_gr": 60_000},
            {"line_id": "L2", "task_id": "T1", "source": "city_grant", "amount_gr": 40_000},
        ],
    ),
    act(
        "SplitLine",
        "budget.line-split.v1",
        under="DR-14",
        on=SPRING,
        line_id="L1",
        shares=[{"member_id": "M1", "weight": 2}, {"member_id": "M2", "weight": 1}],
    ),
    act(
        "ReallocateTask",
        f"{ENDED} {ALLOCATED} budget.share-moved.v1",
        under="DR-12",
        on=SUMMER,
        task_id="T1",
        end=[{"allocation_id": "A1", "last_day": "2019-06-30"}],
        allocate=[{"allocation_id": "A3", "member_id": "M5", "role": "lead", **REST}],
        moves=[{"line_id": "L1", "from_member": "M1", "to_member": "M5", "amount_gr": 10_000}],
    ),
)

THE_MONEY = (
    act(
        "ResplitLine",
        "budget.line-resplit.v1",
        adopted("DR-15", "budget_split", target_draft="DR-14"),
        under="DR-15",
        on=AUTUMN,
        line_id="L1",
        amends="DR-14",
        shares=[{"member_id": "M2", "weight": 1}, {"member_id": "M5", "weight": 1}],
    ),
    act(
        "MoveSplit",
        "budget.share-moved.v1",
        under="DR-15",
        on=AUTUMN,
        line_id="L1",
        from_member="M5",
        to_member="M2",
        amount_gr=100,
    ),
    act(
        "TransferBetweenLines",
        "budget.funds-transferred.v1",
        adopted("DR-16", "budget_transfer"),
        under="DR-16",
        on=AUTUMN,
        package_id="P1",
        from_line="L1",
        to_line="L2",
        amount_gr=4_000,
        from_members={"M2": 4_000},
        to_members={},
    ),
    act(
        "SignAnnex",
        "contract.annex-signed.v1",
        under="DR-14",
        on=AUTUMN,
        package_id="P1",
        annex_no=3,
        line_id="L2",
        grant_change_gr=8_000,
        to_members={},
    ),
    act("ReceiveTranche", "tranche.received.v1", package_id="P1", amount_gr=20_000),
    act("DistributeTranche", "tranche.distributed.v1", on=SPRING, package_id="P1", amounts_gr={"M2": 20_000}),
    act(
        "SettleBetweenMembers",
        "settlement.members-settled.v1",
        under="DR-16",
        on=AUTUMN,
        package_id="P1",
        from_member="M2",
        to_member="M5",
        amount_gr=500,
    ),
    act(
        "RecordExecution",
        "execution.reported.v1",
        on=NEW_YEAR,
        package_id="P1",
        unspent=[{"line_id": "L1", "member_id": "M2", "amount_gr": 128}],
    ),
    act(
        "ReturnUnspentGrant",
        "execution.unspent-returned.v1",
        on=NEW_YEAR,
        package_id="P1",
        from_member="M2",
        amount_gr=128,
    ),
)
