"""States are copied with changes as data classes are, and long rows of values grow and change like tuples."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace as plainly_replaced

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from domain.states import CHUNK, Grown, replace, with_added, with_grown


@dataclass(frozen=True)
class State:
    one: int
    other: str = "b"


@dataclass(frozen=True, slots=True)
class WithSlots:
    one: int


def grown(values: range) -> Grown[int]:
    made: Grown[int] = Grown()
    for value in values:
        made = made.added(value)
    return made


def test_a_state_is_copied_as_the_library_would() -> None:
    state = State(1)
    assert replace(state, one=2) == plainly_replaced(state, one=2)
    assert replace(state) == state
    assert state.one == 1


def test_a_state_with_slots_is_no_state() -> None:
    with pytest.raises(AttributeError, match="__dict__"):
        replace(WithSlots(1), one=2)


@given(st.integers(0, 3 * CHUNK), st.data())
def test_what_grew_is_what_a_tuple_would_be(size: int, data: st.DataObject) -> None:
    values, made = tuple(range(size)), grown(range(size))
    assert (tuple(made), len(made), bool(made)) == (values, size, bool(values))
    if size:
        place = data.draw(st.integers(-size, size - 1))
        assert made[place] == values[place]
        changed = list(values)
        changed[place] = -1
        assert tuple(made.changed(place, -1)) == tuple(changed)
    assert tuple(made) == values


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1])
def test_there_is_nothing_beyond_the_end(size: int) -> None:
    made = grown(range(size))
    for place in (size, -size - 1):
        with pytest.raises(IndexError):
            made[place]
        with pytest.raises(IndexError):
            made.changed(place, 0)


def test_the_same_values_are_equal_however_they_came_there() -> None:
    changed = grown(range(CHUNK + 1)).changed(3, -1).changed(3, 3)
    assert changed == grown(range(CHUNK + 1))
    assert changed != grown(range(CHUNK))


def test_lists_by_key_grow_at_their_end() -> None:
    assert with_added(with_added(Map(), "a", 1), "a", 2) == Map(a=(1, 2))
    assert with_grown(with_grown(Map(), "a", 0), "a", 1) == Map(a=grown(range(2)))
