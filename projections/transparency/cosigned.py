"""How many cosignatures of a log were stored, and which, kept in the signer's folder outside the database.

    <folder>/<log>.cosigned     {"count": 12, "digest": "<hex>"}

The digest is a chain over the rows in the order of their numbers. Written after the rows it speaks of, so that it may
lag behind them and never runs ahead; what it lags behind is taken in with the next one. A row that was taken away and
whose number another took is missed as long as the file lasts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from projections.transparency.memory import BrokenMemoryError, locked
from projections.transparency.signing import parsed, write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The first cosignatures of a log, none to begin with."""

    count: int = 0
    digest: bytes = bytes(32)

    def and_then(self, size: int, witness: str, line: str) -> Cosigned:
        """Return these and one more."""
        row = json.dumps([size, witness, line])
        return Cosigned(self.count + 1, sha256(self.digest + row.encode()).digest())


def remembered_of(folder: Path, log_id: str) -> Cosigned:
    """Return what is remembered of a log.

    Raises:
        BrokenMemoryError: the file is there and cannot be read.
    """
    try:
        return parsed(_file(folder, log_id), _read, BrokenMemoryError)
    except FileNotFoundError:
        return Cosigned()


def _read(text: bytes) -> Cosigned:
    stored = json.loads(text)
    return Cosigned(int(stored["count"]), bytes.fromhex(stored["digest"]))


def remember(connection: Connection, folder: Path, log_id: str) -> None:
    """Take in what was stored since the last time, up to a gap, and remember it durably.

    Raises:
        BrokenMemoryError: what is remembered cannot be read.
    """
    file = _file(folder, log_id)
    with locked(file.with_name(f"{file.name}.lock")):
        before = cosigned = remembered_of(folder, log_id)
        rows = connection.execute(
            "SELECT number, size, witness, line FROM transparency.cosignatures"
            " WHERE consortium_id = %s AND number > %s ORDER BY number",
            [log_id, before.count],
        )
        for number, size, witness, line in rows:
            if number != cosigned.count + 1:
                break
            cosigned = cosigned.and_then(size, witness, line)
        if cosigned != before:
            write_durably(file, json.dumps({"count": cosigned.count, "digest": cosigned.digest.hex()}))


def _file(folder: Path, log_id: str) -> Path:
    return folder / f"{log_id}.cosigned"
