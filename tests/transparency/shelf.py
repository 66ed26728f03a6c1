"""Tiles as a log keeps them: one that only grows for each place, narrower ones cut from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.transparency.tiled_tree import grow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from domain.transparency.tile import Tile


class Shelf:
    def __init__(self) -> None:
        self.size = 0
        self.kept: dict[tuple[int, int], bytes] = {}
        self.asked: list[list[Tile]] = []

    def extend(self, leaves: Sequence[bytes]) -> dict[Tile, bytes]:
        grown = grow(self.size, leaves, self)
        for tile, data in grown.items():
            place = tile.level, tile.index
            assert data.startswith(self.kept.get(place, b""))
            self.kept[place] = data
        self.size += len(leaves)
        return grown

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        self.asked.append(list(tiles))
        return [tile.cut(self.kept[tile.level, tile.index]) for tile in tiles]


class Folder:
    """Tiles as they lie in a folder, full and partial ones each in their own file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        return [(self.folder / tile.path).read_bytes() for tile in tiles]
