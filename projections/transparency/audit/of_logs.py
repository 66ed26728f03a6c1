"""The leaves of the log of logs: each is a checkpoint that another log of this deployment signed and published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.errors import Invalid
from domain.transparency.tree import leaf_hash
from projections.transparency.audit.finding import CHECKPOINTS, Finding, Key, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from psycopg import Connection

    from domain.transparency.keys import VerifierKey

LEAVES: Final = "transparency.log_of_logs"


@dataclass(slots=True)
class LoggedCheckpoints:
    """Reads the leaves in order and hands the hash of each to `take`, None for one that is missing."""

    connection: Connection
    integrated: int
    origin_of: Callable[[str], str]
    keys_of: Callable[[str], Collection[VerifierKey]]
    report: Report
    take: Callable[[bytes | None], None]
    _index: int = -1

    def audit(self) -> None:
        """Read everything once."""
        for index, log_id, size, note, stored in self._rows():
            if index <= self._index:
                self._say(index, "nie ma takiego miejsca", "no leaf can have this index")
                continue
            self._miss(self._index + 1, index - 1)
            self._index = index
            self._judge(index, log_id, size, note)
            if stored != note:
                key: Key = {"consortium_id": log_id, "size": size}
                polish = f"nie jest tym, który zapisano w dzienniku dzienników jako {index}"
                english = f"is not the one that the log of logs has as leaf {index}"
                self.report(Finding(CHECKPOINTS, key, polish, english))
            self.take(leaf_hash(note))
        self._miss(self._index + 1, self.integrated - 1)

    def _rows(self) -> Iterator[tuple[int, str, int, bytes, bytes]]:
        with self.connection.cursor(name="audited_log_of_logs") as cursor:
            cursor.execute(
                "SELECT leaf_index, leaf.consortium_id, leaf.size, leaf.note, published.note"
                " FROM transparency.log_of_logs AS leaf LEFT JOIN transparency.checkpoints AS published"
                " ON (published.consortium_id, published.size) = (leaf.consortium_id, leaf.size) ORDER BY leaf_index"
            )
            for index, log_id, size, note, stored in cursor:
                yield index, log_id, size, bytes(note), bytes(stored or b"")

    def _miss(self, first: int, last: int) -> None:
        if first > last:
            return
        key = {"first_leaf_index": first, "last_leaf_index": last}
        self.report(Finding(LEAVES, key, "brak tych liści", "these leaves are missing"))
        for _ in range(first, min(last + 1, self.integrated)):
            self.take(None)

    def _judge(self, index: int, log_id: str, size: int, note: bytes) -> None:
        try:
            checkpoint = open_checkpoint(note, self.origin_of(log_id), self.keys_of(log_id)).checkpoint
        except Invalid as error:
            polish = f"to nie jest punkt kontrolny dziennika {log_id}: {error.say('pl')}"
            self._say(index, polish, f"{log_id}: {error.say('en')}")
            return
        if checkpoint.size != size:
            self._say(index, f"podpisano rozmiar {checkpoint.size}", f"size {checkpoint.size} was signed, not {size}")

    def _say(self, index: int, polish: str, english: str) -> None:
        self.report(Finding(LEAVES, {"leaf_index": index}, polish, english))
