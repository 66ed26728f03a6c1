"""Who voted how: open ballots only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import psycopg

from domain.corrections import CorrectVoteRecord
from domain.resolutions.events import Counts
from projections.bitemporal.asking import Asked, ask
from projections.voting_record.votes import VOTES
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import delegates, founded, meeting_opened, proposed, secret_vote, voted
from tests.projections.tables import Told, check, register, stored

if TYPE_CHECKING:
    from tests.decisions.given import Step

END = date(2021, 6, 30)
BOARD = (founded(), meeting_opened(), proposed("DR-1"))


def told(*steps: Step) -> Told:
    told = Told(VOTES, given(*steps).entries)
    check(told)
    return told


def choices(told: Told, version: int | None = None) -> dict[str, tuple[str, str]]:
    rows = told.on(FOUNDED, len(told.states) - 1 if version is None else version)
    return {row["member_id"]: (row["vote"], row["vote_as_first_recorded"]) for row in rows}


def test_an_open_ballot_names_every_vote_with_its_member() -> None:
    story = told(*BOARD, voted("DR-1", for_=2, against=1, abstain=1))
    assert choices(story) == {
        "M1": ("for", "for"),
        "M2": ("for", "for"),
        "M3": ("against", "against"),
        "M4": ("abstain", "abstain"),
    }


def test_a_secret_ballot_names_none() -> None:
    secret = secret_vote("DR-1", delegates("M1", "M2"), Counts(for_=2, against=0, abstain=0))
    assert told(founded(), meeting_opened(), proposed("DR-1", "leader_election"), did(secret)).rows == []


def test_no_secret_ballot_of_the_scenario_names_a_vote() -> None:
    told = Told(VOTES, register(), batch=50)
    drafts = told.states[-1].resolutions.drafts
    secret = {draft_id for draft_id, draft in drafts.items() if draft.vote and draft.vote.ballot == "secret"}
    assert secret
    assert secret & {row.cells[0] for _, _, row in told.rows} == set()


def test_a_corrected_vote_stands_beside_the_one_first_recorded() -> None:
    recount = CorrectVoteRecord(
        draft_id="DR-1", delegate_id="del-M4", recorded="against", correct="for", basis="protokół", reason="omyłka"
    )
    story = told(*BOARD, voted("DR-1", for_=3, against=1), did(recount))
    assert choices(story)["M4"] == ("for", "against")
    assert choices(story, len(story.states) - 2)["M4"] == ("against", "against")


def test_votes_add_up_to_the_counts_of_the_resolution() -> None:
    told = Told(VOTES, register(), batch=50)
    for version in range(20, 358, 40):
        rows = told.on(END, version)
        for draft_id in {row["draft_id"] for row in rows}:
            vote = told.states[version].resolutions.drafts[draft_id].vote
            assert vote is not None
            for_ = sum(row["vote"] == "for" for row in rows if row["draft_id"] == draft_id)
            assert (for_, sum(row["draft_id"] == draft_id for row in rows)) == (vote.counts.for_, vote.counts.cast)


def test_votes_of_a_member_are_asked_of_the_database(database: str) -> None:
    told = Told(VOTES, register(), batch=50)
    with psycopg.connect(database) as connection:
        stored(connection, [VOTES], register())
        asked = Asked("hajnowka-odnowa", END, 357, filters={"member_id": "M07", "vote": "against"}, limit=None)
        expected = [row for row in told.on(END, 357) if (row["member_id"], row["vote"]) == ("M07", "against")]
        assert ask(connection, VOTES, asked) == expected
        assert expected
