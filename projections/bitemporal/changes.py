"""What an entry changes in a table: rows that are known from its version on, and rows that were known up to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key, Row, Table

Place = tuple[object, ...]
"""A consortium, the key of a row and the day from which it holds."""


@dataclass(slots=True)
class Changes:
    """The changes of a table in a batch: a row that came and went within it was known in between."""

    table: Table
    opened: dict[Place, tuple[int, Row]] = field(default_factory=dict)
    """Rows still known, by place, with the version from which they are."""
    passing: list[tuple[str, int, int, Row]] = field(default_factory=list)
    """Rows that came and went: consortium, known from, known until, row."""
    closed: dict[Place, tuple[int, Row]] = field(default_factory=dict)
    """Rows stored before the batch, by place, with the version from which they are not known any more."""
    _stand: dict[tuple[str, Key], set[Row]] = field(default_factory=dict)
    """The rows of each group of a consortium that the batch touched, after its last entry that did."""

    def take(self, entry: Entry, before: Consortium, after: Consortium) -> None:
        """Add what an entry changes, given the consortium before and after it."""
        if self.table.of_entry is not None:
            for row in self.table.of_entry(entry, after):
                self.opened[self._place(entry, row)] = entry.version, row
        touched = self.table.touched.get(type(entry.fact))
        for key in dict.fromkeys(touched(entry.fact, entry, after)) if touched else ():
            group = entry.consortium_id, key
            was, is_now = self._stand.get(group), set(self.table.rows(after, key))
            if was is None:
                was = set(self.table.rows(before, key))
            self._stand[group] = is_now
            for row in was - is_now:
                self._close(entry, row)
            for row in is_now - was:
                self.opened[self._place(entry, row)] = entry.version, row

    def _close(self, entry: Entry, row: Row) -> None:
        place = self._place(entry, row)
        earlier = self.opened.pop(place, None)
        if earlier is None:
            self.closed[place] = entry.version, row
        else:
            self.passing.append((entry.consortium_id, earlier[0], entry.version, row))

    def _place(self, entry: Entry, row: Row) -> Place:
        cells = row.cells
        return (entry.consortium_id, *[cells[at] for at in self.table.key_places], row.holds_from)

    def inserts(self) -> Iterator[tuple[str, int, int | None, Row]]:
        """Walk the rows to store: consortium, known from, known until."""
        yield from self.passing
        for place, (version, row) in self.opened.items():
            yield str(place[0]), version, None, row
