"""A tree that lies in tiles: reading its nodes for proofs, growing, and verifying every tile.

Nothing here authenticates a tile by itself. A proof made from altered tiles fails at its verifier, and `verify_tiles`
computes the root hash again from all of them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from domain.transparency.errors import InvalidTile, refuse, require
from domain.transparency.tile import (
    MAX_LEVEL,
    WIDTH,
    Tile,
    hashes_at,
    join,
    level_tiles,
    partial_tiles,
    tile_with,
)
from domain.transparency.tree import Frontier, perfect_subtrees, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from domain.transparency.tree import Node

BATCH_TILES: Final = 256
"""How many tiles are asked for at once when all are read: two megabytes."""


class TileReader(Protocol):
    """Where tiles come from. Whoever can alter them makes proofs and verifications fail, never pass."""

    def read_tiles(self, tiles: Sequence[Tile], /) -> Sequence[bytes]:
        """Return the bytes of each tile, exactly as wide as asked, in the order asked."""
        ...


class TilesInHand:
    """Tiles that were read already."""

    def __init__(self, tiles: Mapping[Tile, bytes]) -> None:
        self._tiles = tiles

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        """Return the bytes of each tile.

        Raises:
            InvalidTile: when one is not in hand at this width.
        """
        for tile in tiles:
            if tile not in self._tiles:
                refuse(
                    InvalidTile,
                    f"{tile.path} nie należy do odczytanych kafli.",
                    f"{tile.path} is not among the tiles that were read.",
                )
        return [self._tiles[tile] for tile in tiles]


class TiledTree:
    """The tree of `size` leaves as its tiles show it; a `NodeReader` for proofs."""

    def __init__(self, size: int, reader: TileReader) -> None:
        self._size = size
        self._reader = reader

    def read_nodes(self, nodes: Sequence[Node], /) -> list[bytes]:
        """Compute the hash of each node, from tiles read in one go.

        Raises:
            InvalidTile: when the tree has no such node, or a tile is not as long as it must be.
        """
        places = [tile_with(node, self._size) for node in nodes]
        found = read_each(list(dict.fromkeys(places)), self._reader)
        return [tile.node_hash(node, found[tile]) for tile, node in zip(places, nodes, strict=True)]

    def frontier(self) -> Frontier:
        """Take up the tree where it ends.

        Raises:
            InvalidTile: when a tile on the right edge is not as long as it must be.
        """
        return Frontier(self._size, self.read_nodes(perfect_subtrees(0, self._size)))

    def root(self) -> bytes:
        """Compute the root hash from the tiles on the right edge.

        Raises:
            InvalidTile: when one of them is not as long as it must be.
        """
        return self.frontier().root()


def read_each(tiles: Sequence[Tile], reader: TileReader) -> dict[Tile, bytes]:
    """Read tiles in one go.

    Raises:
        InvalidTile: when the reader returns more or fewer than were asked for.
    """
    found = reader.read_tiles(tiles)
    if len(found) != len(tiles):
        refuse(
            InvalidTile,
            f"Kafle, o które pytano: {len(tiles)}, a otrzymane: {len(found)}.",
            f"{len(tiles)} tiles were asked for and {len(found)} returned.",
        )
    return dict(zip(tiles, found, strict=True))


def grow(size: int, leaf_hashes: Sequence[bytes], reader: TileReader) -> dict[Tile, bytes]:
    """Write the tiles that a tree of `size` leaves has more, or wider, once these leaves are added.

    Only `partial_tiles(size)` are read. The cost is one node hash a leaf, whatever the size of the tree.

    Raises:
        InvalidTile: when a partial tile is not as long as it must be, or a leaf hash is not 32 bytes long.
    """
    edge = {tile.level: tile.split(data) for tile, data in read_each(partial_tiles(size), reader).items()}
    grown = {}
    level, added = 0, list(leaf_hashes)
    while added:
        row = edge.get(level, []) + added
        added = []
        for index, begin in enumerate(range(0, len(row), WIDTH), hashes_at(level, size) // WIDTH):
            hashes = row[begin : begin + WIDTH]
            grown[Tile(level, index, len(hashes))] = join(hashes)
            if len(hashes) == WIDTH:
                added.append(root_of(hashes))
        level += 1
    return grown


def verify_tiles(size: int, root: bytes, reader: TileReader) -> None:
    """Verify every tile of a tree of `size` leaves, each read once: what is hashed above follows from what lies below.

    Raises:
        InvalidTile: for the first tile that is not as long as it must be, or that does not follow from the level
            below; then for a root hash that does not follow from the tiles.
    """
    edge: dict[Tile, bytes] = {}
    below: list[bytes] = []
    for level in range(MAX_LEVEL + 1):
        full: list[bytes] = []
        for tile, data in _read_level(level, size, reader):
            hashes = tile.split(data)
            follows = level == 0 or hashes == below[tile.index * WIDTH : tile.index * WIDTH + tile.width]
            if not follows:
                refuse(
                    InvalidTile,
                    f"{tile.path} nie wynika z kafli, które leżą niżej.",
                    f"{tile.path} does not follow from the tiles below it.",
                )
            if tile.width == WIDTH:
                full.append(root_of(hashes))
            else:
                edge[tile] = data
        below = full
    found = TiledTree(size, TilesInHand(edge)).root()
    require(
        found == root,
        InvalidTile,
        f"Kafle drzewa rozmiaru {size} dają inny skrót drzewa.",
        f"The tiles of {size} leaves lead to another root hash.",
    )


def _read_level(level: int, size: int, reader: TileReader) -> Iterator[tuple[Tile, bytes]]:
    tiles = level_tiles(level, 0, size)
    while batch := list(islice(tiles, BATCH_TILES)):
        yield from read_each(batch, reader).items()
