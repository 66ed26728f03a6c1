"""What the signer signed last, kept outside the database and its backups.

    <folder>/<consortium>.json      {"origin": "…", "root": "<base64>", "size": 358}

A log's memory is written and fsynced before its signature leaves the signer. So a database restored from an old backup
is refused, and a history that was rewritten is never signed, whatever the database says. Whoever can alter this folder
and the database can make the signer fork a log; whoever holds only the database cannot.
"""

from __future__ import annotations

import fcntl
import json
import os
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class BrokenMemoryError(Exception):
    """The signer's memory cannot be read; it must never be guessed."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The tree head that was signed last for an origin."""

    origin: str
    size: int
    root: bytes


class SignerMemory:
    """The memory of one log; used by one signer at a time."""

    def __init__(self, folder: Path, consortium_id: str) -> None:
        self._file: Final = folder / f"{consortium_id}.json"
        self._folder: Final = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the memory: no other signer of this log, in this process or another, reads or writes it meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def read(self) -> Signed | None:
        """Return what was signed last; None when nothing was.

        Raises:
            BrokenMemoryError: the file is there and cannot be read.
        """
        try:
            text = self._file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            stored = json.loads(text)
            return Signed(str(stored["origin"]), int(stored["size"]), b64decode(stored["root"], validate=True))
        except (ValueError, KeyError, TypeError) as error:
            message = f"{self._file.name}: {error}"
            raise BrokenMemoryError(message) from error

    def write(self, signed: Signed) -> None:
        """Remember, durably, before anything is signed; a crash leaves the old memory or the new one, whole."""
        text = json.dumps({"origin": signed.origin, "root": b64encode(signed.root).decode(), "size": signed.size})
        new = self._file.with_suffix(".new")
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, text.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        new.replace(self._file)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
