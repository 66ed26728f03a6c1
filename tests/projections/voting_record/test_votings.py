"""The arithmetic behind each outcome."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from domain.answers.state import state_on
from domain.corrections import CorrectVoteRecord
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import Counts
from domain.resolutions.voting import CastVote, CloseVoting, OpenVoting
from projections.voting_record.votings import VOTINGS
from tests.decisions.documents import CASTING, CIRCULAR
from tests.decisions.given import FOUNDED, did, given, later, member
from tests.decisions.steps import (
    chaired_by,
    delegates,
    founded,
    meeting_opened,
    proposed,
    secret_vote,
    sent_round,
    voted,
)
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from tests.decisions.documents import Json
    from tests.decisions.given import Step

ANY = datetime(2030, 1, 1, tzinfo=UTC)
END = date(2021, 6, 30)
BOARD = (founded(), meeting_opened(), proposed("DR-1"))


def told(*steps: Step) -> Told:
    told = Told(VOTINGS, given(*steps).entries)
    check(told)
    return told


def last(told: Told, day: date = FOUNDED, draft_id: str = "DR-1") -> dict[str, Any]:
    (row,) = [row for row in told.on(day, len(told.states) - 1) if row["draft_id"] == draft_id]
    return row


def recused(member_id: str) -> Step:
    return did(DeclareConflict(draft_id="DR-1", delegate_id=f"del-{member_id}", member_id=member_id, reason=""))


def test_the_votes_of_every_day_as_known_at_every_version_are_those_of_the_answer() -> None:
    told = Told(VOTINGS, register())
    same = ("number", "matter", "title", "majority", "ballot", "forum", "seats", "present", "tie_break_used", "outcome")
    for version in range(1, len(told.states), 7):
        for day in days(told):
            rows = {row["draft_id"]: row for row in told.on(day, version)}
            answer = [one for one in state_on(told.states[version], day, ANY)["resolutions"] if one["voted_on"]]
            assert rows.keys() == {one["draft_id"] for one in answer}
            for one in answer:
                row = rows[one["draft_id"]]
                assert {name: row[name] for name in same} == {name: one[name] for name in same}
                assert (row["votes_cast"], list(row["recused"])) == (one["cast"], one["recused"])
                assert row["voted_on"].isoformat() == one["voted_on"]


@pytest.mark.parametrize(
    ("draft_id", "sum_"),
    [
        ("DR-13", ("two_thirds_cast", 6, 3, 4, "rejected")),
        ("DR-23", ("three_quarters_seats", 8, 7, 7, "adopted")),
        ("DR-10", ("simple", 5, 4, 2, "adopted")),
    ],
)
def test_a_vote_of_the_scenario_shows_what_it_needed(draft_id: str, sum_: tuple[object, ...]) -> None:
    row = last(Told(VOTINGS, register(), batch=50), END, draft_id)
    assert (row["majority"], row["votes_cast"], row["votes_for"], row["needed"], row["outcome"]) == sum_


def test_an_outcome_agrees_with_its_arithmetic() -> None:
    for row in Told(VOTINGS, register(), batch=50).on(END, 357):
        assert row["quorum_present"] >= row["quorum_required"]
        carried = row["votes_for"] >= row["needed"]
        assert (carried or row["tie_break_used"]) == (row["outcome"] == "adopted")


def test_a_tie_broken_by_the_chair_shows_as_a_tie() -> None:
    members = founded(tie_break="chair_casting_vote", casting_vote=CASTING)
    row = last(told(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), voted("DR-1", for_=2, against=2)))
    assert (row["tie"], row["tie_break_used"], row["needed"], row["outcome"]) == (True, True, 3, "adopted")
    assert row["chair"] == "del-M1"


@pytest.mark.parametrize(("counted", "present"), [(True, 4), (False, 3)])
def test_the_recused_count_to_the_quorum_when_the_statute_says_so(*, counted: bool, present: int) -> None:
    quorum: Json = {"recused_counts_as_present": counted}
    steps = (founded(quorum=quorum), meeting_opened(), proposed("DR-1"), recused("M4"), voted("DR-1", for_=3))
    row = last(told(*steps))
    assert (row["present"], row["quorum_present"], row["quorum_required"]) == (4, present, 2)
    assert (row["recused"], row["took_part"]) == (("del-M4",), delegates("M1", "M2", "M3"))


@pytest.mark.parametrize(("counts", "present"), [("returned_and_recused", 3), ("returned", 2)])
def test_replies_make_the_quorum_of_a_circular_vote(counts: str, present: int) -> None:
    quorum: Json = {"num": 1, "den": 2, "rule": "at_least", "base": "seats", "counts": counts}
    rules = founded(circular_vote={**CIRCULAR, "quorum": quorum})
    steps = (rules, proposed("DR-1"), sent_round("DR-1"), recused("M4"), voted("DR-1", for_=2, forum="OB-1"))
    row = last(told(*steps))
    assert (row["forum_kind"], row["quorum_present"], row["quorum_required"]) == ("circular_vote", present, 2)


def test_a_secret_ballot_shows_counts_and_participants() -> None:
    steps = (founded(), meeting_opened(), proposed("DR-1", "leader_election"))
    took_part = delegates("M1", "M2", "M3")
    row = last(told(*steps, did(secret_vote("DR-1", took_part, Counts(for_=2, against=1, abstain=0)))))
    assert (row["ballot"], row["votes_for"], row["votes_against"]) == ("secret", 2, 1)
    assert row["took_part"] == took_part


def test_a_live_vote_shows_once_it_is_closed() -> None:
    live = (*BOARD, did(OpenVoting(draft_id="DR-1", forum="RZ-1")))
    cast = did(CastVote(draft_id="DR-1", delegate_id="del-M1", vote="for"), by=member("M1"))
    assert told(*live, cast).rows == []
    row = last(told(*live, cast, later(2019, 1, 15), did(CloseVoting(draft_id="DR-1"))), date(2019, 1, 15))
    assert (row["judged_on"], row["voted_on"], row["votes_cast"]) == (FOUNDED, date(2019, 1, 15), 1)


def test_corrected_counts_stand_beside_those_first_recorded() -> None:
    recount = CorrectVoteRecord(
        draft_id="DR-1", delegate_id="del-M4", recorded="against", correct="abstain", basis="protokół", reason="omyłka"
    )
    row = last(told(*BOARD, voted("DR-1", for_=3, against=1), did(recount)))
    assert (row["votes_against"], row["votes_against_as_first_recorded"]) == (0, 1)
    assert (row["votes_abstain"], row["votes_abstain_as_first_recorded"]) == (1, 0)
    assert (row["votes_for"], row["votes_for_as_first_recorded"], row["needed"]) == (3, 3, 1)
