"""The register of resolutions, against the answer for both clocks, and what it says of changes and corrections."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import psycopg

from domain.answers.state import state_on
from domain.corrections import CorrectVoteRecord
from domain.resolutions.decisions import DeclareResolutionInvalid, RepealResolution, WithdrawDraft
from projections.bitemporal.asking import Asked, ask
from projections.resolution_register.resolutions import RESOLUTIONS
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import adopted, founded, meeting_opened, proposed, voted
from tests.decisions.test_corrections import correction
from tests.projections.tables import Told, check, days, register, stored

if TYPE_CHECKING:
    from tests.decisions.given import Step

ANY = datetime(2030, 1, 1, tzinfo=UTC)
NEXT = date(2019, 2, 1)
NEW_YEAR = date(2020, 1, 1)
BOARD = (founded(), meeting_opened())
SAME = (
    *("draft_id", "number", "matter", "title", "majority", "ballot", "forum", "seats", "present", "tie_break_used"),
    *("outcome", "status"),
)


def answered(row: dict[str, Any]) -> dict[str, Any]:
    """Write a row as `state --json` does."""
    voted = row["votes_cast"] is not None
    return {name: row[name] for name in SAME} | {
        "voted_on": row["voted_on"].isoformat() if voted else None,
        "status_from": row["status_from"].isoformat() if row["status_from"] else None,
        "recused": list(row["recused"]),
        "cast": row["votes_cast"],
        "counts": counts(row, "") if voted else None,
        "counts_as_first_recorded": counts(row, "_as_first_recorded") if voted else None,
    }


def counts(row: dict[str, Any], ending: str) -> dict[str, int]:
    return {choice: row[f"votes_{choice}{ending}"] for choice in ("for", "against", "abstain")}


def told(*steps: Step) -> Told:
    told = Told(RESOLUTIONS, given(*steps).entries)
    check(told)
    return told


def row(told: Told, draft_id: str, day: date, version: int | None = None) -> dict[str, Any]:
    rows = told.on(day, len(told.states) - 1 if version is None else version)
    return next(row for row in rows if row["draft_id"] == draft_id)


def test_the_register_of_every_day_as_known_at_every_version_is_the_answer() -> None:
    told = Told(RESOLUTIONS, register())
    for version in range(1, len(told.states), 7):
        for day in days(told):
            answer = state_on(told.states[version], day, ANY)["resolutions"]
            assert [answered(row) for row in told.on(day, version)] == answer


def test_drafts_keep_the_order_in_which_they_were_recorded() -> None:
    story = told(*BOARD, proposed("DR-2"), proposed("DR-1"), proposed("DR-3"))
    ordered = [(row["ordinal"], row["draft_id"]) for row in story.on(FOUNDED, len(story.states) - 1)]
    assert ordered == [(1, "DR-2"), (2, "DR-1"), (3, "DR-3")]


def test_a_draft_tells_who_proposed_it_and_what_it_is_about() -> None:
    first = row(told(*BOARD, proposed("DR-1", subject_members=("M1", "M2"), body_ref="druk nr 1")), "DR-1", FOUNDED)
    assert (first["proposer_role"], first["proposer_id"]) == ("board_secretary", "sek-1")
    assert (first["subject_members"], first["body_ref"], first["status"]) == (("M1", "M2"), "druk nr 1", "draft")


def test_a_corrected_title_shows_on_every_day_beside_what_was_first_recorded() -> None:
    corrected = did(correction("resolution", "DR-1", "title", "w sprawie DR-1", "w sprawie pierwszej"))
    story = told(*BOARD, proposed("DR-1"), later(2019, 2, 1), corrected)
    for day in (FOUNDED, NEXT):
        one = row(story, "DR-1", day)
        assert (one["title"], one["title_as_first_recorded"]) == ("w sprawie pierwszej", "w sprawie DR-1")
        assert one["corrected_on"] == NEXT
    before = row(story, "DR-1", NEXT, len(story.states) - 2)
    assert (before["title"], before["corrected_on"]) == ("w sprawie DR-1", None)


def test_a_corrected_vote_shows_beside_the_counts_first_recorded() -> None:
    recount = CorrectVoteRecord(
        draft_id="DR-1", delegate_id="del-M4", recorded="against", correct="for", basis="protokół", reason="omyłka"
    )
    story = told(*BOARD, proposed("DR-1"), voted("DR-1", for_=3, against=1), later(2019, 2, 1), did(recount))
    one = row(story, "DR-1", FOUNDED)
    assert (counts(one, ""), counts(one, "_as_first_recorded")) == (
        {"for": 4, "against": 0, "abstain": 0},
        {"for": 3, "against": 1, "abstain": 0},
    )
    assert one["corrected_on"] == NEXT


def test_an_amendment_shows_from_the_day_of_its_vote() -> None:
    story = told(*BOARD, adopted("DR-1"), later(2019, 2, 1), adopted("DR-2", target_draft="DR-1"))
    before, after = (row(story, "DR-1", day) for day in (date(2019, 1, 31), NEXT))
    assert (before["amended_by"], after["amended_by"], after["amended_by_numbers"]) == ((), ("DR-2",), ("2/2019",))
    assert after["status"] == "in_force"
    assert row(story, "DR-2", NEXT)["target_draft"] == "DR-1"


def test_a_repeal_is_announced_and_holds_from_its_day() -> None:
    repeal = did(RepealResolution(target="DR-1"), under="DR-2", on=NEW_YEAR)
    story = told(*BOARD, adopted("DR-1"), adopted("DR-2", "repeal", target_draft="DR-1"), repeal)
    in_force, repealed = (row(story, "DR-1", day) for day in (date(2019, 12, 31), NEW_YEAR))
    assert (in_force["status"], repealed["status"], repealed["status_from"]) == ("in_force", "repealed", NEW_YEAR)
    for one in (in_force, repealed):
        assert (one["repealed_on"], one["repealed_by"], one["repealed_by_number"]) == (NEW_YEAR, "DR-2", "2/2019")


def test_an_invalidity_holds_from_the_vote_once_it_is_known() -> None:
    invalid = did(DeclareResolutionInvalid(target="DR-1", effect="ex_tunc"), under="DR-2")
    board = (*BOARD, adopted("DR-1"), later(2019, 2, 1), adopted("DR-2", "invalidation", target_draft="DR-1"))
    story = told(*board, invalid)
    known, before = row(story, "DR-1", FOUNDED), row(story, "DR-1", NEXT, len(story.states) - 2)
    assert (known["status"], known["status_from"], known["invalidated_by_number"]) == ("invalid", FOUNDED, "2/2019")
    assert (before["status"], before["invalidated_by"]) == ("in_force", None)


def test_a_draft_taken_back_was_a_draft_before() -> None:
    taken_back = did(WithdrawDraft(draft_id="DR-1", reason="do poprawy"))
    story = told(*BOARD, proposed("DR-1"), later(2019, 2, 1), taken_back)
    assert [row(story, "DR-1", day)["status"] for day in (FOUNDED, NEXT)] == ["draft", "withdrawn"]


def test_the_register_is_asked_of_the_database(database: str) -> None:
    told = Told(RESOLUTIONS, register(), batch=50)
    with psycopg.connect(database) as connection:
        stored(connection, [RESOLUTIONS], register())
        for version in (100, 230, 357):
            for day in (date(2019, 6, 1), date(2021, 6, 30)):
                asked = Asked("hajnowka-odnowa", day, version, limit=None)
                expected = told.on(day, version)
                assert ask(connection, RESOLUTIONS, asked) == [
                    {name: list(cell) if isinstance(cell, tuple) else cell for name, cell in one.items()}
                    for one in expected
                ]
        naming = Asked("hajnowka-odnowa", date(2021, 6, 30), 357, filters={"subject_members": "M04"}, limit=None)
        assert {one["draft_id"] for one in ask(connection, RESOLUTIONS, naming)} == {
            one["draft_id"] for one in told.on(date(2021, 6, 30), 357) if "M04" in one["subject_members"]
        }
