"""The keys of one log, oldest first: which of them sign a checkpoint, and which ever did.

    first key ──▶ rotation: both, until an instant ──▶ the new key alone ──▶ …

A checkpoint is signed by the key of its last rotation and, before it, by those whose time is not over. The first
checkpoint over a rotation is signed by the old key whatever the clock says, for it is what proves the new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from psycopg import Connection

    from domain.log_keys import Rotation


@dataclass(frozen=True, slots=True)
class LogKey:
    """One key of a log, and for how long it signs."""

    vkey: str
    since: int = 0
    """It signs checkpoints of this size and larger."""
    until: datetime | None = None
    """From then on it signs no more; None for the present key."""
    lost: bool = False
    """Whether it cannot sign any more, whatever `until` says."""


Keys = tuple[LogKey, ...]


def rotated(keys: Keys, new: LogKey, both_until: datetime, *, old_key_lost: bool) -> Keys:
    """Return the keys after a rotation from the last of them; a lost key takes all before it along."""
    *older, last = (replace(key, lost=key.lost or old_key_lost) for key in keys)
    return (*older, replace(last, until=both_until), new)


def after(keys: Keys, history: Iterable[Rotation]) -> Keys:
    """Return the keys after the rotations that a history records."""
    for one in history:
        new = LogKey(one.new_vkey, since=one.version)
        keys = rotated(keys, new, one.both_until, old_key_lost=one.old_key_lost)
    return keys


def due(keys: Keys, last_size: int, size: int, now: datetime) -> tuple[str, ...]:
    """Name the keys that sign a checkpoint of `size`, the first after one of `last_size`; the old before the new."""
    begun = [key for key in keys if key.since <= size]
    return tuple(
        key.vkey
        for key, newer in zip_longest(begun, begun[1:])
        if not key.lost and (newer is None or newer.since > last_size or key.until is None or now < key.until)
    )


def note_keys(connection: Connection, log_id: str, keys: Keys, size: int) -> None:
    """Keep for everybody to see which keys have signed the log up to a checkpoint of `size`."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO transparency.log_keys (consortium_id, vkey, first_size) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [(log_id, key.vkey, key.since) for key in keys if key.since <= size],
        )


def vkeys_of(connection: Connection, log_id: str) -> Sequence[str]:
    """Return every key that signs a log now or ever signed it, oldest first."""
    rows = connection.execute(
        "SELECT vkey FROM transparency.log_keys WHERE consortium_id = %s ORDER BY place", [log_id]
    )
    return [vkey for (vkey,) in rows]
