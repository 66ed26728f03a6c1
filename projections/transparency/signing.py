"""The deployment's seeds, from which each log's keys are derived.

    <folder>/seed           the first: 32 bytes in hexadecimal, mode 0400; made on first use
    <folder>/seed.2 …       the generations after it, each made by a rotation of the keys

They are to be backed up apart from the database: whoever holds a seed can sign in the name of every log of the
deployment, and without it none can be continued under the key that the world knows.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from domain.transparency.keys import KEY_BYTES, SignerKey, derive_signer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

SEED: Final = "seed"
SEED_FILE: Final = re.compile(r"seed(?:\.([2-9]|[1-9][0-9]+))?")

LOG_OF_LOGS: Final = "log_of_logs"
"""Stands where the id of a consortium stands, for the log that the deployment keeps of all others; no consortium may
have an underscore in its id."""


UNREADABLE: Final = ("nie ma w nim tego, co zapisuje ten program", "it does not hold what this program writes")


class BrokenFileError(Exception):
    """A file of the signer cannot be relied on; `sentences` name it and say why, `str()` says it in English."""

    def __init__(self, file: str, polish: str, english: str) -> None:
        super().__init__(f"{file}: {english}")
        self.sentences: Final = {"pl": f"{file}: {polish}", "en": f"{file}: {english}"}


def parsed(file: Path, parse: Callable[[bytes], T], broken: type[BrokenFileError]) -> T:
    """Return what a file of the signer says, which this program wrote.

    Raises:
        FileNotFoundError: there is none.
        BrokenFileError: of the kind named, where it holds something else.
    """
    text = file.read_bytes()
    try:
        return parse(text)
    except (ValueError, KeyError, TypeError) as error:
        raise broken(file.name, *UNREADABLE) from error


class BrokenSeedError(BrokenFileError):
    """A seed cannot be read, or others may read it."""


@dataclass(frozen=True, slots=True)
class Signing:
    """Where the seeds and the signer's memory are kept, and the public host that is part of every origin."""

    folder: Path
    host: str

    def origin(self, log_id: str) -> str:
        """Name a log, for ever."""
        return f"{self.host}/log-of-logs" if log_id == LOG_OF_LOGS else f"{self.host}/tlog/{log_id}"

    def generations(self) -> list[int]:
        """Number the seeds that are there, oldest first; one that was lost leaves a gap."""
        try:
            found = [SEED_FILE.fullmatch(file.name) for file in self.folder.iterdir()]
        except FileNotFoundError:
            return []
        return sorted(int(name[1] or 1) for name in found if name)

    def signer(self, log_id: str, generation: int | None = None) -> SignerKey:
        """Derive the key of a log, from the newest seed unless another is named.

        Raises:
            BrokenSeedError: the seed is missing or is none.
        """
        return derive_signer(self._seed(generation or max(self.generations(), default=1)), self.origin(log_id))

    def signers(self, log_id: str) -> dict[str, SignerKey]:
        """Derive the keys of a log from every seed that is there, by verifier key, oldest first.

        Raises:
            BrokenSeedError: a seed is none.
        """
        keys = [self.signer(log_id, generation) for generation in self.generations()]
        return {key.verifier.write(): key for key in keys}

    def create_seed(self, *, signed_before: bool = False) -> bool:
        """Make the first seed; tell whether it was made now, so that it gets backed up.

        None is made where something was signed before, as the caller or the memory of a log knows: that seed is lost,
        and no other may quietly take its place.
        """
        remembered = any(self.folder.glob("*.json"))
        return not (signed_before or remembered or self.generations()) and self.create_generation(1)

    def create_generation(self, generation: int) -> bool:
        """Make a seed where there is none of this number; tell whether it was made now."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self.folder / f"{SEED}.{secrets.token_hex(4)}.new"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o400)
        try:
            os.write(descriptor, secrets.token_hex(KEY_BYTES).encode() + b"\n")
            os.fsync(descriptor)
            # A link never replaces: of two that start at once, one makes the seed and the other uses it.
            os.link(new, self.file(generation))
        except FileExistsError:
            return False
        finally:
            os.close(descriptor)
            new.unlink()
            sync_folder(self.folder)
        return True

    def file(self, generation: int) -> Path:
        """Name the file of a seed."""
        return self.folder / (SEED if generation == 1 else f"{SEED}.{generation}")

    def _seed(self, generation: int) -> bytes:
        file = self.file(generation)
        try:
            seed = bytes.fromhex(file.read_text(encoding="ascii").strip())
        except FileNotFoundError as error:
            raise BrokenSeedError(file.name, "nie ma tego pliku", "there is no such file") from error
        except OSError as error:
            raise BrokenSeedError(file.name, "nie wolno go odczytać", "it may not be read") from error
        except ValueError as error:
            raise BrokenSeedError(file.name, *UNREADABLE) from error
        if len(seed) != KEY_BYTES:
            raise BrokenSeedError(file.name, *UNREADABLE)
        if file.stat().st_mode & 0o077:
            raise BrokenSeedError(file.name, "inni mogą go czytać (chmod 0400)", "others may read it (chmod 0400)")
        return seed


def sync_folder(folder: Path) -> None:
    """Make names that were given or taken away in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(file: Path, text: str) -> None:
    """Replace a file; a crash leaves the old one or the new one, whole."""
    new = file.with_name(f"{file.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(file)
    sync_folder(file.parent)
