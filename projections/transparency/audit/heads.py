"""The tree heads that were signed: every stored checkpoint, and what the signer remembers beside the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.errors import Invalid
from projections.transparency.audit.finding import CHECKPOINTS, SIGNER, Finding, Key, Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from psycopg import Connection

    from domain.transparency.keys import VerifierKey
    from projections.transparency.memory import Signed


@dataclass(frozen=True, slots=True)
class Head:
    """A size and the root that was signed at it, with the place where that stands."""

    size: int
    root: bytes
    table: str
    key: Key


@dataclass(frozen=True, slots=True)
class SignedHeads:
    """The signed heads of one log, by size."""

    connection: Connection
    log_id: str
    origin: str
    keys: Collection[VerifierKey]
    """All that ever signed this log."""
    memory: Signed | None
    report: Report

    def by_size(self) -> Iterator[Head]:
        """Yield each head, and report those that this log did not sign."""
        remembered = self._remembered()
        for size, note in self._stored():
            if remembered is not None and remembered.size < size:
                yield remembered
                remembered = None
            head = self._opened(size, note)
            if head is not None:
                yield head
        if remembered is not None:
            yield remembered

    def audit_completeness(self) -> None:
        """Report checkpoints that are missing: by their numbers, and by what the signer remembers."""
        gaps = self.connection.execute(
            "SELECT number + 1, following - 1 FROM (SELECT number, lead(number) OVER (ORDER BY number) AS following"
            " FROM (SELECT number FROM transparency.checkpoints WHERE consortium_id = %(log)s UNION SELECT 0) AS those)"
            " AS pairs WHERE following > number + 1 ORDER BY number",
            {"log": self.log_id},
        )
        for first, last in gaps.fetchall():
            key = {"consortium_id": self.log_id, "first_number": first, "last_number": last}
            self.report(Finding(CHECKPOINTS, key, "brak tych punktów kontrolnych", "these checkpoints are missing"))
        self._judge_order()
        row = self.connection.execute(
            "SELECT max(size) FROM transparency.checkpoints WHERE consortium_id = %s", [self.log_id]
        ).fetchone()
        self._judge_memory(row[0] if row else None)

    def _judge_order(self) -> None:
        """Sizes grow with the numbers; only that of the empty tree may have come later, in a log begun without it."""
        rows = self.connection.execute(
            "SELECT size, number FROM (SELECT size, number, lag(size) OVER (ORDER BY number) AS before"
            " FROM transparency.checkpoints WHERE consortium_id = %s AND size > 0) AS ordered"
            " WHERE before > size ORDER BY number",
            [self.log_id],
        )
        for size, number in rows.fetchall():
            key = {"consortium_id": self.log_id, "size": size, "number": number}
            polish, english = "opublikowany po większym", "published after a larger one"
            self.report(Finding(CHECKPOINTS, key, polish, english))

    def _judge_memory(self, largest: int | None) -> None:
        if self.memory is None:
            if largest is not None:
                self._say_signer(
                    "podpisujący nie pamięta tego dziennika",
                    "the signer has no memory of this log, which was published",
                )
        elif largest is None or largest < self.memory.size:
            key: Key = {"consortium_id": self.log_id, "size": self.memory.size}
            polish = "podpisano, a punktu kontrolnego nie ma: usunięty, albo start usługi opublikuje go znowu"
            english = "was signed and is not stored: removed, or the service publishes it again when it starts"
            self.report(Finding(CHECKPOINTS, key, polish, english))
        elif largest > self.memory.size:
            self._say_signer(
                f"podpisujący pamięta {self.memory.size} wpisów, a opublikowano {largest}: to starsza kopia pamięci",
                f"the signer remembers {self.memory.size} entries and {largest} were published: an older memory",
            )
        if self.memory is not None and self.memory.origin != self.origin:
            self._say_signer(f"pamięta {self.memory.origin}", f"it remembers {self.memory.origin}, not {self.origin}")

    def _stored(self) -> Iterator[tuple[int, bytes]]:
        with self.connection.cursor(name="audited_checkpoints") as cursor:
            cursor.execute(
                "SELECT size, note FROM transparency.checkpoints WHERE consortium_id = %s ORDER BY size", [self.log_id]
            )
            for size, note in cursor:
                yield size, bytes(note)

    def _opened(self, size: int, note: bytes) -> Head | None:
        key: Key = {"consortium_id": self.log_id, "size": size}
        try:
            checkpoint = open_checkpoint(note, self.origin, self.keys).checkpoint
        except Invalid as error:
            polish = f"nie podpisany przez ten dziennik: {error.say('pl')}"
            self.report(Finding(CHECKPOINTS, key, polish, error.say("en")))
            return None
        if checkpoint.size != size:
            polish, english = f"podpisano rozmiar {checkpoint.size}", f"size {checkpoint.size} was signed"
            self.report(Finding(CHECKPOINTS, key, polish, english))
        return Head(checkpoint.size, checkpoint.root, CHECKPOINTS, key) if checkpoint.size == size else None

    def _remembered(self) -> Head | None:
        if self.memory is None:
            return None
        return Head(self.memory.size, self.memory.root, SIGNER, {"log": self.log_id})

    def _say_signer(self, polish: str, english: str) -> None:
        self.report(Finding(SIGNER, {"log": self.log_id}, polish, english))
