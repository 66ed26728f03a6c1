"""How far everything has come, looked up now: the last entry, the read models, the published checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.ledger.following import entries_after
from projections.runner import reached
from projections.transparency.published import unpublished_sizes

if TYPE_CHECKING:
    from datetime import datetime

    from api.snapshots import Snapshots
    from domain.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Standing:
    """Positions are places in the ledger, which have gaps; sizes are numbers of entries."""

    last_position: int
    """0 before the first entry."""
    recorded_at: datetime | None
    """Of the last entry."""
    reached: int
    """The position up to which the read models have come."""
    unpublished: int
    """Entries integrated into logs that no published checkpoint covers yet."""
    behind: int
    """How many logs have such."""

    @property
    def lag(self) -> int:
        """Return how many positions the read models are behind."""
        return max(0, self.last_position - self.reached)


def standing(ledger: Ledger, snapshots: Snapshots) -> Standing:
    """Look it all up.

    Raises:
        BrokenEntry: the last entry cannot be read.
        LedgerUnavailable: the database does not answer.
        psycopg.Error: neither does it.
    """
    with snapshots.snapshot() as connection:
        come, unpublished = reached(connection), unpublished_sizes(connection)
    last = ledger.last_position()
    newest = entries_after(ledger, last - 1) if last else []
    return Standing(
        last_position=newest[-1].position if newest else 0,
        recorded_at=newest[-1].entry().recorded_at if newest else None,
        reached=come,
        unpublished=sum(unpublished),
        behind=len(unpublished),
    )
