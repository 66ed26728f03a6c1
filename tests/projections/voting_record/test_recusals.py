"""Who was kept out of a vote, and who should have been."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.answers.decisions import resolutions
from domain.oversight.decisions import RecordAuditFinding
from domain.resolutions.decisions import DeclareConflict, RecordConflictDiscovered
from projections.voting_record.recusals import RECUSALS
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import founded, meeting_opened, proposed, voted
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from tests.decisions.given import Step

BOARD = (founded(), meeting_opened(), proposed("DR-1"))
CONFLICT = did(DeclareConflict(draft_id="DR-1", delegate_id="del-M4", member_id="M4", reason="własny wniosek"))
NEXT = date(2019, 2, 1)


def told(*steps: Step) -> Told:
    told = Told(RECUSALS, given(*steps).entries)
    check(told)
    return told


def rows(told: Told, day: date) -> list[dict[str, Any]]:
    return told.on(day, len(told.states) - 1)


def test_a_declared_conflict_shows_who_and_why() -> None:
    (row,) = rows(told(*BOARD, CONFLICT), FOUNDED)
    assert (row["kind"], row["member_id"], row["delegate_id"]) == ("declared", "M4", "del-M4")
    assert (row["reason"], row["recorded_on"], row["number"]) == ("własny wniosek", FOUNDED, None)


def test_the_number_shows_from_the_day_of_the_vote() -> None:
    reopened = meeting_opened(meeting_id="RZ-2")
    story = told(*BOARD, CONFLICT, later(2019, 2, 1), reopened, voted("DR-1", for_=3, forum="RZ-2"))
    assert [rows(story, day)[0]["number"] for day in (FOUNDED, NEXT)] == [None, "1/2019"]


def test_a_discovered_conflict_shows_how_the_delegate_had_voted_from_the_day_it_was_recorded() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="DR-1", severity="material", text="konflikt")
    found = RecordConflictDiscovered(
        draft_id="DR-1", member_id="M1", delegate_id="del-M1", voted="for", finding_id="F-1"
    )
    story = told(*BOARD, voted("DR-1", for_=4), later(2019, 2, 1), did(finding), did(found))
    assert rows(story, FOUNDED) == []
    (row,) = rows(story, NEXT)
    assert (row["kind"], row["member_id"], row["voted"], row["finding_id"]) == ("discovered", "M1", "for", "F-1")
    assert (row["number"], row["recorded_on"]) == ("1/2019", NEXT)


def test_the_declared_conflicts_of_every_day_are_those_of_the_answer() -> None:
    told = Told(RECUSALS, register())
    for version in range(1, len(told.states), 7):
        for day in days(told):
            declared: dict[str, list[str]] = {}
            for row in told.on(day, version):
                if row["kind"] == "declared":
                    declared.setdefault(row["draft_id"], []).append(row["delegate_id"])
            answer = {one["draft_id"]: one["recused"] for one in resolutions(told.states[version], day)}
            assert {draft_id: sorted(ids) for draft_id, ids in declared.items()} == {
                draft_id: recused for draft_id, recused in answer.items() if recused
            }
