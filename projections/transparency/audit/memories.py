"""What the signer remembers of each log and which keys it has, read while nothing is being signed."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from domain.transparency.errors import InvalidKey
from domain.transparency.keys import VerifierKey
from projections.transparency.audit.finding import SIGNER, Finding, Report
from projections.transparency.cosigned import Cosigned, remembered_of
from projections.transparency.memory import BrokenMemoryError, Signed, SignerMemory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.transparency.signing import Signing

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)


@dataclass(slots=True)
class Memories:
    """The memories of all logs as they were when the snapshot was taken."""

    signing: Signing
    of: dict[str, Signed | None] = field(default_factory=dict)
    cosigned: dict[str, Cosigned] = field(default_factory=dict)

    @contextmanager
    def held(self, log_ids: Iterable[str], report: Report) -> Iterator[None]:
        """Read all memories, and let nobody sign until the snapshot that belongs to them is taken."""
        with ExitStack() as holding:
            for log_id in sorted(log_ids):
                self.of[log_id], self.cosigned[log_id] = None, Cosigned()
                # A changed id must not lead out of the folder.
                if not NAME.fullmatch(log_id):
                    continue
                memory = SignerMemory(self.signing.folder, log_id)
                holding.enter_context(memory.held())
                with _told(log_id, report):
                    self.of[log_id] = memory.read()
                with _told(log_id, report):
                    self.cosigned[log_id] = remembered_of(self.signing.folder, log_id)
            yield

    def keys_of(self, log_id: str) -> tuple[VerifierKey, ...]:
        """Return every key that may have signed a log: derived from the seeds, and remembered.

        Raises:
            BrokenSeedError: a seed is none.
        """
        remembered = self.of.get(log_id)
        try:
            vkeys = [*self.signing.signers(log_id), *(key.vkey for key in (remembered.keys if remembered else ()))]
            return tuple(dict.fromkeys(map(VerifierKey.parse, vkeys)))
        except InvalidKey:
            return ()


@contextmanager
def _told(log_id: str, report: Report) -> Iterator[None]:
    """Report a memory that cannot be read, and go on without it."""
    try:
        yield
    except BrokenMemoryError as error:
        why = error.sentences
        polish, english = f"pamięci nie da się odczytać: {why['pl']}", f"the memory cannot be read: {why['en']}"
        report(Finding(SIGNER, {"log": log_id}, polish, english))
