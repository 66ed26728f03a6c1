"""One walk over the entries of a log, from the first bundle that is new: every hash of it is computed again.

    bundle ──▶ leaf hashes ──▶ tile of level 0, as served?  ──▶ right edge of the tree ──▶ root
                                  └─▶ roots of full tiles ──▶ tiles of the levels above, as served?

Nothing is believed until the root at the end is that of a checkpoint. What is kept meanwhile is the right edge and one
hash for 256 entries.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

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
        self.wanted: Final[set[int]] = set()
        """Sizes whose roots are to be kept; more may be asked for on the way, before they are reached."""
        self.roots: Final[dict[int, bytes]] = {0: EMPTY_ROOT, self._known: self._frontier.root()}

    def entries(self, taken: Taken = lambda _place, _data: None) -> Iterator[tuple[int, bytes]]:
        """Read every entry with its index, as `bundles` does."""
        for first, entries in self.bundles(taken):
            yield from enumerate(entries, first)

    def bundles(self, taken: Taken = lambda _place, _data: None) -> Iterator[tuple[int, list[bytes]]]:
        """Read every entry, bundle by bundle behind the index of its first; each is the one that its leaf says.

        Hand on every file that was read. A bundle becomes part of the tree when the next one is asked for, so whoever
        has one in hand may still want the root at any of its sizes.

        Raises:
            Wrong: the first entry that is not that of its leaf.
            Invalid: a bundle or a tile is none.
            UnreadableError: a file could not be had.
        """
        # The size is not believed yet, and may be any number: nothing is listed that was not read.
        tiles = level_tiles(0, self._known, self._size)
        places: Iterator[Tile | Bundle] = chain.from_iterable(
            (one, one.tile) for one in new_bundles(self._known, self._size)
        )
        files = self._source.map(self._source.place, places)
        for tile, bundle_data, tile_data in zip(tiles, files, files, strict=False):
            bundle = Bundle(tile.index, tile.width)
            taken(bundle, bundle_data)
            taken(tile, tile_data)
            leaves, entries, first = tile.split(tile_data), bundle.split(bundle_data), tile.index * WIDTH
            for index, (entry, leaf) in enumerate(zip(entries, leaves, strict=True), first):
                if leaf_hash(entry) != leaf:
                    raise _not_its_leaf(index, entry)
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

    def end(self, taken: Taken = lambda _place, _data: None) -> bytes:
        """Check every new tile above level 0, once all entries are read, and return the root.

        Raises:
            Wrong: a tile that does not follow from those below it.
            UnreadableError: a tile could not be had.
        """
        expected = list(upper_tiles(self._known, self._size, self._below))
        served = self._source.map(self._source.place, [tile for tile, _ in expected])
        for (tile, data), found in zip(expected, served, strict=True):
            taken(tile, found)
            if data != found:
                refute(
                    f"{tile.path} nie wynika z wpisów",
                    f"{tile.path} does not follow from the entries",
                )
        root = self._frontier.root()
        self.roots[self._size] = root
        return root


def upper_tiles(old_size: int, new_size: int, below: list[bytes]) -> Iterator[tuple[Tile, bytes]]:
    """Compute the tiles above level 0 that are new at `new_size`, from the roots of all full tiles of level 0."""
    level = 1
    while below:
        full = [root_of(below[begin : begin + WIDTH]) for begin in range(0, len(below) // WIDTH * WIDTH, WIDTH)]
        for tile in level_tiles(level, old_size, new_size):
            begin = tile.index * WIDTH
            yield tile, join(below[begin : begin + tile.width])
        level, below = level + 1, full


def _not_its_leaf(index: int, entry: bytes) -> Wrong:
    named = Named.of(index, entry)
    return Wrong(
        f"{named.say('pl')}: jego bajty nie dają skrótu, który stoi w drzewie",
        f"{named.say('en')}: its bytes are not those of its leaf",
    )
