"""A log that is made entry by entry, of bytes that need be no entries, and how what is served of it is checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from domain.ledger.following import entries_after
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.keys import VerifierKey
from domain.transparency.policy import Log, Policy
from domain.transparency.tiled_tree import verify_tiles
from domain.transparency.tree import leaf_hash
from projections.runner import Runner
from projections.transparency.places import EventPlaces
from projections.transparency.publisher import Publisher
from projections.transparency.tiles import Tiles
from tests.tlog.site import CONSORTIUM

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from domain.ledger.ledger import Ledger
    from domain.transparency.checkpoint import Checkpoint
    from domain.transparency.tile import Tile
    from projections.transparency.signing import Signing
    from tests.tlog.site import Site


def stored_bytes(index: int) -> bytes:
    """Write something of the shape of an entry, of another length each time."""
    data = {"event_id": "not-this-one", "text": "ż" * (index % 40)}
    document = {"data": data, "event_id": f"event-{index}", "name": "x.v1", "version": index + 1}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class MadeLog:
    """Grows by as many entries as it is told, and is integrated and published when it is told."""

    def __init__(self, ledger: Ledger, connection: psycopg.Connection, signing: Signing) -> None:
        self.connection = connection
        self.signing = signing
        self._ledger = ledger
        self._indexes = count()

    def append(self, entries: int) -> None:
        added = [next(self._indexes) for _ in range(entries)]
        self.connection.execute(
            "SELECT ledger_events_append(%s, %s, %s, %s)",
            [
                [CONSORTIUM] * entries,
                [index + 1 for index in added],
                ["x.v1"] * entries,
                [stored_bytes(index) for index in added],
            ],
        )

    def integrate(self) -> None:
        runner = Runner(self._ledger, self.connection, [Tiles(), EventPlaces()])
        while batch := entries_after(self._ledger, runner.position()):
            runner.apply(batch)

    def publish(self) -> None:
        Publisher(self._ledger, self.connection, self.signing).publish(CONSORTIUM)

    def grow_to(self, *sizes: int) -> None:
        """Publish a checkpoint at each of these sizes."""
        begin = next(self._indexes)
        self._indexes = count(begin)
        for size in sizes:
            self.append(size - begin)
            self.integrate()
            self.publish()
            begin = size


def policy_of(site: Site) -> Policy:
    """Believe the keys that the log names of itself."""
    keys = [VerifierKey.parse(vkey) for vkey in site.fetched("vkeys").decode().splitlines()]
    return Policy(tuple(map(Log, keys)))


def opened(note: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    return open_checkpoint(note, f"example.com/tlog/{CONSORTIUM}", keys).checkpoint


@dataclass(frozen=True)
class FetchedTiles:
    """The tiles as the site serves them; those of an older tree are partial, however wide they are by now."""

    site: Site

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        return [self.site.fetched(tile.path) for tile in tiles]


def verify_served(site: Site, checkpoint: Checkpoint) -> None:
    """Verify every tile of one tree as it is served."""
    verify_tiles(checkpoint.size, checkpoint.root, FetchedTiles(site))


@cache
def leaf_hashes(size: int) -> tuple[bytes, ...]:
    return tuple(leaf_hash(stored_bytes(index)) for index in range(size))
