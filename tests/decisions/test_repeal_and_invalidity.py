"""A repeal ends force for the future; invalidity means that there never was any."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.oversight.decisions import RecordAuditFinding
from domain.resolutions.decisions import DeclareResolutionInvalid, RepealResolution
from domain.resolutions.events import DraftSubmitted, ResolutionInvalidated, ResolutionRepealed
from tests.decisions.given import FOUNDED, Step, did, given
from tests.decisions.steps import adopted, draft, founded, meeting_opened, proposed, voted

if TYPE_CHECKING:
    from domain.values import Matter

NEW_YEAR = date(2020, 1, 1)
BOARD = (founded(), meeting_opened(), adopted("DR-1"))
REPEAL = RepealResolution(target="DR-1")
INVALID = DeclareResolutionInvalid(target="DR-1", effect="ex_tunc")


def against(target: str, matter: Matter = "repeal", draft_id: str = "DR-9") -> Step:
    return adopted(draft_id, matter, target_draft=target)


def test_a_repeal_ends_force_from_its_day_on() -> None:
    story = (
        given(*BOARD, against("DR-1")).when(REPEAL, under="DR-9", on=NEW_YEAR).then(ResolutionRepealed(target="DR-1"))
    )
    resolution = story.consortium.resolutions.drafts["DR-1"]
    assert [resolution.in_force_on(day) for day in (FOUNDED, date(2019, 12, 31), NEW_YEAR)] == [True, True, False]


def test_what_is_repealed_is_not_repealed_again_but_may_still_turn_out_invalid() -> None:
    story = given(*BOARD, against("DR-1"), did(REPEAL, under="DR-9", on=NEW_YEAR))
    story.when(REPEAL, under="DR-9").then_refused("resolution-already-repealed", "/data/target", draft_id="DR-1")
    story.go_on(against("DR-1", "invalidation", "DR-8")).when(INVALID, under="DR-8").then(ResolutionInvalidated)


def test_invalidity_takes_force_away_from_the_beginning() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="DR-1", severity="material", text="kworum")
    invalid = INVALID.model_copy(update={"finding_id": "F-1"})
    story = given(*BOARD, did(finding), against("DR-1", "invalidation"))
    story = story.when(invalid, under="DR-9", on=NEW_YEAR).then(ResolutionInvalidated.of(invalid))
    resolution = story.consortium.resolutions.drafts["DR-1"]
    assert (resolution.in_force_on(FOUNDED), resolution.invalidated_by) == (False, "DR-9")


def test_what_is_invalid_is_neither_invalidated_again_nor_repealed() -> None:
    story = given(*BOARD, against("DR-1", "invalidation"), did(INVALID, under="DR-9"), against("DR-1", draft_id="DR-8"))
    story.when(INVALID, under="DR-9").then_refused("resolution-already-invalid", "/data/target", draft_id="DR-1")
    story.when(REPEAL, under="DR-8").then_refused("resolution-already-invalid", "/data/target", draft_id="DR-1")


def test_only_what_was_adopted_can_be_repealed_or_invalid() -> None:
    rejected = given(founded(), meeting_opened(), proposed("DR-1"), voted("DR-1", against=4))
    repeal = rejected.go_on(against("DR-1")).when(REPEAL, under="DR-9")
    repeal.then_refused("resolution-not-adopted", "/data/target", draft_id="DR-1")
    invalid = rejected.go_on(against("DR-1", "invalidation")).when(INVALID, under="DR-9")
    invalid.then_refused("resolution-not-adopted", "/data/target", draft_id="DR-1")


def test_the_target_is_the_one_that_the_resolution_names() -> None:
    story = given(*BOARD, adopted("DR-2"), against("DR-2"), against("DR-2", "invalidation", "DR-8"))
    story.when(REPEAL, under="DR-9").then_refused("matter-does-not-fit", "/under", draft_id="DR-9", matter="repeal")
    story.when(INVALID, under="DR-8").then_refused("matter-does-not-fit", "/under", draft_id="DR-8")


def test_the_repealing_resolution_itself_stays_in_force() -> None:
    story = given(*BOARD, against("DR-1"), did(REPEAL, under="DR-9", on=NEW_YEAR))
    assert story.consortium.resolutions.drafts["DR-9"].in_force_on(NEW_YEAR)


def test_a_repeal_of_a_repeal_revives_nothing() -> None:
    story = given(*BOARD, against("DR-1"), did(REPEAL, under="DR-9", on=NEW_YEAR), against("DR-9", draft_id="DR-10"))
    again = RepealResolution(target="DR-9")
    story = story.when(again, under="DR-10", on=NEW_YEAR).then(ResolutionRepealed)
    assert not story.consortium.resolutions.drafts["DR-1"].in_force_on(NEW_YEAR)


def test_a_draft_may_name_a_target_that_is_not_decided_yet() -> None:
    given(founded(), proposed("DR-1")).when(draft("DR-2", "repeal", target_draft="DR-1")).then(DraftSubmitted)
