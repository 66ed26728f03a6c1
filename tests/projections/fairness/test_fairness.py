"""The share of small and large entities in the city grant by package and day, and how concentrated it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.answers.money import small_pes_share
from domain.budget.decisions import MoveSplit
from domain.membership.decisions import ReclassifyMember
from domain.statute.decisions import AmendStatute
from projections.fairness.fairness import FAIRNESS
from tests.decisions.given import did, given, later
from tests.decisions.steps import BEGINS, adopted, split, under
from tests.projections.budget_book.planned import PLANNED, UNDIVIDED
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

if TYPE_CHECKING:
    from tests.decisions.given import Story

MAY, JULY = date(2019, 5, 1), date(2019, 7, 1)
MOVED = MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=1)


def grown(member_id: str) -> ReclassifyMember:
    return ReclassifyMember(member_id=member_id, employment_fte_x100=1000, annual_revenue_gr=0, size="large")


def small_gr(story: Story, day: date) -> int:
    amount: int = row_on(FAIRNESS, story, day)["small_gr"]
    return amount


def test_the_divided_grant_is_shared_between_small_and_large_ones() -> None:
    story = given(*PLANNED[:2], under("classification", grown("M1")), *PLANNED[2:])
    assert rows_on(FAIRNESS, story, date(2019, 3, 31)) == []
    assert row_on(FAIRNESS, story, BEGINS) == {
        "package_id": "P1",
        "total_gr": 100_000,
        "small_gr": 60_000,
        "large_gr": 40_000,
        "small_bp": 6_000,
        "large_bp": 4_000,
        "guarantee_bp": 2_500,
        "is_met": True,
        "members": 3,
        "largest_member": "M1",
        "largest_gr": 40_000,
        "largest_bp": 4_000,
        "herfindahl_bp": 3_600,
    }


def test_a_grant_that_one_member_has_is_wholly_concentrated() -> None:
    row = row_on(FAIRNESS, given(*UNDIVIDED, split("L1", M1=1)), BEGINS)
    assert (row["total_gr"], row["largest_bp"], row["herfindahl_bp"]) == (60_000, 10_000, 10_000)


def test_equal_shares_have_an_index_of_one_part_each_and_the_first_by_id_is_the_largest() -> None:
    row = row_on(FAIRNESS, given(*UNDIVIDED, split("L1", M1=1, M2=1)), BEGINS)
    assert (row["largest_member"], row["largest_bp"], row["herfindahl_bp"]) == ("M1", 5_000, 5_000)


def test_a_posting_counts_with_the_class_on_the_day_of_the_vote_behind_it() -> None:
    story = given(*PLANNED, later(2019, 5, 1), under("classification", grown("M1"), on=MAY), later(2019, 6, 1))
    assert small_gr(story, JULY) == 100_000
    story = story.go_on(adopted("DR-9", "budget_split"), did(MOVED, under="DR-9", on=JULY))
    assert [small_gr(story, day) for day in (date(2019, 6, 30), JULY)] == [100_000, 99_999]


def test_a_class_recorded_late_changes_what_was_decided_since_but_not_what_was_known() -> None:
    story = given(*PLANNED, later(2019, 6, 1), adopted("DR-9", "budget_split"), did(MOVED, under="DR-9", on=JULY))
    before = story.consortium.version
    story = story.go_on(under("classification", grown("M1"), on=MAY))
    assert [row_on(FAIRNESS, story, JULY, known=known)["small_gr"] for known in (before, None)] == [100_000, 99_999]


def test_the_guarantee_is_that_of_the_statute_of_the_day() -> None:
    stricter = AmendStatute(version=2, changes={"small_pes_share_min_bp": 6_001})
    story = given(*PLANNED[:2], under("classification", grown("M1")), *PLANNED[2:])
    story = story.go_on(under("statute_amendment", stricter, on=JULY))
    rows = [row_on(FAIRNESS, story, day) for day in (date(2019, 6, 30), JULY)]
    assert [(row["guarantee_bp"], row["is_met"]) for row in rows] == [(2_500, True), (6_001, False)]


def test_an_amendment_that_leaves_the_guarantee_alone_changes_no_row() -> None:
    other = AmendStatute(version=2, changes={"remote_meetings": True})
    story = given(*PLANNED, under("statute_amendment", other, on=JULY))
    assert row_on(FAIRNESS, story, JULY) == row_on(FAIRNESS, story, BEGINS)
    assert [until for _, until, _ in Told(FAIRNESS, story.entries).rows][-1] is None


def test_the_fairness_of_every_day_as_known_at_every_version_is_the_answer() -> None:
    told = Told(FAIRNESS, register())
    for version, state, day in points(told):
        assert {
            row["package_id"]: {
                "small_gr": row["small_gr"],
                "total_gr": row["total_gr"],
                "share_bp_floor": row["small_bp"],
                f"meets_statute_min_{row['guarantee_bp']}_bp": row["is_met"],
            }
            for row in told.on(day, version)
        } == small_pes_share(state, day)


def test_the_packages_of_the_register_reach_small_entities_as_worked_out_by_hand() -> None:
    told = Told(FAIRNESS, register())
    rows = told.on(date(2021, 6, 30), len(told.states) - 1)
    assert [(row["package_id"], row["small_bp"], row["large_bp"]) for row in rows] == [
        ("P1", 3_228, 6_772),
        ("P2", 3_029, 6_971),
    ]
