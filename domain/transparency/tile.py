"""Tiles: the nodes of the tree, cut into files of at most 256 hashes that are written once.

    tile/<L>/<N>[.p/<W>]        tile/0/x001/x234/067        tile/1/000.p/17

The tile of level L and index N holds, for i from 0 to 255, the hashes

    MTH(D[(N * 256 + i) * 256**L : (N * 256 + i + 1) * 256**L])

so a hash of level L + 1 is the root over a full tile of level L. A partial tile holds the first W of them.

Source: C2SP tlog-tiles, "Merkle Tree" and "Partial Tiles".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.encoding import MAX_INTEGER, parse_decimal
from domain.transparency.errors import InvalidTile, refuse, require
from domain.transparency.tree import HASH_BYTES, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.transparency.tree import Node

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
MAX_LEVEL: Final = 63

# The largest index has 19 digits: seven elements. Wider paths are refused before they are read as a number.
PLACE: Final = re.compile(r"((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
TILE: Final = re.compile(r"tile/([0-9]{1,2})/(.*)")


def write_place(index: int, width: int) -> str:
    """Write `<N>[.p/<W>]`: the index in elements of three digits, all but the last behind an `x`."""
    thousands, last = divmod(index, 1000)
    path = f"{last:03}"
    while thousands:
        thousands, element = divmod(thousands, 1000)
        path = f"x{element:03}/{path}"
    return path if width == WIDTH else f"{path}.p/{width}"


def parse_place(text: str) -> tuple[int, int] | None:
    """Read the index and the width of `<N>[.p/<W>]`; None for whatever `write_place` would not have written so."""
    found = PLACE.fullmatch(text)
    if not found:
        return None
    index = int(re.sub("[x/]", "", found[1]))
    width = int(found[2]) if found[2] else WIDTH
    return (index, width) if 0 < width <= WIDTH and write_place(index, width) == text else None


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A place in the tiles of a log, full unless `width` says otherwise.

    Raises:
        InvalidTile: for a level beyond 63, an index beyond 2**63 - 1, or a width that is not from 1 to 256.
    """

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MAX_LEVEL:
            refuse(InvalidTile, f"Żaden kafel nie ma poziomu {self.level}.", f"No tile has the level {self.level}.")
        if not 0 <= self.index <= MAX_INTEGER:
            refuse(InvalidTile, f"Żaden kafel nie ma numeru {self.index}.", f"No tile has the index {self.index}.")
        if not 0 < self.width <= WIDTH:
            refuse(
                InvalidTile,
                f"Żaden kafel nie ma szerokości {self.width}.",
                f"No tile is {self.width} hashes wide.",
            )

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{write_place(self.index, self.width)}"

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Read the path of a tile, without a slash before it.

        Raises:
            InvalidTile: unless it is written exactly as `path` writes it.
        """
        found = TILE.fullmatch(path)
        level, place = (parse_decimal(found[1]), parse_place(found[2])) if found else (None, None)
        if level is None or place is None:
            refuse(InvalidTile, f"{path[:100]!r} nie jest ścieżką kafla.", f"{path[:100]!r} is no path of a tile.")
        return cls(level, *place)

    def lies_in(self, size: int) -> bool:
        """Tell whether a tree of `size` leaves has all hashes of this tile."""
        return self.index * WIDTH + self.width <= hashes_at(self.level, size)

    def split(self, data: bytes) -> list[bytes]:
        """Take the bytes of this tile apart into its hashes.

        Raises:
            InvalidTile: when they are not exactly `width` hashes.
        """
        self._require_length(data)
        return _hashes(data)

    def cut(self, data: bytes) -> bytes:
        """Cut this tile from the bytes of the same tile at its present width or wider.

        Raises:
            InvalidTile: when they are not whole hashes, or fewer than this tile has, or more than any tile.
        """
        wide, stray = divmod(len(data), HASH_BYTES)
        if stray or not self.width <= wide <= WIDTH:
            refuse(
                InvalidTile,
                f"Nie da się wyciąć {self.path} z bajtów, których jest {len(data)}.",
                f"{self.path} cannot be cut from {len(data)} bytes.",
            )
        return data[: self.width * HASH_BYTES]

    def node_hash(self, node: Node, data: bytes) -> bytes:
        """Compute the hash of a node that `tile_with` finds in this tile.

        Raises:
            InvalidTile: when the bytes are not those of a tile of this width, or the node lies elsewhere.
        """
        height = node.level - self.level * HEIGHT
        begin = (node.index << height) - self.index * WIDTH if 0 <= height < HEIGHT else -1
        end = begin + (1 << height if begin >= 0 else 0)
        if begin < 0 or end > self.width:
            refuse(
                InvalidTile,
                f"Węzeł {node.index} poziomu {node.level} nie leży w {self.path}.",
                f"Node {node.index} of level {node.level} does not lie in {self.path}.",
            )
        self._require_length(data)
        return root_of(_hashes(data[begin * HASH_BYTES : end * HASH_BYTES]))

    def _require_length(self, data: bytes) -> None:
        if len(data) != self.width * HASH_BYTES:
            refuse(
                InvalidTile,
                f"Długość {self.path} w bajtach: {len(data)}, a nie {self.width * HASH_BYTES}.",
                f"{self.path} is {len(data)} bytes long, not {self.width * HASH_BYTES}.",
            )


def join(hashes: Sequence[bytes]) -> bytes:
    """Write the bytes of a tile.

    Raises:
        InvalidTile: unless they are 1 to 256 hashes of 32 bytes each.
    """
    right = 0 < len(hashes) <= WIDTH and all(len(one) == HASH_BYTES for one in hashes)
    require(
        right,
        InvalidTile,
        "Kafel to od 1 do 256 skrótów po 32 bajty.",
        "A tile is written from 1 to 256 hashes of 32 bytes each.",
    )
    return b"".join(hashes)


def _hashes(data: bytes) -> list[bytes]:
    return [data[begin : begin + HASH_BYTES] for begin in range(0, len(data), HASH_BYTES)]


def hashes_at(level: int, size: int) -> int:
    """Count the hashes at a level of tiles. Source: C2SP tlog-tiles, "Partial Tiles": floor(s / 256**l)."""
    return size >> (level * HEIGHT)


def tiles(size: int) -> Iterator[Tile]:
    """Name all tiles of a tree of `size` leaves, level by level, each level from the left; the last may be partial."""
    return new_tiles(0, size)


def new_tiles(old_size: int, new_size: int) -> Iterator[Tile]:
    """Name the tiles that a tree has at `new_size` and did not have, or not so wide, at `old_size`."""
    for level in range(MAX_LEVEL + 1):
        yield from level_tiles(level, old_size, new_size)


def level_tiles(level: int, old_size: int, new_size: int) -> Iterator[Tile]:
    """Name those of `new_tiles(old_size, new_size)` that lie on one level, from the left."""
    old, new = hashes_at(level, old_size), hashes_at(level, new_size)
    if old < new:
        for index in range(old // WIDTH, -(-new // WIDTH)):
            yield Tile(level, index, min(WIDTH, new - index * WIDTH))


def partial_tiles(size: int) -> list[Tile]:
    """Name the partial tiles of a tree of `size` leaves, from level 0 up: its right edge.

    Source: C2SP tlog-tiles, "Partial Tiles": floor(s / 256**l) mod 256 hashes, and none when that is 0.
    """
    places = [(level, *divmod(hashes_at(level, size), WIDTH)) for level in range(MAX_LEVEL + 1)]
    return [Tile(level, index, width) for level, index, width in places if width]


def tile_with(node: Node, size: int) -> Tile:
    """Find the tile that holds, or that holds what is hashed into, a node of a tree of `size` leaves.

    Raises:
        InvalidTile: when the tree has no such node.
    """
    level, height = divmod(node.level, HEIGHT)
    index = (node.index << height) // WIDTH
    if node.level < 0 or not 0 <= node.index < size >> node.level:
        refuse(
            InvalidTile,
            f"Drzewo rozmiaru {size} nie ma węzła {node.index} na poziomie {node.level}.",
            f"A tree of {size} leaves has no node {node.index} at level {node.level}.",
        )
    return Tile(level, index, min(WIDTH, hashes_at(level, size) - index * WIDTH))
