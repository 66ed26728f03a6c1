"""Allocations: who performs what under which resolution, and what no longer rests on anything."""

from __future__ import annotations

from datetime import date

from domain.answers.tasks import allocations
from domain.corrections import CorrectClericalError
from domain.membership.decisions import EndMembership, FileWithdrawal
from domain.packages.decisions import AmendContractParties, EndAllocation
from domain.resolutions.decisions import DeclareResolutionInvalid
from domain.resolutions.events import Target
from projections.task_board.allocations import ALLOCATIONS
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import (
    BEGINS,
    ENDS,
    adopted,
    allocated,
    contract_signed,
    founded,
    meeting_opened,
    task_defined,
    under,
)
from tests.projections.stories import points, rows_on
from tests.projections.tables import Told, register

JULY = date(2019, 7, 1)
PERFORMED = (
    founded(),
    meeting_opened(),
    contract_signed(),
    task_defined(),
    allocated("A1", "M1"),
    allocated("A2", "M2", "partner"),
)


def test_an_allocation_holds_on_its_days_and_names_its_resolution() -> None:
    story = given(*PERFORMED)
    assert [rows_on(ALLOCATIONS, story, day) for day in (date(2019, 3, 31), date(2020, 1, 1))] == [[], []]
    assert rows_on(ALLOCATIONS, story, ENDS)[0] == {
        "allocation_id": "A1",
        "task_id": "T1",
        "package_id": "P1",
        "member_id": "M1",
        "role": "lead",
        "valid_from": BEGINS,
        "valid_to": ENDS,
        "draft_id": "DR-task_allocation",
        "number": "1/2019",
        "orphaned": False,
        "outlived": None,
    }


def test_an_allocation_that_ends_is_gone_from_the_day_after_but_not_for_who_did_not_know() -> None:
    story = given(*PERFORMED)
    before = story.consortium.version
    story = story.go_on(under("reallocation", EndAllocation(allocation_id="A2", last_day=date(2019, 6, 30))))
    performing = [
        [row["allocation_id"] for row in rows_on(ALLOCATIONS, story, JULY, known=known)]
        for known in (before, story.consortium.version)
    ]
    assert performing == [["A1", "A2"], ["A1"]]


def test_a_corrected_first_day_moves_the_allocation() -> None:
    correction = CorrectClericalError(
        target=Target(type="allocation", id="A2"),
        field="valid_from",
        recorded=BEGINS.isoformat(),
        correct=JULY.isoformat(),
        basis="protokół",
        reason="omyłka",
    )
    story = given(*PERFORMED, did(correction))
    assert [row["allocation_id"] for row in rows_on(ALLOCATIONS, story, date(2019, 6, 30))] == ["A1"]
    assert rows_on(ALLOCATIONS, story, JULY)[1]["valid_from"] == JULY


def test_what_was_allocated_under_an_invalid_resolution_stays_and_is_flagged() -> None:
    void = DeclareResolutionInvalid(target="DR-task_allocation", effect="ex_tunc")
    story = given(*PERFORMED)
    before = story.consortium.version
    story = story.go_on(
        adopted("DR-void", "invalidation", target_draft="DR-task_allocation"), did(void, under="DR-void")
    )
    for known, orphaned in ((before, False), (story.consortium.version, True)):
        assert {row["orphaned"] for row in rows_on(ALLOCATIONS, story, JULY, known=known)} == {orphaned}


def test_an_allocation_that_outlives_a_membership_is_flagged_from_the_notice_on() -> None:
    notice = FileWithdrawal(
        member_id="M2", filed_on=FOUNDED, effective_last_day=date(2019, 9, 30), reason="zmiana siedziby"
    )
    ended = EndMembership(member_id="M2", kind="withdrawal", last_day=date(2019, 9, 30))
    story = given(*PERFORMED, did(notice))
    assert [row["outlived"] for row in rows_on(ALLOCATIONS, story, JULY)] == [None, "outlived_allocation"]
    story = story.go_on(adopted("DR-end", "withdrawal_ack", subject_members=("M2",)), did(ended, under="DR-end"))
    assert [row["outlived"] for row in rows_on(ALLOCATIONS, story, JULY)] == [None, "outlived_allocation"]
    cleared = EndAllocation(allocation_id="A2", last_day=date(2019, 9, 30))
    story = story.go_on(under("reallocation", cleared))
    assert [row["outlived"] for row in rows_on(ALLOCATIONS, story, JULY)] == [None, None]


def test_an_allocation_that_outlives_a_contract_party_is_flagged() -> None:
    released = AmendContractParties(package_id="P1", annex_no=1, signed_on=FOUNDED, add=(), remove=("M2",))
    story = given(*PERFORMED, under("reallocation", released, on=JULY))
    assert [row["outlived"] for row in rows_on(ALLOCATIONS, story, JULY)] == [None, "unbound_allocation"]
    bound = AmendContractParties(package_id="P1", annex_no=2, signed_on=FOUNDED, add=("M2",), remove=())
    story = story.go_on(under("reallocation", bound, on=JULY))
    assert [row["outlived"] for row in rows_on(ALLOCATIONS, story, JULY)] == [None, None]


def test_a_member_shows_what_it_performs_on_a_day_of_the_register() -> None:
    told = Told(ALLOCATIONS, register())
    held = {
        day: [(row["task_id"], row["role"], row["number"]) for row in told.on(day, 400) if row["member_id"] == "M03"]
        for day in (date(2019, 5, 31), date(2020, 6, 30))
    }
    assert held == {
        date(2019, 5, 31): [("T1", "partner", "7/2019"), ("T6", "partner", "9/2019")],
        date(2020, 6, 30): [("T11", "partner", "17/2019"), ("T16", "partner", "17/2019")],
    }


def test_the_allocations_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(ALLOCATIONS, register())
    for version, state, day in points(told):
        rows = {(row["task_id"], row["member_id"], row["role"], row["number"]) for row in told.on(day, version)}
        assert rows == {
            (task_id, one["member"], one["role"], one["resolution"])
            for task_id, performers in allocations(state, day).items()
            for one in performers
        }


def test_one_row_is_kept_for_an_allocation_that_nothing_happens_to() -> None:
    story = given(*PERFORMED, task_defined("T2"), allocated("A3", "M3", task_id="T2"))
    assert [until for _, until, _ in Told(ALLOCATIONS, story.entries).rows] == [None, None, None]
