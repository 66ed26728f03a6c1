"""What a division would make of the fairness of a package, asked before a resolution adopts it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.answers.fairness import fairness_on
from domain.budget.decisions import ResplitLine
from domain.budget.events import Share, SplitFields
from domain.errors import Refusal
from domain.membership.decisions import ReclassifyMember
from projections.fairness.preview import fairness_of_split
from tests.decisions.given import did, given, later
from tests.decisions.steps import (
    BEGINS,
    adopted,
    budget_adopted,
    contract_signed,
    line,
    shares,
    split,
    task_defined,
    under,
)
from tests.projections.budget_book.planned import PLANNED, UNDIVIDED

JULY = date(2019, 7, 1)
GROWN = ReclassifyMember(member_id="M1", employment_fte_x100=1000, annual_revenue_gr=0, size="large")
CLASSED = (*UNDIVIDED[:2], under("classification", GROWN), *UNDIVIDED[2:])


def divided(line_id: str, **weights: int) -> SplitFields:
    return SplitFields(line_id=line_id, shares=shares(**weights))


def test_lines_that_were_never_divided_are_previewed_together() -> None:
    story = given(*CLASSED)
    splits = [divided("L1", M1=2, M2=1), divided("L2", M3=1)]
    preview = fairness_of_split(story.consortium, splits, voted_on=story.today, effective_on=BEGINS)
    assert (preview.package_id, preview.on, preview.before) == ("P1", BEGINS, None)
    assert preview.amounts_gr == {"L1": {"M1": 40_000, "M2": 20_000}, "L2": {"M3": 40_000}}
    assert preview.after is not None
    assert (preview.after.small_bp, preview.after.is_met, preview.after.herfindahl_bp) == (6_000, True, 3_600)


def test_a_preview_is_what_the_division_then_makes() -> None:
    story = given(*CLASSED)
    preview = fairness_of_split(
        story.consortium, [divided("L1", M1=5, M2=2)], voted_on=story.today, effective_on=BEGINS
    )
    story = story.go_on(split("L1", M1=5, M2=2))
    assert fairness_on(story.consortium, "P1", preview.on) == preview.after


def test_a_new_division_counts_only_what_changes_with_the_class_of_its_vote() -> None:
    story = given(*PLANNED, later(2019, 5, 1), under("classification", GROWN, on=date(2019, 5, 1)), later(2019, 6, 1))
    preview = fairness_of_split(story.consortium, [divided("L1", M1=5, M2=1)], voted_on=story.today, effective_on=JULY)
    assert preview.before is not None
    assert preview.after is not None
    assert (preview.before.small_gr, preview.after.small_gr) == (100_000, 90_000)
    again = ResplitLine(line_id="L1", shares=shares(M1=5, M2=1))
    story = story.go_on(adopted("DR-9", "budget_split"), did(again, under="DR-9", on=JULY))
    assert fairness_on(story.consortium, "P1", JULY) == preview.after


def test_amounts_that_make_up_a_line_are_weights_that_give_the_same_amounts() -> None:
    story = given(*CLASSED)
    asked = divided("L1", M1=39_999, M2=20_001)
    preview = fairness_of_split(story.consortium, [asked], voted_on=story.today, effective_on=BEGINS)
    assert preview.amounts_gr == {"L1": {"M1": 39_999, "M2": 20_001}}


def test_a_line_of_another_source_leaves_the_grant_as_it_is() -> None:
    story = given(*PLANNED)
    asked = divided("L3", M1=1)
    preview = fairness_of_split(story.consortium, [asked], voted_on=story.today, effective_on=JULY)
    assert preview.after == preview.before == fairness_on(story.consortium, "P1", JULY)


def test_a_line_that_changes_later_is_previewed_on_the_day_from_which_it_would_be_divided() -> None:
    story = given(*CLASSED)
    preview = fairness_of_split(
        story.consortium, [divided("L1", M1=1)], voted_on=story.today, effective_on=date(2019, 2, 1)
    )
    assert preview.on == BEGINS


NEGATIVE = (Share(member_id="M1", weight=-1),)
ELSEWHERE = (
    split("L4", on=JULY, M4=1),
    contract_signed("P2", grant_gr=7),
    task_defined("T9", "P2"),
    budget_adopted(line("L9", 7, task_id="T9"), package_id="P2"),
)


@pytest.mark.parametrize(
    ("splits", "code", "place"),
    [
        ([divided("L1", M1=1), divided("L7", M1=1)], "unknown-line", "/splits/1/line_id"),
        ([divided("L1", M1=1), divided("L1", M1=1)], "unknown-line", "/splits/1/line_id"),
        ([divided("L1", M1=1), divided("L9", M1=1)], "unknown-line", "/splits/1/line_id"),
        ([divided("L1", M7=1)], "unknown-member", "/splits/0/shares/0/member_id"),
        ([divided("L1", M1=0)], "weights-invalid", "/splits/0/shares"),
        ([SplitFields(line_id="L1", shares=NEGATIVE)], "weights-invalid", "/splits/0/shares"),
        ([divided("L1", M1=1), divided("L4", M4=1)], "line-not-split", "/splits/1/line_id"),
    ],
)
def test_what_cannot_be_divided_is_refused(splits: list[SplitFields], code: str, place: str) -> None:
    story = given(*UNDIVIDED, *ELSEWHERE)
    with pytest.raises(Refusal) as refused:
        fairness_of_split(story.consortium, splits, voted_on=story.today, effective_on=BEGINS)
    assert (refused.value.code, refused.value.place) == (code, place)
