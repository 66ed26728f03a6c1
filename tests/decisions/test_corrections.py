"""Errors of writing are put right by adding to the record; anything else is changed by a resolution alone."""

from __future__ import annotations

from datetime import date

import pytest

from domain.corrections import CorrectClericalError
from domain.meetings.decisions import CloseCircularVote
from domain.packages.decisions import AmendContractParties, SubmitJointOffer
from domain.resolutions.events import ClericalErrorCorrected
from tests.decisions.documents import CIRCULAR
from tests.decisions.given import did, given
from tests.decisions.steps import (
    BEGINS,
    allocated,
    budget_adopted,
    contract_signed,
    founded,
    founder,
    led_by,
    line,
    meeting_closed,
    meeting_opened,
    proposed,
    sent_round,
    task_defined,
    under,
)

REGISTERED = founder("M5").model_copy(update={"registry_ref": "REF-5"})
EVERYTHING = given(
    founded(circular_vote=CIRCULAR),
    did(REGISTERED),
    meeting_opened(),
    contract_signed(),
    task_defined(),
    allocated("A1", "M1", "partner", first=date(2019, 5, 1), last=date(2019, 10, 31)),
    budget_adopted(line("L1", 100_000)),
    proposed("DR-1"),
    sent_round("DR-1"),
    did(CloseCircularVote(circular_id="OB-1", no_reply=(), minutes_ref="")),
    meeting_closed(),
)


def correction(kind: str, target: str, field: str, recorded: str | int, correct: str | int) -> CorrectClericalError:
    return CorrectClericalError.model_validate(
        {
            "target": {"type": kind, "id": target},
            "field": field,
            "recorded": recorded,
            "correct": correct,
            "basis": "protokół",
            "reason": "omyłka pisarska",
        }
    )


CLERICAL = [
    ("resolution", "DR-1", "title", "w sprawie DR-1", "w sprawie pierwszej"),
    ("resolution", "DR-1", "legal_basis", "umowa", "§ 7 umowy"),
    ("allocation", "A1", "valid_from", "2019-05-01", "2019-04-15"),
    ("allocation", "A1", "valid_to", "2019-10-31", "2019-12-31"),
    ("member", "M1", "name", "Członek M1", "Spółdzielnia „Olcha”"),
    ("member", "M5", "registry_ref", "REF-5", "REF-6"),
    ("member", "M1", "registry_ref", "", "REF-1"),
    ("contract", "P1", "title", "Pakiet P1", "Pakiet pierwszy"),
    ("contract", "P1", "contract_no", "1/2019", "2/2019"),
    ("meeting", "RZ-1", "minutes_ref", "protokół", "protokół nr 1"),
    ("circular_vote", "OB-1", "minutes_ref", "", "protokół obiegowy"),
    ("task", "T1", "name", "Zadanie T1", "Klub seniora"),
]


@pytest.mark.parametrize(("kind", "target", "field", "recorded", "correct"), CLERICAL)
def test_what_was_written_wrongly_reads_as_corrected(
    kind: str, target: str, field: str, recorded: str, correct: str
) -> None:
    command = correction(kind, target, field, recorded, correct)
    story = EVERYTHING.when(command).then(ClericalErrorCorrected.of(command))
    back = correction(kind, target, field, correct, recorded or "x")
    story.when(back).then(ClericalErrorCorrected)
    story.when(command).then_refused("recorded-value-differs", "/data/recorded", given=recorded, recorded=correct)


@pytest.mark.parametrize(
    ("kind", "target", "field"),
    [
        ("resolution", "DR-1", "matter"),
        ("resolution", "DR-1", "number"),
        ("allocation", "A1", "member_id"),
        ("allocation", "A1", "role"),
        ("member", "M1", "joined_on"),
        ("contract", "P1", "grant_gr"),
        ("contract", "P1", "signed_on"),
        ("meeting", "RZ-1", "present"),
        ("circular_vote", "OB-1", "no_reply"),
        ("task", "T1", "period_to"),
        ("budget_line", "L1", "amount_gr"),
        ("package", "P1", "title"),
        ("delegate", "del-M1", "name"),
    ],
)
def test_anything_else_is_changed_by_a_resolution_alone(kind: str, target: str, field: str) -> None:
    refused = EVERYTHING.when(correction(kind, target, field, "1", "2"))
    refused.then_refused("substantive-change-needs-resolution", "/data/field", type=kind, field=field)


def test_an_amount_is_no_error_of_writing_however_it_is_given() -> None:
    refused = EVERYTHING.when(correction("budget_line", "L1", "amount_gr", 100_000, 100_001))
    refused.then_refused("substantive-change-needs-resolution", "/data/field", field="amount_gr")
    number = EVERYTHING.when(correction("task", "T1", "name", "Zadanie T1", 7))
    number.then_refused("malformed", "/data/correct")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("resolution", "unknown-resolution"),
        ("allocation", "unknown-allocation"),
        ("member", "unknown-member"),
        ("contract", "unknown-package"),
        ("package", "unknown-package"),
        ("meeting", "unknown-forum"),
        ("circular_vote", "unknown-forum"),
        ("task", "unknown-task"),
        ("budget_line", "unknown-line"),
        ("application", "unknown-application"),
        ("delegate", "unknown-delegate"),
        ("plebiscite", "unknown-plebiscite"),
        ("consultation", "unknown-consultation"),
        ("resource", "unknown-resource"),
        ("mentoring_pair", "unknown-pair"),
        ("finding", "unknown-finding"),
        ("recommendation", "unknown-recommendation"),
    ],
)
def test_what_is_corrected_exists(kind: str, code: str) -> None:
    EVERYTHING.when(correction(kind, "X-9", "title", "a", "b")).then_refused(code, "/data/target/id", id="X-9")


def test_a_package_that_is_only_offered_has_no_contract_to_correct() -> None:
    offer = SubmitJointOffer(
        package_id="P2", parties=("M1",), represented_by="M1", requested_grant_gr=1, own_contribution_gr=0
    )
    story = given(founded(), meeting_opened(), led_by("M1"), under("joint_offer", offer))
    nothing = story.when(correction("contract", "P2", "title", "", "Pakiet"))
    nothing.then_refused("unknown-package", "/data/target/id", id="P2")


def test_a_meeting_is_no_circular_vote() -> None:
    meeting = EVERYTHING.when(correction("meeting", "OB-1", "minutes_ref", "", "protokół"))
    meeting.then_refused("unknown-forum", "/data/target/id", id="OB-1")
    circular = EVERYTHING.when(correction("circular_vote", "RZ-1", "minutes_ref", "protokół", "inny"))
    circular.then_refused("unknown-forum", "/data/target/id", id="RZ-1")


def test_a_day_of_an_allocation_runs_its_guards_again() -> None:
    early = EVERYTHING.when(correction("allocation", "A1", "valid_from", "2019-05-01", "2019-03-31"))
    early.then_refused("outside-task-period", "/data/correct", last=date(2019, 12, 31))
    reversed_ = EVERYTHING.when(correction("allocation", "A1", "valid_from", "2019-05-01", "2019-11-01"))
    reversed_.then_refused("malformed", "/data/correct")
    no_day = EVERYTHING.when(correction("allocation", "A1", "valid_from", "2019-05-01", "2019-02-30"))
    no_day.then_refused("malformed", "/data/correct")
    far = EVERYTHING.when(correction("allocation", "A1", "valid_from", "2019-05-01", "1899-12-31"))
    far.then_refused("malformed", "/data/correct")


FIRST_HALF = (
    founded(),
    meeting_opened(),
    contract_signed(),
    task_defined(),
    allocated("A1", "M1", last=date(2019, 6, 30)),
)


def test_a_corrected_day_leaves_the_leads_in_order() -> None:
    story = given(*FIRST_HALF, allocated("A2", "M2", first=date(2019, 7, 1)))
    overlap = story.when(correction("allocation", "A1", "valid_to", "2019-06-30", "2019-07-01"))
    overlap.then_refused("second-lead", "/data/correct", task_id="T1", day=date(2019, 7, 1))
    gap = story.when(correction("allocation", "A1", "valid_to", "2019-06-30", "2019-06-29"))
    gap.then_refused("task-without-lead", "/data/correct", task_id="T1", day=date(2019, 6, 30))
    later_start = story.when(correction("allocation", "A2", "valid_from", "2019-07-01", "2019-07-02"))
    later_start.then_refused("task-without-lead", "/data/correct", day=date(2019, 7, 1))


def test_the_first_lead_of_a_task_may_turn_out_to_have_begun_later_or_earlier() -> None:
    story = given(*FIRST_HALF)
    later_start = correction("allocation", "A1", "valid_from", "2019-04-01", "2019-04-08")
    story.when(later_start).then(ClericalErrorCorrected.of(later_start))
    story.go_on(did(later_start)).when(correction("allocation", "A1", "valid_from", "2019-04-08", "2019-04-02")).then(
        ClericalErrorCorrected
    )


def test_a_lead_may_turn_out_to_have_led_for_a_day() -> None:
    story = given(*FIRST_HALF)
    story.when(correction("allocation", "A1", "valid_from", "2019-04-01", "2019-06-30")).then(ClericalErrorCorrected)


def test_a_corrected_day_lies_inside_the_membership() -> None:
    joins = did(founder("M5", joined_on=date(2019, 5, 1)))
    parties = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=("M5",), remove=())
    story = given(founded(), joins, meeting_opened("M1", "M2", "M3"), contract_signed(), task_defined())
    story = story.go_on(under("reallocation", parties, on=date(2019, 5, 1)))
    story = story.go_on(allocated("A1", "M5", first=date(2019, 5, 1)))
    early = story.when(correction("allocation", "A1", "valid_from", "2019-05-01", "2019-04-30"))
    early.then_refused("not-a-member-on-date", "/data/correct", member_id="M5", day=date(2019, 4, 30))


def test_a_corrected_day_lies_inside_the_contract_of_the_party() -> None:
    parties = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=("M4",), remove=())
    story = given(founded(), meeting_opened(), contract_signed(parties=("M1",)), task_defined())
    story = story.go_on(under("reallocation", parties, on=date(2019, 5, 1)))
    story = story.go_on(allocated("A1", "M4", first=date(2019, 5, 1)))
    early = story.when(correction("allocation", "A1", "valid_from", "2019-05-01", "2019-04-30"))
    early.then_refused("not-a-contract-party", "/data/correct", member_id="M4", first=date(2019, 4, 30))
