"""Offers, contracts with the city, and the annexes that change their parties and their end."""

from __future__ import annotations

from datetime import date

import pytest

from domain.catalogue import COMMANDS
from domain.decider import Actor
from domain.packages.decisions import AmendContractParties, ChangeContractTerm, SubmitJointOffer
from domain.packages.events import ContractPartiesAmended, ContractSigned, ContractTermChanged, JointOfferSubmitted
from tests.decisions.examples import PAYLOADS, example
from tests.decisions.given import CITY, FOUNDED, LEADER, OFFICE, did, given
from tests.decisions.steps import (
    BEGINS,
    ENDS,
    adopted,
    contract,
    contract_signed,
    founded,
    founder,
    led_by,
    meeting_opened,
    under,
)

BOARD = (founded(), meeting_opened())
OFFERED = (*BOARD, led_by("M1"), adopted("DR-1", "joint_offer"))
EVERYBODY = ("M1", "M2", "M3", "M4")
JUNE, AUGUST = date(2019, 6, 1), date(2019, 8, 1)


OF_A_PACKAGE = [
    name
    for name, payload in sorted(PAYLOADS.items())
    if "package_id" in payload and name not in {"SubmitJointOffer", "SignContract", "DefineTask"}
]


def offer(represented_by: str = "M1", parties: tuple[str, ...] = EVERYBODY) -> SubmitJointOffer:
    return SubmitJointOffer(
        package_id="P1",
        parties=parties,
        represented_by=represented_by,
        requested_grant_gr=100_000,
        own_contribution_gr=0,
    )


def annex(no: int = 1, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> AmendContractParties:
    return AmendContractParties(package_id="P1", annex_no=no, signed_on=BEGINS, add=add, remove=remove)


def term(period_to: date, no: int = 1) -> ChangeContractTerm:
    return ChangeContractTerm(package_id="P1", period_to=period_to, annex_no=no, signed_on=BEGINS)


def test_members_offer_together_and_their_leader_represents_them() -> None:
    given(*OFFERED).when(offer(), under="DR-1").then(JointOfferSubmitted.of(offer()))
    other = given(*OFFERED).when(offer("M2"), under="DR-1")
    other.then_refused("not-the-leader", "/data/represented_by", member_id="M2", leader="M1")


def test_without_a_leader_nobody_represents_an_offer() -> None:
    story = given(*BOARD, adopted("DR-1", "joint_offer"))
    story.when(offer(), under="DR-1").then_refused("not-the-leader", "/data/represented_by", leader=None)


def test_only_members_of_the_day_offer() -> None:
    later = founder("M5", joined_on=JUNE)
    story = given(founded(), did(later), meeting_opened("M1", "M2"), led_by("M1"), adopted("DR-1", "joint_offer"))
    early = story.when(offer(parties=("M1", "M5")), under="DR-1")
    early.then_refused("not-a-member-on-date", "/data/parties/1", member_id="M5", day=FOUNDED)


def test_a_package_is_offered_once() -> None:
    story = given(*OFFERED, did(offer(), under="DR-1"))
    story.when(offer(), under="DR-1").then_refused("id-already-used", "/data/package_id", id="P1")


def test_a_contract_is_signed_with_or_without_an_offer_before_it() -> None:
    signed = contract("P1", EVERYBODY)
    given(*BOARD).when(signed, by=CITY).then(ContractSigned.of(signed))
    given(*OFFERED, did(offer(), under="DR-1")).when(signed, by=LEADER).then(ContractSigned)


def test_a_package_has_one_contract() -> None:
    story = given(*BOARD, contract_signed())
    story.when(contract("P1", EVERYBODY)).then_refused("id-already-used", "/data/package_id", id="P1")
    story.when(contract("P2", EVERYBODY)).then(ContractSigned)


def test_parties_belong_on_the_day_of_the_signature() -> None:
    story = given(founded(), did(founder("M5", joined_on=JUNE)))
    early = story.when(contract("P1", ("M1", "M5")))
    early.then_refused("not-a-member-on-date", "/data/parties/1", member_id="M5", day=FOUNDED)
    story.when(contract("P1", ("M1", "M5"), signed_on=JUNE)).then(ContractSigned)


SIGNED = (*BOARD, contract_signed(parties=("M1", "M2", "M3")), adopted("DR-1", "reallocation"))


def test_an_annex_adds_and_removes_parties_from_its_day() -> None:
    command = annex(add=("M4",), remove=("M3",))
    story = given(*SIGNED).when(command, under="DR-1", on=JUNE).then(ContractPartiesAmended.of(command))
    signed = story.consortium.packages.packages["P1"].contract
    assert signed is not None
    parties = {day: [who for who in EVERYBODY if signed.is_party_on(who, day)] for day in (date(2019, 5, 31), JUNE)}
    assert parties == {date(2019, 5, 31): ["M1", "M2", "M3"], JUNE: ["M1", "M2", "M4"]}


def test_only_a_member_of_the_day_becomes_a_party() -> None:
    later = did(founder("M5", joined_on=JUNE))
    story = given(founded(), later, meeting_opened("M1", "M2"), contract_signed(), adopted("DR-1", "reallocation"))
    early = story.when(annex(add=("M5",)), under="DR-1", on=date(2019, 5, 31))
    early.then_refused("not-a-member-on-date", "/data/add/0", member_id="M5")
    story.when(annex(add=("M5",)), under="DR-1", on=JUNE).then(ContractPartiesAmended)


def test_only_a_party_is_removed_and_only_who_is_none_is_added() -> None:
    story = given(*SIGNED)
    removed = story.when(annex(remove=("M4",)), under="DR-1", on=JUNE)
    removed.then_refused("not-a-contract-party", "/data/remove/0", member_id="M4", first=JUNE, last=JUNE)
    story.when(annex(add=("M1",)), under="DR-1", on=JUNE).then_refused("id-already-used", "/data/add/0", id="M1")


def test_who_was_removed_may_come_back() -> None:
    story = given(*SIGNED, did(annex(remove=("M3",)), under="DR-1", on=JUNE))
    gone = story.when(annex(2, remove=("M3",)), under="DR-1", on=JUNE)
    gone.then_refused("not-a-contract-party", "/data/remove/0", member_id="M3")
    story = story.when(annex(2, add=("M3",)), under="DR-1", on=AUGUST).then(ContractPartiesAmended)
    signed = story.consortium.packages.packages["P1"].contract
    assert signed is not None
    days = (date(2019, 5, 31), JUNE, date(2019, 7, 31), AUGUST, ENDS)
    assert [signed.is_party_on("M3", day) for day in days] == [True, False, False, True, True]
    assert not signed.is_party_throughout("M3", BEGINS, ENDS)


def test_a_removal_from_an_earlier_day_takes_away_what_came_later_too() -> None:
    there_and_back = (
        did(annex(remove=("M3",)), under="DR-1", on=JUNE),
        did(annex(2, add=("M3",)), under="DR-1", on=AUGUST),
    )
    story = given(*SIGNED, *there_and_back)
    story = story.when(annex(3, remove=("M3",)), under="DR-1", on=date(2019, 5, 1)).then(ContractPartiesAmended)
    signed = story.consortium.packages.packages["P1"].contract
    assert signed is not None
    days = (date(2019, 4, 30), date(2019, 5, 1), date(2019, 5, 31), JUNE, AUGUST, ENDS)
    assert [signed.is_party_on("M3", day) for day in days] == [True, False, False, False, False, False]


def test_a_party_that_comes_back_the_next_day_was_never_away() -> None:
    story = given(
        *SIGNED, did(annex(remove=("M3",)), under="DR-1", on=JUNE), did(annex(2, add=("M3",)), under="DR-1", on=JUNE)
    )
    signed = story.consortium.packages.packages["P1"].contract
    assert signed is not None
    assert signed.is_party_throughout("M3", BEGINS, ENDS)
    assert signed.is_party_throughout("M3", date(2019, 5, 31), JUNE)


def test_annexes_of_a_contract_follow_on_each_other_whatever_they_change() -> None:
    story = given(*SIGNED)
    story.when(annex(2, add=("M4",)), under="DR-1").then_refused(
        "annex-out-of-sequence", "/data/annex_no", given=2, expected=1
    )
    story = story.go_on(did(term(ENDS)))
    story.when(annex(1, add=("M4",)), under="DR-1").then_refused("annex-out-of-sequence", "/data/annex_no", expected=2)
    story.when(term(ENDS, 1)).then_refused("annex-out-of-sequence", "/data/annex_no", given=1, expected=2)
    story.when(annex(2, add=("M4",)), under="DR-1").then(ContractPartiesAmended)


def test_the_city_moves_the_end_of_a_contract() -> None:
    story = given(*SIGNED).when(term(date(2020, 6, 30)), on=JUNE).then(ContractTermChanged.of(term(date(2020, 6, 30))))
    signed = story.consortium.packages.packages["P1"].contract
    assert signed is not None
    ends = [signed.period_to_on(day) for day in (date(2018, 1, 1), date(2019, 5, 31), JUNE)]
    assert ends == [ENDS, ENDS, date(2020, 6, 30)]
    assert signed.period_to == date(2020, 6, 30)


def test_a_contract_does_not_end_before_it_begins() -> None:
    refused = given(*SIGNED).when(term(date(2019, 3, 31)))
    refused.then_refused("outside-contract-period", "/data/period_to", first=BEGINS, last=ENDS)


def test_what_is_only_offered_has_no_contract_to_amend() -> None:
    story = given(*OFFERED, did(offer(), under="DR-1"), adopted("DR-2", "reallocation"))
    story.when(term(ENDS)).then_refused("unknown-package", "/data/package_id", id="P1")
    story.when(annex(add=("M4",)), under="DR-2").then_refused("unknown-package", "/data/package_id", id="P1")


@pytest.mark.parametrize("name", OF_A_PACKAGE)
def test_a_package_that_is_only_offered_is_unknown_to_everything_else(name: str) -> None:
    story = given(*OFFERED, did(offer(), under="DR-1"))
    command = example(name, package_id="P1")
    actor = Actor.model_validate({"role": min(COMMANDS[name].roles), "id": "M-x"})
    story.when(command, by=actor).then_refused("unknown-package", "/data/package_id", id="P1")


def test_contracts_are_the_business_of_city_and_leader() -> None:
    given(*BOARD).when(contract("P1", EVERYBODY), by=OFFICE).then_refused("role-not-permitted", "/actor/role")
    given(*SIGNED).when(term(ENDS), by=LEADER).then_refused("role-not-permitted", "/actor/role")
    story = given(*SIGNED)
    story.when(annex(add=("M4",)), under="DR-1", by=LEADER).then_refused("role-not-permitted", "/actor/role")
    assert story.go_on(under("reallocation", annex(add=("M4",)))).consortium.version > story.consortium.version
