"""Tiles as a read model: the stored bytes of the entries are the leaves, integrated in order and in batches.

Whoever can alter these tables can make proofs fail; no proof or checkpoint can be made to pass for altered entries,
because the publisher reads the entries again before it signs.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from domain.transparency.tiled_tree import grow
from domain.transparency.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from domain.ledger.following import Placed
    from domain.transparency.tile import Tile


class MissingLeafError(Exception):
    """An entry does not follow the last that was integrated: the log would have a gap."""


class StoredTiles:
    """The tiles of one consortium's log, cut to the width asked for."""

    def __init__(self, connection: Connection, consortium_id: str) -> None:
        self._connection = connection
        self._consortium_id = consortium_id

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        """Return the bytes of each tile, in the order asked; nothing for a tile that is not stored or not so wide."""
        rows = self._connection.execute(
            "SELECT level, tile_index, hashes FROM transparency.tiles JOIN unnest(%s::smallint[], %s::bigint[])"
            " AS asked (level, tile_index) USING (level, tile_index) WHERE consortium_id = %s",
            [[tile.level for tile in tiles], [tile.index for tile in tiles], self._consortium_id],
        )
        found = {(level, index): bytes(hashes) for level, index, hashes in rows}
        return [tile.cut(found.get((tile.level, tile.index), b"")) for tile in tiles]


class Tiles:
    """The read model that integrates entries into tiles."""

    def apply(self, connection: Connection, batch: Sequence[Placed]) -> None:
        """Add the entries of the batch to the trees of their consortia.

        Raises:
            MissingLeafError: an entry is not the next of its log.
        """
        by_consortium = sorted(batch, key=lambda placed: (placed.consortium_id, placed.version))
        for consortium_id, entries in groupby(by_consortium, key=lambda placed: placed.consortium_id):
            _integrate(connection, consortium_id, list(entries))


def _integrate(connection: Connection, consortium_id: str, entries: list[Placed]) -> None:
    size = tree_size(connection, consortium_id)
    fresh = [placed for placed in entries if placed.version > size]
    for expected, placed in enumerate(fresh, size + 1):
        if placed.version != expected:
            message = f"{consortium_id}: version {placed.version} follows {expected - 1}"
            raise MissingLeafError(message)
    add_leaves(connection, consortium_id, size, [leaf_hash(placed.state) for placed in fresh])


def add_leaves(connection: Connection, log_id: str, size: int, leaf_hashes: Sequence[bytes]) -> None:
    """Add leaves to the tree of a log, which has `size` of them; whoever calls holds off all others who would."""
    if not leaf_hashes:
        return
    grown = grow(size, leaf_hashes, StoredTiles(connection, log_id))
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO transparency.tiles (consortium_id, level, tile_index, hashes) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (consortium_id, level, tile_index) DO UPDATE SET hashes = EXCLUDED.hashes",
            [(log_id, tile.level, tile.index, hashes) for tile, hashes in grown.items()],
        )
    connection.execute(
        "INSERT INTO transparency.trees (consortium_id, size) VALUES (%s, %s)"
        " ON CONFLICT (consortium_id) DO UPDATE SET size = EXCLUDED.size",
        [log_id, size + len(leaf_hashes)],
    )


def tree_size(connection: Connection, consortium_id: str) -> int:
    """Return how many entries of a consortium are integrated."""
    row = connection.execute("SELECT size FROM transparency.trees WHERE consortium_id = %s", [consortium_id]).fetchone()
    return int(row[0]) if row else 0
