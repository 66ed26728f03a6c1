"""Totals by task, member and package: each source by itself, own contribution never added to what is received."""

from __future__ import annotations

from collections import Counter
from datetime import date

from domain.answers.money import budget
from domain.packages.decisions import SignAnnex
from projections.budget_book.lines import SOURCES
from projections.budget_book.totals import BUDGET_BY_MEMBER, BUDGET_BY_PACKAGE, BUDGET_BY_TASK
from tests.decisions.given import FOUNDED, given
from tests.decisions.steps import BEGINS, under
from tests.projections.budget_book.planned import PLANNED
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

JULY = date(2019, 7, 1)
NOTHING = {f"{source}_gr": 0 for source in SOURCES}


def test_a_task_has_its_lines_by_source() -> None:
    first, second = rows_on(BUDGET_BY_TASK, given(*PLANNED), BEGINS)
    assert first == {
        "task_id": "T1",
        "package_id": "P1",
        "city_grant_gr": 60_000,
        "project_funds_gr": 10_000,
        "own_financial_gr": 1_000,
        "own_personal_gr": 0,
    }
    assert second == {**NOTHING, "task_id": "T2", "package_id": "P1", "city_grant_gr": 40_000}


def test_a_member_has_its_shares_by_source() -> None:
    rows = {row["member_id"]: row for row in rows_on(BUDGET_BY_MEMBER, given(*PLANNED), BEGINS)}
    assert rows["M2"] == {
        **NOTHING,
        "package_id": "P1",
        "member_id": "M2",
        "city_grant_gr": 20_000,
        "project_funds_gr": 10_000,
    }
    assert rows["M4"] == {**NOTHING, "package_id": "P1", "member_id": "M4", "own_financial_gr": 1_000}


def test_an_annex_raises_task_and_package_from_its_day() -> None:
    annex = SignAnnex(
        package_id="P1", annex_no=1, signed_on=FOUNDED, line_id="L2", grant_change_gr=500, to_members={"M3": 500}
    )
    story = given(*PLANNED, under("budget", annex, on=JULY))
    for day, more in ((date(2019, 6, 30), 0), (JULY, 500)):
        assert row_on(BUDGET_BY_PACKAGE, story, day)["city_grant_gr"] == 100_000 + more
        assert rows_on(BUDGET_BY_TASK, story, day)[1]["city_grant_gr"] == 40_000 + more


def test_the_totals_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    by_task, by_member, by_package = (
        Told(table, register()) for table in (BUDGET_BY_TASK, BUDGET_BY_MEMBER, BUDGET_BY_PACKAGE)
    )
    for version, state, day in points(by_member):
        answer = budget(state, day)
        tasks: Counter[tuple[str, str]] = Counter()
        for package_id, package in answer.items():
            for line in package["lines"].values():
                tasks[line["task"], f"{line['source']}_gr"] += line["amount_gr"]
            (row,) = (one for one in by_package.on(day, version) if one["package_id"] == package_id)
            assert {source: row[f"{source}_gr"] for source in SOURCES if row[f"{source}_gr"]} == package["by_source_gr"]
        for row in by_task.on(day, version):
            assert {name: row[name] for name in NOTHING} == {name: tasks[row["task_id"], name] for name in NOTHING}
        assert {row["task_id"] for row in by_task.on(day, version)} == {task for task, _ in tasks}
        members = {
            (package_id, member_id): shares
            for package_id, package in answer.items()
            for member_id, shares in package["by_member_gr"].items()
        }
        assert {
            (row["package_id"], row["member_id"]): {name: row[f"{name}_gr"] for name in SOURCES if row[f"{name}_gr"]}
            for row in by_member.on(day, version)
        } == members
