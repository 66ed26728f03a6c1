"""What a member was paid, is owed and owes, of each source of each package."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.answers.money import budget, paid_on
from domain.budget.decisions import MoveSplit, ResplitLine
from projections.cash_book.balances import BALANCES
from tests.decisions.given import did, given
from tests.decisions.steps import BEGINS, shares, under
from tests.projections.cash_book.paid import DIVIDED, passed_on, received, settled
from tests.projections.stories import points, rows_on
from tests.projections.tables import Told, register

APRIL, JULY, AUGUST = date(2019, 4, 10), date(2019, 7, 1), date(2019, 8, 1)
PAID = (did(received(1, 60_000), on=APRIL), did(passed_on(1, M1=60_000), on=APRIL))


def told(rows: list[dict[str, Any]]) -> dict[str, tuple[int, ...]]:
    """Tell share, paid, owed to and owed by of the members with a balance of the grant."""
    names = ("share_gr", "paid_gr", "owed_to_gr", "owed_by_gr")
    return {row["member_id"]: tuple(row[name] for name in names) for row in rows if row["source"] == "city_grant"}


def test_a_member_is_owed_what_is_left_of_its_share() -> None:
    story = given(*DIVIDED, *PAID)
    assert told(rows_on(BALANCES, story, BEGINS)) == {"M1": (60_000, 0, 60_000, 0), "M2": (40_000, 0, 40_000, 0)}
    assert told(rows_on(BALANCES, story, APRIL)) == {"M1": (60_000, 60_000, 0, 0), "M2": (40_000, 0, 40_000, 0)}


def test_a_member_whose_share_shrank_owes_what_it_was_paid_beyond_it_until_it_settles() -> None:
    move = MoveSplit(line_id="L1", from_member="M1", to_member="M2", amount_gr=5_000)
    story = given(
        *DIVIDED, *PAID, under("budget_split", move, on=JULY), under("budget_transfer", settled(5_000), on=AUGUST)
    )
    assert told(rows_on(BALANCES, story, JULY)) == {"M1": (55_000, 60_000, 0, 5_000), "M2": (45_000, 0, 45_000, 0)}
    assert told(rows_on(BALANCES, story, AUGUST)) == {"M1": (55_000, 55_000, 0, 0), "M2": (45_000, 5_000, 40_000, 0)}


def test_a_member_that_was_paid_and_has_no_share_left_owes_all_of_it() -> None:
    again = ResplitLine(line_id="L1", shares=shares(M2=1))
    story = given(*DIVIDED, *PAID, under("budget_split", again, on=JULY))
    assert told(rows_on(BALANCES, story, JULY))["M1"] == (0, 60_000, 0, 60_000)


def test_sources_are_balanced_apart_and_own_contribution_not_at_all() -> None:
    rows = rows_on(BALANCES, given(*DIVIDED), BEGINS)
    assert [(row["source"], row["member_id"], row["share_gr"]) for row in rows] == [
        ("city_grant", "M1", 60_000),
        ("city_grant", "M2", 40_000),
        ("project_funds", "M2", 10_000),
    ]


def test_the_balances_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    table = Told(BALANCES, register())
    for version, state, day in points(table):
        paid = {
            (package_id, source, member_id): amount
            for package_id, source in state.budgets.payments
            for member_id, amount in paid_on(state, package_id, source, day).items()
        }
        shared = {
            (package_id, source, member_id): share
            for package_id, package in budget(state, day).items()
            for member_id, by_source in package["by_member_gr"].items()
            for source, share in by_source.items()
            if not source.startswith("own")
        }
        assert {
            (row["package_id"], row["source"], row["member_id"]): (row["share_gr"], row["paid_gr"])
            for row in table.on(day, version)
        } == {place: (shared.get(place, 0), paid.get(place, 0)) for place in {**paid, **shared}}


def test_a_member_that_left_was_paid_its_share_and_another_overpaid_until_it_settled() -> None:
    table = Told(BALANCES, register())
    last = len(table.states) - 1

    def of(member_id: str, day: date) -> tuple[int, ...]:
        return told([row for row in table.on(day, last) if row["package_id"] == "P2"])[member_id]

    assert of("M04", date(2020, 12, 31)) == (2_779_404, 2_779_404, 0, 0)
    assert [of("M01", date(2021, 5, day))[3] for day in (19, 20)] == [250_000, 0]
