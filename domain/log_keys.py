"""Which key signed a consortium's transparency log when, as its own entries tell it.

An auditor who kept nothing but a log's first verifier key follows it to the present one:

    key_history(entries)              every change of the key, in order, each taking up where the one before left off
    rotations_from(kept, history)     the changes that lead on from the key that was kept
    for each of them                  a checkpoint that covers the entry (of size `version` or larger) and is signed by
                                      `old_vkey`: so the holder of the old key has named the new one
    the checkpoint of today           signed by the last `new_vkey`; each older one is its beginning

Where `old_key_lost` is set no such checkpoint can be asked for. The new key must then become known in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.statute.events import LogKeyRotated
from domain.transparency.errors import InvalidKey, refuse, require
from domain.transparency.keys import SignatureType, VerifierKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from domain.decider import Entry


@dataclass(frozen=True, slots=True)
class Rotation:
    """One change of the key, at its place in the history."""

    version: int
    """Of the entry that records it, and the smallest size of a checkpoint that covers it."""
    recorded_at: datetime
    old_vkey: str
    new_vkey: str
    both_until: datetime
    old_key_lost: bool


def key_history(entries: Iterable[Entry], before: str | None = None) -> tuple[Rotation, ...]:
    """Gather the changes of the key from entries in order; `before` is the key that signed until the first of them.

    Raises:
        InvalidKey: a change does not take up where the one before left off, or names what is no key of this log.
    """
    history = []
    for entry in entries:
        if isinstance(entry.fact, LogKeyRotated):
            try:
                _require_sound(entry.fact, entry.consortium_id, before)
            except InvalidKey as error:
                place = f"{entry.consortium_id}@{entry.version}"
                polish, english = f"{place}: {error.say('pl')}", f"{place}: {error.say('en')}"
                raise InvalidKey(polish, english) from error
            history.append(_rotation(entry, entry.fact))
            before = entry.fact.new_vkey
    return tuple(history)


def rotations_from(vkey: str, history: Sequence[Rotation]) -> tuple[Rotation, ...]:
    """Return the changes since `vkey` was the log's key, oldest first; none when it is the present one.

    Raises:
        InvalidKey: the history knows no such key.
    """
    if not history or vkey == history[-1].new_vkey:
        return ()
    begins = [number for number, rotation in enumerate(history) if rotation.old_vkey == vkey]
    require(
        begins,
        InvalidKey,
        f"Historia kluczy dziennika nie zna klucza {vkey[:400]}.",
        f"The history of the log's keys does not know {vkey[:400]}.",
    )
    return tuple(history[begins[0] :])


def fault_of(fact: LogKeyRotated, consortium_id: str, before: str | None) -> str | None:
    """Say what is wrong with a change of the key; `before` is the key that signed until then, None when not known."""
    try:
        _require_sound(fact, consortium_id, before)
    except InvalidKey as error:
        return error.say("en")
    return None


def _require_sound(fact: LogKeyRotated, consortium_id: str, before: str | None) -> None:
    if before is not None and fact.old_vkey != before:
        refuse(
            InvalidKey,
            f"zmienia się klucz {fact.old_vkey}, a przedtem podpisywał {before}",
            f"the key changes from {fact.old_vkey}, but {before} signed before",
        )
    require(fact.new_vkey != fact.old_vkey, InvalidKey, "klucz zmienia się na ten sam", "the key changes to itself")
    old, new = VerifierKey.parse(fact.old_vkey), VerifierKey.parse(fact.new_vkey)
    require(
        {old.kind, new.kind} == {SignatureType.ED25519},
        InvalidKey,
        "jeden z kluczy jest kluczem świadka",
        "one of the keys is that of a witness",
    )
    require(
        old.name == new.name and new.name.endswith(f"/tlog/{consortium_id}"),
        InvalidKey,
        f"klucz {old.name} zmienia się na klucz {new.name}",
        f"the key of {old.name} changes to that of {new.name}",
    )


def _rotation(entry: Entry, fact: LogKeyRotated) -> Rotation:
    return Rotation(
        version=entry.version,
        recorded_at=entry.recorded_at,
        old_vkey=fact.old_vkey,
        new_vkey=fact.new_vkey,
        both_until=fact.both_until,
        old_key_lost=fact.old_key_lost,
    )
