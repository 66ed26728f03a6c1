"""What a life draws: the first options, the small numbers and `no` are what a failure shrinks to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hypothesis.strategies import DataObject

T = TypeVar("T")


class Chance:
    """Draws from one example of Hypothesis."""

    def __init__(self, data: DataObject) -> None:
        self._data = data

    def one(self, options: Iterable[T]) -> T:
        return self._data.draw(st.sampled_from(list(options)))

    def some(self, options: Iterable[T], *, least: int = 0) -> list[T]:
        """Draw a few of the options, each at most once; `least` of them, or all if there are fewer."""
        pool = list(options)
        if not pool:
            return []
        return self._data.draw(st.lists(st.sampled_from(pool), unique=True, min_size=min(least, len(pool))))

    def most(self, options: Iterable[T]) -> list[T]:
        """Leave out one of the options now and then, and rarely more."""
        pool = list(options)
        missing = self.some(pool) if self.once_in(6) else [self.one(pool)] if pool and self.once_in(4) else []
        return [option for option in pool if option not in missing]

    def whole(self, least: int, most: int) -> int:
        return self._data.draw(st.integers(least, most))

    def once_in(self, times: int) -> bool:
        return self.whole(0, times - 1) == times - 1

    def day_near(self, *days: date) -> date:
        """Draw one of the days, or one close to it."""
        return self.one(days) + timedelta(days=self.one((0, 0, 0, 0, 1, -1, 0, 30, -30)))

    def parts(self, amount: int, places: int) -> list[int]:
        """Divide an amount at random: any of the parts may be nought."""
        cuts = sorted(self.whole(0, amount) for _ in range(places - 1))
        return [end - start for start, end in zip([0, *cuts], [*cuts, amount], strict=True)]
