"""What is owed on every day, as known at every version: kept entry by entry, as the answer for both clocks has it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from domain.answers.obligations import obligations
from domain.budget.cash import DistributeTranche, ReceiveTranche, RecordExecution, ReturnUnspentGrant
from domain.budget.decisions import MoveSplit
from domain.budget.events import Unspent
from domain.membership.decisions import EndMembership, FileWithdrawal
from domain.oversight.decisions import SubmitReport
from domain.packages.decisions import AmendContractParties, ChangeContractTerm, EndAllocation
from domain.resolutions.decisions import DeclareResolutionInvalid, LodgeObjection, ResolveObjection
from domain.support.decisions import LendResource, RegisterResource, ReturnResource
from domain.values import FIRST_DAY
from projections.obligations.obligations import OBLIGATIONS
from tests.decisions.given import did, given, later
from tests.decisions.steps import (
    BEGINS,
    adopted,
    budget_adopted,
    contract_signed,
    founded,
    line,
    meeting_opened,
    performed,
    split,
    task_defined,
    under,
)
from tests.decisions.whole_life import lived
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from tests.decisions.given import Step, Story

JUNE_30, JULY, AUGUST, SEPTEMBER = date(2019, 6, 30), date(2019, 7, 1), date(2019, 8, 1), date(2019, 9, 1)
BOARD = (founded(), meeting_opened())
TASK = (*BOARD, contract_signed(), task_defined(), performed("M1", "M2"))
DIVIDED = (*TASK, budget_adopted(line("L1", 100_000)), split("L1", M1=1, M2=1))
PAID = (
    did(ReceiveTranche(package_id="P1", tranche_no=1, source="city_grant", amount_gr=100_000, payer="Miasto")),
    did(
        DistributeTranche(package_id="P1", tranche_no=1, source="city_grant", amounts_gr={"M1": 50_000, "M2": 50_000}),
        on=BEGINS,
    ),
)
NOTICE = did(FileWithdrawal(member_id="M2", filed_on=date(2019, 3, 31), effective_last_day=JUNE_30, reason=""))


def void(draft_id: str) -> tuple[Step, ...]:
    declared = did(DeclareResolutionInvalid(target=draft_id, effect="ex_tunc"), under="DR-9")
    return adopted("DR-9", "invalidation", target_draft=draft_id), declared


def term(period_to: date, annex_no: int, on: date) -> Step:
    changed = ChangeContractTerm(package_id="P1", period_to=period_to, annex_no=annex_no, signed_on=BEGINS)
    return did(changed, on=on)


def partial(due_on: date) -> Step:
    report = SubmitReport(package_id="P1", kind="partial", due_on=due_on, submitted_on=due_on)
    return under("report", report, on=due_on)


def unspent(amount_gr: int, on: date) -> Step:
    return did(
        RecordExecution(package_id="P1", unspent=(Unspent(line_id="L1", member_id="M2", amount_gr=amount_gr),)), on=on
    )


def returned(amount_gr: int, on: date) -> Step:
    back = {"package_id": "P1", "amount_gr": amount_gr, "from_member": "M2", "to": "Miasto", "due_on": AUGUST}
    return did(ReturnUnspentGrant.model_validate(back), on=on)


def moved(amount_gr: int, on: date) -> Step:
    return under("budget_split", MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=amount_gr), on=on)


def agrees(story: Story) -> Told:
    """Tell a story, and require of every version and every day on which something changes what the answer says."""
    told = Told(OBLIGATIONS, story.entries)
    check(told)
    asked = {max(FIRST_DAY, day + timedelta(days=more)) for day in days(told) for more in (-1, 0)}
    for version, state in enumerate(told.states):
        for day in asked:
            require_answer(told, day, version, obligations(state, day))
    return told


def require_answer(told: Told, day: date, version: int, answer: list[dict[str, str | None]]) -> None:
    rows = told.on(day, version)
    assert sorted((row["due_on"].isoformat() if row["due_on"] else "–", row["polish"]) for row in rows) == sorted(
        (one["due_on"] or "–", one["what"]) for one in answer
    )


def owed(told: Told, day: date) -> list[str]:
    return [row["obligation_id"] for row in told.on(day, told.states[-1].version)]


@pytest.mark.parametrize("batch", [1, 40])
def test_what_was_owed_in_the_scenario_is_the_answer_on_every_day(batch: int) -> None:
    told = Told(OBLIGATIONS, register(), batch=batch)
    for version in range(1, len(told.states), 11):
        for day in days(told):
            require_answer(told, day, version, obligations(told.states[version], day))


def test_what_is_owed_in_a_life_with_every_command_is_the_answer() -> None:
    agrees(lived()[-1].story)


def test_reports_follow_the_term_as_agreed_by_the_day() -> None:
    longer, shorter = term(date(2021, 6, 30), 1, JULY), term(date(2020, 6, 30), 2, SEPTEMBER)
    told = agrees(given(*BOARD, contract_signed(), longer, shorter, partial(date(2020, 1, 30))))
    assert owed(told, JUNE_30) == ["final_report P1"]
    assert owed(told, JULY) == ["partial_report P1 2019", "partial_report P1 2020", "final_report P1"]
    assert owed(told, SEPTEMBER) == ["partial_report P1 2019", "final_report P1"]
    assert owed(told, date(2020, 1, 30)) == ["final_report P1"]


def test_unspent_grant_is_owed_by_each_member_until_it_is_returned() -> None:
    story = given(*DIVIDED, unspent(500, JULY), returned(300, AUGUST), returned(200, SEPTEMBER))
    told = agrees(story.go_on(term(date(2020, 6, 30), 1, AUGUST)))
    (row,) = (row for row in told.on(JULY, told.states[-1].version) if row["kind"] == "grant_return")
    assert (row["member_id"], row["package_id"], row["amount_gr"]) == ("M2", "P1", 500)
    assert "grant_return P1 M2" not in owed(told, SEPTEMBER)


def test_who_was_paid_more_than_its_share_is_to_settle_from_the_day_it_shrank() -> None:
    told = agrees(given(*DIVIDED, *PAID, moved(2_500, JULY)))
    assert "overpayment P1 city_grant M2" not in owed(told, JUNE_30)
    assert owed(told, JULY) == ["final_report P1", "overpayment P1 city_grant M2"]


def test_invalidity_orphans_allocations_and_shares() -> None:
    told = agrees(given(*DIVIDED, *void("DR-task_allocation")))
    assert owed(told, BEGINS)[1:] == ["orphaned_allocation A-T1-M1", "orphaned_allocation A-T1-M2"]
    told = agrees(given(*DIVIDED, *void("DR-budget_split")))
    assert owed(told, BEGINS)[1:] == ["orphaned_shares L1 DR-budget_split"]


def test_a_departure_leaves_allocations_and_shares_to_be_decided() -> None:
    left = ["outlived_allocation A-T1-M2", "share_of_leaving P1 city_grant M2"]
    story = given(*DIVIDED, NOTICE)
    assert owed(agrees(story), BEGINS)[:2] == left
    ended = under("withdrawal_ack", EndMembership(member_id="M2", kind="withdrawal", last_day=JUNE_30))
    cleared = under("reallocation", EndAllocation(allocation_id="A-T1-M2", last_day=JUNE_30))
    told = agrees(story.go_on(ended, cleared, moved(50_000, JULY)))
    assert owed(told, BEGINS) == ["final_report P1"]


def test_what_a_leaving_member_is_paid_is_no_more_to_be_divided() -> None:
    told = agrees(given(*DIVIDED, *PAID, NOTICE))
    assert "share_of_leaving P1 city_grant M2" not in owed(told, BEGINS)
    assert "share_of_leaving P1 city_grant M2" in owed(told, date(2019, 3, 31))


def test_an_allocation_without_its_contract_party_is_flagged_until_the_party_is_back() -> None:
    leaves = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M2",))
    comes_back = AmendContractParties(package_id="P1", annex_no=2, signed_on=BEGINS, add=("M2",), remove=())
    story = given(*TASK, under("reallocation", leaves, on=JULY))
    assert owed(agrees(story), BEGINS)[1:] == ["unbound_allocation A-T1-M2"]
    assert owed(agrees(story.go_on(under("reallocation", comes_back, on=JULY))), BEGINS)[1:] == []


def test_loans_and_objections_are_owed_until_they_are_settled() -> None:
    tent = RegisterResource(resource_id="RES-1", name="namiot", owner="M1", quantity=2)
    lent = LendResource(resource_id="RES-1", member_id="M2", due_on=AUGUST, fee_gr=0)
    back = ReturnResource(resource_id="RES-1", member_id="M2", condition="dobry")
    objection = LodgeObjection(draft_id="DR-1", member_id="M2", grounds="kworum")
    answer = ResolveObjection(draft_id="DR-1", member_id="M2", outcome="dismissed", note="")
    loans = (under("resource_rules", tent), did(lent, on=JULY), did(lent, on=JULY), did(back, on=SEPTEMBER))
    objections = (later(2019, 2, 1), did(objection), later(2019, 3, 1), did(answer), did(objection))
    told = agrees(given(*BOARD, adopted("DR-1"), *loans, *objections))
    assert owed(told, JULY) == ["loan 1", "loan 2", "objection DR-1 2"]
    assert owed(told, SEPTEMBER) == ["loan 2", "objection DR-1 2"]
    assert owed(told, date(2019, 2, 1)) == ["objection DR-1 1"]
