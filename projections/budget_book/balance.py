"""From signed changes by day to the periods in which balances hold, in one pass.

Money is looked at here in one way: named amounts (a member's share, a source's total) that add up day by day. Asking
the state anew for each day would walk every posting for each of them.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date


def balances(
    changes: Iterable[tuple[date, str, int]],
) -> Iterator[tuple[date, date | None, Mapping[str, int]]]:
    """Walk the periods between changes, given in any order, with what each name stands at; a name at zero is left out.

    The first period begins with the first change, the last has no end; neighbouring periods that are alike are one.
    """
    begun: date | None = None
    before: dict[str, int] = {}
    now: dict[str, int] = {}
    for day, of_day in groupby(sorted(changes), key=itemgetter(0)):
        for _, name, amount in of_day:
            now[name] = now.get(name, 0) + amount
            if not now[name]:
                del now[name]
        if begun is not None and now != before:
            yield begun, day, before
        if begun is None or now != before:
            begun, before = day, dict(now)
    if begun is not None:
        yield begun, None, before
