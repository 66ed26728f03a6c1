"""Where the entry of an event lies in its log: the one read model that finds an entry by the id of its event."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from domain.ledger.following import Placed

# Canonical bytes have their keys in order, and behind this one no other object; within a string the quotation marks of
# the same words would stand behind backslashes. So the last one is the entry's own.
KEY: Final = b'"event_id":"'
EVENT_ID: Final = re.compile(rb'"event_id":"([A-Za-z0-9][A-Za-z0-9._:/-]{0,63})"')


def event_id_in(state: bytes) -> str | None:
    """Find the id of the event in the stored bytes of an entry, without reading all of them; None where it is not."""
    found = EVENT_ID.match(state, max(state.rfind(KEY), 0))
    return found[1].decode("ascii") if found else None


class EventPlaces:
    """The read model that notes where each event lies, and at which position it was read."""

    def apply(self, connection: Connection, batch: Sequence[Placed]) -> None:
        """Note the places of the batch; of two events with one id, the first keeps it."""
        named = [(placed, event_id_in(placed.state)) for placed in batch]
        places = [
            (placed.consortium_id, event_id, placed.version - 1, placed.position)
            for placed, event_id in named
            if event_id
        ]
        connection.execute(
            "INSERT INTO transparency.event_places (consortium_id, event_id, entry_index, position)"
            " SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [[place[column] for place in places] for column in range(4)],
        )


def place_of(connection: Connection, consortium_id: str, event_id: str) -> int | None:
    """Return the index, from 0, of the entry of an event."""
    row = connection.execute(
        "SELECT entry_index FROM transparency.event_places WHERE consortium_id = %s AND event_id = %s",
        [consortium_id, event_id],
    ).fetchone()
    return int(row[0]) if row else None
