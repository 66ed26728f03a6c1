"""What each resolution caused, entry by entry."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.budget.decisions import MoveSplit
from domain.membership.decisions import EndMembership
from domain.packages.decisions import EndAllocation
from domain.resolutions.decisions import DeclareResolutionInvalid
from projections.mandate_chain.effects import KINDS
from projections.mandate_chain.mandates import MANDATES
from tests.decisions.applicants import APPLICANT, application
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.lines import LINE, SPLIT
from tests.decisions.steps import (
    BEGINS,
    ENDS,
    adopted,
    allocated,
    contract_signed,
    founded,
    meeting_opened,
    open_vote,
    proposed,
    task_defined,
    under,
)
from tests.decisions.test_corrections import correction
from tests.decisions.whole_life import lived
from tests.projections.tables import Told, check, register

if TYPE_CHECKING:
    from tests.decisions.given import Step

BOARD = (founded(), meeting_opened())


def told(*steps: Step) -> Told:
    told = Told(MANDATES, given(*steps).entries)
    check(told)
    return told


def rows(told: Told, day: date, **filters: object) -> list[dict[str, Any]]:
    known = told.on(day, len(told.states) - 1)
    return [row for row in known if all(row[name] == value for name, value in filters.items())]


def test_every_entry_made_under_a_resolution_has_its_effects() -> None:
    for entries in (register(), lived()[-1].story.entries):
        told = Told(MANDATES, entries, batch=50)
        shown = {row.cells[0] for _, _, row in told.rows}
        assert {entry.version for entry in entries if entry.under} <= shown
        assert {row.cells[5] for _, _, row in told.rows} <= set(KINDS)


def test_every_kind_occurs_in_the_two_lives() -> None:
    rows = [
        row for life in (register(), lived()[-1].story.entries) for _, _, row in Told(MANDATES, life, batch=50).rows
    ]
    assert {row.cells[5] for row in rows} == set(KINDS)


def test_a_split_gives_each_member_its_share_under_the_resolution() -> None:
    story = told(*LINE, under("budget_split", SPLIT, on=BEGINS))
    found = rows(story, BEGINS, draft_id="DR-budget_split")
    assert [(row["member_id"], row["amount_gr"]) for row in found] == [("M1", 33_334), ("M2", 33_333), ("M3", 33_333)]
    assert {(row["line_id"], row["task_id"], row["package_id"]) for row in found} == {("L1", "T1", "P1")}
    assert {(row["number"], row["matter"], row["kind"]) for row in found} == {
        ("3/2019", "budget_split", "budget.line-split.v1")
    }


def test_a_move_takes_from_one_what_it_gives_to_another() -> None:
    move = MoveSplit(line_id="L1", from_member="M1", to_member="M2", amount_gr=1_000)
    story = told(*LINE, under("budget_split", SPLIT, on=BEGINS), under("budget_split", move, on=ENDS))
    found = rows(story, ENDS, kind="budget.share-moved.v1")
    assert [(row["member_id"], row["amount_gr"]) for row in found] == [("M1", -1_000), ("M2", 1_000)]
    assert rows(story, BEGINS, kind="budget.share-moved.v1") == []


def test_the_effects_on_the_lines_of_the_scenario_sum_up_to_its_budget() -> None:
    told = Told(MANDATES, register(), batch=50)
    for version in range(120, 358, 60):
        for day in (date(2019, 6, 30), date(2020, 6, 30), date(2021, 6, 30)):
            shares: dict[str, int] = {}
            for row in told.on(day, version):
                if row["line_id"] and row["member_id"]:
                    shares[row["line_id"]] = shares.get(row["line_id"], 0) + row["amount_gr"]
            lines = told.states[version].budgets.lines
            assert {line_id: sum(line.shares_on(day).values()) for line_id, line in lines.items()} == {
                line_id: shares.get(line_id, 0) for line_id in lines
            }


def test_a_corrected_allocation_rests_on_the_resolution_it_was_made_under() -> None:
    made = allocated("A1", "M1", "partner", first=date(2019, 5, 1))
    corrected = did(correction("allocation", "A1", "valid_from", "2019-05-01", "2019-04-15"))
    story = told(*BOARD, contract_signed(), task_defined(), made, corrected)
    (row,) = rows(story, date(2019, 4, 15), allocation_id="A1")
    assert (row["draft_id"], row["kind"]) == ("DR-task_allocation", "correction.clerical-error-corrected.v1")
    assert len(rows(story, date(2019, 5, 1), allocation_id="A1")) == 2


def test_an_end_holds_from_the_day_after_the_last() -> None:
    ended = under("reallocation", EndAllocation(allocation_id="A1", last_day=date(2019, 6, 30)))
    left = under("exclusion", EndMembership(member_id="M4", kind="exclusion", last_day=date(2019, 6, 30)))
    made = allocated("A1", "M1", "partner")
    story = told(*BOARD, contract_signed(), task_defined(), made, ended, left)
    for kind in ("task.allocation-ended.v1", "membership.ended.v1"):
        assert [len(rows(story, date(2019, month, day), kind=kind)) for month, day in ((6, 30), (7, 1))] == [0, 1]


def test_an_invalidity_reaches_back_to_the_vote_and_an_amendment_does_not() -> None:
    invalid = did(DeclareResolutionInvalid(target="DR-1", effect="ex_tunc"), under="DR-2")
    later_on = (later(2019, 2, 1), adopted("DR-2", "invalidation", target_draft="DR-1"), invalid)
    story = told(*BOARD, adopted("DR-1"), *later_on, adopted("DR-3", target_draft="DR-1"))
    assert [row["target_draft"] for row in rows(story, FOUNDED, draft_id="DR-2")] == ["DR-1"]
    assert rows(story, FOUNDED, draft_id="DR-3") == []
    assert [row["target_draft"] for row in rows(story, date(2019, 2, 1), draft_id="DR-3")] == ["DR-1"]


def test_a_rejected_application_follows_from_its_draft() -> None:
    applied = did(application(), by=APPLICANT)
    asked = proposed("DR-1", "accession", application_id="W-1")
    (row,) = rows(told(*BOARD, applied, asked, did(open_vote("DR-1", against=4))), FOUNDED)
    assert (row["draft_id"], row["number"], row["kind"]) == ("DR-1", None, "membership.application-rejected.v1")
