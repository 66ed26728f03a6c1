"""One walk over the entries of a log, from the first bundle that is new: every hash of it is computed again.

    bundle ──▶ leaf hashes ──▶ right edge of the tree ──▶ root
                   ├─▶ tile of level 0, as served?
                   └─▶ roots of full tiles ──▶ tiles of the levels above, as served?

Nothing is believed until the root at the end is that of a checkpoint. What is kept meanwhile is the right edge and one
hash for 256 entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, Self

from api.audit.findings import Named, Wrong, refute
from domain.transparency.bundle import Bundle, new_bundles
from domain.transparency.tile import HEIGHT, WIDTH, join, level_tiles
from domain.transparency.tree import EMPTY_ROOT, Frontier, leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from api.audit.sources import Source
    from domain.transparency.tile import Tile

    Taken = Callable[[Tile | Bundle, bytes], None]


class Walk:
    """The way from the beginning of a bundle, whose tree is known, to the tree of `size` leaves."""

    def __init__(
        self, source: Source, size: int, frontier: Frontier | None = None, below: Iterable[bytes] = ()
    ) -> None:
        """Begin with the whole log; or behind `frontier`, a multiple of 256, with the roots of its full tiles."""
        self._source = source
        self._size = size
        self._frontier: Final = frontier or Frontier()
        self._below: Final = list(below)
        self._known: Final = self._frontier.size
        self._strayed: _Strayed | None = None
        self.wanted: Final[set[int]] = set()
        """Sizes whose roots are to be kept; more may be asked for on the way, before they are reached."""
        self.roots: Final[dict[int, bytes]] = {0: EMPTY_ROOT, self._known: self._frontier.root()}

    def entries(self, taken: Taken = lambda _place, _data: None) -> Iterator[tuple[int, bytes]]:
        """Read every entry with its index, as `bundles` does."""
        for first, entries in self.bundles(taken):
            yield from enumerate(entries, first)

    def bundles(self, taken: Taken = lambda _place, _data: None) -> Iterator[tuple[int, list[bytes]]]:
        """Read every entry, bundle by bundle behind the index of its first, and build the tree from them alone.

        Hand on every file that was read. A bundle becomes part of the tree when the next one is asked for, so whoever
        has one in hand may still want the root at any of its sizes. Where the tile beside a bundle says something else,
        `end` tells which of the two is wrong.

        Raises:
            Invalid: a bundle or a tile is none.
            UnreadableError: a file could not be had.
        """
        # The size is not believed yet, and may be any number: nothing is listed that was not read.
        tiles = level_tiles(0, self._known, self._size)
        places: Iterator[Tile | Bundle] = chain.from_iterable(
            (one, one.tile) for one in new_bundles(self._known, self._size)
        )
        files = self._source.map(self._source.within(self._size), places)
        for tile, bundle_data, tile_data in zip(tiles, files, files, strict=False):
            bundle = Bundle(tile.index, tile.width)
            taken(bundle, bundle_data)
            taken(tile, tile_data)
            entries, first = bundle.split(bundle_data), tile.index * WIDTH
            leaves = [leaf_hash(entry) for entry in entries]
            if (shown := tile.split(tile_data)) != leaves and self._strayed is None:
                self._strayed = _Strayed.first(tile, shown, leaves, entries)
            yield first, entries
            self._append(first, leaves)

    def _append(self, first: int, leaves: list[bytes]) -> None:
        full = len(leaves) == WIDTH
        if full:
            self._below.append(root_of(leaves))
        if full and self.wanted.isdisjoint(range(first + 1, first + 1 + WIDTH)):
            self._frontier.append(self._below[-1], HEIGHT)
            return
        for size, leaf in enumerate(leaves, first + 1):
            self._frontier.append(leaf)
            if size in self.wanted:
                self.roots[size] = self._frontier.root()

    def end(self, signed: bytes, taken: Taken = lambda _place, _data: None) -> bytes:
        """Return the root, once all entries are read, after a check of every tile that is new.

        Raises:
            Wrong: an entry or a hash in a tile of level 0 was altered, whichever of the two does not go with the root
                that was signed; or a tile above does not follow from those below it. The root is kept all the same.
            UnreadableError: a tile could not be had.
        """
        root = self.roots[self._size] = self._frontier.root()
        if self._strayed is not None:
            raise self._strayed.tile_fault() if root == signed else self._strayed.entry_fault()
        self._check_upper_tiles(taken)
        return root

    def _check_upper_tiles(self, taken: Taken) -> None:
        expected = list(upper_tiles(self._known, self._size, self._below))
        served = self._source.map(self._source.within(self._size), [tile for tile, _ in expected])
        for (tile, data), found in zip(expected, served, strict=True):
            taken(tile, found)
            if data != found:
                refute(f"{tile.path} nie wynika z wpisów", f"{tile.path} does not follow from the entries")


def upper_tiles(old_size: int, new_size: int, below: list[bytes]) -> Iterator[tuple[Tile, bytes]]:
    """Compute the tiles above level 0 that are new at `new_size`, from the roots of all full tiles of level 0."""
    level = 1
    while below:
        full = [root_of(below[begin : begin + WIDTH]) for begin in range(0, len(below) // WIDTH * WIDTH, WIDTH)]
        for tile in level_tiles(level, old_size, new_size):
            begin = tile.index * WIDTH
            yield tile, join(below[begin : begin + tile.width])
        level, below = level + 1, full


@dataclass(frozen=True, slots=True)
class _Strayed:
    """The first entry whose hash is not the one that the tile beside it shows."""

    tile: Tile
    number: int
    """Of the hash in the tile, from 0."""
    named: Named

    @classmethod
    def first(cls, tile: Tile, shown: list[bytes], leaves: list[bytes], entries: list[bytes]) -> Self:
        number = next(number for number, pair in enumerate(zip(shown, leaves, strict=True)) if pair[0] != pair[1])
        return cls(tile, number, Named.of(tile.index * WIDTH + number, entries[number]))

    def tile_fault(self) -> Wrong:
        return Wrong(
            f"{self.tile.path}: skrót nr {self.number} (licząc od 0) nie jest skrótem, który daje"
            f" {self.named.say('pl')}; wpisy dają podpisany skrót drzewa, więc zmieniono ten plik, a nie wpis",
            f"{self.tile.path}: hash {self.number} (from 0) is not that of {self.named.say('en')}; the entries lead to"
            " the root hash that was signed, so this file was altered and not the entry",
        )

    def entry_fault(self) -> Wrong:
        return Wrong(
            f"{self.named.say('pl')}: jego bajty nie dają skrótu, który stoi w drzewie",
            f"{self.named.say('en')}: its bytes are not those of its leaf",
        )
