"""`replace` for states, which every entry calls for several times: what that of `dataclasses` does, but faster.

The library's own looks each field up anew in each call and sets each by itself, which took a third of the time of a
replay. For the sake of the copy in one step states have no slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

    # Type checkers know this one, and so what may be changed to what.
    from dataclasses import replace

    from immutables import Map
else:
    S = TypeVar("S")

    def replace(state: S, /, **changes: Any) -> S:  # noqa: ANN401 - each change is of its field's own type
        """Return a copy with some fields changed, for data classes without slots whose `__init__` takes all fields."""
        copy = object.__new__(type(state))
        object.__setattr__(copy, "__dict__", state.__dict__ | changes)
        return copy


__all__ = ["Grown", "replace", "with_added", "with_grown"]

CHUNK: Final = 64

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Grown(Generic[V]):
    """Values in the order in which they came; one more costs the same whatever their number.

    A tuple that grows by one is copied whole each time, which for tens of thousands takes longer than all else.
    """

    _full: tuple[tuple[V, ...], ...] = ()
    """Chunks of `CHUNK` values, so that the same values always lie the same way."""
    _last: tuple[V, ...] = ()
    """Fewer than that."""

    def __len__(self) -> int:
        return len(self._full) * CHUNK + len(self._last)

    def __iter__(self) -> Iterator[V]:
        return chain(chain.from_iterable(self._full), self._last)

    def __getitem__(self, place: int) -> V:
        chunk, within = divmod(range(len(self))[place], CHUNK)
        return (*self._full[chunk : chunk + 1], self._last)[0][within]

    def added(self, value: V) -> Grown[V]:
        """Return these and one value more."""
        last = (*self._last, value)
        return Grown((*self._full, last), ()) if len(last) == CHUNK else Grown(self._full, last)

    def changed(self, place: int, value: V) -> Grown[V]:
        """Return these with another value at a place that has one."""
        chunk, within = divmod(range(len(self))[place], CHUNK)
        if chunk == len(self._full):
            return Grown(self._full, (*self._last[:within], value, *self._last[within + 1 :]))
        old = self._full[chunk]
        new = (*old[:within], value, *old[within + 1 :])
        return Grown((*self._full[:chunk], new, *self._full[chunk + 1 :]), self._last)


def with_added(lists: Map[K, tuple[V, ...]], key: K, value: V) -> Map[K, tuple[V, ...]]:
    """Return the lists with a value more at the end of the one of `key`."""
    return lists.set(key, (*lists.get(key, ()), value))


def with_grown(lists: Map[K, Grown[V]], key: K, value: V) -> Map[K, Grown[V]]:
    """Do the same to lists that become long."""
    grown: Grown[V] = lists.get(key, Grown())
    return lists.set(key, grown.added(value))
