"""The entries of a log, read again from where they are stored, beside the path on which its tiles were made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from domain.ledger.entry import read_entry
from domain.statute.events import LogKeyRotated
from domain.transparency.tree import leaf_hash
from projections.transparency.log_of_logs import leaves
from projections.transparency.signing import LOG_OF_LOGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from domain.decider import Entry
    from domain.ledger.ledger import Ledger

_NAME: Final = f'"name":"{LogKeyRotated.topic}"'.encode()
"""Stands in every entry that changes the log's key; may stand in others, within a map of theirs."""


class SecondReading:
    """Reads the stored bytes once more, and keeps what in them changes the log's key."""

    def __init__(self, ledger: Ledger, connection: Connection, log_id: str) -> None:
        self._ledger = ledger
        self._connection = connection
        self._log_id = log_id
        self.key_changes: list[Entry] = []

    def leaf_hashes(self, first: int, last: int) -> Iterator[bytes]:
        """Hash the entries of these numbers, from 1, both ends included.

        Raises:
            BrokenEntry: one is missing, or says that it changes the key and cannot be read.
        """
        for entry in self._stored(first, last):
            if _NAME in entry and json.loads(entry)["name"] == LogKeyRotated.topic:
                self.key_changes.append(read_entry(LogKeyRotated.topic, entry))
            yield leaf_hash(entry)

    def _stored(self, first: int, last: int) -> Iterator[bytes]:
        if self._log_id == LOG_OF_LOGS:
            # Notes of other logs: nothing that stands in them is a word of this one.
            yield from leaves(self._connection, first, last)
        else:
            yield from (entry for _, entry in self._ledger.stored(self._log_id, first, last))
