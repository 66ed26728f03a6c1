"""Who performs a task: a member of the consortium, bound by the contract, one lead a day."""

from __future__ import annotations

from datetime import date

import pytest

from domain.membership.decisions import EndMembership, ReclassifyMember
from domain.packages.decisions import (
    AmendContractParties,
    ChangeContractTerm,
    DefineTask,
    EndAllocation,
    SubmitJointOffer,
)
from domain.packages.events import AllocationEnded, TaskAllocated, TaskDefined
from tests.decisions.given import did, given
from tests.decisions.steps import (
    BEGINS,
    ENDS,
    adopted,
    allocated,
    allocation,
    contract_signed,
    founded,
    founder,
    led_by,
    meeting_opened,
    task_defined,
    under,
)

BOARD = (founded(), meeting_opened())
SIGNED = (*BOARD, contract_signed())
DEFINED = (*SIGNED, task_defined(), adopted("DR-1", "task_allocation"))
OFFER = SubmitJointOffer(
    package_id="P1", parties=("M1",), represented_by="M1", requested_grant_gr=100_000, own_contribution_gr=0
)
JUNE_30, JULY = date(2019, 6, 30), date(2019, 7, 1)


def task(first: date = BEGINS, last: date = ENDS, package_id: str = "P1") -> DefineTask:
    return DefineTask(task_id="T1", package_id=package_id, name="Klub seniora", period_from=first, period_to=last)


def test_a_task_is_part_of_a_package_under_contract() -> None:
    given(*SIGNED).when(task()).then(TaskDefined.of(task()))
    given(*SIGNED, task_defined()).when(task()).then_refused("id-already-used", "/data/task_id", id="T1")
    given(*SIGNED).when(task(package_id="P9")).then_refused("unknown-package", "/data/package_id", id="P9")


def test_a_package_that_is_only_offered_has_no_tasks() -> None:
    story = given(*BOARD, led_by("M1"), under("joint_offer", OFFER))
    story.when(task()).then_refused("unknown-package", "/data/package_id", id="P1")


@pytest.mark.parametrize(
    ("first", "last"), [(date(2019, 3, 31), ENDS), (BEGINS, date(2020, 1, 1)), (date(2020, 1, 1), date(2020, 2, 1))]
)
def test_a_task_lies_inside_its_contract(first: date, last: date) -> None:
    refused = given(*SIGNED).when(task(first, last))
    refused.then_refused("outside-contract-period", "/data/period_to", first=BEGINS, last=ENDS)


def test_a_task_may_last_one_day() -> None:
    given(*SIGNED).when(task(BEGINS, BEGINS)).then(TaskDefined)
    given(*SIGNED).when(task(ENDS, ENDS)).then(TaskDefined)


def test_a_task_may_last_as_long_as_the_contract_as_amended() -> None:
    longer = did(ChangeContractTerm(package_id="P1", period_to=date(2020, 6, 30), annex_no=1, signed_on=BEGINS))
    given(*SIGNED, longer).when(task(last=date(2020, 6, 30))).then(TaskDefined)


def test_a_task_is_entrusted_to_a_member_with_the_size_it_then_has() -> None:
    command = allocation("A1", "M1")
    fact = TaskAllocated.model_validate({**command.model_dump(), "member_size_at_decision": "small"})
    given(*DEFINED).when(command, under="DR-1").then(fact)
    grown = under(
        "classification",
        ReclassifyMember(member_id="M1", employment_fte_x100=1000, annual_revenue_gr=0, size="large"),
        on=BEGINS,
    )
    given(*DEFINED, grown).when(command, under="DR-1").then_fact(TaskAllocated, member_size_at_decision="large")


def test_an_allocation_has_an_id_of_its_own() -> None:
    story = given(*DEFINED, allocated("A1", "M1"))
    story.when(allocation("A1", "M2", "partner"), under="DR-1").then_refused("id-already-used", "/data/allocation_id")


def test_a_performer_belongs_on_every_day_of_its_allocation() -> None:
    leaves = EndMembership(member_id="M4", kind="exclusion", last_day=JUNE_30)
    joins = founder("M5", joined_on=date(2019, 4, 2))
    story = given(founded(), did(joins), meeting_opened("M1", "M2", "M3"), contract_signed(signed_on=date(2019, 4, 2)))
    story = story.go_on(task_defined(), adopted("DR-1", "task_allocation"), under("exclusion", leaves))
    early = story.when(allocation("A1", "M5"), under="DR-1")
    early.then_refused("not-a-member-on-date", "/data/member_id", member_id="M5", day=BEGINS)
    outliving = story.when(allocation("A1", "M4"), under="DR-1")
    outliving.then_refused("not-a-member-on-date", "/data/member_id", member_id="M4", day=ENDS)
    story.when(allocation("A1", "M4", last=JUNE_30), under="DR-1").then(TaskAllocated)


def test_a_performer_is_bound_by_the_contract_on_every_day_of_its_allocation() -> None:
    parties = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=("M4",), remove=("M3",))
    story = given(
        *BOARD, contract_signed(parties=("M1", "M2", "M3")), task_defined(), adopted("DR-1", "task_allocation")
    )
    never = story.when(allocation("A1", "M4"), under="DR-1")
    never.then_refused("not-a-contract-party", "/data/member_id", member_id="M4", first=BEGINS, last=ENDS)
    story = story.go_on(under("reallocation", parties, on=JULY))
    story.when(allocation("A1", "M4"), under="DR-1").then_refused("not-a-contract-party", "/data/member_id")
    story.when(allocation("A1", "M4", first=JULY), under="DR-1").then(TaskAllocated)
    story.when(allocation("A1", "M3"), under="DR-1").then_refused("not-a-contract-party", "/data/member_id")
    story.when(allocation("A1", "M3", last=JUNE_30), under="DR-1").then(TaskAllocated)


def test_a_party_with_a_gap_does_not_perform_over_the_gap() -> None:
    gone = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M3",))
    back = AmendContractParties(package_id="P1", annex_no=2, signed_on=BEGINS, add=("M3",), remove=())
    story = given(*DEFINED, under("reallocation", gone, on=JULY), under("reallocation", back, on=date(2019, 7, 2)))
    story.when(allocation("A1", "M3"), under="DR-1").then_refused("not-a-contract-party", "/data/member_id")
    story.when(allocation("A1", "M3", last=JUNE_30), under="DR-1").then(TaskAllocated)
    story.when(allocation("A1", "M3", first=date(2019, 7, 2)), under="DR-1").then(TaskAllocated)


@pytest.mark.parametrize(("first", "last"), [(date(2019, 4, 30), ENDS), (date(2019, 5, 1), date(2020, 1, 1))])
def test_an_allocation_lies_inside_its_task(first: date, last: date) -> None:
    story = given(*SIGNED, task_defined(first=date(2019, 5, 1)), adopted("DR-1", "task_allocation"))
    outside = story.when(allocation("A1", "M1", first=first, last=last), under="DR-1")
    outside.then_refused("outside-task-period", "/data/valid_from", first=date(2019, 5, 1), last=ENDS)


def test_a_task_has_one_lead_a_day() -> None:
    story = given(*DEFINED, allocated("A1", "M1", last=JUNE_30))
    second = story.when(allocation("A2", "M2", first=JUNE_30), under="DR-1")
    second.then_refused("second-lead", "/data/valid_from", task_id="T1", day=JUNE_30)
    story.when(allocation("A2", "M2", first=JULY), under="DR-1").then(TaskAllocated)
    story.when(allocation("A2", "M2", "partner"), under="DR-1").then(TaskAllocated)


def test_a_lead_inside_the_days_of_another_is_a_second_one() -> None:
    story = given(*DEFINED, allocated("A1", "M1"))
    inside = story.when(allocation("A2", "M2", first=JULY, last=JULY), under="DR-1")
    inside.then_refused("second-lead", "/data/valid_from", day=JULY)


def test_a_task_may_wait_for_its_first_lead() -> None:
    given(*DEFINED).when(allocation("A1", "M1", first=JULY), under="DR-1").then(TaskAllocated)
    given(*DEFINED).when(allocation("A1", "M1", "partner"), under="DR-1").then(TaskAllocated)


def end(allocation_id: str, last_day: date = JUNE_30) -> EndAllocation:
    return EndAllocation(allocation_id=allocation_id, last_day=last_day)


ENDING = (*DEFINED, allocated("A1", "M1"), allocated("A2", "M2", "partner"), adopted("DR-2", "reallocation"))


def test_a_partner_ends_on_a_day() -> None:
    story = given(*ENDING).when(end("A2"), under="DR-2").then(AllocationEnded.of(end("A2")))
    assert story.consortium.packages.allocations["A2"].valid_to == JUNE_30


def test_a_lead_ends_only_together_with_a_successor() -> None:
    alone = given(*ENDING).when(end("A1"), under="DR-2")
    alone.then_refused("task-without-lead", "/data/last_day", task_id="T1", day=JULY)


def test_a_lead_may_be_ended_on_the_day_on_which_it_ends_anyway() -> None:
    given(*ENDING).when(end("A1", ENDS), under="DR-2").then(AllocationEnded)


@pytest.mark.parametrize("last_day", [date(2019, 3, 31), date(2020, 1, 1)])
def test_an_end_lies_inside_the_allocation(last_day: date) -> None:
    refused = given(*ENDING).when(end("A2", last_day), under="DR-2")
    refused.then_refused("outside-task-period", "/data/last_day", first=BEGINS, last=ENDS)


def test_an_ended_allocation_is_not_prolonged_by_a_second_end() -> None:
    story = given(*ENDING, did(end("A2"), under="DR-2"))
    story.when(end("A2", JULY), under="DR-2").then_refused("outside-task-period", "/data/last_day", last=JUNE_30)
    story.when(end("A2", BEGINS), under="DR-2").then(AllocationEnded)
