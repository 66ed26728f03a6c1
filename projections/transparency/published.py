"""What the log shows the world: never more than its last published checkpoint covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.transparency.bundle import join
from domain.transparency.note import Note
from domain.transparency.proof import prove_consistency, prove_inclusion
from domain.transparency.prooffile import ProofFile
from domain.transparency.tile import WIDTH
from domain.transparency.tiled_tree import TiledTree
from projections.transparency.tiles import StoredTiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from domain.transparency.bundle import Bundle
    from domain.transparency.tile import Tile


class PublishedLog:
    """One consortium's log as published, read within one transaction; None where it shows nothing."""

    def __init__(self, connection: Connection, consortium_id: str) -> None:
        self._connection = connection
        self._consortium_id = consortium_id

    def sizes(self) -> list[int]:
        """Return the size of every checkpoint ever published, oldest first."""
        rows = self._connection.execute(
            "SELECT size FROM transparency.checkpoints WHERE consortium_id = %s ORDER BY size", [self._consortium_id]
        )
        return [size for (size,) in rows]

    def size(self) -> int:
        """Return the size of the last checkpoint; 0 before the first."""
        row = self._connection.execute(
            "SELECT max(size) FROM transparency.checkpoints WHERE consortium_id = %s", [self._consortium_id]
        ).fetchone()
        return (row[0] if row else None) or 0

    def checkpoint(self, size: int) -> bytes | None:
        """Return the signed note that was published at a size."""
        row = self._connection.execute(
            "SELECT note FROM transparency.checkpoints WHERE consortium_id = %s AND size = %s",
            [self._consortium_id, size],
        ).fetchone()
        return bytes(row[0]) if row else None

    def tile(self, tile: Tile) -> bytes | None:
        """Return a tile, full or partial, of the published tree."""
        if not tile.lies_in(self.size()):
            return None
        return StoredTiles(self._connection, self._consortium_id).read_tiles([tile])[0]

    def bundle(self, asked: Bundle) -> bytes | None:
        """Return the entries of a bundle of the published tree."""
        if not asked.tile.lies_in(self.size()):
            return None
        first = asked.index * WIDTH
        entries = self._entries(first, asked.width)
        return join(entries) if len(entries) == asked.width else None

    def entry(self, index: int) -> bytes | None:
        """Return the stored bytes of an entry, counted from 0."""
        entries = self._entries(index, 1) if 0 <= index < self.size() else []
        return entries[0] if entries else None

    def inclusion(self, index: int, size: int) -> Sequence[bytes] | None:
        """Prove that an entry is in the tree of a published size."""
        return prove_inclusion(index, size, self._tree(size)) if 0 <= index < size <= self.size() else None

    def consistency(self, old_size: int, new_size: int) -> Sequence[bytes] | None:
        """Prove that one size is the beginning of another."""
        if not 0 < old_size <= new_size <= self.size():
            return None
        return prove_consistency(old_size, new_size, self._tree(new_size))

    def proof_file(self, index: int) -> bytes | None:
        """Return the `.tlog-proof` of an entry under the last checkpoint."""
        size = self.size()
        hashes, note = self.inclusion(index, size), self.checkpoint(size)
        if hashes is None or note is None:
            return None
        return ProofFile(index, tuple(hashes), Note.parse(note)).write()

    def _tree(self, size: int) -> TiledTree:
        return TiledTree(size, StoredTiles(self._connection, self._consortium_id))

    def _entries(self, first: int, count: int) -> list[bytes]:
        rows = self._connection.execute(
            "SELECT state FROM public.ledger_events WHERE originator_id = %s"
            " AND originator_version > %s AND originator_version <= %s ORDER BY originator_version",
            [self._consortium_id, first, first + count],
        )
        return [bytes(state) for (state,) in rows]
