"""An entry as bytes: what the event store keeps, and the leaf of the transparency log.

    {"actor":{"id":"sek-1","role":"board_secretary"},"command_id":"…","consortium_id":"hajnowka-odnowa","data":{…},
     "effective_on":"2019-01-14","event_id":"…","name":"consortium.founded.v1",
     "recorded_at":"2019-01-14T15:05:00.000000Z","under":null,"version":1}

`data` holds the fact's own fields. Written once and never again, so no later writing can break a proof.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Generic, TypeVar

from pydantic import Field, ValidationError

from domain.catalogue import FACTS
from domain.decider import Actor, Entry, Fact, Fields
from domain.ledger.canonical import canonical
from domain.ledger.faults import BrokenEntry
from domain.values import MAX_INTEGER, ConsortiumId, Day, Id, RecordedInstant, write_instant

F = TypeVar("F", bound=Fact)

MAX_TOPIC: Final = 64
"""Bytes, as of any `Id`."""


class _Stored(Fields, Generic[F]):
    """The shape of the stored object."""

    actor: Actor
    command_id: Id
    consortium_id: ConsortiumId
    data: F
    effective_on: Day
    event_id: Id
    name: Id
    recorded_at: RecordedInstant
    under: Id | None
    version: Annotated[int, Field(strict=True, ge=1, le=MAX_INTEGER)]


def write_entry(entry: Entry) -> bytes:
    """Write an entry down, having made sure that it reads back the same.

    Raises:
        NotCanonical: a value in it, or its size, is outside the profile.
        BrokenEntry: it would not read back as it is.
    """
    return write_and_read(entry)[0]


def write_and_read(entry: Entry) -> tuple[bytes, Entry]:
    """Write an entry down, and return it as everybody will read it: equal, but the keys of its maps are in order.

    Only that one may be evolved on. States that remember the order of a map would otherwise differ after a replay.

    Raises:
        NotCanonical: a value in it, or its size, is outside the profile.
        BrokenEntry: it would not read back as it is.
    """
    written = canonical(
        {
            "actor": {"id": entry.actor.id, "role": entry.actor.role},
            "command_id": entry.command_id,
            "consortium_id": entry.consortium_id,
            "data": entry.fact.model_dump(mode="json"),
            "effective_on": entry.effective_on.isoformat(),
            "event_id": entry.event_id,
            "name": entry.fact.topic,
            "recorded_at": write_instant(entry.recorded_at),
            "under": entry.under,
            "version": entry.version,
        }
    )
    read = read_entry(entry.fact.topic, written)
    if read != entry:
        raise BrokenEntry(_place(entry.consortium_id, entry.version), "it would not read back as it is")
    return written, read


def read_entry(topic: str, state: bytes) -> Entry:
    """Read an entry that was stored under the name `topic`.

    Raises:
        BrokenEntry: the name is not known or not the entry's own, or the bytes are no such entry.
    """
    fact = FACTS.get(topic)
    if fact is None:
        raise BrokenEntry(topic, "no fact has this name")
    try:
        stored = _shape(fact).model_validate_json(state)
    except ValidationError as error:
        raise BrokenEntry(topic, str(error)) from error
    if stored.name != topic:
        raise BrokenEntry(_place(stored.consortium_id, stored.version), f"{stored.name} is stored as {topic}")
    return Entry(
        consortium_id=stored.consortium_id,
        version=stored.version,
        event_id=stored.event_id,
        command_id=stored.command_id,
        recorded_at=stored.recorded_at,
        effective_on=stored.effective_on,
        actor=stored.actor,
        under=stored.under,
        fact=stored.data,
    )


def topic_of(state: bytes) -> str:
    """Find the name on disk in the canonical bytes of an entry; what it finds in others `read_entry` refuses.

    Keys are in order, so the name stands behind `data`, and nothing that could hold another one comes after it.
    """
    _, found, rest = state.rpartition(b'"name":"')
    return rest.partition(b'"')[0][:MAX_TOPIC].decode("utf-8", "replace") if found else ""


@cache
def _shape(fact: type[F]) -> type[_Stored[F]]:
    return _Stored[fact]  # type: ignore[valid-type] # the class is made for the fact that the name on disk tells


def _place(consortium_id: str, version: int) -> str:
    return f"{consortium_id}@{version}"
