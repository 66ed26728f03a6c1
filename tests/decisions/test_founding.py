"""A consortium is founded once, by an agreement with its six parts and a whole statute."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Refusal
from domain.meetings.decisions import OpenMeeting
from domain.meetings.events import MeetingOpened
from domain.membership.decisions import AdmitFoundingMember
from domain.membership.events import FoundingMemberAdmitted
from domain.requests import read_command
from domain.statute.decisions import AmendStatute
from domain.statute.events import ConsortiumFounded, HistoryImported
from tests.decisions.documents import AGREEMENT
from tests.decisions.given import CONSORTIUM, FOUNDED, given, noon
from tests.decisions.steps import found, founded, founder, meeting_opened


def test_a_consortium_is_founded_by_its_agreement_and_first_statute() -> None:
    story = given().when(found()).then(ConsortiumFounded.of(found()))
    assert story.consortium.founded
    assert story.consortium.statute_on(FOUNDED).version == 1


def test_a_consortium_is_founded_once() -> None:
    given(founded()).when(found()).then_refused("id-already-used", "/data/consortium_id", id=CONSORTIUM)


@pytest.mark.parametrize("part", sorted(type(AGREEMENT).model_fields))
def test_an_agreement_needs_each_of_its_six_parts(part: str) -> None:
    payload = found().model_dump(mode="json")
    del payload["agreement"][part]
    with pytest.raises(Refusal) as refused:
        read_command("FoundConsortium", payload)
    assert (refused.value.code, refused.value.place) == ("malformed", f"/data/agreement/{part}")


def test_the_first_statute_is_version_one() -> None:
    given().when(found(version=2)).then_refused("statute-invalid", "/data/statute/version", where="/version")


def test_nothing_else_comes_before_the_founding() -> None:
    given().when(founder("M1")).then_refused("unknown-consortium", "/consortium_id", id=CONSORTIUM)
    amend = AmendStatute(version=2, changes={})
    given().when(amend, under="DR-1").then_refused("unknown-consortium", "/consortium_id", id=CONSORTIUM)


def test_a_founder_joins_with_its_delegate_and_the_size_that_the_statute_gives() -> None:
    story = given(founded(members=0)).when(founder("M1")).then(FoundingMemberAdmitted.of(founder("M1"), size="small"))
    assert story.consortium.membership.seats_on(FOUNDED) == {"del-M1": "M1"}


@pytest.mark.parametrize(
    ("fte_x100", "revenue_gr", "size"),
    [
        (999, 99_999_999, "small"),
        (1000, 99_999_999, "large"),
        (999, 100_000_000, "large"),
        (1000, 100_000_000, "large"),
        (0, 0, "small"),
    ],
)
def test_a_member_is_small_only_below_both_thresholds(fte_x100: int, revenue_gr: int, size: str) -> None:
    admission = founder("M1").model_copy(update={"employment_fte_x100": fte_x100, "annual_revenue_gr": revenue_gr})
    given(founded(members=0)).when(admission).then_fact(FoundingMemberAdmitted, size=size)


def test_a_member_is_admitted_once() -> None:
    given(founded(members=1)).when(founder("M1")).then_refused("id-already-used", "/data/member_id", id="M1")


def test_a_delegate_votes_for_one_member_only() -> None:
    second = founder("M2").model_copy(update={"delegate_id": "del-M1"})
    given(founded(members=1)).when(second).then_refused("id-already-used", "/data/delegate_id", id="del-M1")


def test_no_founder_joins_after_the_first_meeting() -> None:
    given(founded(members=2), meeting_opened()).when(founder("M3")).then_refused("founding-closed")


def test_the_board_does_not_sit_before_two_founders_joined() -> None:
    meeting = OpenMeeting(meeting_id="RZ-1", mode="on_site", presiding="del-M1", present=("del-M1",))
    given(founded(members=1)).when(meeting).then_refused("too-few-founders", founders=1, needed=2)
    given(founded(members=2)).when(meeting).then(MeetingOpened)


def test_a_founder_may_join_later_than_the_others() -> None:
    latecomer = founder("M3", joined_on=date(2019, 2, 1))
    story = given(founded(members=2)).when(latecomer).then(FoundingMemberAdmitted)
    assert len(story.consortium.membership.seats_on(FOUNDED)) == 2
    assert len(story.consortium.membership.seats_on(date(2019, 2, 1))) == 3


def test_units_and_register_numbers_of_a_founder_are_kept() -> None:
    admission = AdmitFoundingMember(
        member_id="M1",
        name="Fundacja „Próba”",
        legal_form="foundation",
        employment_fte_x100=1200,
        annual_revenue_gr=5,
        operates_units=("CIS „Próba”",),
        registry_ref="REF-1",
        nip="1234563218",
        regon="123456785",
        krs="0000123456",
        joined_on=FOUNDED,
        delegate_id="del-M1",
    )
    given(founded(members=0)).when(admission).then(FoundingMemberAdmitted.of(admission, size="large"))


def test_a_history_brought_from_a_register_begins_by_saying_so() -> None:
    imported = HistoryImported(file_sha256="0" * 64, lines=1, imported_by="op-1", imported_at=noon(FOUNDED))
    asked = given().when(found()).asked
    story = given().after(asked, (imported, ConsortiumFounded.of(found())))
    assert (story.consortium.founded, story.consortium.version) == (True, 2)
    assert story.consortium.statute_on(FOUNDED).version == 1
