"""A line that was divided may be divided anew from a day; what was dated later stays on top."""

from __future__ import annotations

from datetime import date

from domain.budget.decisions import ResplitLine, SplitLine
from domain.budget.events import LineResplit, LineSplit
from domain.packages.decisions import AmendContractParties, SignAnnex
from tests.decisions.given import did, given
from tests.decisions.lines import LINE, OWN, SPLIT
from tests.decisions.steps import BEGINS, adopted, budget_adopted, line, shares, split, under

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)


def resplit(**weights: int) -> ResplitLine:
    return ResplitLine(line_id="L1", shares=shares(**weights))


DIVIDED = (*LINE, split("L1", M1=1, M2=1))


def test_a_line_is_divided_anew_from_a_day() -> None:
    decision = given(*DIVIDED).when(resplit(M1=1, M3=3), under="DR-budget_split", on=JULY)
    story = decision.then(
        LineResplit.of(
            resplit(M1=1, M3=3),
            rule="largest_remainder",
            amounts_gr={"M1": 25_000, "M3": 75_000},
            changes_gr={"M1": -25_000, "M2": -50_000, "M3": 75_000},
        )
    )
    divided = story.consortium.budgets.lines["L1"]
    assert divided.shares_on(date(2019, 6, 30)) == {"M1": 50_000, "M2": 50_000}
    assert divided.shares_on(JULY) == {"M1": 25_000, "M3": 75_000}


def test_only_what_was_divided_by_the_day_is_divided_anew() -> None:
    story = given(*LINE, adopted("DR-1", "budget_split"))
    story.when(resplit(M1=1), under="DR-1").then_refused("line-not-split", "/data/line_id", line_id="L1")
    early = story.go_on(split("L1", on=JULY, M1=1)).when(resplit(M2=1), under="DR-1", on=BEGINS)
    early.then_refused("line-not-split", "/data/line_id")


def annex(change_gr: int, **members: int) -> SignAnnex:
    return SignAnnex(
        package_id="P1", annex_no=1, signed_on=BEGINS, line_id="L1", grant_change_gr=change_gr, to_members=members
    )


def test_a_change_dated_later_stays_on_top_of_a_new_division() -> None:
    story = given(*DIVIDED, did(annex(10_000, M2=10_000), under="DR-budget", on=AUGUST))
    story = story.when(resplit(M1=3, M2=1), under="DR-budget_split", on=JULY).then_fact(
        LineResplit, changes_gr={"M1": 25_000, "M2": -25_000}
    )
    divided = story.consortium.budgets.lines["L1"]
    assert divided.shares_on(JULY) == {"M1": 75_000, "M2": 25_000}
    assert divided.shares_on(AUGUST) == {"M1": 75_000, "M2": 35_000}


def test_a_new_division_leaves_no_later_share_below_nought() -> None:
    story = given(*DIVIDED, did(annex(-20_000, M2=-20_000), under="DR-budget", on=AUGUST))
    refused = story.when(resplit(M1=85, M2=15), under="DR-budget_split", on=JULY)
    refused.then_refused("share-exceeded", "/data/shares", member_id="M2", share=30_000, amount=35_000)
    story.when(resplit(M1=80, M2=20), under="DR-budget_split", on=JULY).then(LineResplit)


def test_a_first_division_takes_the_line_with_every_change_known() -> None:
    story = given(*LINE, did(annex(10_000), under="DR-budget", on=AUGUST))
    decision = story.when(SPLIT, under="DR-budget", on=BEGINS)
    decision.then_fact(LineSplit, holds_from=AUGUST, amounts_gr={"M1": 36_667, "M2": 36_667, "M3": 36_666})


def test_a_new_division_names_performers_and_whole_weights() -> None:
    story = given(*DIVIDED)
    outsider = story.when(resplit(M4=1), under="DR-budget_split", on=JULY)
    outsider.then_refused("not-allocated-to-task", "/data/shares/0/member_id", member_id="M4")
    story.when(resplit(M1=0), under="DR-budget_split", on=JULY).then_refused("weights-invalid", "/data/shares")


def test_a_new_division_of_own_contribution_names_members_of_the_day() -> None:
    leaves = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M2",))
    own = SplitLine(line_id="L2", shares=shares(M1=1, M2=1))
    again = ResplitLine(line_id="L2", shares=shares(M2=1, M3=1))
    story = given(*OWN, did(own, under="DR-1"), under("reallocation", leaves), adopted("DR-2", "budget_split"))
    story.when(again, under="DR-2", on=JULY).then_fact(LineResplit, changes_gr={"M1": -5_000, "M2": 0, "M3": 5_000})
    early = story.when(again, under="DR-2", on=date(2019, 1, 1))
    early.then_refused("not-a-member-on-date", "/data/shares/0/member_id", member_id="M2")


def test_a_new_division_amends_what_its_resolution_amends() -> None:
    story = given(*DIVIDED, adopted("DR-2", "budget_split", target_draft="DR-budget_split"))
    amending = ResplitLine(line_id="L1", shares=shares(M1=1), amends="DR-budget_split")
    story.when(amending, under="DR-2", on=JULY).then_fact(LineResplit, amends="DR-budget_split")
    other = amending.model_copy(update={"amends": "DR-budget"})
    story.when(other, under="DR-2", on=JULY).then_refused("matter-does-not-fit", "/under", draft_id="DR-2")
    unnamed = story.when(amending, under="DR-budget_split", on=JULY)
    unnamed.then_refused("matter-does-not-fit", "/under", draft_id="DR-budget_split")


def test_a_line_of_nothing_is_divided_and_divided_anew() -> None:
    empty = (budget_adopted(line("L1", 100_000), line("L2", 0)), split("L2", M1=1))
    story = given(*LINE[:-1], *empty)
    nothing = ResplitLine(line_id="L2", shares=shares(M2=1))
    story.when(nothing, under="DR-budget_split", on=JULY).then_fact(LineResplit, changes_gr={"M2": 0})
