"""The deployment's seed, from which each log's key is derived.

    <folder>/seed       32 bytes in hexadecimal, mode 0400; made on first use, to be backed up apart from the database

Whoever holds the seed can sign in the name of every log of the deployment.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.keys import KEY_BYTES, SignerKey, derive_signer

if TYPE_CHECKING:
    from pathlib import Path

SEED: Final = "seed"


class BrokenSeedError(Exception):
    """The seed cannot be read, or others may read it."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Where the seed and the signer's memory are kept, and the public host that is part of every origin."""

    folder: Path
    host: str

    def origin(self, consortium_id: str) -> str:
        """Name a log, for ever."""
        return f"{self.host}/tlog/{consortium_id}"

    def signer(self, consortium_id: str) -> SignerKey:
        """Derive the key of a log.

        Raises:
            BrokenSeedError: the seed is missing or is none.
        """
        return derive_signer(self._seed(), self.origin(consortium_id))

    def create_seed(self) -> bool:
        """Make the seed where there is none; tell whether it was made now, so that it gets backed up."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self.folder / f"{SEED}.{secrets.token_hex(4)}"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        try:
            os.write(descriptor, secrets.token_hex(KEY_BYTES).encode() + b"\n")
            os.fsync(descriptor)
            # A link never replaces: of two that start at once, one makes the seed and the other uses it.
            os.link(new, self.folder / SEED)
        except FileExistsError:
            return False
        finally:
            os.close(descriptor)
            new.unlink()
        return True

    def _seed(self) -> bytes:
        file = self.folder / SEED
        try:
            seed = bytes.fromhex(file.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            message = f"{file.name}: {error}"
            raise BrokenSeedError(message) from error
        if len(seed) != KEY_BYTES or file.stat().st_mode & 0o077:
            message = f"{file.name}: must be {KEY_BYTES} bytes that nobody else may read"
            raise BrokenSeedError(message)
        return seed
