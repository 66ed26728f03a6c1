"""Votes without a sitting, and what was put to the vote where."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.meetings.decisions import CloseCircularVote
from domain.resolutions.voting import CloseVoting, OpenVoting
from projections.meeting_book.agenda_items import AGENDA_ITEMS
from projections.meeting_book.circular_votes import CIRCULAR_VOTES
from projections.voting_record.votings import VOTINGS
from tests.decisions.documents import CIRCULAR
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import founded, meeting_opened, proposed, sent_round, voted
from tests.projections.tables import Told, check, register

if TYPE_CHECKING:
    from projections.bitemporal.table import Table
    from tests.decisions.given import Step

NEXT = date(2019, 1, 17)
SENT = (founded(circular_vote=CIRCULAR), proposed("DR-1"), proposed("DR-2"), sent_round("DR-1", "DR-2"))


def told(table: Table, *steps: Step) -> Told:
    told = Told(table, given(*steps).entries)
    check(told)
    return told


def test_a_circular_vote_is_open_until_it_is_closed() -> None:
    replies = (voted("DR-1", for_=3, forum="OB-1"), later(2019, 1, 17))
    closed = did(CloseCircularVote(circular_id="OB-1", no_reply=("del-M4",), minutes_ref="protokół nr 1"))
    story = told(CIRCULAR_VOTES, *SENT, *replies, closed)
    (before,), (after,) = (story.on(day, len(story.states) - 1) for day in (FOUNDED, NEXT))
    assert (before["drafts"], before["opens_on"], before["closes_on"]) == (("DR-1", "DR-2"), FOUNDED, NEXT)
    assert (before["closed_on"], before["no_reply"], before["minutes_ref"]) == (None, None, None)
    assert (after["closed_on"], after["no_reply"], after["minutes_ref"]) == (NEXT, ("del-M4",), "protokół nr 1")


def test_drafts_sent_round_wait_for_their_votes() -> None:
    story = told(AGENDA_ITEMS, *SENT, later(2019, 1, 17), voted("DR-1", for_=3, forum="OB-1"))
    version = len(story.states) - 1
    shown = [[(row["draft_id"], row["outcome"]) for row in story.on(day, version)] for day in (FOUNDED, NEXT)]
    assert shown == [[("DR-1", None), ("DR-2", None)], [("DR-1", "adopted"), ("DR-2", None)]]


def test_a_draft_is_before_a_sitting_from_the_opening_of_its_vote() -> None:
    opened = (founded(), meeting_opened(), proposed("DR-1"), did(OpenVoting(draft_id="DR-1", forum="RZ-1")))
    story = told(AGENDA_ITEMS, *opened, later(2019, 1, 17), did(CloseVoting(draft_id="DR-1")))
    (before,), (after,) = (story.on(day, len(story.states) - 1) for day in (FOUNDED, NEXT))
    assert (before["forum"], before["put_on"], before["outcome"]) == ("RZ-1", FOUNDED, None)
    assert (after["voted_on"], after["outcome"], after["number"]) == (NEXT, "rejected", None)


def test_every_vote_of_the_scenario_stands_on_the_agenda_of_its_forum() -> None:
    end, version = date(2021, 6, 30), len(register())
    items = {(row["forum"], row["draft_id"]) for row in Told(AGENDA_ITEMS, register(), batch=50).on(end, version)}
    taken = {(row["forum"], row["draft_id"]) for row in Told(VOTINGS, register(), batch=50).on(end, version)}
    assert items >= taken
    assert taken
