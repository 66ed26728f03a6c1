"""What became of the grant: spent, unspent and given back."""

from __future__ import annotations

from datetime import date

from domain.answers.money import execution
from domain.budget.cash import RecordExecution
from domain.budget.events import Unspent
from projections.cash_book.execution import EXECUTIONS, UNSPENT_SHARES
from projections.cash_book.returns import RETURNS
from tests.decisions.given import did, given
from tests.projections.cash_book.paid import DIVIDED, returned
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

AUGUST, SEPTEMBER, OCTOBER = (date(2019, month, 1) for month in (8, 9, 10))


def unspent(amount_gr: int, line_id: str = "L1") -> RecordExecution:
    return RecordExecution(package_id="P1", unspent=(Unspent(line_id=line_id, member_id="M2", amount_gr=amount_gr),))


def test_what_was_spent_is_the_grant_less_what_was_reported_unspent() -> None:
    story = given(*DIVIDED, did(unspent(500), on=AUGUST), did(returned(500, date(2020, 1, 15)), on=SEPTEMBER))
    assert rows_on(EXECUTIONS, story, date(2019, 7, 31)) == []
    row = row_on(EXECUTIONS, story, AUGUST)
    assert (row["grant_gr"], row["spent_gr"], row["unspent_gr"], row["returned_gr"]) == (100_000, 99_500, 500, 0)
    row = row_on(EXECUTIONS, story, SEPTEMBER)
    assert (row["returned_gr"], row["returned_on"], row["returned_by"]) == (500, SEPTEMBER, "M2")


def test_a_later_report_replaces_the_earlier_from_its_own_day() -> None:
    story = given(*DIVIDED, did(unspent(500), on=AUGUST), did(unspent(100), on=SEPTEMBER))
    for table in (EXECUTIONS, UNSPENT_SHARES):
        assert [row_on(table, story, day)["unspent_gr"] for day in (AUGUST, SEPTEMBER)] == [500, 100]


def test_unspent_shares_of_other_sources_are_told_but_are_no_part_of_the_grant() -> None:
    story = given(*DIVIDED, did(unspent(500), on=AUGUST), did(unspent(50, "L2"), on=AUGUST))
    assert row_on(EXECUTIONS, story, AUGUST)["unspent_gr"] == 500
    assert [(row["line_id"], row["source"], row["unspent_gr"]) for row in rows_on(UNSPENT_SHARES, story, AUGUST)] == [
        ("L1", "city_grant", 500),
        ("L2", "project_funds", 50),
    ]


def test_a_return_says_how_many_days_late_it_was() -> None:
    story = given(
        *DIVIDED,
        did(unspent(500), on=AUGUST),
        did(returned(200, OCTOBER), on=SEPTEMBER),
        did(returned(300, SEPTEMBER), on=OCTOBER),
    )
    rows = rows_on(RETURNS, story, OCTOBER)
    assert [(row["amount_gr"], row["payee"], row["days_late"]) for row in rows] == [
        (200, "Miasto", 0),
        (300, "Miasto", 30),
    ]


def test_the_execution_of_every_day_as_known_at_every_version_is_the_answer() -> None:
    told = Told(EXECUTIONS, register())
    for version, state, day in points(told):
        assert {
            row["package_id"]: {
                "grant_gr": row["grant_gr"],
                "unspent_gr": row["unspent_gr"],
                "spent_gr": row["spent_gr"],
                "returned_on": row["returned_on"].isoformat() if row["returned_on"] else None,
                "by": row["returned_by"],
            }
            for row in told.on(day, version)
        } == execution(state, day)
