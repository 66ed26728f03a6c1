"""Adding up signed changes by day: the periods are those in which every sum stays the same."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from projections.budget_book.balance import balances

FIRST = date(2019, 4, 1)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 6).map(lambda ahead: FIRST + timedelta(days=ahead)),
        st.sampled_from("abc"),
        st.integers(-2, 2),
    )
)


@given(CHANGES)
def test_what_holds_on_a_day_is_the_sum_of_the_changes_up_to_it(changes: list[tuple[date, str, int]]) -> None:
    periods = [(since, until, dict(now)) for since, until, now in balances(changes)]
    for ahead in range(-1, 8):
        day = FIRST + timedelta(days=ahead)
        sums = {name: sum(amount for on, of, amount in changes if on <= day and of == name) for name in "abc"}
        expected = {name: amount for name, amount in sums.items() if amount}
        holding = [now for since, until, now in periods if since <= day and (until is None or day < until)]
        assert holding == ([expected] if any(on <= day for on, _, _ in changes) else [])


@given(CHANGES)
def test_neighbouring_periods_differ_and_leave_no_gap(changes: list[tuple[date, str, int]]) -> None:
    periods = [(since, until, dict(now)) for since, until, now in balances(changes)]
    for (_, until, before), (since, _, after) in pairwise(periods):
        assert (until, before != after) == (since, True)
    assert [until for _, until, _ in periods[-1:]] == ([None] if changes else [])
