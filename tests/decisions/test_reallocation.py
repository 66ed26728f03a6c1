"""A task changes hands as one step: ends, successors and moved shares together, or not at all."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from domain.budget.events import MoveFields, ShareMoved
from domain.errors import Refusal
from domain.packages.decisions import AmendContractParties
from domain.packages.events import AllocationEnded, AllocationEndFields, TaskAllocated
from domain.reallocation import ReallocateTask, Successor
from domain.requests import read_command
from tests.decisions.given import Story, did, given
from tests.decisions.steps import (
    BEGINS,
    ENDS,
    adopted,
    allocated,
    budget_adopted,
    contract_signed,
    founded,
    founder,
    line,
    meeting_opened,
    performed,
    split,
    task_defined,
    under,
)

if TYPE_CHECKING:
    from domain.values import PerformerRole

JUNE_30, JULY = date(2019, 6, 30), date(2019, 7, 1)
TASK = (founded(), meeting_opened(), contract_signed(), task_defined(), performed("M1", "M2"))
MONEY = (*TASK, budget_adopted(line("L1", 100_000)), split("L1", M1=1, M2=1), adopted("DR-1", "reallocation"))


def ends(allocation_id: str = "A-T1-M1", last_day: date = JUNE_30) -> AllocationEndFields:
    return AllocationEndFields(allocation_id=allocation_id, last_day=last_day)


def takes_over(
    member_id: str, role: PerformerRole = "lead", first: date = JULY, last: date = ENDS, allocation_id: str = "A9"
) -> Successor:
    return Successor(allocation_id=allocation_id, member_id=member_id, role=role, valid_from=first, valid_to=last)


def moves(amount_gr: int, from_member: str = "M1", to_member: str = "M3", line_id: str = "L1") -> MoveFields:
    return MoveFields(line_id=line_id, from_member=from_member, to_member=to_member, amount_gr=amount_gr)


def step(
    end: tuple[AllocationEndFields, ...] = (),
    allocate: tuple[Successor, ...] = (),
    moved: tuple[MoveFields, ...] = (),
    task_id: str = "T1",
) -> ReallocateTask:
    return ReallocateTask(task_id=task_id, end=end, allocate=allocate, moves=moved)


def shares(story: Story, day: date) -> dict[str, int]:
    return story.consortium.budgets.lines["L1"].shares_on(day)


def test_a_lead_hands_over_its_task_and_share_in_one_step() -> None:
    whole = step((ends(),), (takes_over("M3"),), (moves(50_000),))
    story = (
        given(*MONEY)
        .when(whole, under="DR-1", on=JULY)
        .then(
            AllocationEnded(allocation_id="A-T1-M1", last_day=JUNE_30),
            TaskAllocated(
                allocation_id="A9",
                task_id="T1",
                member_id="M3",
                role="lead",
                valid_from=JULY,
                valid_to=ENDS,
                member_size_at_decision="small",
            ),
            ShareMoved.of(moves(50_000)),
        )
    )
    assert (shares(story, JUNE_30), shares(story, JULY)) == ({"M1": 50_000, "M2": 50_000}, {"M2": 50_000, "M3": 50_000})


def test_every_fact_of_the_step_rests_on_its_resolution() -> None:
    whole = step((ends(),), (takes_over("M3"),), (moves(50_000),))
    story = given(*MONEY).when(whole, under="DR-1", on=JULY).story
    assert [entry.under for entry in story.entries[-3:]] == ["DR-1"] * 3
    assert len({entry.command_id for entry in story.entries[-3:]}) == 1


def test_a_lead_and_a_partner_change_places() -> None:
    swap = step(
        (ends(), ends("A-T1-M2")),
        (takes_over("M2"), takes_over("M1", "partner", allocation_id="A10")),
    )
    given(*MONEY).when(swap, under="DR-1").then(AllocationEnded, AllocationEnded, TaskAllocated, TaskAllocated)


def test_a_gap_before_the_successor_leaves_the_task_without_a_lead() -> None:
    late = step((ends(),), (takes_over("M3", first=date(2019, 7, 2)),))
    refused = given(*MONEY).when(late, under="DR-1")
    refused.then_refused("task-without-lead", "/data", task_id="T1", day=JULY)
    short = step((ends(),), (takes_over("M3", last=date(2019, 12, 30)),))
    given(*MONEY).when(short, under="DR-1").then_refused("task-without-lead", "/data", day=ENDS)


def test_a_successor_from_before_the_end_is_a_second_lead() -> None:
    early = step((ends(),), (takes_over("M3", first=JUNE_30),))
    given(*MONEY).when(early, under="DR-1").then_refused("second-lead", "/data", task_id="T1", day=JUNE_30)


def test_two_successors_may_follow_on_each_other() -> None:
    autumn = date(2019, 10, 1)
    relay = step(
        (ends(),), (takes_over("M4", first=autumn, allocation_id="A10"), takes_over("M3", last=date(2019, 9, 30)))
    )
    given(*MONEY).when(relay, under="DR-1").then(AllocationEnded, TaskAllocated, TaskAllocated)


def test_only_shares_may_move() -> None:
    moved = step(moved=(moves(10_000, to_member="M2"),))
    story = given(*MONEY).when(moved, under="DR-1", on=JULY).then(ShareMoved)
    assert shares(story, JULY) == {"M1": 40_000, "M2": 60_000}


def test_a_share_moves_only_to_one_who_performs_the_task_after_the_step() -> None:
    refused = given(*MONEY).when(step(moved=(moves(1),)), under="DR-1", on=JULY)
    refused.then_refused("not-allocated-to-task", "/data/moves/0/to_member", member_id="M3", task_id="T1")


def test_moves_of_one_step_follow_on_each_other() -> None:
    relay = (moves(50_000), moves(50_000, "M3", "M2"))
    story = given(*MONEY).when(step((ends(),), (takes_over("M3"),), relay), under="DR-1", on=JULY)
    assert shares(story.then(AllocationEnded, TaskAllocated, ShareMoved, ShareMoved), JULY) == {"M2": 100_000}
    greedy = step((ends(),), (takes_over("M3"),), (moves(30_000), moves(30_000)))
    refused = given(*MONEY).when(greedy, under="DR-1", on=JULY)
    refused.then_refused("share-exceeded", "/data/moves/1/amount_gr", member_id="M1", share=20_000, amount=30_000)


def test_what_ends_and_moves_is_of_the_task() -> None:
    other = (task_defined("T2"), allocated("A2", "M4", task_id="T2"))
    story = given(*MONEY, *other)
    foreign_end = story.when(step((ends("A2"),)), under="DR-1")
    foreign_end.then_refused("unknown-allocation", "/data/end/0/allocation_id", id="A2")
    foreign_line = story.when(step(moved=(moves(1),), task_id="T2"), under="DR-1")
    foreign_line.then_refused("unknown-line", "/data/moves/0/line_id", id="L1")


def test_successors_belong_and_are_bound() -> None:
    joins = did(founder("M5", joined_on=date(2019, 7, 2)))
    parties = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M4",))
    story = given(founded(), joins, meeting_opened("M1", "M2", "M3"), contract_signed(), task_defined())
    story = story.go_on(performed("M1"), adopted("DR-1", "reallocation"), under("reallocation", parties, on=JULY))
    early = story.when(step((ends(),), (takes_over("M5"),)), under="DR-1")
    early.then_refused("not-a-member-on-date", "/data/allocate/0/member_id", member_id="M5", day=JULY)
    unbound = story.when(step((ends(),), (takes_over("M4"),)), under="DR-1")
    unbound.then_refused("not-a-contract-party", "/data/allocate/0/member_id", member_id="M4")


def test_ends_and_successors_lie_in_their_periods() -> None:
    outside = given(*MONEY).when(step((ends("A-T1-M2", date(2019, 3, 31)),)), under="DR-1")
    outside.then_refused("outside-task-period", "/data/end/0/last_day", first=BEGINS, last=ENDS)
    beyond = given(*MONEY).when(step((ends(),), (takes_over("M3", last=date(2020, 1, 1)),)), under="DR-1")
    beyond.then_refused("outside-task-period", "/data/allocate/0/valid_from", last=ENDS)


def test_ids_of_a_step_are_new_and_differ() -> None:
    used = given(*MONEY).when(step((ends(),), (takes_over("M3", allocation_id="A-T1-M2"),)), under="DR-1")
    used.then_refused("id-already-used", "/data/allocate/0/allocation_id", id="A-T1-M2")
    twice = step((ends(),), (takes_over("M3", last=JULY), takes_over("M4", first=date(2019, 7, 2))))
    given(*MONEY).when(twice, under="DR-1").then_refused("id-already-used", "/data/allocate/1/allocation_id", id="A9")


def test_a_refused_step_leaves_nothing_half() -> None:
    story = given(*MONEY)
    refused = story.when(step((ends(),), (takes_over("M3"),), (moves(50_001),)), under="DR-1", on=JULY)
    after = refused.then_refused("share-exceeded", "/data/moves/0/amount_gr")
    assert after.consortium == story.consortium


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        ({"end": [], "allocate": []}, "/data"),
        (
            {"end": [], "allocate": [{"allocation_id": "A9", "member_id": "M3", "role": "lead"}]},
            "/data/allocate/0/valid_from",
        ),
        ({"end": [{"allocation_id": "A1"}], "allocate": []}, "/data/end/0/last_day"),
    ],
)
def test_a_step_does_something_and_says_what(payload: dict[str, object], place: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_command("ReallocateTask", {"task_id": "T1", **payload})
    assert (refused.value.code, refused.value.place) == ("malformed", place)


def test_a_successor_does_not_end_before_it_begins() -> None:
    backwards = {
        "allocation_id": "A9",
        "member_id": "M3",
        "role": "lead",
        "valid_from": "2019-07-01",
        "valid_to": "2019-06-30",
    }
    with pytest.raises(Refusal) as refused:
        read_command("ReallocateTask", {"task_id": "T1", "end": [], "allocate": [backwards]})
    assert (refused.value.code, refused.value.place) == ("malformed", "/data/allocate/0")
