"""The first guard that fails names the refusal: role, existence, resolution, membership, party, noun, money.

Each test begins with a command that everything is wrong with and mends one thing after another.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.budget.cash import ReceiveTranche, SettleBetweenMembers
from domain.budget.decisions import AdoptBudget, TransferBetweenLines
from domain.budget.events import FundsTransferred, MoveFields, ShareMoved
from domain.packages.decisions import AmendContractParties
from domain.packages.events import AllocationEndFields, ContractPartiesAmended, TaskAllocated
from domain.reallocation import ReallocateTask, Successor
from tests.decisions.examples import example
from tests.decisions.given import CITY, LEADER, OFFICE, SECRETARY, did, given, member
from tests.decisions.steps import (
    BEGINS,
    ENDS,
    adopted,
    allocation,
    budget_adopted,
    contract_signed,
    founded,
    founder,
    line,
    meeting_opened,
    performed,
    proposed,
    split,
    task_defined,
)

if TYPE_CHECKING:
    from domain.decider import Actor, Command

JULY = date(2019, 7, 1)
WORLD = given(
    founded(),
    did(founder("M5", joined_on=JULY)),
    meeting_opened("M1", "M2", "M3"),
    contract_signed(parties=("M1", "M2", "M3"), project_funds_gr=1_000),
    task_defined(),
    performed("M1", "M2"),
    budget_adopted(line("L1", 60_000), line("L2", 1_000, source="project_funds"), line("L3", 40_000)),
    split("L1", M1=1, M2=1),
    adopted("DR-task", "task_allocation"),
    adopted("DR-move", "budget_split"),
    adopted("DR-back", "reallocation"),
    adopted("DR-over", "budget_transfer"),
    proposed("DR-open", "task_allocation"),
)


def refused(  # noqa: PLR0913 - a command with everything around it that a guard looks at
    command: Command, code: str, place: str, *, by: Actor = OFFICE, under: str | None = None, on: date = JULY
) -> None:
    WORLD.when(command, by=by, under=under, on=on).then_refused(code, place)


def test_an_allocation_is_judged_from_the_role_to_the_period() -> None:
    nothing = allocation("A-T1-M1", "M9", task_id="T9", first=BEGINS, last=date(2020, 1, 1))
    refused(nothing, "role-not-permitted", "/actor/role", by=CITY, under="DR-9")
    refused(nothing, "id-already-used", "/data/allocation_id", under="DR-9")
    new = nothing.model_copy(update={"allocation_id": "A9"})
    refused(new, "unknown-task", "/data/task_id", under="DR-9")
    known_task = new.model_copy(update={"task_id": "T1"})
    refused(known_task, "unknown-member", "/data/member_id", under="DR-9")
    known = known_task.model_copy(update={"member_id": "M5"})
    refused(known, "unknown-resolution", "/under", under="DR-9")
    refused(known, "resolution-required", "/under")
    refused(known, "resolution-not-adopted", "/under", under="DR-open")
    refused(known, "matter-does-not-fit", "/under", under="DR-move")
    refused(known, "not-a-member-on-date", "/data/member_id", under="DR-task")
    belongs = known.model_copy(update={"member_id": "M4"})
    refused(belongs, "not-a-contract-party", "/data/member_id", under="DR-task")
    bound = belongs.model_copy(update={"member_id": "M3"})
    refused(bound, "second-lead", "/data/valid_from", under="DR-task")
    partner = bound.model_copy(update={"role": "partner"})
    refused(partner, "outside-task-period", "/data/valid_from", under="DR-task")
    WORLD.when(partner.model_copy(update={"valid_to": ENDS}), under="DR-task").then(TaskAllocated)


def test_a_move_is_judged_from_the_role_to_the_money() -> None:
    move = example("MoveSplit", line_id="L9", from_member="M9", to_member="M8", amount_gr=30_001)
    refused(move, "role-not-permitted", "/actor/role", by=LEADER, under="DR-9")
    refused(move, "unknown-line", "/data/line_id", under="DR-9")
    move = move.model_copy(update={"line_id": "L1"})
    refused(move, "unknown-member", "/data/from_member", under="DR-9")
    move = move.model_copy(update={"from_member": "M1"})
    refused(move, "unknown-member", "/data/to_member", under="DR-9")
    move = move.model_copy(update={"to_member": "M5"})
    refused(move, "unknown-resolution", "/under", under="DR-9")
    refused(move, "matter-does-not-fit", "/under", under="DR-task")
    refused(move, "not-a-member-on-date", "/data/to_member", under="DR-move", on=date(2019, 6, 30))
    refused(move, "not-a-contract-party", "/data/to_member", under="DR-move")
    move = move.model_copy(update={"to_member": "M3"})
    refused(move, "not-allocated-to-task", "/data/to_member", under="DR-move")
    move = move.model_copy(update={"to_member": "M2"})
    refused(move, "share-exceeded", "/data/amount_gr", under="DR-move")
    WORLD.when(move.model_copy(update={"amount_gr": 30_000}), under="DR-move", on=JULY).then(ShareMoved)


def test_a_step_is_judged_successors_before_leads_before_money() -> None:
    step = ReallocateTask(
        task_id="T1",
        end=(AllocationEndFields(allocation_id="A-T1-M1", last_day=date(2019, 6, 30)),),
        allocate=(Successor(allocation_id="A9", member_id="M5", role="partner", valid_from=JULY, valid_to=ENDS),),
        moves=(MoveFields(line_id="L1", from_member="M1", to_member="M3", amount_gr=60_000),),
    )
    refused(step, "matter-does-not-fit", "/under", under="DR-task")
    refused(step, "not-a-contract-party", "/data/allocate/0/member_id", under="DR-back")
    bound = step.allocate[0].model_copy(update={"member_id": "M3"})
    step = step.model_copy(update={"allocate": (bound,)})
    refused(step, "task-without-lead", "/data", under="DR-back")
    step = step.model_copy(update={"allocate": (bound.model_copy(update={"role": "lead"}),)})
    refused(step, "share-exceeded", "/data/moves/0/amount_gr", under="DR-back")


def test_a_transfer_is_judged_source_before_limit_before_balance_before_shares() -> None:
    transfer = TransferBetweenLines(
        package_id="P1", from_line="L1", to_line="L2", amount_gr=31_000, from_members={"M1": 1}, to_members={"M1": 1}
    )
    refused(transfer, "source-mismatch", "/data/to_line", under="DR-over")
    transfer = transfer.model_copy(update={"to_line": "L3"})
    refused(transfer, "transfer-limit-exceeded", "/data/amount_gr", under="DR-over")
    transfer = transfer.model_copy(update={"annex_no": 1})
    refused(transfer, "transfer-not-balanced", "/data/from_members", under="DR-over")
    transfer = transfer.model_copy(update={"from_members": {"M1": 31_000}})
    refused(transfer, "line-not-split", "/data/to_members", under="DR-over")
    transfer = transfer.model_copy(update={"to_members": {}})
    refused(transfer, "share-exceeded", "/data/from_members/M1", under="DR-over")
    transfer = transfer.model_copy(update={"from_members": {"M1": 15_000, "M2": 16_000}})
    WORLD.when(transfer, under="DR-over", on=JULY).then(FundsTransferred)


def test_a_settlement_is_judged_ids_before_resolution_before_source_before_money() -> None:
    settle = SettleBetweenMembers(package_id="P9", source="own_personal", from_member="M9", to_member="M1", amount_gr=1)
    refused(settle, "unknown-package", "/data/package_id", by=LEADER)
    settle = settle.model_copy(update={"package_id": "P1"})
    refused(settle, "unknown-member", "/data/from_member", by=LEADER)
    settle = settle.model_copy(update={"from_member": "M2"})
    refused(settle, "resolution-required", "/under", by=LEADER)
    refused(settle, "source-mismatch", "/data/source", by=LEADER, under="DR-over")
    settle = settle.model_copy(update={"source": "city_grant"})
    refused(settle, "share-exceeded", "/data/amount_gr", by=LEADER, under="DR-over")


def test_parties_are_judged_membership_before_bond_before_number() -> None:
    annex = AmendContractParties(package_id="P1", annex_no=7, signed_on=BEGINS, add=("M5",), remove=("M4",))
    refused(annex, "not-a-member-on-date", "/data/add/0", by=CITY, under="DR-back", on=BEGINS)
    refused(annex, "not-a-contract-party", "/data/remove/0", by=CITY, under="DR-back")
    annex = annex.model_copy(update={"remove": ()})
    refused(annex, "annex-out-of-sequence", "/data/annex_no", by=CITY, under="DR-back")
    last = ReceiveTranche(package_id="P1", tranche_no=1, source="city_grant", amount_gr=100_001, payer="Miasto")
    refused(last, "tranche-exceeds-contract", "/data/amount_gr", by=CITY)
    WORLD.when(annex.model_copy(update={"annex_no": 1}), under="DR-back", on=JULY).then(ContractPartiesAmended)


def test_a_line_of_another_package_is_unknown_before_a_resolution_is_missed() -> None:
    elsewhere = (contract_signed("P2", grant_gr=5), task_defined("T2", "P2"), adopted("DR-b2", "budget"))
    lines = did(AdoptBudget(package_id="P2", lines=(line("L9", 5, task_id="T2"),)), under="DR-b2")
    story = WORLD.go_on(*elsewhere, lines)
    transfer = example(
        "TransferBetweenLines", package_id="P1", from_line="L1", to_line="L9", from_members={}, to_members={}
    )
    story.when(transfer).then_refused("unknown-line", "/data/to_line")
    annex = example("SignAnnex", package_id="P1", line_id="L9", to_members={})
    story.when(annex, by=CITY).then_refused("unknown-line", "/data/line_id")
    budget = AdoptBudget(package_id="P1", lines=(line("L8", 5, task_id="T2"),))
    story.when(budget).then_refused("unknown-task", "/data/lines/0/task_id")
    indicator = example("ReportIndicator", package_id="P1", task_id="T2")
    story.when(indicator, under="DR-9").then_refused("unknown-task", "/data/task_id")


def test_an_id_in_use_is_refused_before_a_resolution_is_missed() -> None:
    offer = example("SubmitJointOffer", package_id="P1", parties=["M1"], represented_by="M1")
    WORLD.when(offer).then_refused("id-already-used", "/data/package_id")
    contract = example("SignContract", package_id="P1", parties=["M1"])
    WORLD.when(contract, by=CITY, under="DR-9").then_refused("id-already-used", "/data/package_id")
    joins = example("AdmitMember", member_id="M9", delegate_id="del-M1", application_id="W-1")
    story = WORLD.go_on(did(example("ApplyForMembership", application_id="W-1"), by=OFFICE))
    story.when(joins, under="DR-9").then_refused("id-already-used", "/data/delegate_id")


def test_a_role_is_judged_before_anything_is_looked_up() -> None:
    cast = example("CastVote", draft_id="DR-9", delegate_id="del-9", on_behalf_of="M1")
    refused(cast, "role-not-permitted", "/actor/id", by=member("M1"))
    refused(cast, "role-not-permitted", "/actor/id", by=SECRETARY)
    unspent = example("RecordExecution", package_id="P9")
    refused(unspent, "role-not-permitted", "/actor/id", by=member("M1"))
    leader = example("AppointLeader", member_id="M5")
    story = WORLD.go_on(adopted("DR-lead", "leader_election", subject_members=("M1",)))
    story.when(leader, under="DR-lead").then_refused("matter-does-not-fit", "/under")


def test_the_nouns_own_rules_follow_the_order_of_the_table() -> None:
    early = date(2019, 3, 31)
    lead = allocation("A9", "M3", first=early, last=ENDS)
    refused(lead, "second-lead", "/data/valid_from", under="DR-task")
    refused(lead.model_copy(update={"role": "partner"}), "outside-task-period", "/data/valid_from", under="DR-task")
    annex = example("SignAnnex", package_id="P1", line_id="L2", annex_no=9, to_members={})
    refused(annex, "source-mismatch", "/data/line_id", by=CITY, under="DR-budget")
    refused(
        annex.model_copy(update={"line_id": "L1"}),
        "annex-out-of-sequence",
        "/data/annex_no",
        by=CITY,
        under="DR-budget",
    )
