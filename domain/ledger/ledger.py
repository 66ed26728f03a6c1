"""The ledger: the histories of all consortia in one PostgreSQL database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from eventsourcing.application import Application
from eventsourcing.utils import Environment

from domain.consortium import Consortium, evolve
from domain.ledger.connection import settings
from domain.ledger.faults import BrokenEntry, told_as_faults
from domain.ledger.mapper import EntryMapper
from domain.ledger.schema import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventsourcing.persistence import StoredEvent
    from eventsourcing.utils import EnvType

    from domain.decider import Entry
    from domain.ledger.recorder import OneTripRecorder

PAGE: Final = 500
"""Entries read at once."""


class Ledger(Application[str]):
    """Appends entries and reads them back; safe to use from any thread.

    All methods raise `LedgerUnavailable` when the database does not answer.
    """

    mapper: EntryMapper
    recorder: OneTripRecorder

    @classmethod
    def connect(cls, conninfo: str, *, pool_size: int = 4) -> Self:
        """Open a migrated database; `conninfo` is a libpq connection string or URL.

        Raises:
            WrongSchema: the database was not migrated, or is newer than this program.
            LedgerUnavailable: the database does not answer.
        """
        LEDGER.require(conninfo)
        with told_as_faults():
            return cls(settings(conninfo, pool_size=pool_size))

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Take the settings as given; the variables of the process have no say."""
        return Environment(name, env)

    def construct_mapper(self) -> EntryMapper:
        return EntryMapper(self.construct_transcoder())

    def append(self, entries: Sequence[Entry]) -> list[int]:
        """Store entries in one transaction and return their positions.

        Raises:
            Conflict: a version is taken; nothing was stored.
            NotCanonical: a value is outside the profile; nothing was stored.
        """
        return self.append_rows([self.mapper.to_stored_event(entry) for entry in entries])

    def append_rows(self, rows: Sequence[StoredEvent]) -> list[int]:
        """Store entries that are written down already.

        Raises:
            Conflict: a version is taken; nothing was stored.
        """
        with told_as_faults():
            return self.recorder.insert_events(rows)

    def entries(self, consortium_id: str, after_version: int = 0, upto_version: int | None = None) -> Iterator[Entry]:
        """Read the history in order, page by page.

        Raises:
            BrokenEntry: a version is missing, or what stands there is no entry.
        """
        for stored in self._rows(consortium_id, after_version, upto_version):
            yield self.mapper.to_domain_event(stored)

    def stored(self, consortium_id: str, from_version: int, to_version: int) -> Iterator[tuple[int, bytes]]:
        """Read versions and canonical bytes, both ends included, page by page.

        Raises:
            BrokenEntry: a version is missing.
        """
        for stored in self._rows(consortium_id, from_version - 1, to_version):
            yield stored.originator_version, stored.state

    def load(self, consortium_id: str) -> Consortium:
        """Fold the whole history."""
        return self.catch_up(Consortium(consortium_id))

    def catch_up(self, consortium: Consortium) -> Consortium:
        """Add what was stored since; one query when that is little."""
        for entry in self.entries(consortium.consortium_id, after_version=consortium.version):
            consortium = evolve(consortium, entry)
        return consortium

    def find(self, consortium_id: str, version: int) -> tuple[int, Entry]:
        """Read one entry with its position.

        Raises:
            BrokenEntry: there is none, or what stands there is no entry.
        """
        with told_as_faults():
            found = self.recorder.find(consortium_id, version)
        if found is None:
            raise BrokenEntry(f"{consortium_id}@{version}", "missing")
        return found.id, self.mapper.to_domain_event(found)

    def consortium_ids(self) -> list[str]:
        with told_as_faults():
            return self.recorder.streams()

    def last_version(self, consortium_id: str) -> int:
        """Return the version of the consortium's last entry, 0 before the first."""
        with told_as_faults():
            last = self.recorder.select_events(consortium_id, desc=True, limit=1)
        return last[0].originator_version if last else 0

    def last_position(self) -> int:
        """Return the position of the last entry of all, 0 before the first."""
        with told_as_faults():
            return self.recorder.max_notification_id() or 0

    def _rows(self, consortium_id: str, after: int, upto: int | None) -> Iterator[StoredEvent]:
        while True:
            with told_as_faults():
                page = self.recorder.select_events(consortium_id, gt=after, lte=upto, limit=PAGE)
            for stored in page:
                after += 1
                if stored.originator_version != after:
                    raise BrokenEntry(f"{consortium_id}@{after}", f"missing; {stored.originator_version} follows")
                yield stored
            if len(page) < PAGE:
                return
