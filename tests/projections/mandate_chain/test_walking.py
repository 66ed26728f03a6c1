"""From an allocation or an amount back to the votes it rests on, and from a resolution to what it caused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import psycopg
import pytest

from domain.resolutions.decisions import DeclareResolutionInvalid
from projections.mandate_chain.mandates import MANDATES
from projections.mandate_chain.walking import Sought, Walk, walk_back, walk_forth
from projections.resolution_register.resolutions import RESOLUTIONS
from projections.voting_record.recusals import RECUSALS
from projections.voting_record.votes import VOTES
from projections.voting_record.votings import VOTINGS
from tests.decisions.given import did, given, later
from tests.decisions.lines import BOARD, LINE, SPLIT
from tests.decisions.steps import (
    BEGINS,
    adopted,
    allocated,
    contract_signed,
    founded,
    meeting_opened,
    task_defined,
    under,
)
from tests.projections.tables import register, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from domain.decider import Entry

TABLES = (RESOLUTIONS, VOTINGS, VOTES, RECUSALS, MANDATES)
END = date(2021, 6, 30)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    with psycopg.connect(database) as connection:
        yield connection


def walk(connection: Connection, entries: tuple[Entry, ...], valid_on: date, version: int | None = None) -> Walk:
    stored(connection, TABLES, entries)
    return Walk(connection, entries[0].consortium_id, valid_on, len(entries) if version is None else version)


def test_a_share_rests_on_the_split_and_on_the_budget(connection: Connection) -> None:
    entries = given(*LINE, under("budget_split", SPLIT, on=BEGINS)).entries
    back = walk_back(walk(connection, entries, BEGINS), Sought(line_id="L1", member_id="M2"))
    assert [(one.resolution or {})["draft_id"] for one in back] == ["DR-budget", "DR-budget_split"]
    assert [[effect["amount_gr"] for effect in one.effects] for one in back] == [[100_000], [33_333]]
    for one in back:
        assert [(vote["member_id"], vote["vote"]) for vote in one.votes] == [
            (f"M{number}", "for") for number in range(1, 5)
        ]


def test_what_was_recorded_late_leads_to_a_vote_that_was_later_than_the_day(connection: Connection) -> None:
    made = allocated("A1", "M1", "partner")
    entries = given(founded(), contract_signed(), task_defined(), later(2019, 5, 2), meeting_opened(), made).entries
    (one,) = walk_back(walk(connection, entries, BEGINS), Sought(allocation_id="A1"))
    assert one.voting is not None
    assert (one.voting["voted_on"], one.voting["outcome"], len(one.votes)) == (date(2019, 5, 2), "adopted", 4)
    assert one.resolution is not None
    assert one.resolution["number"] == "1/2019"


def test_a_resolution_leads_to_everything_it_caused(connection: Connection) -> None:
    entries = register()
    asked = walk(connection, entries, END)
    for draft_id in ("DR-10", "DR-20", "DR-30"):
        forth = walk_forth(asked, draft_id)
        caused = {entry.version for entry in entries if entry.under == draft_id}
        assert {effect["version"] for effect in forth.effects} >= caused
        for effect in forth.effects:
            if effect["allocation_id"]:
                back = walk_back(asked, Sought(allocation_id=effect["allocation_id"]))
                assert draft_id in {(one.resolution or {})["draft_id"] for one in back}


def test_of_a_secret_ballot_the_chain_shows_counts_and_no_votes(connection: Connection) -> None:
    asked = walk(connection, register(), END)
    secret = next(row for row in asked.rows(VOTINGS, END, ballot="secret"))
    forth = walk_forth(asked, secret["draft_id"])
    assert (forth.votes, forth.voting) == ((), secret)


def test_before_it_was_known_nothing_rests_on_it(connection: Connection) -> None:
    entries = given(*LINE, under("budget_split", SPLIT, on=BEGINS)).entries
    before = walk(connection, entries, BEGINS, len(entries) - 1)
    back = walk_back(before, Sought(line_id="L1", member_id="M2"))
    assert [(one.resolution or {})["draft_id"] for one in back] == ["DR-budget"]
    assert walk_forth(before, "DR-none").resolution is None


def test_an_invalid_resolution_is_still_what_an_allocation_rests_on(connection: Connection) -> None:
    made = (*BOARD, contract_signed(), task_defined(), allocated("A1", "M1", "partner"))
    void = DeclareResolutionInvalid(target="DR-task_allocation", effect="ex_tunc")
    invalidation = adopted("DR-9", "invalidation", target_draft="DR-task_allocation")
    asked = walk(connection, given(*made, invalidation, did(void, under="DR-9")).entries, BEGINS)
    (one,) = walk_back(asked, Sought(allocation_id="A1"))
    assert one.resolution is not None
    assert (one.resolution["status"], one.resolution["invalidated_by"]) == ("invalid", "DR-9")
    assert len(one.votes) == 4


def test_a_member_leads_to_every_resolution_that_concerned_it(connection: Connection) -> None:
    back = walk_back(walk(connection, register(), END), Sought(member_id="M10"))
    assert (back[0].resolution or {})["matter"] == "accession"
    assert all(effect["member_id"] == "M10" for one in back for effect in one.effects)
