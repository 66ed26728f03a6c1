"""What an audit finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Key = Mapping[str, str | int]
"""Columns and what stands in them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is not what the rest says it should be, or that is missing."""

    table: str
    """With its schema; `signer` for the signer's folder outside the database."""
    key: Key
    """The columns that tell the row apart; a range of rows has `first_` and `last_` of a column."""
    polish: str
    english: str

    @property
    def place(self) -> str:
        return " ".join([self.table, *(f"{column}={value}" for column, value in self.key.items())])


Report = Callable[[Finding], None]
"""Takes each finding as soon as it is made; there may be as many as rows."""

LEDGER = "public.ledger_events"
PROGRESS = "public.read_models_progress"
TREES = "transparency.trees"
TILES = "transparency.tiles"
CHECKPOINTS = "transparency.checkpoints"
SIGNER = "signer"
