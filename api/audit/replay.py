"""What the leaves of a log must say: a history that keeps every rule, or tree heads of logs that only grew.

A consortium's log, `<host>/tlog/<consortium>`, holds entries; they are replayed from the first and held to every
invariant. The log of logs, `<host>/log-of-logs`, holds checkpoints of the other logs of its host.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Final

from api.audit.findings import Named, UnreadableError, Wrong, read_head
from domain.errors import Refusal
from domain.invariants import violations
from domain.ledger.canonical import has_canonical_form, is_canonical
from domain.ledger.entry import read_entry, topic_of
from domain.ledger.faults import BrokenEntry
from domain.statute.events import ConsortiumFounded, StatuteAmended
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from domain.decider import Entry, Fact
    from domain.transparency.checkpoint import Checkpoint
    from domain.transparency.keys import VerifierKey

LOG_OF_LOGS: Final = "/log-of-logs"

OF_FREE_FORM: Final[tuple[type[Fact], ...]] = (ConsortiumFounded, StatuteAmended)
"""Facts with a document in them that types say nothing of: names, fractions and depth are not judged by reading."""


def is_log_of_logs(origin: str) -> bool:
    return origin.endswith(LOG_OF_LOGS)


def broken_rule(
    origin: str,
    bundles: Iterable[tuple[int, list[bytes]]],
    seen: Callable[[list[Entry]], None] = lambda _entries: None,
    leaf_keys: Collection[VerifierKey] = (),
    latest: dict[str, Checkpoint] | None = None,
) -> Wrong | None:
    """Read leaves from the first on, in order; return the first that breaks a rule, or None.

    Leaves come bundle by bundle, each behind the index of its first; a bundle is read whole before its entries are
    judged, which is much faster than taking turns. When this returns a verdict there may be bundles left. The entries
    of each are handed to `seen` before they are judged. In the log of logs every leaf of a log that one of `leaf_keys`
    belongs to must be signed by one of them; the last checkpoint of each log is put into `latest`, by its origin.

    Raises:
        UnreadableError: the leaves could not be had; whatever else the bundles raise.
    """
    try:
        if is_log_of_logs(origin):
            leaves = chain.from_iterable(enumerate(leaves, first) for first, leaves in bundles)
            _follow_heads(origin.removesuffix(LOG_OF_LOGS), leaves, leaf_keys, {} if latest is None else latest)
            return None
        return _replay(origin.rsplit("/", 1)[-1], bundles, seen)
    except LogMissing as missing:
        return missing
    except BrokenLeaf as broken:
        return broken


class LogMissing(Wrong):
    """A log that the log of logs says nothing of."""

    def __init__(self, origin: str) -> None:
        super().__init__(f"nie ma w nim żadnego punktu kontrolnego {origin}", f"it has no checkpoint of {origin}")


class BrokenLeaf(Wrong):
    """A leaf that breaks a rule, apart from what may go wrong while leaves are read."""

    def __init__(self, named: Named, polish: str, english: str) -> None:
        super().__init__(f"{named.say('pl')}: {polish}", f"{named.say('en')}: {english}")


def _replay(
    consortium_id: str, bundles: Iterable[tuple[int, list[bytes]]], seen: Callable[[list[Entry]], None]
) -> Wrong | None:
    index, stored = -1, b""

    def entries() -> Iterator[Entry]:
        nonlocal index, stored
        for first, bundle in bundles:
            read, broken = _read(first, bundle)
            seen(read)
            for index, entry in enumerate(read, first):
                stored = bundle[index - first]
                yield entry
            if broken is not None:
                raise broken

    try:
        found = next(violations(consortium_id, entries()), None)
    except (Wrong, Invalid, UnreadableError):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        last = Named.of(index, stored)
        raise BrokenLeaf(last, f"nie da się odtworzyć historii ({reason})", f"cannot be replayed ({reason})") from error
    if found is None:
        return None
    # What an entry says of its own place is not where it stands; the rules of the whole are broken where it ends.
    rule = f"{found.rule}: {found.detail}"
    last = Named.of(index, stored)
    return BrokenLeaf(last, f"łamie niezmiennik {rule}", f"breaks the invariant {rule}")


def _read(first: int, bundle: list[bytes]) -> tuple[list[Entry], BrokenLeaf | None]:
    """Read entries up to the first that is none."""
    with suppress(BrokenEntry, Refusal):
        # One thing with all of them and then the next: in turns both would take half as long again.
        if all([has_canonical_form(one) for one in bundle]):  # noqa: C419 - a list, so that nothing comes in between
            entries = [read_entry(topic_of(stored), stored) for stored in bundle]
            if not any(type(entry.fact) in OF_FREE_FORM for entry in entries):
                return entries, None
    read: list[Entry] = []
    try:
        for index, stored in enumerate(bundle, first):
            read.append(entry_of(index, stored))
    except BrokenLeaf as broken:
        return read, broken
    return read, None


def entry_of(index: int, stored: bytes) -> Entry:
    """Read an entry, whose bytes must be the canonical ones of what they say.

    Raises:
        BrokenLeaf: they are not.
    """
    if not is_canonical(stored):
        raise BrokenLeaf(Named.of(index, stored), "bajty nie są kanoniczne", "its bytes are not canonical")
    try:
        return read_entry(topic_of(stored), stored)
    except (BrokenEntry, Refusal) as error:
        reason = str(error).splitlines()[0]
        raise BrokenLeaf(Named.of(index, stored), f"nie jest faktem ({reason})", f"is no fact ({reason})") from error


def _follow_heads(
    host: str, leaves: Iterable[tuple[int, bytes]], keys: Collection[VerifierKey], latest: dict[str, Checkpoint]
) -> None:
    """Read every leaf as a signed checkpoint of a log of `host`; no log may shrink or show two trees of one size."""
    names = {key.name for key in keys}
    for index, stored in leaves:
        head = _head_of(index, stored)
        named = Named(index, head=head, versioned=False)
        if not head.origin.startswith(f"{host}/tlog/"):
            raise BrokenLeaf(named, f"{head.origin} nie jest dziennikiem {host}", f"{head.origin} is no log of {host}")
        if head.origin in names:
            _require_signed(named, stored, head.origin, [key for key in keys if key.name == head.origin])
        if head.origin in latest:
            _require_growth(named, latest[head.origin], head)
        latest[head.origin] = head
    for name in sorted(names - latest.keys()):
        raise LogMissing(name)


def _head_of(index: int, stored: bytes) -> Checkpoint:
    try:
        return read_head(stored)
    except Invalid as error:
        named = Named(index, versioned=False)
        raise BrokenLeaf(
            named, f"nie jest punktem kontrolnym ({error.say('pl')})", f"is no checkpoint ({error})"
        ) from error


def _require_growth(named: Named, before: Checkpoint, head: Checkpoint) -> None:
    if head.size < before.size:
        sizes = f"{before.size} → {head.size}"
        raise BrokenLeaf(named, f"{head.origin} zmalał: {sizes}", f"{head.origin} shrank: {sizes}")
    if head.size == before.size and head.root != before.root:
        raise BrokenLeaf(
            named,
            f"dwa drzewa {head.origin} o rozmiarze {head.size}",
            f"two trees of {head.origin} at size {head.size}",
        )


def _require_signed(named: Named, stored: bytes, origin: str, keys: Collection[VerifierKey]) -> None:
    try:
        open_checkpoint(stored, origin, keys)
    except Invalid as error:
        raise BrokenLeaf(
            named,
            f"punktu kontrolnego {origin} nie podpisano żadnym z podanych kluczy ({error.say('pl')})",
            f"the checkpoint of {origin} is signed by none of the keys given ({error})",
        ) from error
