"""All read models: whoever moves their common position must apply every one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.bitemporal.tables import Tables
from projections.questions import TABLES
from projections.transparency.places import EventPlaces
from projections.transparency.tiles import Tiles

if TYPE_CHECKING:
    from domain.ledger.ledger import Ledger
    from projections.runner import ReadModel


def all_read_models(ledger: Ledger) -> list[ReadModel]:
    """Make each of them once, for one runner."""
    return [Tiles(), EventPlaces(), Tables(ledger, TABLES)]
