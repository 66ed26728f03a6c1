"""Dividing to the grosz: nothing lost, nobody a grosz away from the exact share, and no chance in it."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.budget.apportionment import largest_remainder, leader_takes_remainder

if TYPE_CHECKING:
    from random import Random

UNHURRIED = settings(deadline=None)
AMOUNTS = st.integers(min_value=0, max_value=10**12)
WEIGHTS = st.lists(st.integers(min_value=0, max_value=2**53 - 1), min_size=1, max_size=40).filter(any)
SMALL_WEIGHTS = st.lists(st.integers(min_value=0, max_value=7), min_size=1, max_size=12).filter(any)
"""Weights among which equal remainders are common."""


def exact(amount_gr: int, weights: list[int]) -> list[Fraction]:
    return [Fraction(amount_gr * weight, sum(weights)) for weight in weights]


@UNHURRIED
@given(AMOUNTS, WEIGHTS | SMALL_WEIGHTS)
def test_the_parts_make_up_the_amount_to_the_grosz(amount_gr: int, weights: list[int]) -> None:
    assert sum(largest_remainder(amount_gr, weights)) == amount_gr


@UNHURRIED
@given(AMOUNTS, WEIGHTS | SMALL_WEIGHTS)
def test_nobody_is_a_grosz_or_more_away_from_the_exact_share(amount_gr: int, weights: list[int]) -> None:
    parts = zip(largest_remainder(amount_gr, weights), exact(amount_gr, weights), strict=True)
    assert all(abs(part - share) < 1 for part, share in parts)


@UNHURRIED
@given(AMOUNTS, WEIGHTS | SMALL_WEIGHTS)
def test_zero_weighs_nothing(amount_gr: int, weights: list[int]) -> None:
    parts = zip(weights, largest_remainder(amount_gr, weights), strict=True)
    assert all(part == 0 for weight, part in parts if weight == 0)


@UNHURRIED
@given(AMOUNTS, WEIGHTS | SMALL_WEIGHTS)
def test_who_weighs_more_never_gets_less(amount_gr: int, weights: list[int]) -> None:
    parts = largest_remainder(amount_gr, weights)
    by_weight = sorted(zip(weights, parts, strict=True))
    assert all(
        lighter <= heavier for (weight, lighter), (more, heavier) in itertools.pairwise(by_weight) if weight < more
    )


@UNHURRIED
@given(AMOUNTS, st.lists(st.integers(1, 2**53 - 1), min_size=1, max_size=40, unique=True), st.randoms())
def test_the_order_of_the_list_is_nothing_where_remainders_differ(
    amount_gr: int, weights: list[int], chance: Random
) -> None:
    remainders = [share % 1 for share in exact(amount_gr, weights)]
    assume(len(set(remainders)) == len(remainders))
    places = list(range(len(weights)))
    chance.shuffle(places)
    parts = largest_remainder(amount_gr, weights)
    assert largest_remainder(amount_gr, [weights[place] for place in places]) == [parts[place] for place in places]


@UNHURRIED
@given(AMOUNTS, SMALL_WEIGHTS)
def test_among_equal_remainders_the_earlier_listed_gets_the_grosz(amount_gr: int, weights: list[int]) -> None:
    shares = exact(amount_gr, weights)
    extra = [part - int(share) for part, share in zip(largest_remainder(amount_gr, weights), shares, strict=True)]
    for earlier, first in enumerate(shares):
        for later in range(earlier + 1, len(shares)):
            if first % 1 == shares[later] % 1:
                assert extra[earlier] >= extra[later]


@UNHURRIED
@given(AMOUNTS, WEIGHTS)
def test_a_decrease_is_divided_as_the_same_increase_is(amount_gr: int, weights: list[int]) -> None:
    assert largest_remainder(-amount_gr, weights) == [-part for part in largest_remainder(amount_gr, weights)]


@UNHURRIED
@given(AMOUNTS, WEIGHTS | SMALL_WEIGHTS, st.integers(min_value=0))
def test_the_leader_takes_what_the_floors_leave(amount_gr: int, weights: list[int], place: int) -> None:
    leader = place % len(weights)
    parts, shares = leader_takes_remainder(amount_gr, weights, leader), exact(amount_gr, weights)
    assert sum(parts) == amount_gr
    floors = [int(share) for share in shares]
    assert parts[:leader] + parts[leader + 1 :] == floors[:leader] + floors[leader + 1 :]
    assert floors[leader] <= parts[leader] < floors[leader] + len(weights)


@pytest.mark.parametrize(
    ("amount_gr", "weights", "parts"),
    [
        (4_850_000, [1, 1, 1], [1_616_667, 1_616_667, 1_616_666]),
        (4_100_000, [3, 2, 2], [1_757_143, 1_171_429, 1_171_428]),
        (8_215_000, [3, 2, 2], [3_520_714, 2_347_143, 2_347_143]),
        (1, [0, 5], [0, 1]),
        (0, [1, 2], [0, 0]),
        (2, [1, 1, 1, 1], [1, 1, 0, 0]),
        (10**12, [10**15, 1], [10**12, 0]),
    ],
)
def test_known_amounts_divide_as_worked_by_hand(amount_gr: int, weights: list[int], parts: list[int]) -> None:
    assert largest_remainder(amount_gr, weights) == parts


def test_a_leader_last_in_the_list_takes_two_grosze_of_a_third() -> None:
    assert leader_takes_remainder(4_850_000, [1, 1, 1], 2) == [1_616_666, 1_616_666, 1_616_668]
