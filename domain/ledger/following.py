"""Reading the ledger in the order of its positions: what read models live on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.ledger.entry import read_entry
from domain.ledger.faults import told_as_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from eventsourcing.persistence import Notification

    from domain.decider import Entry
    from domain.ledger.ledger import Ledger

BATCH: Final = 2000
"""Entries read at once by whoever is behind; each batch costs each read model some statements of its own."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry at its position, as the bytes that are stored."""

    position: int
    """Its place in the ledger; has gaps."""
    consortium_id: str
    version: int
    topic: str
    state: bytes

    def entry(self) -> Entry:
        """Read the bytes.

        Raises:
            BrokenEntry: they are no entry.
        """
        return read_entry(self.topic, self.state)


def entries_after(ledger: Ledger, position: int) -> list[Placed]:
    """Read the next entries after a position, at most `BATCH`.

    Raises:
        LedgerUnavailable: the database does not answer.
    """
    with told_as_faults():
        return _placed(ledger.recorder.select_notifications(position, BATCH, inclusive_of_start=False))


@contextmanager
def following(ledger: Ledger, position: int) -> Iterator[tuple[Iterator[Sequence[Placed]], Callable[[], None]]]:
    """Follow the ledger from after a position: batches as they are committed, and a way to stop from another thread."""
    with ledger.recorder.subscribe(gt=position) as subscription:
        yield (_placed(batch) for batch in subscription.batches()), subscription.stop


def _placed(notifications: Sequence[Notification]) -> list[Placed]:
    return [
        Placed(one.id, str(one.originator_id), one.originator_version, one.topic, one.state) for one in notifications
    ]
