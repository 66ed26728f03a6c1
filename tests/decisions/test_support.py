"""The large support the small: pairs work together, and things are lent and come back."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Refusal
from domain.membership.decisions import EndMembership
from domain.requests import read_command
from domain.support.decisions import (
    LendResource,
    LogMentoringHours,
    RegisterResource,
    ReturnResource,
    StartMentoring,
)
from domain.support.events import (
    MentoringHoursLogged,
    MentoringStarted,
    ResourceLent,
    ResourceRegistered,
    ResourceReturned,
)
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import adopted, founded, founder, meeting_opened, under

MAY, JUNE, JULY = date(2019, 5, 1), date(2019, 6, 1), date(2019, 7, 1)
BOARD = (founded(), meeting_opened())


def pair(mentor: str = "M1", mentee: str = "M2", until: date = JULY) -> StartMentoring:
    return StartMentoring(pair_id="PM-1", mentor=mentor, mentee=mentee, until=until, hours_planned=40)


def hours(held_on: date = JUNE, hours_x100: int = 150) -> LogMentoringHours:
    return LogMentoringHours(pair_id="PM-1", held_on=held_on, hours_x100=hours_x100, topic_code="accounting")


def laptops(quantity: int = 1, owner: str = "M1") -> RegisterResource:
    return RegisterResource(resource_id="RES-1", name="laptopy", owner=owner, quantity=quantity)


def loan(member_id: str = "M2", due_on: date = JULY) -> LendResource:
    return LendResource(resource_id="RES-1", member_id=member_id, due_on=due_on, fee_gr=0)


def comes_back(member_id: str = "M2") -> ReturnResource:
    return ReturnResource(resource_id="RES-1", member_id=member_id, condition="dobry")


def test_a_pair_works_together_from_a_day_until_a_day() -> None:
    given(*BOARD, adopted("DR-1", "mentoring")).when(pair(), under="DR-1", on=MAY).then(MentoringStarted.of(pair()))


def test_a_pair_has_an_id_of_its_own() -> None:
    story = given(*BOARD, under("mentoring", pair(), on=MAY))
    story.when(pair(), under="DR-mentoring", on=MAY).then_refused("id-already-used", "/data/pair_id", id="PM-1")


def test_both_of_a_pair_belong_on_its_first_day() -> None:
    joins = did(founder("M5", joined_on=JUNE))
    story = given(founded(), joins, meeting_opened("M1", "M2"), adopted("DR-1", "mentoring"))
    mentor = story.when(pair("M5", "M1"), under="DR-1", on=MAY)
    mentor.then_refused("not-a-member-on-date", "/data/mentor", member_id="M5", day=MAY)
    mentee = story.when(pair("M1", "M5"), under="DR-1", on=MAY)
    mentee.then_refused("not-a-member-on-date", "/data/mentee", member_id="M5")
    story.when(pair("M1", "M5"), under="DR-1", on=JUNE).then(MentoringStarted)


def test_a_pair_is_of_two_and_does_not_end_before_it_begins() -> None:
    alone = pair().model_dump(mode="json") | {"mentee": "M1"}
    with pytest.raises(Refusal) as refused:
        read_command("StartMentoring", alone)
    assert (refused.value.code, refused.value.place) == ("malformed", "/data")
    story = given(*BOARD, adopted("DR-1", "mentoring"))
    story.when(pair(until=MAY), under="DR-1", on=JUNE).then_refused("period-out-of-order", "/data/until", first=JUNE)


PAIRED = (*BOARD, under("mentoring", pair(), on=MAY))


@pytest.mark.parametrize("held_on", [MAY, JUNE, JULY])
@pytest.mark.parametrize("hours_x100", [0, 25, 150])
def test_hours_of_a_pair_are_logged_from_its_first_day_to_its_last(held_on: date, hours_x100: int) -> None:
    logged = hours(held_on, hours_x100)
    given(*PAIRED).when(logged).then(MentoringHoursLogged.of(logged))


def test_hours_before_a_pair_began_or_after_it_ended_are_not_logged() -> None:
    before, after = date(2019, 4, 30), date(2019, 7, 2)
    early = given(*PAIRED).when(hours(before))
    early.then_refused("period-out-of-order", "/data/held_on", first=MAY, last=before)
    late = given(*PAIRED).when(hours(after))
    late.then_refused("period-out-of-order", "/data/held_on", first=after, last=JULY)


def test_several_hours_of_one_day_are_logged_even_beyond_those_planned_and_after_a_member_left() -> None:
    leaves = EndMembership(member_id="M2", kind="exclusion", last_day=MAY)
    story = given(*PAIRED, under("exclusion", leaves), did(hours()), did(hours(hours_x100=100_000)))
    assert [one.hours_x100 for _, one in story.consortium.support.hours_of["PM-1"]] == [150, 100_000]


def test_hours_are_those_of_a_pair_that_began() -> None:
    given(*BOARD).when(hours()).then_refused("unknown-pair", "/data/pair_id", id="PM-1")


@pytest.mark.parametrize(
    ("change", "place"),
    [({"hours_x100": -1}, "/data/hours_x100"), ({"topic_code": "Księgowość"}, "/data/topic_code")],
)
def test_hours_are_a_number_on_a_topic(change: dict[str, object], place: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_command("LogMentoringHours", hours().model_dump(mode="json") | change)
    assert (refused.value.code, refused.value.place) == ("malformed", place)


def test_a_member_offers_a_thing_for_lending() -> None:
    story = given(*BOARD, adopted("DR-1", "resource_rules"))
    story.when(laptops(), under="DR-1", on=MAY).then(ResourceRegistered.of(laptops()))
    early = story.when(laptops(), under="DR-1", on=date(2019, 1, 1))
    early.then_refused("not-a-member-on-date", "/data/owner", member_id="M1")


OFFERED = (*BOARD, under("resource_rules", laptops(), on=MAY))
TWO = (*BOARD, under("resource_rules", laptops(2), on=MAY))


def test_a_thing_is_registered_once() -> None:
    again = given(*OFFERED).when(laptops(), under="DR-resource_rules")
    again.then_refused("id-already-used", "/data/resource_id", id="RES-1")


def test_a_thing_is_lent_to_one_at_a_time() -> None:
    story = given(*OFFERED).when(loan(), on=MAY).then(ResourceLent.of(loan()))
    story.when(loan("M3"), on=JUNE).then_refused("resource-already-lent", "/data/resource_id", resource_id="RES-1")


def test_two_things_are_lent_to_two() -> None:
    story = given(*TWO, did(loan(), on=MAY)).when(loan("M3"), on=MAY).then(ResourceLent)
    story.when(loan("M4"), on=MAY).then_refused("resource-already-lent", "/data/resource_id")
    story.go_on(did(comes_back("M3"), on=JUNE)).when(loan("M4"), on=JUNE).then(ResourceLent)


def test_one_member_may_have_both_of_two_things_and_bring_them_back_one_by_one() -> None:
    story = given(*TWO, did(loan(), on=MAY), did(loan(), on=MAY))
    story = story.when(comes_back(), on=JUNE).then(ResourceReturned).when(comes_back(), on=JULY).then(ResourceReturned)
    assert [one.returned_on for one in story.consortium.support.loans] == [JUNE, JULY]


def test_a_thing_that_came_back_is_lent_again_from_that_day() -> None:
    story = given(*OFFERED, did(loan(), on=MAY)).when(comes_back(), on=JUNE).then(ResourceReturned.of(comes_back()))
    story.when(loan("M3"), on=JUNE).then(ResourceLent)


def test_only_a_member_of_the_day_borrows() -> None:
    leaves = EndMembership(member_id="M2", kind="exclusion", last_day=MAY)
    story = given(*OFFERED, under("exclusion", leaves))
    story.when(loan(), on=JUNE).then_refused("not-a-member-on-date", "/data/member_id", member_id="M2", day=JUNE)


def test_a_member_that_left_still_brings_things_back() -> None:
    leaves = EndMembership(member_id="M2", kind="exclusion", last_day=MAY)
    given(*OFFERED, did(loan(), on=MAY), under("exclusion", leaves)).when(comes_back(), on=JUNE).then(ResourceReturned)


def test_a_loan_is_not_due_before_it_begins_and_does_not_end_before_it_either() -> None:
    story = given(*OFFERED)
    story.when(loan(due_on=MAY), on=JUNE).then_refused("period-out-of-order", "/data/due_on", first=JUNE, last=MAY)
    story = story.go_on(did(loan(), on=JUNE))
    story.when(comes_back(), on=MAY).then_refused("period-out-of-order", "/effective_on", first=JUNE, last=MAY)
    story.when(comes_back(), on=JUNE).then(ResourceReturned)


def test_only_what_is_lent_to_a_member_comes_back_from_it() -> None:
    story = given(*OFFERED, did(loan(), on=MAY))
    story.when(comes_back("M3"), on=JUNE).then_refused("resource-not-lent", "/data/resource_id", member_id="M3")
    returned = story.go_on(did(comes_back(), on=JUNE))
    returned.when(comes_back(), on=JUNE).then_refused("resource-not-lent", "/data/resource_id", member_id="M2")


def test_what_is_unknown_is_not_lent() -> None:
    given(*BOARD).when(loan(), on=FOUNDED).then_refused("unknown-resource", "/data/resource_id", id="RES-1")
