"""Asking a table about a small story, and the scenario about the days on which anything changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.projections.tables import Told, days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from projections.bitemporal.table import Table
    from tests.decisions.given import Story


def rows_on(table: Table, story: Story, day: date, *, known: int | None = None) -> list[dict[str, Any]]:
    """Return the rows of a day, as known at a version or at the end of the story."""
    return Told(table, story.entries).on(day, story.consortium.version if known is None else known)


def row_on(table: Table, story: Story, day: date, *, known: int | None = None) -> dict[str, Any]:
    (row,) = rows_on(table, story, day, known=known)
    return row


def points(told: Told, *, every: int = 11) -> Iterator[tuple[int, Consortium, date]]:
    """Walk sampled versions, the last among them, each with its state and every day on which the table changes."""
    last = len(told.states) - 1
    for version in sorted({*range(1, last, every), last}):
        for day in days(told):
            yield version, told.states[version], day
