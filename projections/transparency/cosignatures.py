"""Cosignatures: what witnesses have said of checkpoints, stored beside them and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.note import Note
from domain.transparency.proof import prove_consistency
from domain.transparency.tiled_tree import TiledTree
from domain.transparency.witness import AddCheckpoint
from projections.transparency.cosigned import remember
from projections.transparency.tiles import StoredTiles

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection

    from domain.transparency.keys import VerifierKey
    from domain.transparency.note import Signed

DUE: Final = """
    SELECT consortium_id, published.size, note, (
        SELECT coalesce(max(size), 0) FROM transparency.cosignatures AS seen
        WHERE seen.consortium_id = tree.consortium_id AND witness = %(witness)s
    )
    FROM transparency.trees AS tree
    JOIN transparency.checkpoints AS published USING (consortium_id)
    WHERE published.size = (
        SELECT max(latest.size) FROM transparency.checkpoints AS latest
        WHERE latest.consortium_id = tree.consortium_id
    ) AND NOT EXISTS (
        SELECT FROM transparency.cosignatures AS seen
        WHERE (seen.consortium_id, seen.size, seen.witness) = (tree.consortium_id, published.size, %(witness)s)
    )
    ORDER BY consortium_id
"""


@dataclass(frozen=True, slots=True)
class Due:
    """The last checkpoint of a log, which a witness has not cosigned yet."""

    log_id: str
    size: int
    note: Note
    cosigned_size: int
    """The largest size that this witness has cosigned, as far as it is stored here; 0 before the first."""


def due(connection: Connection, witness: VerifierKey) -> list[Due]:
    """Return what a witness should be asked for; a log without entries is not worth its while."""
    rows = connection.execute(DUE, {"witness": witness.write()})
    return [Due(log_id, size, Note.parse(bytes(note)), seen) for log_id, size, note, seen in rows if size]


def submission(connection: Connection, asked: Due, old_size: int) -> AddCheckpoint:
    """Write the request that starts from what the witness has cosigned.

    Raises:
        Invalid: the log has no such size, or its tiles are not whole.
    """
    tree = TiledTree(asked.size, StoredTiles(connection, asked.log_id))
    return AddCheckpoint(old_size, prove_consistency(old_size, asked.size, tree), asked.note)


def store(connection: Connection, folder: Path, asked: Due, signed: Signed) -> None:
    """Store a cosignature that was verified, and remember in the signer's folder that there is one more.

    Of two from one witness the first is kept. `connection` commits each statement.

    Raises:
        BrokenMemoryError: what is remembered cannot be read; the cosignature is stored.
        OSError: it cannot be written; the cosignature is stored.
    """
    connection.execute(
        "INSERT INTO transparency.cosignatures (consortium_id, size, witness, line) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        [asked.log_id, asked.size, signed.key.write(), signed.signature.write()],
    )
    remember(connection, folder, asked.log_id)


def cosignature_lines(connection: Connection, log_id: str, size: int) -> list[str]:
    """Return the signature lines that witnesses gave for a checkpoint, in the order in which they came."""
    rows = connection.execute(
        "SELECT line FROM transparency.cosignatures WHERE consortium_id = %s AND size = %s"
        " ORDER BY received_at, witness",
        [log_id, size],
    )
    return [line for (line,) in rows]
