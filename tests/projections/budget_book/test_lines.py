"""Budget lines: their amount by day, and how far transfers may still raise them."""

from __future__ import annotations

from datetime import date

from domain.answers.money import budget
from domain.budget.decisions import AdoptBudget, TransferBetweenLines
from domain.budget.events import BudgetLine
from domain.packages.decisions import SignAnnex
from projections.budget_book.lines import LINES
from tests.decisions.given import FOUNDED, given
from tests.decisions.steps import BEGINS, contract_signed, founded, meeting_opened, task_defined, under
from tests.projections.budget_book.planned import PLANNED, UNDIVIDED
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)


def shifted(amount_gr: int, annex_no: int | None = None) -> TransferBetweenLines:
    return TransferBetweenLines(
        package_id="P1",
        from_line="L1",
        to_line="L2",
        amount_gr=amount_gr,
        from_members={"M1": amount_gr},
        to_members={"M3": amount_gr},
        annex_no=annex_no,
    )


def test_a_line_is_told_from_its_adoption_with_its_limit_in_grosze() -> None:
    story = given(*PLANNED)
    assert rows_on(LINES, story, date(2019, 3, 31)) == []
    row = rows_on(LINES, story, BEGINS)[1]
    assert (row["line_id"], row["task_id"], row["source"]) == ("L2", "T2", "city_grant")
    assert (row["amount_gr"], row["adopted_gr"], row["limit_gr"], row["room_gr"]) == (40_000, 40_000, 4_000, 4_000)


def test_a_line_says_from_which_day_it_is_divided() -> None:
    assert [row["divided_on"] for row in rows_on(LINES, given(*UNDIVIDED), BEGINS)] == [None] * 4
    assert [row["divided_on"] for row in rows_on(LINES, given(*PLANNED), BEGINS)] == [BEGINS] * 4


def test_a_transfer_uses_up_the_limit_of_the_line_that_grows_whatever_its_day() -> None:
    story = given(*PLANNED, under("budget_transfer", shifted(3_000), on=JULY))
    before, after = (rows_on(LINES, story, day)[1] for day in (date(2019, 6, 30), JULY))
    assert (before["amount_gr"], before["growth_gr"], before["room_gr"]) == (40_000, 0, 1_000)
    assert (after["amount_gr"], after["growth_gr"], after["room_gr"]) == (43_000, 3_000, 1_000)
    assert rows_on(LINES, story, JULY)[0]["amount_gr"] == 57_000


def test_money_that_an_annex_brings_is_no_growth() -> None:
    annex = SignAnnex(
        package_id="P1", annex_no=1, signed_on=FOUNDED, line_id="L2", grant_change_gr=500, to_members={"M3": 500}
    )
    story = given(
        *PLANNED, under("budget", annex, on=JULY), under("budget_transfer", shifted(9_000, annex_no=1), on=AUGUST)
    )
    row = rows_on(LINES, story, AUGUST)[1]
    assert (row["amount_gr"], row["growth_gr"], row["room_gr"]) == (49_500, 0, 4_000)


def test_a_line_keeps_its_kind_of_cost_and_its_budget_year() -> None:
    planned = BudgetLine(
        line_id="L1", task_id="T1", source="city_grant", amount_gr=100_000, cost_kind="wynagrodzenia", budget_year=2019
    )
    adopt = AdoptBudget(package_id="P1", lines=(planned,))
    story = given(founded(), meeting_opened(), contract_signed(), task_defined(), under("budget", adopt, on=BEGINS))
    row = row_on(LINES, story, BEGINS)
    assert (row["cost_kind"], row["budget_year"]) == ("wynagrodzenia", 2019)


def test_the_lines_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(LINES, register())
    for version, state, day in points(told):
        answer = {
            line_id: (line["task"], line["source"], line["amount_gr"])
            for package in budget(state, day).values()
            for line_id, line in package["lines"].items()
        }
        rows = told.on(day, version)
        assert {row["line_id"]: (row["task_id"], row["source"], row["amount_gr"]) for row in rows} == answer
