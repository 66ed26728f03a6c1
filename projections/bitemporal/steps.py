"""From a value that changes on known days to rows for every day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

T = TypeVar("T")


def after(last_day: date | None) -> date | None:
    """Return the first day that a period which ends with `last_day` does not cover."""
    return None if last_day is None else last_day + timedelta(days=1)


def steps(days: Iterable[date], value_on: Callable[[date], T | None]) -> Iterator[tuple[date, date | None, T]]:
    """Walk the periods in which a value holds, given every day on which it may change; nothing where it is None.

    Neighbouring periods with the same value are one. Before the first day there is no value.
    """
    begun: tuple[date, T] | None = None
    for day in sorted(set(days)):
        value = value_on(day)
        if begun is not None and begun[1] != value:
            yield begun[0], day, begun[1]
            begun = None
        if begun is None and value is not None:
            begun = day, value
    if begun is not None:
        yield begun[0], None, begun[1]
