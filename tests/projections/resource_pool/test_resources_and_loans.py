"""What members lend each other, against the answer for both clocks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import psycopg

from domain.answers.support import loans
from domain.support.decisions import LendResource, RegisterResource, ReturnResource
from projections.bitemporal.asking import Asked, ask
from projections.resource_pool.loans import LOANS
from projections.resource_pool.resources import RESOURCES
from tests.decisions.given import did, given
from tests.decisions.steps import founded, meeting_opened, under
from tests.projections.storing import store
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from tests.decisions.given import Story

MAY, JUNE, JULY = date(2019, 5, 1), date(2019, 6, 1), date(2019, 7, 1)


def lending(*, quantity: int = 1) -> Story:
    tent = RegisterResource(resource_id="RES-1", name="namiot", owner="M1", quantity=quantity)
    lent = LendResource(resource_id="RES-1", member_id="M2", due_on=JUNE, fee_gr=150)
    return given(founded(), meeting_opened(), under("resource_rules", tent, on=MAY), did(lent, on=MAY))


def back(story: Story, on: date) -> Story:
    return story.go_on(did(ReturnResource(resource_id="RES-1", member_id="M2", condition="dobry"), on=on))


def test_a_resource_is_there_from_the_day_it_was_registered() -> None:
    told = Told(RESOURCES, lending().entries)
    (row,) = told.on(MAY, told.states[-1].version)
    assert row == {"resource_id": "RES-1", "name": "namiot", "owner": "M1", "quantity": 1, "registered_on": MAY}
    assert told.on(date(2019, 4, 30), told.states[-1].version) == []


def test_a_loan_is_lent_until_the_day_it_comes_back() -> None:
    story = back(lending(), JULY)
    told = Told(LOANS, story.entries)
    check(told)
    assert [(row["status"], row["condition"]) for row in told.on(date(2019, 6, 30), story.consortium.version)] == [
        ("lent", None)
    ]
    assert [(row["status"], row["condition"]) for row in told.on(JULY, story.consortium.version)] == [
        ("returned", "dobry")
    ]
    assert [row["returned_on"] for row in told.on(JULY, story.consortium.version - 1)] == [None]


def test_two_loans_of_one_resource_to_one_member_are_two_rows() -> None:
    again = LendResource(resource_id="RES-1", member_id="M2", due_on=JULY, fee_gr=0)
    story = back(lending(quantity=2).go_on(did(again, on=MAY)), MAY)
    told = Told(LOANS, story.entries)
    check(told)
    rows = told.on(MAY, story.consortium.version)
    assert [(row["loan_no"], row["status"], row["fee_gr"]) for row in rows] == [(1, "returned", 150), (2, "lent", 0)]


def test_the_database_tells_how_late_each_loan_is_as_the_answer_does(database: str) -> None:
    told = Told(LOANS, register(), batch=50)
    with psycopg.connect(database) as connection:
        store(connection, [LOANS], register())
        for version in range(0, len(told.states), 25):
            for day in (*days(told), date(2021, 1, 31)):
                rows = ask(connection, LOANS, Asked("hajnowka-odnowa", day, version))
                assert [
                    {
                        "resource": row["resource_id"],
                        "member": row["member_id"],
                        "lent_on": row["lent_on"].isoformat(),
                        "due_on": row["due_on"].isoformat(),
                        "returned_on": row["returned_on"].isoformat() if row["returned_on"] else None,
                        "days_late": row["days_late"],
                    }
                    for row in rows
                ] == loans(told.states[version], day)
