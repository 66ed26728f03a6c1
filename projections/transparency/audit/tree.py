"""The tiles of one log against its leaves, read again, and against everything that was ever signed of it.

Where a leaf and its stored hash differ, one of the two was changed. What lies above them tells which: the hash of the
whole tile one level up or, in the last tile, a signed head. The tree is followed on from the one that is borne out, so
that one changed row is one finding and not one for everything behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from domain.transparency.tile import MAX_LEVEL, WIDTH, Tile, hashes_at
from domain.transparency.tree import HASH_BYTES, Frontier, root_of
from projections.transparency.audit.finding import SIGNER, TILES, Finding, Key, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psycopg import Connection

    from projections.transparency.audit.heads import Head

MAX_BYTES: Final = WIDTH * HASH_BYTES

Hashes = list[bytes | None]
"""None for a hash that cannot be known, because an entry is missing."""


@dataclass(slots=True)
class TreeRows:
    """Takes the leaves in order, and compares tile by tile."""

    connection: Connection
    log_id: str
    size: int
    heads: Iterator[Head]
    report: Report
    blame: Callable[[int, int, str, str], None]
    """Reports leaves, from the first to the last by their number from 1: it is their rows that were changed."""
    _rows: dict[int, Hashes] = field(default_factory=dict)
    _taken: int = 0
    _frontier: Frontier | None = field(default_factory=Frontier)
    _next: Head | None = None
    _waiting: list[Head] = field(default_factory=list)
    """Heads that were signed within the tile of leaves in hand."""
    _sound: int = 0
    """The largest signed size that the leaves lead to."""
    _astray: list[Head] = field(default_factory=list)
    """Signed heads since then, to which they do not."""

    def __post_init__(self) -> None:
        self._next = next(self.heads, None)
        self._await_heads(0)
        self._pass_heads()

    def take(self, leaf: bytes | None) -> None:
        """Take the hash of the next entry; None when it is missing."""
        if self._taken < self.size:
            self._taken += 1
            self._put(0, leaf)

    def finish(self) -> None:
        """Compare what is left when all leaves were taken."""
        for level in range(MAX_LEVEL + 1):
            if self._rows.get(level):
                self._close(level)
        self._judge_astray()
        self._find_strays()

    def _put(self, level: int, one: bytes | None) -> None:
        row = self._rows.setdefault(level, [])
        row.append(one)
        if len(row) == WIDTH:
            self._close(level)

    def _close(self, level: int) -> None:
        row, self._rows[level] = self._rows[level], []
        end = self._taken if level == 0 else hashes_at(level, self._taken)
        index = (end - 1) // WIDTH
        if level == 0:
            self._await_heads(end)
        right = self._compared(Tile(level, index, len(row)), row)
        if level == 0:
            for leaf in right:
                self._grow(leaf)
        if len(row) == WIDTH:
            known = [one for one in right if one is not None]
            self._put(level + 1, root_of(known) if len(known) == WIDTH else None)

    def _compared(self, tile: Tile, row: Hashes) -> Hashes:
        """Compare a tile with what it should be; return what it should be, as far as it can be known."""
        stored = self._stored(tile.level, tile.index)
        if stored == b"".join(one or b"" for one in row) and None not in row:
            return row
        whole = len(stored) == tile.width * HASH_BYTES
        found: Hashes = [stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)] if whole else []
        if tile.level == 0 and found and self._witnesses(tile, found) > self._witnesses(tile, row):
            self._blame_leaves(tile, row, found)
            return found
        differing = [at for at, one in enumerate(row) if one is not None and (not found or found[at] != one)]
        if differing or not found:
            self._say_tile(tile, stored, found, differing)
        return [one if one is not None or not found else found[at] for at, one in enumerate(row)]

    def _witnesses(self, tile: Tile, row: Hashes) -> int:
        """Count what follows from these hashes of a tile of leaves: the hash above them, and heads signed within."""
        known = [one for one in row if one is not None]
        if len(known) < len(row):
            return 0
        whole = tile.width == WIDTH
        count = int(whole and self._stored(1, tile.index // WIDTH)[_slot(tile.index)] == root_of(known))
        if self._frontier is not None:
            frontier = Frontier(self._frontier.size, self._frontier.edge)
            for head in self._waiting:
                frontier.extend(known[frontier.size - tile.index * WIDTH : head.size - tile.index * WIDTH])
                count += head.root == frontier.root()
        return count

    def _blame_leaves(self, tile: Tile, row: Hashes, found: Hashes) -> None:
        for at, (one, other) in enumerate(zip(row, found, strict=True)):
            if one is not None and one != other:
                number = tile.index * WIDTH + at + 1
                polish, english = "bajty nie są tymi, które podpisano", "its bytes are not those that were signed"
                self.blame(number, number, polish, english)

    def _grow(self, leaf: bytes | None) -> None:
        if leaf is None:
            self._frontier = None
        if self._frontier is None:
            # What was signed from here on cannot be judged.
            self._waiting.clear()
        elif leaf is not None:
            self._frontier.append(leaf)
            self._pass_heads()

    def _await_heads(self, upto: int) -> None:
        """Have at hand all heads of a size up to this."""
        while self._next is not None and self._next.size <= upto:
            self._waiting.append(self._next)
            self._next = next(self.heads, None)

    def _pass_heads(self) -> None:
        """Compare every head of the present size."""
        while self._waiting and self._frontier is not None and self._waiting[0].size <= self._frontier.size:
            head = self._waiting.pop(0)
            if head.root == self._frontier.root():
                self._report_second(self._astray)
                self._sound = head.size
                self._astray = []
            else:
                self._astray.append(head)

    def _judge_astray(self) -> None:
        """A head that later ones contradict is alone wrong; a history that the last ones contradict was rewritten."""
        if self._astray and all(head.size <= self._sound for head in self._astray):
            self._report_second(self._astray)
        elif self._astray:
            head = self._astray[0]
            told = "pamięć podpisującego" if head.table == SIGNER else "punkt kontrolny"
            said = "the signer's memory" if head.table == SIGNER else "the checkpoint"
            self.blame(
                self._sound + 1,
                head.size,
                f"historia przepisana: {told} rozmiaru {head.size} podpisano nad innymi wpisami",
                f"history was rewritten: {said} of size {head.size} was signed over other entries",
            )
            self._report_second(self._astray)
        while self._next is not None:
            if self._next.size > self.size:
                self._report_beyond(self._next)
            self._next = next(self.heads, None)

    def _report_second(self, heads: Sequence[Head]) -> None:
        for head in heads:
            polish = f"podpisano inny skrót drzewa rozmiaru {head.size} niż dają wpisy"
            english = f"another root was signed at size {head.size} than the entries give"
            self.report(Finding(head.table, head.key, polish, english))

    def _report_beyond(self, head: Head) -> None:
        polish = f"podpisano {head.size} wpisów, a w bazie jest {self.size}: ucięto koniec albo to starsza kopia"
        english = f"{head.size} entries were signed, the database has {self.size}: cut off, or an older backup"
        self.report(Finding(head.table, head.key, polish, english))

    def _find_strays(self) -> None:
        """Report stored tiles that the tree does not have."""
        rows = self.connection.execute(
            "SELECT level, tile_index FROM transparency.tiles WHERE consortium_id = %s ORDER BY 1, 2", [self.log_id]
        )
        for level, index in rows.fetchall():
            lies = 0 <= level <= MAX_LEVEL and index >= 0 and Tile(level, index, 1).lies_in(self.size)
            if not lies:
                english = f"a tree of {self.size} leaves has no such tile"
                key = {"consortium_id": self.log_id, "level": level, "tile_index": index}
                self.report(Finding(TILES, key, f"drzewo {self.size} liści nie ma takiego kafla", english))

    def _stored(self, level: int, index: int) -> bytes:
        row = self.connection.execute(
            "SELECT hashes FROM transparency.tiles WHERE (consortium_id, level, tile_index) = (%s, %s, %s)",
            [self.log_id, level, index],
        ).fetchone()
        return bytes(row[0]) if row else b""

    def _say_tile(self, tile: Tile, stored: bytes, found: Hashes, differing: Sequence[int]) -> None:
        key: Key = {"consortium_id": self.log_id, "level": tile.level, "tile_index": tile.index}
        if not stored:
            polish, english = "brak kafla", "the tile is missing"
        elif not found:
            wide = len(stored) // HASH_BYTES
            polish, english = f"skrótów {wide} zamiast {tile.width}", f"{wide} hashes instead of {tile.width}"
        else:
            numbers = ", ".join(map(str, differing[:8])) + (" …" if len(differing) > 8 else "")  # noqa: PLR2004 - enough to look at
            polish = f"skróty nie wynikają z wpisów: {numbers}"
            english = f"hashes that do not follow from the entries: {numbers}"
        self.report(Finding(TILES, key, polish, english))


def _slot(index: int) -> slice:
    begin = index % WIDTH * HASH_BYTES
    return slice(begin, begin + HASH_BYTES)
