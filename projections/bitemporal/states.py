"""The states of consortia that entries are folded into, kept warm up to a bound."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from domain.consortium import Consortium, evolve

if TYPE_CHECKING:
    from domain.decider import Entry
    from domain.ledger.ledger import Ledger

ENTRIES_KEPT: Final = 1_000_000
"""States are dropped, the longest unused first, when together they were folded from more entries than this."""


class WarmStates:
    """The state of each consortium after the last entry that was taken; folded again where it is not that of before."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._kept: OrderedDict[str, Consortium] = OrderedDict()
        self._entries = 0

    def step(self, entry: Entry) -> tuple[Consortium, Consortium]:
        """Return the state before an entry and the one after it."""
        before = self._before(entry)
        after = evolve(before, entry)
        self._keep(after)
        return before, after

    def _before(self, entry: Entry) -> Consortium:
        kept = self._kept.get(entry.consortium_id)
        if kept is not None and kept.version == entry.version - 1:
            return kept
        state = Consortium(entry.consortium_id)
        for earlier in self._ledger.entries(entry.consortium_id, upto_version=entry.version - 1):
            state = evolve(state, earlier)
        return state

    def _keep(self, state: Consortium) -> None:
        dropped = self._kept.pop(state.consortium_id, None)
        self._entries += state.version - (dropped.version if dropped else 0)
        self._kept[state.consortium_id] = state
        while self._entries > ENTRIES_KEPT and len(self._kept) > 1:
            self._entries -= self._kept.popitem(last=False)[1].version
