"""Who wants to join applies; the board decides; the application is decided once."""

from __future__ import annotations

from datetime import date

import pytest

from domain.membership.events import ApplicationRejected, MemberAdmitted, MembershipApplied
from domain.resolutions.events import ResolutionRejected, VoteRecorded
from tests.decisions.applicants import APPLICANT, admission, application
from tests.decisions.given import FOUNDED, SECRETARY, did, given
from tests.decisions.steps import adopted, draft, founded, meeting_opened, open_vote, proposed

APPLIED = (founded(), meeting_opened(), did(application(), by=APPLICANT))
ACCEPTED = (*APPLIED, adopted("DR-1", "accession", application_id="W-1"))


def test_an_applicant_applies_for_itself() -> None:
    given(founded()).when(application(), by=APPLICANT).then(MembershipApplied.of(application()))
    other = given(founded()).when(application("W-2"), by=APPLICANT)
    other.then_refused("role-not-permitted", "/actor/id", role="applicant", command="ApplyForMembership")


def test_the_secretary_records_an_application_that_came_on_paper() -> None:
    given(founded()).when(application(), by=SECRETARY).then(MembershipApplied)


@pytest.mark.parametrize(
    ("number", "value"),
    [("registry_ref", "REF-1"), ("nip", "1234563218"), ("regon", "123456785"), ("krs", "0000123456")],
)
def test_an_entity_has_one_open_application_at_a_time(number: str, value: str) -> None:
    first, second = application(**{number: value}), application("W-2", **{number: value})
    given(founded(), did(first)).when(second).then_refused("id-already-used", f"/data/{number}", id=value)
    given(founded(), did(first)).when(application("W-2")).then(MembershipApplied)


def test_after_a_rejection_the_entity_may_apply_again() -> None:
    story = given(
        founded(),
        meeting_opened(),
        did(application(krs="0000123456")),
        proposed("DR-1", "accession", application_id="W-1"),
        did(open_vote("DR-1", against=4)),
    )
    story.when(application("W-2", krs="0000123456")).then(MembershipApplied)
    story.when(application("W-1", krs="0000123456")).then_refused("id-already-used", "/data/application_id", id="W-1")


def test_a_rejected_accession_rejects_its_application() -> None:
    story = given(*APPLIED, proposed("DR-1", "accession", application_id="W-1"))
    story = story.when(open_vote("DR-1", for_=2, against=2)).then(
        VoteRecorded, ResolutionRejected, ApplicationRejected(application_id="W-1", draft_id="DR-1")
    )
    assert story.consortium.membership.applications["W-1"].status == "rejected"


def test_a_rejected_accession_that_names_no_application_rejects_none() -> None:
    story = given(*APPLIED, proposed("DR-1", "accession"))
    story.when(open_vote("DR-1", against=4)).then(VoteRecorded, ResolutionRejected)


def test_a_rejected_draft_on_another_matter_rejects_no_application() -> None:
    story = given(*APPLIED, proposed("DR-1", "other", application_id="W-1"))
    story.when(open_vote("DR-1", against=4)).then(VoteRecorded, ResolutionRejected)


def test_an_applicant_is_admitted_under_the_resolution_that_names_it() -> None:
    story = given(*ACCEPTED).when(admission(), under="DR-1").then(MemberAdmitted.of(admission(), size="small"))
    assert story.consortium.membership.seats_on(FOUNDED)["del-M9"] == "M9"
    assert story.consortium.membership.applications["W-1"].status == "admitted"


def test_an_accession_that_names_another_application_authorises_nothing() -> None:
    story = given(*ACCEPTED, did(application("W-2")))
    second = admission(application_id="W-2")
    story.when(second, under="DR-1").then_refused("matter-does-not-fit", "/under", draft_id="DR-1", matter="accession")
    story = given(*APPLIED, adopted("DR-1", "accession"))
    story.when(admission(), under="DR-1").then_refused("matter-does-not-fit", "/under")


def test_an_application_is_decided_once() -> None:
    story = given(*ACCEPTED, did(admission(), under="DR-1"))
    again = admission("M10", delegate_id="del-M10")
    story.when(again, under="DR-1").then_refused("already-decided", "/data/application_id", id="W-1")
    new_draft = draft("DR-2", "accession", application_id="W-1")
    story.when(new_draft).then_refused("already-decided", "/data/application_id", id="W-1")


def test_nobody_joins_before_the_board_has_said_yes() -> None:
    early = admission(joined_on=date(2019, 1, 13))
    refused = given(*ACCEPTED).when(early, under="DR-1")
    refused.then_refused("resolution-not-in-force", "/data/joined_on", effective_on=date(2019, 1, 13))


def test_a_new_member_brings_its_own_delegate() -> None:
    borrowed = admission(delegate_id="del-M1")
    given(*ACCEPTED).when(borrowed, under="DR-1").then_refused("id-already-used", "/data/delegate_id", id="del-M1")


def test_a_new_member_has_an_id_of_its_own() -> None:
    given(*ACCEPTED).when(admission("M1"), under="DR-1").then_refused("id-already-used", "/data/member_id", id="M1")


def test_a_late_accession_gives_a_seat_from_the_day_of_joining() -> None:
    joins = admission(joined_on=date(2019, 6, 15), employment_fte_x100=1000)
    story = given(*ACCEPTED).when(joins, under="DR-1").then(MemberAdmitted.of(joins, size="large"))
    assert "del-M9" not in story.consortium.membership.seats_on(date(2019, 6, 14))
    assert "del-M9" in story.consortium.membership.seats_on(date(2019, 6, 15))


def test_an_admitted_applicant_is_not_rejected_afterwards() -> None:
    second = proposed("DR-2", "accession", application_id="W-1")
    story = given(*ACCEPTED, second, did(admission(), under="DR-1"))
    story = story.when(open_vote("DR-2", against=4)).then(VoteRecorded, ResolutionRejected)
    assert story.consortium.membership.applications["W-1"].status == "admitted"
