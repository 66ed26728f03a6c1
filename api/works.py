"""Everything that works behind the addresses: opened before the first request, closed after the last."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg

from api.commands.carrying_out import Desk
from api.heads import Heads
from api.keeper import Keeper
from api.receipts import Receipts
from api.snapshots import Snapshots
from domain.ledger.writer import Writer
from projections.bitemporal.rebuilding import ensure
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.commands.asked import Writes
    from api.witnessing import Witnessing
    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing


@dataclass(frozen=True, slots=True)
class Works:
    """What the routes are made on."""

    ledger: Ledger
    keeper: Keeper
    snapshots: Snapshots
    heads: Heads
    receipts: Receipts
    desk: Desk
    writes: Writes
    witnessing: Witnessing | None = None
    """Where witnesses are asked."""


@contextmanager
def at_work(
    ledger: Ledger, conninfo: str, signing: Signing, writes: Writes, advance: Callable[[int], None]
) -> Iterator[Works]:
    """Start it all on an open ledger; tables that are missing or of another version are built first.

    `advance` is told how many entries were taken in for that.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        ensure(ledger, connection, TABLES, advance)
    with (
        Keeper(ledger, conninfo, signing) as keeper,
        Snapshots(conninfo) as snapshots,
        Heads(conninfo, snapshots) as heads,
        Receipts(conninfo, snapshots) as receipts,
        Writer(ledger, lambda: datetime.now(UTC)) as writer,
    ):
        desk = Desk(ledger, writer, lacks_entries=keeper.lacks_entries)
        yield Works(ledger, keeper, snapshots, heads, receipts, desk, writes)
