"""Facts about the founding and the statute, and about the record itself."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from domain.decider import Fact, Fields
from domain.statute.rules import Agreement
from domain.values import ConsortiumId, Count, Day, Flag, Id, Instant, Ordinal, Sha256, Text, Vkey


class HistoryImported(Fact):
    """The history that follows was brought from an existing register, with its own dates."""

    topic: ClassVar[str] = "consortium.history-imported.v1"

    file_sha256: Sha256
    lines: Count
    imported_by: Id
    imported_at: Instant
    """The server's clock, while the entry itself carries the `recorded_at` of the first line."""


class LogKeyRotated(Fact):
    """Another key signs the consortium's transparency log from this entry on, for a while together with the old one."""

    topic: ClassVar[str] = "log.key-rotated.v1"

    old_vkey: Vkey
    new_vkey: Vkey
    both_until: Instant
    """Until then every checkpoint has both signatures; the first one over this entry has them whenever it is made."""
    old_key_lost: Flag
    """Whether the old key cannot sign any more, so that nothing but the ledger itself speaks for the new one."""


class FoundingFields(Fields):
    """What the agreement says of the consortium."""

    consortium_id: ConsortiumId
    name: Text
    town: Text
    teryt: Annotated[str, Field(pattern=r"^[0-9]{7}$")]
    legal_basis: Text
    agreement_date: Day
    agreement: Agreement
    statute: dict[str, JsonValue]


class ConsortiumFounded(Fact, FoundingFields):
    """The agreement was made and its first statute came into force."""

    topic: ClassVar[str] = "consortium.founded.v1"


class StatuteAmended(Fact):
    """A new version of the statute, whole, comes into force on `effective_on`."""

    topic: ClassVar[str] = "statute.amended.v1"

    version: Ordinal
    changes: dict[str, JsonValue]
    """A merge patch (RFC 7396) on the version before."""
    statute: dict[str, JsonValue]
    """The result, as it is in force."""
