"""Every majority at its boundary, in whole numbers; the fractions here are written out, not computed by the code."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import get_args

import pytest

from domain.resolutions.events import Counts, ResolutionAdopted, ResolutionRejected, VoteRecorded
from domain.resolutions.tally import is_tie, needed, reaches
from domain.values import Majority
from tests.decisions.given import given
from tests.decisions.steps import founded, meeting_opened, open_vote, proposed

ADOPTED, REJECTED = (VoteRecorded, ResolutionAdopted), (VoteRecorded, ResolutionRejected)


@pytest.mark.parametrize(
    ("majority", "members", "counted", "outcome"),
    [
        ("simple", 9, (5, 4, 0), ADOPTED),
        ("simple", 9, (4, 4, 1), REJECTED),
        ("simple", 9, (1, 0, 8), ADOPTED),
        ("simple", 9, (0, 0, 9), REJECTED),
        ("simple", 9, (4, 5, 0), REJECTED),
        ("absolute", 9, (5, 4, 0), ADOPTED),
        ("absolute", 9, (4, 3, 2), REJECTED),
        ("absolute", 9, (5, 0, 4), ADOPTED),
        ("absolute", 8, (4, 3, 1), REJECTED),
        ("absolute", 8, (5, 3, 0), ADOPTED),
        ("two_thirds_cast", 9, (6, 3, 0), ADOPTED),
        ("two_thirds_cast", 9, (5, 3, 1), REJECTED),
        ("two_thirds_cast", 6, (4, 1, 1), ADOPTED),
        ("two_thirds_cast", 6, (3, 2, 1), REJECTED),
        ("two_thirds_cast", 8, (6, 2, 0), ADOPTED),
        ("two_thirds_cast", 8, (5, 3, 0), REJECTED),
        ("three_quarters_seats", 9, (7, 2, 0), ADOPTED),
        ("three_quarters_seats", 9, (6, 0, 3), REJECTED),
        ("three_quarters_seats", 8, (6, 2, 0), ADOPTED),
        ("three_quarters_seats", 8, (5, 0, 3), REJECTED),
        ("unanimous", 4, (4, 0, 0), ADOPTED),
        ("unanimous", 4, (3, 0, 1), REJECTED),
        ("unanimous", 4, (3, 1, 0), REJECTED),
    ],
)
def test_a_vote_carries_exactly_from_its_majority_on(
    majority: Majority, members: int, counted: tuple[int, int, int], outcome: tuple[type, ...]
) -> None:
    for_, against, abstain = counted
    story = given(founded(members=members, majorities={"other": majority}), meeting_opened(), proposed("DR-1"))
    decision = story.when(open_vote("DR-1", for_=for_, against=against, abstain=abstain))
    decision.then(*outcome)
    decision.then_fact(VoteRecorded, counts=Counts(for_=for_, against=against, abstain=abstain))
    decision.then_fact(outcome[1], majority=majority, seats=members, cast=members, tie_break_used=False)


def test_three_quarters_of_the_seats_counts_the_absent_too() -> None:
    story = given(
        founded(members=8, majorities={"other": "three_quarters_seats"}),
        meeting_opened("M1", "M2", "M3", "M4", "M5"),
        proposed("DR-1"),
    )
    story.when(open_vote("DR-1", for_=5)).then_fact(ResolutionRejected, cast=5, present=5, seats=8)


@pytest.mark.parametrize("majority", get_args(Majority))
def test_no_votes_carry_nothing(majority: Majority) -> None:
    assert not reaches(majority, Counts(for_=0, against=0, abstain=0), seats=4)


def carries(majority: Majority, for_: int, against: int, abstain: int, seats: int) -> bool:
    """Say what each majority means in the words of the statute, as fractions."""
    cast = for_ + against + abstain
    match majority:
        case "simple":
            return for_ > against
        case "absolute":
            return for_ > against + abstain
        case "two_thirds_cast":
            return cast > 0 and Fraction(for_, cast) >= Fraction(2, 3)
        case "three_quarters_seats":
            return Fraction(for_, seats) >= Fraction(3, 4)
        case "unanimous":
            return for_ >= 1 and against == abstain == 0


@pytest.mark.parametrize("majority", get_args(Majority))
def test_as_many_votes_for_as_are_needed_carry(majority: Majority) -> None:
    for for_, against, abstain in product(range(9), repeat=3):
        counts, seats = Counts(for_=for_, against=against, abstain=abstain), 12
        assert reaches(majority, counts, seats) == (for_ >= needed(majority, counts, seats))


@pytest.mark.parametrize("majority", get_args(Majority))
def test_every_count_of_up_to_a_dozen_seats_agrees_with_the_fractions(majority: Majority) -> None:
    for for_, against, abstain in product(range(13), repeat=3):
        cast = for_ + against + abstain
        for seats in range(max(cast, 1), 13):
            counts = Counts(for_=for_, against=against, abstain=abstain)
            assert reaches(majority, counts, seats) == carries(majority, for_, against, abstain, seats)


@pytest.mark.parametrize(
    ("majority", "for_", "against", "abstain", "tie"),
    [
        ("simple", 2, 2, 0, True),
        ("simple", 2, 2, 5, True),
        ("simple", 0, 0, 5, False),
        ("simple", 3, 2, 0, False),
        ("absolute", 2, 2, 0, True),
        ("absolute", 3, 2, 1, True),
        ("absolute", 2, 2, 1, False),
        ("absolute", 0, 0, 0, False),
    ],
)
def test_a_tie_is_half_for(majority: Majority, for_: int, against: int, abstain: int, *, tie: bool) -> None:
    assert is_tie(majority, Counts(for_=for_, against=against, abstain=abstain)) == tie
