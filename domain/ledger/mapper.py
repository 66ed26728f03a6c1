"""Between entries and the rows of the event store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventsourcing.persistence import Mapper, StoredEvent

from domain.decider import Entry
from domain.ledger.entry import read_entry, write_and_read
from domain.ledger.faults import BrokenEntry

if TYPE_CHECKING:
    from eventsourcing.domain import DomainEventProtocol


def row_of(entry: Entry) -> tuple[StoredEvent, Entry]:
    """Write an entry down as the row that it will be, and return it as it will be read (`write_and_read`).

    Raises:
        NotCanonical: a value in it, or its size, is outside the profile.
        BrokenEntry: it would not read back as it is.
    """
    state, read = write_and_read(entry)
    return StoredEvent(entry.consortium_id, entry.version, entry.fact.topic, state), read


class EntryMapper(Mapper[str]):
    """Keeps an entry as its canonical bytes, under its fact's name on disk and in its consortium's stream."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Write an entry down.

        Raises:
            NotCanonical: a value in it, or its size, is outside the profile.
            BrokenEntry: it would not read back as it is.
        """
        if not isinstance(domain_event, Entry):
            message = f"only entries are stored, not {type(domain_event).__name__}"
            raise TypeError(message)
        return row_of(domain_event)[0]

    def to_domain_event(self, stored_event: StoredEvent) -> Entry:
        """Read an entry.

        Raises:
            BrokenEntry: the bytes are no entry, or another row's.
        """
        entry = read_entry(stored_event.topic, stored_event.state)
        if (entry.consortium_id, entry.version) != (stored_event.originator_id, stored_event.originator_version):
            place = f"{stored_event.originator_id}@{stored_event.originator_version}"
            raise BrokenEntry(place, f"{entry.consortium_id}@{entry.version} stands here")
        return entry
