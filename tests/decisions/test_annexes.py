"""An annex changes the grant, one line and its shares together."""

from __future__ import annotations

from datetime import date

from domain.budget.cash import ReceiveTranche
from domain.packages.decisions import SignAnnex, SubmitJointOffer
from domain.packages.events import AnnexSigned
from tests.decisions.given import CITY, LEADER, did, given
from tests.decisions.steps import (
    BEGINS,
    budget_adopted,
    contract_signed,
    founded,
    led_by,
    line,
    meeting_opened,
    performed,
    split,
    task_defined,
    under,
)

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
LINES = (
    founded(),
    meeting_opened(),
    contract_signed(project_funds_gr=10_000),
    task_defined(),
    performed("M1", "M2"),
    budget_adopted(line("L1", 60_000), line("L2", 40_000), line("L3", 10_000, source="project_funds")),
)
DIVIDED = (*LINES, split("L1", M1=1, M2=1))


def annex(change_gr: int, line_id: str = "L1", no: int = 1, package_id: str = "P1", **members: int) -> SignAnnex:
    return SignAnnex(
        package_id=package_id,
        annex_no=no,
        signed_on=BEGINS,
        line_id=line_id,
        grant_change_gr=change_gr,
        to_members=members,
    )


def received(amount_gr: int) -> ReceiveTranche:
    return ReceiveTranche(package_id="P1", tranche_no=1, source="city_grant", amount_gr=amount_gr, payer="Miasto")


def test_an_annex_raises_grant_line_and_shares() -> None:
    command = annex(8_000, M1=5_000, M2=3_000)
    story = given(*DIVIDED).when(command, under="DR-budget", on=JULY).then(AnnexSigned.of(command))
    changed, signed = story.consortium.budgets.lines["L1"], story.consortium.packages.packages["P1"].contract
    assert signed is not None
    assert (signed.grant_gr, changed.amount_on(JULY)) == (108_000, 68_000)
    assert changed.shares_on(JULY) == {"M1": 35_000, "M2": 33_000}
    assert changed.shares_on(date(2019, 6, 30)) == {"M1": 30_000, "M2": 30_000}


def test_an_annex_lowers_them_too() -> None:
    story = given(*DIVIDED).when(annex(-30_000, M1=-30_000), under="DR-budget", on=JULY).then(AnnexSigned)
    assert story.consortium.budgets.lines["L1"].shares_on(JULY) == {"M2": 30_000}


def test_city_or_leader_records_an_annex() -> None:
    for actor in (CITY, LEADER):
        given(*DIVIDED).when(annex(1, M1=1), by=actor, under="DR-budget", on=JULY).then(AnnexSigned)


def test_annexes_follow_on_each_other() -> None:
    given(*DIVIDED).when(annex(1, no=2, M1=1), under="DR-budget").then_refused(
        "annex-out-of-sequence", "/data/annex_no", given=2, expected=1
    )


def test_only_the_city_grant_is_changed_by_an_annex_on_the_grant() -> None:
    refused = given(*DIVIDED).when(annex(1, "L3"), under="DR-budget")
    refused.then_refused("source-mismatch", "/data/line_id", source="project_funds", expected="city_grant")


def test_the_line_is_of_the_package() -> None:
    story = given(*DIVIDED, contract_signed("P2"))
    story.when(annex(1, package_id="P2", M1=1), under="DR-budget").then_refused(
        "unknown-line", "/data/line_id", id="L1"
    )


def test_what_is_only_offered_has_no_grant_to_change() -> None:
    offered = SubmitJointOffer(
        package_id="P2", parties=("M1",), represented_by="M1", requested_grant_gr=1, own_contribution_gr=0
    )
    story = given(*DIVIDED, led_by("M1"), under("joint_offer", offered))
    story.when(annex(1, package_id="P2", M1=1), under="DR-budget").then_refused("unknown-package", "/data/package_id")


def test_parts_go_to_performers_and_make_up_the_change() -> None:
    outsider = given(*DIVIDED).when(annex(1, M4=1), under="DR-budget", on=JULY)
    outsider.then_refused("not-allocated-to-task", "/data/to_members/M4", member_id="M4", task_id="T1")
    short = given(*DIVIDED).when(annex(100, M1=99), under="DR-budget", on=JULY)
    short.then_refused("transfer-not-balanced", "/data/to_members", amount=100, members=99)
    unnamed = given(*DIVIDED).when(annex(100), under="DR-budget", on=JULY)
    unnamed.then_refused("transfer-not-balanced", "/data/to_members", members=0)


def test_an_undivided_line_changes_without_naming_members() -> None:
    given(*LINES).when(annex(100, M1=100), under="DR-budget").then_refused("line-not-split", "/data/to_members")
    story = given(*LINES).when(annex(100), under="DR-budget", on=JULY).then(AnnexSigned)
    assert story.consortium.budgets.lines["L1"].amount_on(JULY) == 60_100


def test_a_decrease_leaves_no_share_or_line_below_nought_on_any_day_to_come() -> None:
    share = given(*DIVIDED).when(annex(-30_001, M1=-30_001), under="DR-budget", on=JULY)
    share.then_refused("share-exceeded", "/data/to_members/M1", member_id="M1", share=30_000, amount=30_001)
    undivided = given(*LINES).when(annex(-60_001), under="DR-budget", on=JULY)
    undivided.then_refused("share-exceeded", "/data/grant_change_gr", share=60_000, amount=60_001)
    later = did(annex(-20_000, M1=-20_000), under="DR-budget", on=AUGUST)
    refused = given(*DIVIDED, later).when(annex(-10_001, no=2, M1=-10_001), under="DR-budget", on=JULY)
    refused.then_refused("share-exceeded", "/data/to_members/M1", share=10_000)


def test_a_decrease_may_leave_nothing() -> None:
    given(*LINES).when(annex(-60_000), under="DR-budget", on=JULY).then(AnnexSigned)
    given(*DIVIDED).when(annex(-60_000, M1=-30_000, M2=-30_000), under="DR-budget", on=JULY).then(AnnexSigned)


def test_a_decrease_leaves_the_grant_above_what_was_received() -> None:
    story = given(*DIVIDED, did(received(95_000)))
    refused = story.when(annex(-5_001, "L2"), under="DR-budget", on=JULY)
    refused.then_refused("tranche-exceeds-contract", "/data/grant_change_gr", received=95_000, contract=94_999)
    story.when(annex(-5_000, "L2"), under="DR-budget", on=JULY).then(AnnexSigned)


def test_a_line_changes_from_the_day_of_its_adoption_on_at_the_earliest() -> None:
    refused = given(*LINES).when(annex(-10), under="DR-budget", on=date(2019, 3, 31))
    refused.then_refused("share-exceeded", "/data/grant_change_gr", member_id="L1")


def test_shares_change_from_the_day_of_the_division_on_at_the_earliest() -> None:
    story = given(*LINES, split("L1", on=JULY, M1=1))
    early = story.when(annex(10, M1=10), under="DR-budget", on=BEGINS)
    early.then_refused("line-not-split", "/data/to_members", line_id="L1")
    story.when(annex(10, M1=10), under="DR-budget", on=JULY).then(AnnexSigned)


def test_a_decrease_may_take_what_an_earlier_annex_brought() -> None:
    story = given(*LINES, did(annex(20_000), under="DR-budget", on=JULY))
    story.when(annex(-70_000, no=2), under="DR-budget", on=AUGUST).then(AnnexSigned)
    refused = story.when(annex(-70_000, no=2), under="DR-budget", on=date(2019, 6, 30))
    refused.then_refused("share-exceeded", "/data/grant_change_gr", share=60_000)
