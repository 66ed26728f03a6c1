"""A budget makes up its contract source by source, and its lines are divided to the grosz."""

from __future__ import annotations

from datetime import date

import pytest

from domain.budget.decisions import AdoptBudget, SplitLine
from domain.budget.events import BudgetAdopted, BudgetLine, LineSplit, Share
from domain.packages.decisions import SignAnnex, SubmitJointOffer
from domain.statute.decisions import AmendStatute
from tests.decisions.given import did, given
from tests.decisions.lines import BOARD, LINE, OWN, SPLIT
from tests.decisions.steps import (
    BEGINS,
    adopted,
    allocated,
    budget_adopted,
    contract_signed,
    founded,
    founder,
    led_by,
    line,
    meeting_opened,
    performed,
    shares,
    split,
    task_defined,
    under,
)

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
PLANNED = (
    *BOARD,
    contract_signed(grant_gr=100_000, project_funds_gr=20_000, own_contribution_gr=5_000),
    task_defined(),
    adopted("DR-1", "budget"),
)
FULL = (
    line("L1", 60_000),
    line("L2", 40_000),
    line("L3", 20_000, source="project_funds"),
    line("L4", 3_000, source="own_financial"),
    line("L5", 2_000, source="own_personal"),
)


def budget(*lines: BudgetLine) -> AdoptBudget:
    return AdoptBudget(package_id="P1", lines=lines)


def without(line_id: str, *more: BudgetLine) -> tuple[BudgetLine, ...]:
    return (*(one for one in FULL if one.line_id != line_id), *more)


def test_a_budget_makes_up_its_contract() -> None:
    story = given(*PLANNED).when(budget(*FULL), under="DR-1", on=BEGINS).then(BudgetAdopted.of(budget(*FULL)))
    assert [one.amount_on(BEGINS) for one in story.consortium.budgets.lines_of("P1")] == [
        60_000,
        40_000,
        20_000,
        3_000,
        2_000,
    ]
    assert [one.amount_on(date(2019, 3, 31)) for one in story.consortium.budgets.lines_of("P1")] == [0] * 5


@pytest.mark.parametrize(
    ("lines", "source", "planned", "agreed"),
    [
        (without("L2", line("L2", 40_001)), "city_grant", 100_001, 100_000),
        (without("L2"), "city_grant", 60_000, 100_000),
        (without("L3", line("L3", 19_999, source="project_funds")), "project_funds", 19_999, 20_000),
        (without("L5"), "own_contribution", 3_000, 5_000),
        (without("L5", line("L5", 2_000)), "city_grant", 102_000, 100_000),
    ],
)
def test_a_grosz_more_or_less_than_the_contract_is_no_budget(
    lines: tuple[BudgetLine, ...], source: str, planned: int, agreed: int
) -> None:
    refused = given(*PLANNED).when(budget(*lines), under="DR-1")
    refused.then_refused("budget-differs-from-contract", "/data/lines", source=source, planned=planned, agreed=agreed)


def test_a_second_budget_adds_to_the_first_and_so_differs() -> None:
    story = given(*PLANNED, did(budget(*FULL), under="DR-1"))
    again = tuple(one.model_copy(update={"line_id": f"{one.line_id}-2"}) for one in FULL)
    refused = story.when(budget(*again), under="DR-1")
    refused.then_refused("budget-differs-from-contract", "/data/lines", planned=200_000)


def test_a_second_budget_may_add_lines_of_nothing() -> None:
    story = given(*PLANNED, did(budget(*FULL), under="DR-1", on=BEGINS))
    story = story.when(budget(line("L9", 0)), under="DR-1", on=BEGINS).then(BudgetAdopted)
    assert [one.line_id for one in story.consortium.budgets.lines_of("P1")] == ["L1", "L2", "L3", "L4", "L5", "L9"]


def test_a_second_budget_does_not_plan_what_an_annex_brought_to_the_first() -> None:
    annex = SignAnnex(package_id="P1", annex_no=1, signed_on=BEGINS, line_id="L1", grant_change_gr=100, to_members={})
    story = given(*PLANNED, did(budget(*FULL), under="DR-1"), did(annex, under="DR-1"))
    refused = story.when(budget(line("L9", 100)), under="DR-1")
    refused.then_refused("budget-differs-from-contract", "/data/lines", planned=100_200, agreed=100_100)


def test_lines_have_ids_of_their_own_and_tasks_of_the_package() -> None:
    twice = given(*PLANNED).when(budget(line("L1", 60_000), line("L1", 40_000)), under="DR-1")
    twice.then_refused("id-already-used", "/data/lines/1/line_id", id="L1")
    unknown = given(*PLANNED).when(budget(line("L1", 100_000, task_id="T9")), under="DR-1")
    unknown.then_refused("unknown-task", "/data/lines/0/task_id", id="T9")
    other = given(*PLANNED, contract_signed("P2"), task_defined("T2", "P2"))
    foreign = other.when(budget(line("L1", 60_000), line("L2", 40_000, task_id="T2")), under="DR-1")
    foreign.then_refused("unknown-task", "/data/lines/1/task_id", id="T2")


def test_what_is_only_offered_has_no_budget() -> None:
    offer = SubmitJointOffer(
        package_id="P2", parties=("M1",), represented_by="M1", requested_grant_gr=1, own_contribution_gr=0
    )
    story = given(*PLANNED, led_by("M1"), under("joint_offer", offer))
    early = AdoptBudget(package_id="P2", lines=(line("L1", 1),))
    story.when(early, under="DR-1").then_refused("unknown-package", "/data/package_id", id="P2")


def test_a_line_is_divided_by_weights_to_the_grosz() -> None:
    amounts = {"M1": 33_334, "M2": 33_333, "M3": 33_333}
    fact = LineSplit.of(SPLIT, rule="largest_remainder", amounts_gr=amounts, holds_from=BEGINS)
    story = given(*LINE, adopted("DR-1", "budget_split")).when(SPLIT, under="DR-1", on=BEGINS).then(fact)
    assert story.consortium.budgets.lines["L1"].shares_on(BEGINS) == amounts


def test_a_line_that_an_annex_raised_beyond_one_amount_is_divided_all_the_same() -> None:
    most = 10**13
    annex = SignAnnex(package_id="P1", annex_no=1, signed_on=BEGINS, line_id="L1", grant_change_gr=most, to_members={})
    story = given(
        *BOARD, contract_signed(grant_gr=most), task_defined(), performed("M1"), budget_adopted(line("L1", most))
    )
    story = story.go_on(did(annex, under="DR-budget", on=BEGINS))
    whole = SplitLine(line_id="L1", shares=shares(M1=1))
    story.when(whole, under="DR-budget", on=BEGINS).then_fact(LineSplit, amounts_gr={"M1": 2 * most})


def test_a_line_may_be_divided_under_the_budget_itself() -> None:
    given(*LINE).when(SPLIT, under="DR-budget", on=BEGINS).then(LineSplit)


def test_a_line_is_divided_once() -> None:
    story = given(*LINE, split("L1", M1=1))
    story.when(SPLIT, under="DR-budget_split").then_refused("line-already-split", "/data/line_id", line_id="L1")


def test_a_share_goes_to_one_who_performs_the_task_on_some_day() -> None:
    story = given(*LINE, adopted("DR-1", "budget_split"))
    outsider = SplitLine(line_id="L1", shares=shares(M1=1, M4=1))
    story.when(outsider, under="DR-1").then_refused("not-allocated-to-task", "/data/shares/1/member_id", member_id="M4")
    story = story.go_on(allocated("A4", "M4", "partner", first=date(2019, 12, 31)))
    story.when(outsider, under="DR-1").then(LineSplit)


@pytest.mark.parametrize(
    "weights",
    [
        (Share(member_id="M1", weight=0), Share(member_id="M2", weight=0)),
        (Share(member_id="M1", weight=2), Share(member_id="M2", weight=-1)),
        (Share(member_id="M1", weight=1), Share(member_id="M1", weight=1)),
    ],
)
def test_weights_are_neither_negative_nor_all_zero_nor_of_one_member_twice(weights: tuple[Share, ...]) -> None:
    story = given(*LINE, adopted("DR-1", "budget_split"))
    story.when(SplitLine(line_id="L1", shares=weights), under="DR-1").then_refused("weights-invalid", "/data/shares")


def test_a_weight_of_zero_takes_part_and_gets_nothing() -> None:
    story = given(*LINE, split("L1", M1=1, M2=0))
    assert story.consortium.budgets.lines["L1"].shares_on(BEGINS) == {"M1": 100_000}


LEADERS = (
    founded(rounding="leader_takes_remainder"),
    meeting_opened(),
    contract_signed(grant_gr=100_001),
    task_defined(),
    performed("M1", "M2", "M3"),
    budget_adopted(line("L1", 100_001)),
    adopted("DR-1", "budget_split"),
)


def test_where_the_leader_takes_the_remainder_it_gets_what_the_floors_leave() -> None:
    amounts = {"M1": 33_333, "M2": 33_335, "M3": 33_333}
    decision = given(*LEADERS, led_by("M2")).when(SPLIT, under="DR-1")
    decision.then_fact(LineSplit, rule="leader_takes_remainder", amounts_gr=amounts)


def test_a_leader_without_a_share_cannot_take_the_remainder() -> None:
    decision = given(*LEADERS, led_by("M4")).when(SPLIT, under="DR-1")
    decision.then_refused("leader-has-no-share", "/data/shares", leader="M4")
    nobody = given(*LEADERS).when(SPLIT, under="DR-1")
    nobody.then_refused("leader-has-no-share", "/data/shares", leader=None)


def test_a_leader_that_weighs_nothing_has_no_share() -> None:
    weightless = SplitLine(line_id="L1", shares=shares(M1=1, M2=0))
    decision = given(*LEADERS, led_by("M2")).when(weightless, under="DR-1")
    decision.then_refused("leader-has-no-share", "/data/shares", leader="M2")


def test_the_rule_of_rounding_is_that_of_the_statute_of_the_day() -> None:
    change = AmendStatute(version=2, changes={"rounding": "leader_takes_remainder"})
    story = given(*LINE, led_by("M3"), under("statute_amendment", change, on=JULY), adopted("DR-1", "budget_split"))
    before = story.when(SPLIT, under="DR-1", on=date(2019, 6, 30))
    before.then_fact(LineSplit, rule="largest_remainder", amounts_gr={"M1": 33_334, "M2": 33_333, "M3": 33_333})
    after = story.when(SPLIT, under="DR-1", on=JULY)
    after.then_fact(LineSplit, rule="leader_takes_remainder", amounts_gr={"M1": 33_333, "M2": 33_333, "M3": 33_334})


def test_own_contribution_is_divided_among_members_whether_they_perform_or_not() -> None:
    own = SplitLine(line_id="L2", shares=shares(M2=1, M3=1, M4=1))
    decision = given(*OWN).when(own, under="DR-1")
    decision.then_fact(LineSplit, amounts_gr={"M2": 3_334, "M3": 3_333, "M4": 3_333})


def test_own_contribution_comes_from_members_of_the_day() -> None:
    joins = did(founder("M5", joined_on=JULY))
    story = given(
        founded(),
        joins,
        meeting_opened("M1", "M2"),
        contract_signed(own_contribution_gr=10_000),
        task_defined(),
        budget_adopted(line("L1", 100_000), line("L2", 10_000, source="own_financial")),
        adopted("DR-1", "own_contribution"),
    )
    own = SplitLine(line_id="L2", shares=shares(M1=1, M5=1))
    early = story.when(own, under="DR-1", on=BEGINS)
    early.then_refused("not-a-member-on-date", "/data/shares/1/member_id", member_id="M5", day=BEGINS)
    story.when(own, under="DR-1", on=JULY).then(LineSplit)


def test_a_decision_on_own_contribution_divides_nobody_elses_money() -> None:
    refused = given(*OWN).when(SplitLine(line_id="L1", shares=shares(M1=1)), under="DR-1")
    refused.then_refused("matter-does-not-fit", "/under", draft_id="DR-1", matter="own_contribution")
