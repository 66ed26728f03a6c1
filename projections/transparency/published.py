"""What the log shows the world: never more than its last published checkpoint covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.bundle import join
from domain.transparency.note import Note
from domain.transparency.proof import prove_consistency, prove_inclusion
from domain.transparency.prooffile import ProofFile
from domain.transparency.tile import WIDTH
from domain.transparency.tiled_tree import TiledTree
from projections.transparency.cosignatures import cosignature_lines
from projections.transparency.keyring import vkeys_of
from projections.transparency.places import event_id_in, place_of
from projections.transparency.signing import LOG_OF_LOGS
from projections.transparency.tiles import StoredTiles

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from psycopg import Connection

    from domain.transparency.bundle import Bundle
    from domain.transparency.tile import Tile


CHANNEL: Final = "published_checkpoints"
"""The database notifies here, with the log's id, of each checkpoint that is stored (`schema-2.sql`)."""

CONSORTIUM_ENTRIES: Final = (
    "SELECT state FROM public.ledger_events WHERE originator_id = %(log_id)s"
    " AND originator_version > %(first)s AND originator_version <= %(end)s ORDER BY originator_version"
)
LOGGED_CHECKPOINTS: Final = (
    "SELECT note FROM transparency.log_of_logs WHERE leaf_index >= %(first)s AND leaf_index < %(end)s"
    " ORDER BY leaf_index"
)


class LostError(Exception):
    """What was published cannot be read any more: the database lacks it."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The root hash over the first entries of a log, and the signed note over it where one was published."""

    size: int
    root: bytes
    note: bytes | None


class PublishedLog:
    """One log as published, read within one transaction; None where it shows nothing."""

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection = connection
        self._log_id = log_id

    def published(self) -> list[tuple[int, datetime]]:
        """Return size and instant of every checkpoint ever published, oldest first."""
        rows = self._connection.execute(
            "SELECT size, published_at FROM transparency.checkpoints WHERE consortium_id = %s ORDER BY size",
            [self._log_id],
        )
        return [(size, published_at) for size, published_at in rows]

    def size(self) -> int:
        """Return the size of the last checkpoint; 0 before the first."""
        return published_sizes(self._connection, [self._log_id]).get(self._log_id, 0)

    def is_known(self) -> bool:
        """Tell whether anything of this log was ever published, be it that it is empty."""
        return self._log_id in published_sizes(self._connection, [self._log_id])

    def checkpoint(self, size: int) -> bytes | None:
        """Return the signed note that was published at a size, with the cosignatures that came since."""
        row = self._connection.execute(
            "SELECT note FROM transparency.checkpoints WHERE consortium_id = %s AND size = %s",
            [self._log_id, size],
        ).fetchone()
        lines = cosignature_lines(self._connection, self._log_id, size) if row else []
        return bytes(row[0]) + "".join(f"{line}\n" for line in lines).encode() if row else None

    def tile(self, tile: Tile) -> bytes | None:
        """Return a tile, full or partial, of the published tree."""
        if not tile.lies_in(self.size()):
            return None
        return StoredTiles(self._connection, self._log_id).read_tiles([tile])[0]

    def bundle(self, asked: Bundle) -> bytes | None:
        """Return the entries of a bundle of the published tree.

        Raises:
            LostError: not all of them are there.
        """
        if not asked.tile.lies_in(self.size()):
            return None
        return join(self._published_entries(asked.index * WIDTH, asked.width))

    def entry(self, index: int) -> bytes | None:
        """Return the stored bytes of an entry, counted from 0.

        Raises:
            LostError: it is not there.
        """
        return self._published_entries(index, 1)[0] if 0 <= index < self.size() else None

    def inclusion(self, index: int, size: int) -> Sequence[bytes] | None:
        """Prove that an entry is in the tree of a published size."""
        return prove_inclusion(index, size, self._tree(size)) if 0 <= index < size <= self.size() else None

    def consistency(self, old_size: int, new_size: int) -> Sequence[bytes] | None:
        """Prove that one size is the beginning of another; of the empty tree this is shown by no hashes."""
        if not 0 <= old_size <= new_size <= self.size():
            return None
        return prove_consistency(old_size, new_size, self._tree(new_size))

    def head(self, size: int) -> TreeHead | None:
        """Return the tree head of any size up to the published one."""
        if not 0 <= size <= self.size():
            return None
        return TreeHead(size, self._tree(size).root(), self.checkpoint(size))

    def index_of(self, event_id: str) -> int | None:
        """Find an entry by the id of its event.

        Raises:
            LostError: it is not there.
        """
        index = place_of(self._connection, self._log_id, event_id)
        entry = self.entry(index) if index is not None else None
        return index if entry is not None and event_id_in(entry) == event_id else None

    def expects(self, index: int) -> bool:
        """Tell whether an entry is published, or stored and will be: whether waiting for its proof makes sense."""
        return 0 <= index < self.size() or bool(self._entries(index, 1))

    def vkeys(self) -> Sequence[str]:
        """Return every key that signs the log now or ever signed it, oldest first; none where nothing is signed.

        Raises:
            LostError: something is signed, and no key is there.
        """
        vkeys = vkeys_of(self._connection, self._log_id)
        if not vkeys and self.is_known():
            raise LostError(self._log_id)
        return vkeys

    def proof_file(self, index: int, size: int | None = None) -> bytes | None:
        """Return the `.tlog-proof` of an entry under the last checkpoint, or under the one of a published size."""
        size = self.size() if size is None else size
        hashes, note = self.inclusion(index, size), self.checkpoint(size)
        if hashes is None or note is None:
            return None
        return ProofFile(index, tuple(hashes), Note.parse(note)).write()

    def _tree(self, size: int) -> TiledTree:
        return TiledTree(size, StoredTiles(self._connection, self._log_id))

    def _published_entries(self, first: int, count: int) -> list[bytes]:
        entries = self._entries(first, count)
        if len(entries) != count:
            raise LostError(self._log_id)
        return entries

    def _entries(self, first: int, count: int) -> list[bytes]:
        query = LOGGED_CHECKPOINTS if self._log_id == LOG_OF_LOGS else CONSORTIUM_ENTRIES
        asked = {"log_id": self._log_id, "first": first, "end": first + count}
        rows = self._connection.execute(query, asked)
        return [bytes(state) for (state,) in rows]


def published_sizes(connection: Connection, log_ids: Collection[str]) -> dict[str, int]:
    """Return the size of the last checkpoint of each of these logs that has one."""
    rows = connection.execute(
        "SELECT log_id, (SELECT max(size) FROM transparency.checkpoints WHERE consortium_id = log_id)"
        " FROM unnest(%s::text[]) AS asked (log_id)",
        [list(log_ids)],
    )
    return {log_id: size for log_id, size in rows if size is not None}


def unpublished_sizes(connection: Connection) -> list[int]:
    """Return, for each log that has entries which no checkpoint covers yet, how many."""
    rows = connection.execute(
        "SELECT tree.size - coalesce(latest.size, 0) FROM transparency.trees AS tree LEFT JOIN LATERAL ("
        " SELECT size FROM transparency.checkpoints AS published WHERE published.consortium_id = tree.consortium_id"
        " ORDER BY size DESC LIMIT 1"
        ") AS latest ON true WHERE tree.size > coalesce(latest.size, 0)"
    )
    return [size for (size,) in rows]
