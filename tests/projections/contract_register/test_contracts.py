"""Contracts with the city: terms, grant and who is liable on a day."""

from __future__ import annotations

from datetime import date

from domain.corrections import CorrectClericalError
from domain.packages.decisions import AmendContractParties, ChangeContractTerm, SignAnnex
from domain.resolutions.events import Target
from projections.contract_register.contracts import CONTRACTS
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import (
    ENDS,
    budget_adopted,
    contract_signed,
    founded,
    line,
    meeting_opened,
    task_defined,
    under,
)
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

JULY = date(2019, 7, 1)
SIGNED = (founded(), meeting_opened(), contract_signed(parties=("M1", "M2")))
PARTIES = AmendContractParties(package_id="P1", annex_no=1, signed_on=FOUNDED, add=("M3",), remove=("M2",))


def test_a_contract_stands_in_the_register_from_the_day_from_which_it_holds() -> None:
    story = given(*SIGNED)
    assert rows_on(CONTRACTS, story, date(2019, 1, 13)) == []
    row = row_on(CONTRACTS, story, FOUNDED)
    assert (row["mode"], row["grant_gr"]) == ("opp_entrusting", 100_000)
    assert (row["parties"], row["released"]) == (("M1", "M2"), ())
    assert (row["report_due_on"], row["return_due_on"]) == (date(2020, 1, 30), date(2020, 1, 15))


def test_whoever_is_released_stays_liable_for_its_time() -> None:
    story = given(*SIGNED, under("reallocation", PARTIES, on=JULY))
    before, after = (row_on(CONTRACTS, story, day) for day in (date(2019, 6, 30), JULY))
    assert (before["parties"], before["released"]) == (("M1", "M2"), ())
    assert (after["parties"], after["released"]) == (("M1", "M3"), ("M2",))


def test_who_is_bound_again_is_not_among_the_released() -> None:
    again = AmendContractParties(package_id="P1", annex_no=2, signed_on=FOUNDED, add=("M2",), remove=("M1",))
    story = given(*SIGNED, under("reallocation", PARTIES, on=JULY), under("reallocation", again, on=date(2019, 8, 1)))
    row = row_on(CONTRACTS, story, date(2019, 8, 1))
    assert (row["parties"], row["released"]) == (("M2", "M3"), ("M1",))


def test_an_annex_changes_the_grant_from_its_day_and_leaves_what_was_signed() -> None:
    annex = SignAnnex(
        package_id="P1", annex_no=1, signed_on=FOUNDED, line_id="L1", grant_change_gr=5_000, to_members={}
    )
    story = given(*SIGNED, task_defined(), budget_adopted(line("L1", 100_000)), under("budget", annex, on=JULY))
    grants = [
        (row["signed_grant_gr"], row["grant_gr"])
        for row in (row_on(CONTRACTS, story, day) for day in (date(2019, 6, 30), JULY))
    ]
    assert grants == [(100_000, 100_000), (100_000, 105_000)]


def test_a_new_term_moves_the_days_on_which_reports_and_returns_are_due() -> None:
    term = ChangeContractTerm(package_id="P1", annex_no=1, signed_on=FOUNDED, period_to=date(2020, 3, 31))
    story = given(*SIGNED, did(term, on=JULY))
    assert row_on(CONTRACTS, story, date(2019, 6, 30))["period_to"] == ENDS
    row = row_on(CONTRACTS, story, JULY)
    assert (row["period_to"], row["report_due_on"], row["return_due_on"]) == (
        date(2020, 3, 31),
        date(2020, 4, 30),
        date(2020, 4, 15),
    )


def test_a_corrected_number_reads_as_corrected_for_every_day_since_it_was_corrected() -> None:
    correction = CorrectClericalError(
        target=Target(type="contract", id="P1"),
        field="contract_no",
        recorded="1/2019",
        correct="11/2019",
        basis="umowa",
        reason="omyłka",
    )
    story = given(*SIGNED)
    before = story.consortium.version
    story = story.go_on(did(correction))
    assert row_on(CONTRACTS, story, FOUNDED, known=before)["contract_no"] == "1/2019"
    assert row_on(CONTRACTS, story, FOUNDED)["contract_no"] == "11/2019"


def test_the_contracts_of_every_day_as_known_at_every_version_are_those_of_the_state() -> None:
    told = Told(CONTRACTS, register())
    for version, state, day in points(told):
        signed = {
            package_id: package.contract
            for package_id, package in state.packages.packages.items()
            if package.contract is not None and package.contract.effective_on <= day
        }
        assert {row["package_id"]: (row["period_to"], row["parties"]) for row in told.on(day, version)} == {
            package_id: (
                contract.period_to_on(day),
                tuple(sorted(one for one in state.membership.members if contract.is_party_on(one, day))),
            )
            for package_id, contract in signed.items()
        }
