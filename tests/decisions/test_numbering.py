"""Resolutions are numbered on adoption, without a gap, in each calendar year of its own."""

from __future__ import annotations

import pytest

from domain.resolutions.events import ResolutionAdopted, ResolutionRejected
from domain.statute.decisions import AmendStatute
from tests.decisions.given import Story, given, later
from tests.decisions.steps import adopted, founded, meeting_opened, open_vote, proposed, under, voted

BOARD = (founded(), meeting_opened())
BOTH = (founded(numbering={"rejected_get_number": True}), meeting_opened())


def numbers(story: Story) -> list[str | None]:
    drafts = (story.consortium.resolutions.drafts[draft_id] for draft_id in story.consortium.resolutions.order)
    return [draft.decided.number if draft.decided else None for draft in drafts]


def test_numbers_follow_the_order_of_adoption_not_of_the_drafts() -> None:
    story = given(*BOARD, proposed("DR-1"), proposed("DR-2"), voted("DR-2", for_=4), voted("DR-1", for_=4))
    assert numbers(story) == ["2/2019", "1/2019"]


def test_a_rejected_draft_takes_no_number() -> None:
    story = given(*BOARD, adopted("DR-1"), proposed("DR-2"), voted("DR-2", against=4), adopted("DR-3"))
    assert numbers(story) == ["1/2019", None, "2/2019"]


def test_a_rejected_draft_takes_a_number_of_the_same_row_where_the_statute_says_so() -> None:
    story = given(*BOTH, adopted("DR-1"), proposed("DR-2"), voted("DR-2", against=4), adopted("DR-3"))
    assert numbers(story) == ["1/2019", "2/2019", "3/2019"]


def test_a_rejection_with_a_number_says_so_and_one_without_says_nothing() -> None:
    with_number = given(*BOTH, proposed("DR-1")).when(open_vote("DR-1", against=4))
    with_number.then_fact(ResolutionRejected, number="1/2019", n=1, year=2019)
    without = given(*BOARD, proposed("DR-1")).when(open_vote("DR-1", against=4))
    without.then_fact(ResolutionRejected, number=None, n=None, year=None)


def test_each_year_begins_with_one() -> None:
    story = given(*BOARD, adopted("DR-1"), adopted("DR-2"), later(2020, 1, 1), adopted("DR-3"))
    assert numbers(story) == ["1/2019", "2/2019", "1/2020"]


@pytest.mark.parametrize(("minute_utc", "year"), [("22:58", 2019), ("23:00", 2020)])
def test_the_year_is_that_of_the_day_in_warsaw(minute_utc: str, year: int) -> None:
    story = given(*BOARD, proposed("DR-1"), later(2019, 12, 31))
    hour, minute = (int(part) for part in minute_utc.split(":"))
    midnight = Story(story.consortium, story.clock.replace(hour=hour, minute=minute))
    midnight.when(open_vote("DR-1", for_=4)).then_fact(ResolutionAdopted, number=f"1/{year}", n=1, year=year)


def test_the_pattern_is_that_of_the_statute_that_judged_the_vote() -> None:
    pattern = AmendStatute(version=2, changes={"numbering": {"pattern": "RZ/{year}/{n}"}})
    story = given(*BOARD, under("statute_amendment", pattern), adopted("DR-2"))
    assert numbers(story) == ["1/2019", "RZ/2019/2"]
