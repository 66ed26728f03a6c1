"""Money goes city to leader to members, whole; what is not spent is reported and goes back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from domain.budget.cash import (
    DistributeTranche,
    ReceiveTranche,
    RecordExecution,
    ReturnUnspentGrant,
    SettleBetweenMembers,
)
from domain.budget.decisions import MoveSplit, ResplitLine
from domain.budget.events import (
    ExpenditureReported,
    MembersSettled,
    TrancheDistributed,
    TrancheReceived,
    Unspent,
    UnspentReturned,
)
from domain.packages.decisions import SignAnnex, SubmitJointOffer
from tests.decisions.given import CITY, did, given, member
from tests.decisions.steps import (
    adopted,
    budget_adopted,
    contract_signed,
    founded,
    led_by,
    line,
    meeting_opened,
    performed,
    shares,
    split,
    task_defined,
    under,
)

if TYPE_CHECKING:
    from domain.values import Source

MAY, JULY, AUGUST = date(2019, 5, 1), date(2019, 7, 1), date(2019, 8, 1)
DIVIDED = (
    founded(),
    meeting_opened(),
    contract_signed(project_funds_gr=10_000, own_contribution_gr=1_000),
    task_defined(),
    performed("M1", "M2"),
    budget_adopted(
        line("L1", 60_000),
        line("L2", 40_000),
        line("L3", 10_000, source="project_funds"),
        line("L4", 1_000, source="own_personal"),
    ),
    split("L1", M1=1, M2=1),
    split("L2", M1=1),
    split("L3", M2=1),
)
"""Of the grant M1 has 700,00 and M2 300,00 zł; of the project's funds M2 has 100,00 zł."""


def received(amount_gr: int, no: int = 1, source: Source = "city_grant", package_id: str = "P1") -> ReceiveTranche:
    return ReceiveTranche(package_id=package_id, tranche_no=no, source=source, amount_gr=amount_gr, payer="Miasto")


def paid(no: int = 1, source: Source = "city_grant", **members: int) -> DistributeTranche:
    return DistributeTranche(package_id="P1", tranche_no=no, source=source, amounts_gr=members)


def test_a_tranche_comes_in_up_to_what_was_agreed() -> None:
    given(*DIVIDED).when(received(100_000), by=CITY).then(TrancheReceived.of(received(100_000)))
    refused = given(*DIVIDED).when(received(100_001))
    refused.then_refused("tranche-exceeds-contract", "/data/amount_gr", received=100_001, contract=100_000)
    story = given(*DIVIDED, did(received(60_000)))
    story.when(received(40_001, 2)).then_refused("tranche-exceeds-contract", "/data/amount_gr", received=100_001)
    story.when(received(40_000, 3)).then(TrancheReceived)


def test_each_source_has_its_own_tranches() -> None:
    story = given(*DIVIDED, did(received(100_000)))
    story.when(received(10_001, source="project_funds")).then_refused(
        "tranche-exceeds-contract", "/data/amount_gr", contract=10_000
    )
    story.when(received(10_000, source="project_funds")).then(TrancheReceived)


def test_a_tranche_has_a_number_of_its_own() -> None:
    refused = given(*DIVIDED, did(received(100))).when(received(100))
    refused.then_refused("id-already-used", "/data/tranche_no", id=1)


@pytest.mark.parametrize("source", ["own_financial", "own_personal"])
def test_what_members_bring_themselves_comes_in_no_tranche(source: Source) -> None:
    expected = "city_grant, project_funds"
    in_ = given(*DIVIDED).when(received(100, source=source))
    in_.then_refused("source-mismatch", "/data/source", source=source, expected=expected)
    out = given(*DIVIDED).when(paid(source=source, M1=100))
    out.then_refused("source-mismatch", "/data/source", source=source, expected=expected)


def test_an_offer_brings_no_money_yet() -> None:
    offered = SubmitJointOffer(
        package_id="P2", parties=("M1",), represented_by="M1", requested_grant_gr=1, own_contribution_gr=0
    )
    story = given(*DIVIDED, led_by("M1"), under("joint_offer", offered))
    story.when(received(1, package_id="P2")).then_refused("unknown-package", "/data/package_id", id="P2")


def test_money_of_a_raised_grant_may_come_in_before_the_raise_holds() -> None:
    annex = SignAnnex(
        package_id="P1", annex_no=1, signed_on=MAY, line_id="L2", grant_change_gr=5_000, to_members={"M1": 5_000}
    )
    story = given(*DIVIDED, under("budget", annex, on=AUGUST))
    story.when(received(105_000), on=MAY).then(TrancheReceived)


RECEIVED = (*DIVIDED, did(received(60_000)))


def test_a_tranche_is_passed_on_whole() -> None:
    command = paid(M1=40_000, M2=20_000)
    story = given(*RECEIVED).when(command, on=MAY).then(TrancheDistributed.of(command))
    assert story.consortium.budgets.paid_gr("P1", "city_grant", "M1") == 40_000


@pytest.mark.parametrize("last", [19_999, 20_001])
def test_a_grosz_less_or_more_than_the_tranche_is_not_passed_on(last: int) -> None:
    refused = given(*RECEIVED).when(paid(M1=40_000, M2=last), on=MAY)
    refused.then_refused("distribution-not-balanced", "/data/amounts_gr", distributed=40_000 + last, received=60_000)


def test_a_tranche_is_passed_on_once_and_only_if_it_came() -> None:
    never = given(*DIVIDED).when(paid(M1=1), on=MAY)
    never.then_refused("distribution-not-balanced", "/data/amounts_gr", distributed=1, received=0)
    twice = given(*RECEIVED, did(paid(M1=40_000, M2=20_000), on=MAY)).when(paid(M1=40_000, M2=20_000), on=MAY)
    twice.then_refused("distribution-not-balanced", "/data/amounts_gr", received=0)
    nothing = given(*DIVIDED).when(paid(), on=MAY)
    nothing.then_refused("distribution-not-balanced", "/data/amounts_gr", distributed=0, received=0)


def test_nobody_is_paid_more_than_its_share() -> None:
    refused = given(*RECEIVED).when(paid(M1=29_999, M2=30_001), on=MAY)
    refused.then_refused("overpayment", "/data/amounts_gr/M2", member_id="M2", paid=0, amount=30_001, share=30_000)
    story = given(*RECEIVED, did(paid(M1=35_000, M2=25_000), on=MAY), did(received(40_000, 2)))
    again = story.when(paid(2, M1=34_999, M2=5_001), on=JULY)
    again.then_refused("overpayment", "/data/amounts_gr/M2", paid=25_000, amount=5_001, share=30_000)
    story.when(paid(2, M1=35_000, M2=5_000), on=JULY).then(TrancheDistributed)


def test_who_is_paid_nothing_may_stand_in_the_list_with_nothing() -> None:
    given(*RECEIVED).when(paid(M1=30_000, M2=30_000, M4=0), on=MAY).then(TrancheDistributed)


def test_shares_of_another_source_pay_for_nothing() -> None:
    story = given(*DIVIDED, did(received(10_000, source="project_funds")))
    refused = story.when(paid(source="project_funds", M1=10_000), on=MAY)
    refused.then_refused("overpayment", "/data/amounts_gr/M1", share=0)


def moved(amount_gr: int) -> MoveSplit:
    return MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=amount_gr)


def test_a_payment_stays_within_the_least_share_of_the_days_to_come() -> None:
    story = given(*RECEIVED, under("budget_split", moved(10_000), on=AUGUST))
    refused = story.when(paid(M1=39_999, M2=20_001), on=MAY)
    refused.then_refused("overpayment", "/data/amounts_gr/M2", share=20_000)
    story.when(paid(M1=40_000, M2=20_000), on=MAY).then(TrancheDistributed)


def test_a_share_that_grows_later_is_not_paid_before() -> None:
    story = given(*RECEIVED, under("budget_split", moved(10_000), on=AUGUST))
    early = story.when(paid(M1=60_000), on=MAY)
    early.then(TrancheDistributed)
    whole = given(*DIVIDED, under("budget_split", moved(10_000), on=AUGUST), did(received(75_000)))
    whole.when(paid(M1=75_000), on=MAY).then_refused("overpayment", "/data/amounts_gr/M1", share=70_000)
    whole.when(paid(M1=75_000), on=AUGUST).then(TrancheDistributed)


def test_nobody_is_paid_before_its_share_holds() -> None:
    refused = given(*RECEIVED).when(paid(M1=60_000), on=date(2019, 3, 31))
    refused.then_refused("overpayment", "/data/amounts_gr/M1", share=0)


OVERPAID = (
    *DIVIDED,
    did(received(100_000)),
    did(paid(M1=70_000, M2=30_000), on=MAY),
    under("budget_split", ResplitLine(line_id="L1", shares=shares(M1=2, M2=1)), on=JULY),
    adopted("DR-1", "budget_transfer"),
)
"""M2 was paid 300,00 zł and its share has fallen to 200,00 zł; M1's has grown to 800,00 zł."""


def settled(
    amount_gr: int, from_member: str = "M2", to_member: str = "M1", source: Source = "city_grant"
) -> SettleBetweenMembers:
    return SettleBetweenMembers(
        package_id="P1", source=source, from_member=from_member, to_member=to_member, amount_gr=amount_gr
    )


def test_who_was_paid_too_much_hands_it_on() -> None:
    story = given(*OVERPAID).when(settled(10_000), under="DR-1", on=JULY).then(MembersSettled.of(settled(10_000)))
    budgets = story.consortium.budgets
    assert [budgets.paid_gr("P1", "city_grant", who) for who in ("M1", "M2")] == [80_000, 20_000]


def test_nobody_is_handed_more_than_its_share() -> None:
    refused = given(*OVERPAID).when(settled(10_001), under="DR-1", on=JULY)
    refused.then_refused("overpayment", "/data/to_member", member_id="M1", paid=70_000, amount=10_001, share=80_000)
    early = given(*OVERPAID).when(settled(1), under="DR-1", on=MAY)
    early.then_refused("overpayment", "/data/to_member", share=70_000)


def test_nobody_hands_on_more_than_it_was_paid() -> None:
    story = given(*DIVIDED, did(received(20_000)), did(paid(M2=20_000), on=MAY), adopted("DR-1", "budget_transfer"))
    refused = story.when(settled(20_001), under="DR-1", on=JULY)
    refused.then_refused("share-exceeded", "/data/amount_gr", member_id="M2", share=20_000, amount=20_001)
    story.when(settled(20_000), under="DR-1", on=JULY).then(MembersSettled)


def test_members_settle_in_money_that_came_from_outside() -> None:
    refused = given(*OVERPAID).when(settled(1, source="own_financial"), under="DR-1")
    refused.then_refused("source-mismatch", "/data/source", source="own_financial")


def test_a_settlement_makes_room_for_a_payment() -> None:
    story = given(*OVERPAID, did(settled(10_000), under="DR-1", on=JULY))
    assert story.consortium.budgets.least_due("P1", "city_grant", "M2", JULY) == 20_000


def unspent(*items: tuple[str, str, int], package_id: str = "P1") -> RecordExecution:
    told = tuple(Unspent(line_id=line_id, member_id=who, amount_gr=amount) for line_id, who, amount in items)
    return RecordExecution(package_id=package_id, unspent=told)


def returned(amount_gr: int, from_member: str = "M2") -> ReturnUnspentGrant:
    return ReturnUnspentGrant(
        package_id="P1", amount_gr=amount_gr, from_member=from_member, to="Miasto", due_on=date(2020, 1, 15)
    )


def test_what_was_not_spent_is_reported_up_to_the_share() -> None:
    command = unspent(("L1", "M1", 30_000), ("L1", "M2", 128))
    given(*DIVIDED).when(command, on=AUGUST).then(ExpenditureReported.of(command))
    refused = given(*DIVIDED).when(unspent(("L1", "M1", 1), ("L1", "M2", 30_001)), on=AUGUST)
    refused.then_refused("share-exceeded", "/data/unspent/1/amount_gr", member_id="M2", share=30_000, amount=30_001)
    early = given(*DIVIDED).when(unspent(("L1", "M1", 1)), on=date(2019, 3, 31))
    early.then_refused("share-exceeded", "/data/unspent/0/amount_gr", share=0)


def test_no_more_is_unspent_than_the_least_share_of_the_days_to_come() -> None:
    story = given(*DIVIDED, under("budget_split", moved(10_000), on=AUGUST))
    refused = story.when(unspent(("L1", "M2", 20_001)), on=JULY)
    refused.then_refused("share-exceeded", "/data/unspent/0/amount_gr", share=20_000)


def test_everything_may_have_been_spent() -> None:
    given(*DIVIDED).when(unspent(), on=AUGUST).then(ExpenditureReported)


def test_a_member_reports_its_own_share_only() -> None:
    given(*DIVIDED).when(unspent(("L1", "M2", 1)), by=member("M2"), on=AUGUST).then(ExpenditureReported)
    refused = given(*DIVIDED).when(unspent(("L1", "M2", 1), ("L1", "M1", 1)), by=member("M2"), on=AUGUST)
    refused.then_refused("role-not-permitted", "/actor/id", role="member", command="RecordExecution")


def test_the_line_reported_is_of_the_package() -> None:
    story = given(*DIVIDED, contract_signed("P2"))
    refused = story.when(unspent(("L1", "M1", 1), package_id="P2"), on=AUGUST)
    refused.then_refused("unknown-line", "/data/unspent/0/line_id", id="L1")


def test_what_was_reported_unspent_goes_back_and_no_more() -> None:
    story = given(*DIVIDED, did(unspent(("L1", "M2", 500)), on=AUGUST))
    story.when(returned(500), on=AUGUST).then(UnspentReturned.of(returned(500)))
    story.when(returned(501), on=AUGUST).then_refused("share-exceeded", "/data/amount_gr", share=500, amount=501)
    story.when(returned(1, "M1"), on=AUGUST).then_refused("share-exceeded", "/data/amount_gr", member_id="M1", share=0)
    story = story.go_on(did(returned(300), on=AUGUST))
    story.when(returned(201), on=AUGUST).then_refused("share-exceeded", "/data/amount_gr", share=200)
    story.when(returned(200), on=AUGUST).then(UnspentReturned)


def test_a_later_report_on_a_share_replaces_the_earlier() -> None:
    story = given(*DIVIDED, did(unspent(("L1", "M2", 500)), on=AUGUST), did(unspent(("L1", "M2", 100)), on=AUGUST))
    story.when(returned(101), on=AUGUST).then_refused("share-exceeded", "/data/amount_gr", share=100)
    assert story.consortium.budgets.unspent_grant("P1", AUGUST) == {"M2": 100}


def test_what_a_member_brought_itself_and_did_not_spend_is_nobodys_grant_to_return() -> None:
    story = given(*DIVIDED, split("L4", M2=1), did(unspent(("L4", "M2", 40)), on=AUGUST))
    story.when(returned(40), on=AUGUST).then_refused("share-exceeded", "/data/amount_gr", share=0, amount=40)
