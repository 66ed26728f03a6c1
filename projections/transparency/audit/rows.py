"""The entries of one consortium, read again row by row: each must be the entry that belongs at its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.invariants import WHOLE_RULES, violations
from domain.ledger.canonical import NotCanonical
from domain.ledger.entry import read_entry, write_entry
from domain.ledger.faults import BrokenEntry
from domain.transparency.tree import leaf_hash
from projections.transparency.audit.finding import LEDGER, Finding, Key, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

    from domain.decider import Entry

PAGE: Final = 500

Row = tuple[int, str, bytes, int]


@dataclass(slots=True)
class EntryRows:
    """Reads the rows in order of version and hands the hash of each to `take`, None for one that is missing."""

    connection: Connection
    consortium_id: str
    integrated: int
    """How many entries the tiles were made from; further ones need not be there yet."""
    last_position: int
    """What the sequence of positions gave out last."""
    report: Report
    take: Callable[[bytes | None], None]
    advance: Callable[[int], None]
    _whole: bool = True
    _position: int = 0
    _version: int = 0

    def audit(self) -> None:
        """Read everything once; invariants are judged as far as the history can be read."""
        entries = self._entries()
        try:
            for broken in violations(self.consortium_id, entries):
                if self._whole or broken.rule not in WHOLE_RULES:
                    said = f"{broken.rule}: {broken.detail}"
                    self._say(broken.version, f"niezmiennik nie zachodzi: {said}", f"an invariant is broken: {said}")
        except Exception as error:  # noqa: BLE001 - a rewritten history may break evolving in any way
            said = f"{type(error).__name__}: {error}"
            self._say(
                self._version, f"historii nie da się odtworzyć: {said}", f"the history cannot be replayed: {said}"
            )
        self._whole = False
        for _ in entries:
            pass

    def _entries(self) -> Iterator[Entry]:
        """Yield entries up to the first that is missing or broken, and go on reading rows after it."""
        for version, topic, state, position in self._rows():
            if version <= self._version:
                self._say(version, "nie ma takiego miejsca w historii", "no entry can have this version")
                continue
            self._miss(self._version + 1, version - 1)
            self._version = version
            self._judge_position(version, position)
            entry = self._judged(version, topic, state)
            self.take(leaf_hash(state))
            self._whole = self._whole and entry is not None
            if entry is not None and self._whole:
                yield entry
        self._miss(self._version + 1, self.integrated)

    def _rows(self) -> Iterator[Row]:
        with self.connection.cursor(name="audited_entries") as cursor:
            cursor.itersize = PAGE
            cursor.execute(
                "SELECT originator_version, topic, state, notification_id FROM public.ledger_events"
                " WHERE originator_id = %s ORDER BY originator_version",
                [self.consortium_id],
            )
            for version, topic, state, position in cursor:
                yield version, topic, bytes(state), position
                self.advance(1)

    def _miss(self, first: int, last: int) -> None:
        """Report versions that are not there, and hand on that the tiles know more of them than we."""
        if first > last:
            return
        self._whole = False
        key: Key = {"originator_id": self.consortium_id, "first_version": first, "last_version": last}
        self.report(Finding(LEDGER, key, "brak tych wpisów", "these entries are missing"))
        for _ in range(first, min(last, self.integrated) + 1):
            self.take(None)

    def _judge_position(self, version: int, position: int) -> None:
        if not self._position < position <= self.last_position:
            self._say(
                version,
                f"pozycja {position} nie leży między {self._position} a ostatnią wydaną {self.last_position}",
                f"position {position} does not lie between {self._position} and the last given, {self.last_position}",
            )
        self._position = position

    def _judged(self, version: int, topic: str, state: bytes) -> Entry | None:
        try:
            return self._as_it_must_be(version, topic, state)
        except (BrokenEntry, NotCanonical) as error:
            said = " ".join(str(error).split())
            self._say(version, f"bajty nie są tym wpisem: {said}", f"the bytes are not this entry: {said}")
            return None

    def _as_it_must_be(self, version: int, topic: str, state: bytes) -> Entry:
        entry = read_entry(topic, state)
        if (entry.consortium_id, entry.version) != (self.consortium_id, version):
            raise BrokenEntry(topic, f"{entry.consortium_id}@{entry.version} stands here")
        if write_entry(entry) != state:
            raise BrokenEntry(topic, "these are not the canonical bytes of what they say")
        return entry

    def _say(self, version: int, polish: str, english: str) -> None:
        key: Key = {"originator_id": self.consortium_id, "originator_version": version}
        self.report(Finding(LEDGER, key, polish, english))
