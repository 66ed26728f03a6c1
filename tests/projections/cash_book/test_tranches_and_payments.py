"""Tranches, and everything that members were paid or handed to each other."""

from __future__ import annotations

from collections import Counter
from datetime import date

from domain.answers.money import paid_on, payments
from domain.budget.decisions import MoveSplit
from projections.cash_book.payments import PAYMENTS
from projections.cash_book.settlements import SETTLEMENTS
from projections.cash_book.tranches import TRANCHES
from tests.decisions.given import did, given
from tests.decisions.steps import under
from tests.projections.cash_book.paid import DIVIDED, passed_on, received, settled
from tests.projections.stories import points, row_on, rows_on
from tests.projections.tables import Told, register

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
CAME, WENT = date(2019, 4, 10), date(2019, 4, 12)
MOVED = MoveSplit(line_id="L1", from_member="M1", to_member="M2", amount_gr=5_000)
SETTLED = (
    *DIVIDED,
    did(received(1, 60_000), on=CAME),
    did(passed_on(1, M1=60_000, M2=0), on=WENT),
    under("budget_split", MOVED, on=JULY),
    under("budget_transfer", settled(5_000), on=AUGUST),
)


def test_a_tranche_waits_from_the_day_it_came_until_the_day_it_is_passed_on() -> None:
    story = given(*DIVIDED, did(received(1, 60_000), on=CAME), did(passed_on(1, M1=60_000), on=WENT))
    assert rows_on(TRANCHES, story, date(2019, 4, 9)) == []
    row = row_on(TRANCHES, story, date(2019, 4, 11))
    assert (row["amount_gr"], row["payer"], row["status"], row["distributed_on"]) == (
        60_000,
        "Miasto",
        "received",
        None,
    )
    row = row_on(TRANCHES, story, WENT)
    assert (row["status"], row["distributed_on"]) == ("distributed", WENT)


def test_a_tranche_passed_on_before_it_came_is_never_waiting() -> None:
    story = given(*DIVIDED, did(received(1, 60_000), on=WENT), did(passed_on(1, M1=60_000), on=CAME))
    assert rows_on(TRANCHES, story, CAME) == []
    assert row_on(TRANCHES, story, WENT)["status"] == "distributed"


def test_a_tranche_is_known_to_wait_until_the_payout_was_recorded() -> None:
    story = given(*DIVIDED, did(received(1, 60_000), on=CAME), did(passed_on(1, M1=60_000), on=WENT))
    before = story.consortium.version - 1
    assert row_on(TRANCHES, story, WENT, known=before)["status"] == "received"


def test_every_payment_is_told_and_a_settlement_on_both_sides() -> None:
    rows = rows_on(PAYMENTS, given(*SETTLED), AUGUST)
    assert [(row["kind"], row["member_id"], row["amount_gr"], row["tranche_no"], row["other_id"]) for row in rows] == [
        ("tranche", "M1", 60_000, 1, None),
        ("settlement", "M1", -5_000, None, "M2"),
        ("settlement", "M2", 5_000, None, "M1"),
    ]
    assert [(row["paid_on"], row["draft_id"]) for row in rows] == [
        (WENT, None),
        (AUGUST, "DR-budget_transfer"),
        (AUGUST, "DR-budget_transfer"),
    ]


def test_a_settlement_is_told_once_with_its_resolution() -> None:
    story = given(*SETTLED)
    assert rows_on(SETTLEMENTS, story, date(2019, 7, 31)) == []
    assert row_on(SETTLEMENTS, story, AUGUST) == {
        "version": story.consortium.version,
        "package_id": "P1",
        "source": "city_grant",
        "from_member": "M1",
        "to_member": "M2",
        "amount_gr": 5_000,
        "settled_on": AUGUST,
        "draft_id": "DR-budget_transfer",
        "number": "4/2019",
    }


def test_the_tranches_of_every_day_as_known_at_every_version_make_up_what_came_in() -> None:
    told = Told(TRANCHES, register())
    for version, state, day in points(told):
        sums: Counter[tuple[str, str]] = Counter()
        for row in told.on(day, version):
            sums[row["package_id"], row["source"]] += row["amount_gr"]
        assert dict(sums) == {
            (package_id, source): fund["received_gr"]
            for package_id, funds in payments(state, day).items()
            for source, fund in funds.items()
        }


def test_the_payments_of_every_day_as_known_at_every_version_make_up_what_members_were_paid() -> None:
    told = Told(PAYMENTS, register())
    for version, state, day in points(told):
        sums: Counter[tuple[str, str, str]] = Counter()
        for row in told.on(day, version):
            sums[row["package_id"], row["source"], row["member_id"]] += row["amount_gr"]
        assert {place: amount for place, amount in sums.items() if amount} == {
            (package_id, source, member_id): amount
            for package_id, source in state.budgets.payments
            for member_id, amount in paid_on(state, package_id, source, day).items()
        }
