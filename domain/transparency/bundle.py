"""Entry bundles: the entries themselves, as many to a file as a tile of level 0 has hashes.

    tile/entries/<N>[.p/<W>]        tile/entries/x001/067.p/5

A bundle is the entries in order, each behind its length in bytes as a big-endian 16-bit integer. Entry i of a bundle
hashes to hash i of the tile at the same place of level 0.

Source: C2SP tlog-tiles, "Log entries".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.errors import InvalidBundle, InvalidTile, refuse
from domain.transparency.tile import WIDTH, Tile, level_tiles, parse_place, write_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIX: Final = "tile/entries/"
LENGTH_BYTES: Final = 2
MAX_ENTRY_BYTES: Final = 2**16 - 1


@dataclass(frozen=True, slots=True, order=True)
class Bundle:
    """A place in the entries of a log, full unless `width` says otherwise.

    Raises:
        InvalidBundle: for an index beyond 2**63 - 1, or a width that is not from 1 to 256.
    """

    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        try:
            Tile(0, self.index, self.width)
        except InvalidTile as error:
            raise InvalidBundle(error.say("pl"), error.say("en")) from error

    @property
    def path(self) -> str:
        return PREFIX + write_place(self.index, self.width)

    @classmethod
    def parse(cls, path: str) -> Bundle:
        """Read the path of a bundle, without a slash before it.

        Raises:
            InvalidBundle: unless it is written exactly as `path` writes it.
        """
        place = parse_place(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
        if place is None:
            refuse(
                InvalidBundle,
                f"{path[:100]!r} nie jest ścieżką paczki wpisów.",
                f"{path[:100]!r} is no path of an entry bundle.",
            )
        return cls(*place)

    @property
    def tile(self) -> Tile:
        """The tile whose hashes are those of the entries."""
        return Tile(0, self.index, self.width)

    def split(self, data: bytes) -> list[bytes]:
        """Take the bytes of this bundle apart into its entries.

        Raises:
            InvalidBundle: when they are not exactly `width` entries.
        """
        ends = self._ends(data)
        if ends[-1] != len(data):
            refuse(
                InvalidBundle,
                f"Bajty ponad wpisy w {self.path}: {len(data) - ends[-1]}.",
                f"{self.path} has {len(data) - ends[-1]} bytes too many.",
            )
        return [data[begin + LENGTH_BYTES : end] for begin, end in zip([0, *ends], ends, strict=False)]

    def cut(self, data: bytes) -> bytes:
        """Cut this bundle from the bytes of the same bundle at its present width or wider.

        Raises:
            InvalidBundle: when they hold fewer entries.
        """
        return data[: self._ends(data)[-1]]

    def _ends(self, data: bytes) -> list[int]:
        """Find where each entry ends."""
        ends, end = [], 0
        for number in range(self.width):
            begin = end + LENGTH_BYTES
            end = begin + int.from_bytes(data[end:begin], "big")
            # When the length itself is cut short, `begin` lies beyond the data already.
            if end > len(data):
                refuse(
                    InvalidBundle,
                    f"{self.path} urywa się we wpisie {number} z {self.width}.",
                    f"{self.path} breaks off in entry {number} of {self.width}.",
                )
            ends.append(end)
        return ends


def join(entries: Sequence[bytes]) -> bytes:
    """Write the bytes of a bundle.

    Raises:
        InvalidBundle: unless they are 1 to 256 entries, each at most 65,535 bytes long.
    """
    if not 0 < len(entries) <= WIDTH:
        refuse(
            InvalidBundle,
            f"Paczka to od 1 do 256 wpisów, a nie {len(entries)}.",
            f"A bundle holds 1 to 256 entries, not {len(entries)}.",
        )
    longest = max(map(len, entries))
    if longest > MAX_ENTRY_BYTES:
        refuse(
            InvalidBundle,
            f"Wpis jest dłuższy niż 65 535 bajtów: ma ich {longest}.",
            f"An entry of {longest} bytes is longer than 65,535.",
        )
    return b"".join(len(entry).to_bytes(LENGTH_BYTES, "big") + entry for entry in entries)


def bundles(size: int) -> Iterator[Bundle]:
    """Name all bundles of a log of `size` entries, from the first; the last may be partial."""
    return new_bundles(0, size)


def new_bundles(old_size: int, new_size: int) -> Iterator[Bundle]:
    """Name the bundles that a log has at `new_size` and did not have, or not so wide, at `old_size`."""
    return (Bundle(tile.index, tile.width) for tile in level_tiles(0, old_size, new_size))
