"""Who is bound from when to when, and what was offered and amended under which resolution."""

from __future__ import annotations

from datetime import date

from domain.packages.decisions import AmendContractParties, ChangeContractTerm, SignAnnex, SubmitJointOffer
from projections.contract_register.annexes import ANNEXES
from projections.contract_register.offers import OFFERS
from projections.contract_register.parties import PARTIES
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import (
    budget_adopted,
    contract_signed,
    founded,
    led_by,
    line,
    meeting_opened,
    task_defined,
    under,
)
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
SIGNED = (founded(), meeting_opened(), contract_signed(parties=("M1", "M2")))


def amended(annex_no: int, add: tuple[str, ...], remove: tuple[str, ...]) -> AmendContractParties:
    return AmendContractParties(package_id="P1", annex_no=annex_no, signed_on=FOUNDED, add=add, remove=remove)


def test_a_party_is_bound_from_the_day_of_its_annex_until_the_day_before_its_release() -> None:
    story = given(
        *SIGNED,
        under("reallocation", amended(1, ("M3",), ()), on=JULY),
        under("reallocation", amended(2, (), ("M3",)), on=AUGUST),
    )
    bound = {"package_id": "P1", "member_id": "M3", "bound_from": JULY, "bound_to": date(2019, 7, 31)}
    assert bound in rows_on(PARTIES, story, date(2019, 7, 31))
    for day in (date(2019, 6, 30), AUGUST):
        assert [row["member_id"] for row in rows_on(PARTIES, story, day)] == ["M1", "M2"]


def test_a_member_that_is_bound_again_has_a_row_for_each_bond() -> None:
    story = given(
        *SIGNED,
        under("reallocation", amended(1, ("M3",), ("M2",)), on=JULY),
        under("reallocation", amended(2, ("M2",), ("M3",)), on=AUGUST),
    )
    bonds = [row for day in (FOUNDED, AUGUST) for row in rows_on(PARTIES, story, day) if row["member_id"] == "M2"]
    assert [(row["bound_from"], row["bound_to"]) for row in bonds] == [(FOUNDED, date(2019, 6, 30)), (AUGUST, None)]


def test_a_release_is_known_only_since_it_was_recorded() -> None:
    story = given(*SIGNED)
    before = story.consortium.version
    story = story.go_on(under("reallocation", amended(1, ("M3",), ("M2",)), on=JULY))
    for known, expected in ((before, ["M1", "M2"]), (story.consortium.version, ["M1", "M3"])):
        assert [row["member_id"] for row in rows_on(PARTIES, story, JULY, known=known)] == expected


def test_the_parties_of_every_day_as_known_at_every_version_are_those_of_the_state() -> None:
    told = Told(PARTIES, register())
    for version, state, day in points(told):
        bound = {
            (package_id, member_id)
            for package_id, package in state.packages.packages.items()
            for member_id in state.membership.members
            if package.contract is not None and package.contract.is_party_on(member_id, day)
        }
        assert {(row["package_id"], row["member_id"]) for row in told.on(day, version)} == bound


def test_an_offer_names_who_offers_and_the_resolution_behind_it() -> None:
    offer = SubmitJointOffer(
        package_id="P1",
        parties=("M1", "M2"),
        represented_by="M1",
        requested_grant_gr=100_000,
        own_contribution_gr=5_000,
    )
    story = given(founded(), meeting_opened(), led_by("M1"), under("joint_offer", offer, on=FOUNDED))
    row = row_on(OFFERS, story, FOUNDED)
    assert (row["parties"], row["represented_by"], row["requested_grant_gr"]) == (("M1", "M2"), "M1", 100_000)
    assert (row["draft_id"], row["number"]) == ("DR-joint_offer", "2/2019")
    assert row["version"] == story.consortium.version


def test_the_annexes_of_a_contract_say_each_what_they_change_and_from_when() -> None:
    grant = SignAnnex(
        package_id="P1", annex_no=2, signed_on=FOUNDED, line_id="L1", grant_change_gr=-5_000, to_members={}
    )
    term = ChangeContractTerm(package_id="P1", annex_no=3, signed_on=FOUNDED, period_to=date(2020, 3, 31))
    story = given(
        *SIGNED,
        task_defined(),
        budget_adopted(line("L1", 100_000)),
        under("reallocation", amended(1, ("M3",), ("M2",)), on=JULY),
        under("budget", grant, on=AUGUST),
        did(term, on=AUGUST),
    )
    assert [row["annex_no"] for row in rows_on(ANNEXES, story, date(2019, 7, 31))] == [1]
    parties, granted, prolonged = rows_on(ANNEXES, story, AUGUST)
    assert (parties["kind"], parties["added"], parties["removed"]) == ("parties", ("M3",), ("M2",))
    assert (granted["kind"], granted["line_id"], granted["grant_change_gr"]) == ("grant", "L1", -5_000)
    assert (prolonged["kind"], prolonged["period_to"]) == ("term", date(2020, 3, 31))
    assert (granted["draft_id"], granted["number"], prolonged["draft_id"]) == ("DR-budget", "1/2019", None)
