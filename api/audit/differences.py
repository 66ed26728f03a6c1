"""What differs between two states of a log: the first entry that was changed, removed or inserted.

Neither of the two is believed or verified here; they are compared byte for byte.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any, Final, Literal

from api.audit.findings import Named, read_head, served_head
from domain.reasons import pointer
from domain.transparency.bundle import bundles
from domain.transparency.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.audit.sources import Source
    from domain.transparency.bundle import Bundle
    from domain.transparency.checkpoint import Checkpoint

ABSENT: Final = "∅"


@dataclass(frozen=True, slots=True)
class FirstChange:
    """The first place at which two logs differ, though both have an entry there."""

    kind: Literal["changed", "removed", "inserted", "replaced"]
    """Of the old entry: changed in place, removed, moved on by one inserted before it, or another in its place."""
    old: Named
    new: Named
    fields: tuple[tuple[str, str, str], ...]
    """Where they differ, as JSON pointers, with the old and the new value; none where one of them cannot be read."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one state of a log compares to an earlier one."""

    old_head: Checkpoint
    new_head: Checkpoint
    first_change: FirstChange | None
    first_beyond: Named | None
    """Where one is the beginning of the other: the first entry that only the longer one has."""

    @property
    def grown_only(self) -> bool:
        """Whether the old state is the beginning of the new one, of the same log."""
        same_log = self.old_head.origin == self.new_head.origin
        return same_log and self.first_change is None and self.old_head.size <= self.new_head.size


def compare(old: Source, new: Source) -> Difference:
    """Compare two states of a log, entry by entry, up to the first difference.

    Raises:
        Wrong: a checkpoint is none.
        Invalid: a bundle is none.
        UnreadableError: a file could not be had.
    """
    old_head, new_head = (served_head(source.read("checkpoint"), source.at("checkpoint")) for source in (old, new))
    change, beyond = _first(_stored(old, old_head.size), _stored(new, new_head.size))
    return Difference(old_head, new_head, change, beyond)


def _first(
    olds: Iterator[tuple[int, bytes]], news: Iterator[tuple[int, bytes]]
) -> tuple[FirstChange | None, Named | None]:
    for old, new in zip_longest(olds, news):
        if old is None or new is None:
            return None, Named.of(*(old or new))
        if old != new:
            return _change(old, new, olds, news), None
    return None, None


def _change(
    old: tuple[int, bytes], new: tuple[int, bytes], olds: Iterator[tuple[int, bytes]], news: Iterator[tuple[int, bytes]]
) -> FirstChange:
    was, became = Named.of(*old), Named.of(*new)
    fields = tuple(_fields(_read(old[1]), _read(new[1]), ()))
    if was.identity == became.identity:
        return FirstChange("changed", was, became, fields)
    if became.identity in _identities(olds):
        return FirstChange("removed", was, became, ())
    if was.identity in _identities(news):
        return FirstChange("inserted", was, became, ())
    return FirstChange("replaced", was, became, fields)


def _identities(rest: Iterator[tuple[int, bytes]]) -> Iterator[object]:
    return (Named.of(index, stored).identity for index, stored in rest)


def _stored(source: Source, size: int) -> Iterator[tuple[int, bytes]]:
    """Read all entries with their indexes."""
    place = source.within(size)

    def split(bundle: Bundle) -> list[bytes]:
        return bundle.split(place(bundle))

    return enumerate(chain.from_iterable(source.map(split, bundles(size))))


def _read(stored: bytes) -> Any:  # noqa: ANN401 - any JSON document
    with suppress(ValueError, RecursionError):
        return json.loads(stored)
    with suppress(Invalid):
        head = read_head(stored)
        return {"origin": head.origin, "size": head.size, "root": head.root.hex()}
    return None


def _fields(old: object, new: object, place: tuple[object, ...]) -> Iterator[tuple[str, str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _fields(old.get(key, ABSENT), new.get(key, ABSENT), (*place, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (was, became) in enumerate(zip(old, new, strict=True)):
            yield from _fields(was, became, (*place, number))
    elif old != new:
        yield pointer(*place), json.dumps(old, ensure_ascii=False), json.dumps(new, ensure_ascii=False)
