"""What the signer signed last, and with which keys, kept outside the database and its backups.

    <folder>/<log>.json     {"keys": [{"lost": false, "since": 0, "until": null, "vkey": "…"}], "origin": "…",
                             "root": "<base64>", "signed_by": ["…"], "size": 358}

A log's memory is written and fsynced before its signature leaves the signer. So a database restored from an old backup
is refused, a history that was rewritten is never signed, and no other key takes the place of the one that signed,
whatever the database says. Whoever can alter this folder and the database can make the signer fork a log; whoever holds
only the database cannot.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from domain.values import parse_instant, write_instant
from projections.transparency.keyring import Keys, LogKey
from projections.transparency.signing import BrokenFileError, parsed, write_durably

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class BrokenMemoryError(BrokenFileError):
    """The signer's memory cannot be read, or would be taken back; it must never be guessed."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The tree head that was signed last for an origin."""

    origin: str
    size: int
    root: bytes
    keys: Keys = ()
    """Every key of the log, oldest first; none where an earlier version of this program wrote it down."""
    signed_by: tuple[str, ...] = ()
    """The verifier keys of those that signed this very head."""

    def write(self) -> str:
        """Write it down as JSON."""
        return json.dumps(
            {
                "keys": [_written(key) for key in self.keys],
                "origin": self.origin,
                "root": b64encode(self.root).decode(),
                "signed_by": self.signed_by,
                "size": self.size,
            }
        )

    @classmethod
    def parse(cls, text: bytes) -> Signed:
        """Read what `write` wrote, or a version of this program that knew one key only.

        Raises:
            ValueError, KeyError, TypeError: it is none.
        """
        stored = json.loads(text)
        return cls(
            origin=str(stored["origin"]),
            size=int(stored["size"]),
            root=b64decode(stored["root"], validate=True),
            keys=tuple(_read(key) for key in stored.get("keys", ())),
            signed_by=tuple(map(str, stored.get("signed_by", ()))),
        )


class SignerMemory:
    """The memory of one log; used by one signer at a time."""

    def __init__(self, folder: Path, log_id: str) -> None:
        self._file: Final = folder / f"{log_id}.json"
        self._folder: Final = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the memory: no other signer of this log, in this process or another, reads or writes it meanwhile."""
        with locked(self._file.with_suffix(".lock")):
            yield

    def read(self) -> Signed | None:
        """Return what was signed last; None when nothing was.

        Raises:
            BrokenMemoryError: the file is there and cannot be read.
        """
        try:
            return parsed(self._file, Signed.parse, BrokenMemoryError)
        except FileNotFoundError:
            return None

    def write(self, signed: Signed) -> None:
        """Remember, durably, before anything is signed; a crash leaves the old memory or the new one, whole.

        Raises:
            BrokenMemoryError: more was signed before, or under another origin.
        """
        before = self.read()
        if before is not None and (before.origin != signed.origin or before.size > signed.size):
            raise BrokenMemoryError(
                self._file.name,
                f"podpisano już {before.origin} o rozmiarze {before.size}, i tego się nie cofa",
                f"{before.origin} was signed at {before.size}, and is never taken back",
            )
        write_durably(self._file, signed.write())


def remembered(folder: Path) -> dict[str, Signed]:
    """Return what was signed last of every log that has a memory, by log.

    Raises:
        BrokenMemoryError: one of them cannot be read.
    """
    memories = {log_id: SignerMemory(folder, log_id).read() for log_id in remembered_logs(folder)}
    return {log_id: signed for log_id, signed in memories.items() if signed is not None}


def remembered_logs(folder: Path) -> list[str]:
    """Name every log that has a memory, whether it can be read or not, in order."""
    # Other files of the folder have a number between the two dots; no log has a dot in its id.
    return sorted(file.stem for file in folder.glob("*.json") if "." not in file.stem)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, among the threads of this one too."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _written(key: LogKey) -> dict[str, Any]:
    until = write_instant(key.until) if key.until else None
    return {"lost": key.lost, "since": key.since, "until": until, "vkey": key.vkey}


def _read(stored: dict[str, Any]) -> LogKey:
    until = parse_instant(stored["until"]) if stored["until"] is not None else None
    return LogKey(str(stored["vkey"]), int(stored["since"]), until, bool(stored["lost"]))
