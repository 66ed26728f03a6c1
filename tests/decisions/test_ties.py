"""A tie is lost, unless the statute gives the chair a casting vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.meetings.decisions import ChangeAttendance
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import Counts, ResolutionAdopted, ResolutionRejected
from domain.resolutions.voting import RecordVote
from tests.decisions.documents import CASTING
from tests.decisions.given import did, given
from tests.decisions.steps import chaired_by, delegates, founded, meeting_opened, proposed, secret_vote

if TYPE_CHECKING:
    from pydantic import JsonValue

    from domain.values import Choice, Majority
    from tests.decisions.given import Decision, Story

VOTES: dict[str, Choice] = {"f": "for", "a": "against", "-": "abstain"}


def board(
    tie_break: str = "chair_casting_vote", casting_vote: JsonValue = None, majority: Majority = "simple"
) -> Story:
    """Sit a board of four with the chair M1 and the deputy M2 before a draft."""
    rules = casting_vote or CASTING
    members = founded(tie_break=tie_break, casting_vote=rules, majorities={"other": majority})
    return given(members, meeting_opened(), chaired_by("M1", deputy="M2"), proposed("DR-1"))


def voting(story: Story, votes: str) -> Decision:
    """Let M1, M2, … vote: f for, a against, - abstaining, a blank not at all."""
    cast = {f"del-M{number}": VOTES[vote] for number, vote in enumerate(votes, 1) if vote != " "}
    return story.when(RecordVote(draft_id="DR-1", forum="RZ-1", ballot="open", votes=cast))


def test_a_tie_is_lost_where_no_vote_is_cast_for_it() -> None:
    voting(board("rejected"), "ffaa").then_fact(ResolutionRejected, tie_break_used=False)


def test_the_chairs_vote_wins_or_loses_a_tie() -> None:
    voting(board(), "faaf").then_fact(ResolutionAdopted, tie_break_used=True)
    voting(board(), "aaff").then_fact(ResolutionRejected, tie_break_used=True)


def test_a_tie_on_which_the_chair_abstains_is_lost() -> None:
    voting(board(), "-fa-").then_fact(ResolutionRejected, tie_break_used=False)


def test_the_casting_vote_is_nothing_where_there_is_no_tie() -> None:
    voting(board(), "afff").then_fact(ResolutionAdopted, tie_break_used=False)
    voting(board(), "faaa").then_fact(ResolutionRejected, tie_break_used=False)
    voting(board(), "----").then_fact(ResolutionRejected, tie_break_used=False)


def test_the_deputy_decides_when_the_chair_is_absent() -> None:
    story = board().go_on(did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M1", present=False)))
    voting(story, " fa-").then_fact(ResolutionAdopted, tie_break_used=True)
    voting(story, " af-").then_fact(ResolutionRejected, tie_break_used=True)
    voting(story, " -fa").then_fact(ResolutionRejected, tie_break_used=False)


def test_the_deputy_decides_when_the_chair_is_recused() -> None:
    story = board().go_on(did(DeclareConflict(draft_id="DR-1", delegate_id="del-M1", member_id="M1", reason="")))
    voting(story, " fa-").then_fact(ResolutionAdopted, tie_break_used=True)


def test_the_deputys_vote_is_one_of_many_while_the_chair_is_there() -> None:
    voting(board(), "affa").then_fact(ResolutionRejected, tie_break_used=True)


def test_nobody_decides_where_neither_chair_nor_deputy_is_there() -> None:
    gone = (did(ChangeAttendance(meeting_id="RZ-1", delegate_id=who, present=False)) for who in delegates("M1", "M2"))
    voting(board().go_on(*gone), "  fa").then_fact(ResolutionRejected, tie_break_used=False)


def test_a_chair_without_a_deputy_who_is_absent_decides_nothing() -> None:
    members = founded(tie_break="chair_casting_vote", casting_vote=CASTING)
    absent = did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M1", present=False))
    story = given(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), absent)
    voting(story, " fa-").then_fact(ResolutionRejected, tie_break_used=False)


def test_a_board_without_a_chair_loses_its_ties() -> None:
    story = given(founded(tie_break="chair_casting_vote"), meeting_opened(), proposed("DR-1"))
    voting(story, "ffaa").then_fact(ResolutionRejected, tie_break_used=False)


@pytest.mark.parametrize("majority", ["two_thirds_cast", "three_quarters_seats", "unanimous"])
def test_only_a_simple_or_absolute_majority_knows_ties(majority: Majority) -> None:
    voting(board(majority=majority), "ffaa").then_fact(ResolutionRejected, tie_break_used=False)


def test_an_absolute_majority_has_a_casting_vote_only_where_the_statute_names_it() -> None:
    voting(board(majority="absolute"), "faaf").then_fact(ResolutionRejected, tie_break_used=False)
    both: JsonValue = {"majorities": ["simple", "absolute"], "ballots": ["open"]}
    voting(board(casting_vote=both, majority="absolute"), "faaf").then_fact(ResolutionAdopted, tie_break_used=True)
    only_absolute: JsonValue = {"majorities": ["absolute"]}
    voting(board(casting_vote=only_absolute), "faaf").then_fact(ResolutionRejected, tie_break_used=False)


def test_a_statute_silent_on_majorities_means_a_tie_of_a_simple_one() -> None:
    silent = founded(tie_break="chair_casting_vote")
    story = given(silent, meeting_opened(), chaired_by("M1"), proposed("DR-1"))
    voting(story, "faaf").then_fact(ResolutionAdopted, tie_break_used=True)


def test_nobody_casts_a_vote_in_a_secret_tie() -> None:
    secret = founded(tie_break="chair_casting_vote", secret_ballot_matters=["other", "chair_election"])
    story = given(secret, meeting_opened(), chaired_by("M1"), proposed("DR-1"))
    tie = secret_vote("DR-1", delegates("M1", "M2", "M3", "M4"), Counts(for_=2, against=2, abstain=0))
    story.when(tie).then_fact(ResolutionRejected, tie_break_used=False)
