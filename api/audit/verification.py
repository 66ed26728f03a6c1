"""Verifying a log whole: its signature, every hash, every entry, what was signed before, and every rule."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NoReturn

from api.audit.findings import Wrong, refute
from api.audit.replay import broken_rule, is_log_of_logs
from api.audit.walk import Walk
from domain.statute.events import LogKeyRotated
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.errors import Invalid
from domain.transparency.keys import VerifierKey
from domain.transparency.note import Note
from projections.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from api.audit.sources import Source
    from api.audit.trust import Trust
    from domain.decider import Entry
    from domain.transparency.checkpoint import OpenCheckpoint

NOT_THE_ROOT: Final = (
    "wpisy nie dają podpisanego skrótu drzewa",
    "the entries do not lead to the root hash that was signed",
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A log of which everything was verified."""

    opened: OpenCheckpoint
    trust: Trust
    """With the keys to which it was followed."""
    rotations: int
    old_sizes: tuple[int, ...]

    @property
    def checkpoint(self) -> Checkpoint:
        return self.opened.checkpoint

    @property
    def unknown_keys(self) -> tuple[str, ...]:
        """The IDs, in hexadecimal, of keys that sign in the log's name and that nobody vouched for."""
        origin, unknown = self.checkpoint.origin, self.opened.opened.unknown
        return tuple(signature.key_id.hex() for signature in unknown if signature.name == origin)


def read_head(note: bytes) -> Checkpoint:
    """Read what a note says, and believe nothing of it.

    Raises:
        Invalid: it is no checkpoint.
    """
    return Checkpoint.parse(Note.parse(note).text)


@uncollected()
def verify_log(
    source: Source,
    trust: Trust,
    olds: Mapping[str, bytes],
    advance: Callable[[int, int], None] = lambda _done, _size: None,
    leaf_keys: Collection[VerifierKey] = (),
) -> tuple[Verified | None, list[Wrong | Invalid]]:
    """Verify everything; return it, or else all reasons why it does not hold, the weightiest first.

    `olds` are checkpoints that were kept earlier, by the names of their files; `leaf_keys`, for the log of logs, keys
    of the logs whose checkpoints it holds.

    Raises:
        Wrong: an entry or a tile is not what the tree says, or the log of logs is signed by another key; nothing else
            could be looked at.
        Invalid: a file of the log is none.
        UnreadableError: a file could not be had.
    """
    note = source.read("checkpoint")
    head = read_head(note)
    trust = trust.or_of_log(source)
    if any(_names_key(note, key) for key in trust.of(head.origin)):
        # The usual case: no need to read the whole log before a bad signature is told.
        trust.open(note)
    elif is_log_of_logs(head.origin) and trust.of(head.origin):
        _refute_key_of_log_of_logs(note, head.origin)
    walk, keys = Walk(source, head.size), KeyChain(source)
    faults: list[Wrong | Invalid] = []
    kept = _read_olds(olds, faults)
    walk.wanted.update(old.size for old in kept.values())
    bundles = walk.bundles()

    def seen(entries: list[Entry]) -> None:
        for entry in entries[-1:]:
            advance(entry.version, head.size)
        keys.see(entries, walk.wanted)

    rule = broken_rule(head.origin, bundles, seen, leaf_keys)
    # What is left of the leaves behind the one that broke a rule belongs to the tree as well.
    for first, entries in bundles:
        advance(first + len(entries), head.size)
    root = walk.end()
    if root != head.root:
        faults.append(Wrong(*NOT_THE_ROOT))
        return None, faults
    try:
        trust = keys.followed(trust, walk.roots)
        opened = trust.open(note)
        keys.require_latest(opened)
        trust = keys.of_all_times(trust)
    except (Wrong, Invalid) as error:
        return None, [error, *faults]
    faults += _old_faults(olds, kept, head, walk.roots, trust)
    faults += [rule] if rule else []
    sizes = tuple(sorted(old.size for old in kept.values()))
    return (None if faults else Verified(opened, trust, len(keys.rotations), sizes)), faults


@dataclass(slots=True)
class KeyChain:
    """The changes of the log's key, and for each a checkpoint over it that the old key must have signed."""

    source: Source
    rotations: list[tuple[LogKeyRotated, int]] = field(default_factory=list)
    """With the size of the first checkpoint published over the entry."""
    _sizes: list[int] | None = None

    def see(self, entries: Iterable[Entry], wanted: set[int]) -> None:
        """Notice changes of the key, and ask for the root at the size of the checkpoint over each."""
        for entry in entries:
            if isinstance(entry.fact, LogKeyRotated):
                covering = self._covering(entry.version)
                wanted.add(covering)
                self.rotations.append((entry.fact, covering))

    def _covering(self, version: int) -> int:
        if self._sizes is None:
            self._sizes = self.source.sizes()
        return next((size for size in self._sizes if size >= version), 0)

    def followed(self, trust: Trust, roots: Mapping[int, bytes]) -> Trust:
        """Believe each new key that a believed one has named; one whose predecessor was lost must be given.

        Raises:
            Wrong: the checkpoint over a change is not that of this tree, or the old key has not signed it.
            Invalid: that checkpoint is none.
            UnreadableError: it could not be had.
        """
        for fact, size in self.rotations:
            old, new = VerifierKey.parse(fact.old_vkey), VerifierKey.parse(fact.new_vkey)
            if new in trust.keys or old not in trust.keys or fact.old_key_lost or not size:
                continue
            opened = trust.open_old(self.source.checkpoint(size), old.name)
            by_old = any(signed.key == old for signed in opened.signed)
            if not by_old or opened.checkpoint.size != size or opened.checkpoint.root != roots.get(size):
                refute(
                    f"zmiany klucza na {fact.new_vkey} nie podpisano kluczem poprzednim",
                    f"the change of the key to {fact.new_vkey} was not signed by the key before it",
                )
            trust = trust.with_keys([new])
        return trust

    def of_all_times(self, trust: Trust) -> Trust:
        """Believe of earlier checkpoints the keys that a believed history names, in the order in which they signed."""
        facts = [fact for fact, _ in self.rotations]
        named = [
            VerifierKey.parse(vkey) for vkey in (*(one.old_vkey for one in facts[:1]), *(one.new_vkey for one in facts))
        ]
        logs = tuple(log for log in trust.policy.logs if log.key not in named)
        return replace(trust, policy=replace(trust.policy, logs=logs)).with_keys(named)

    def require_latest(self, opened: OpenCheckpoint) -> None:
        """Require the signature of the key that the history names last.

        Raises:
            Wrong: it is missing.
        """
        if not self.rotations:
            return
        latest = self.rotations[-1][0].new_vkey
        if all(signed.key.write() != latest for signed in opened.signed):
            refute(
                f"punktu kontrolnego nie podpisano obecnym kluczem {latest}",
                f"the checkpoint is not signed by the present key {latest}",
            )


def _names_key(note: bytes, key: VerifierKey) -> bool:
    return any((one.name, one.key_id) == (key.name, key.key_id) for one in Note.parse(note).signatures)


def _refute_key_of_log_of_logs(note: bytes, origin: str) -> NoReturn:
    """Say that no key that is believed signed it: nothing in this log could lead from one key to the next."""
    ids = ", ".join(one.key_id.hex() for one in Note.parse(note).signatures if one.name == origin)
    refute(
        f"{origin} podpisuje teraz inny klucz niż podany (key ID {ids}). Dziennik dzienników nie zapisuje zmian swojego"
        " klucza: upewnij się u prowadzących, który jest nowy (key list), i podaj go przez --vkey",
        f"{origin} is signed by another key now than the one given (key ID {ids}). The log of logs records no change of"
        " its key: make sure with those who run it which one is new (key list), and give it by --vkey",
    )


def _read_olds(olds: Mapping[str, bytes], faults: list[Wrong | Invalid]) -> dict[str, Checkpoint]:
    kept = {}
    for name, note in olds.items():
        try:
            kept[name] = read_head(note)
        except Invalid as error:
            faults.append(Wrong(f"{name}: to nie jest punkt kontrolny ({error})", f"{name}: no checkpoint ({error})"))
    return kept


def _old_faults(
    olds: Mapping[str, bytes],
    kept: Mapping[str, Checkpoint],
    head: Checkpoint,
    roots: Mapping[int, bytes],
    trust: Trust,
) -> list[Wrong | Invalid]:
    """Hold each earlier checkpoint against the tree: it must be signed, and be the beginning of this log."""
    faults: list[Wrong | Invalid] = []
    for name, old in kept.items():
        try:
            trust.open_old(olds[name], head.origin)
        except Invalid as error:
            faults.append(Wrong(f"{name}: {error}", f"{name}: {error}"))
            continue
        if old.size > head.size:
            faults.append(
                Wrong(
                    f"{name}: podpisano już {old.size} wpisów, a jest ich {head.size}: brakuje wpisów od {head.size}",
                    f"{name}: {old.size} entries were signed, {head.size} are left: entries from {head.size} are gone",
                )
            )
        elif roots.get(old.size) != old.root:
            faults.append(
                Wrong(
                    f"{name}: historię zmieniono: pierwsze {old.size} wpisów to nie te, które wtedy podpisano",
                    f"{name}: history was rewritten: the first {old.size} entries are not those signed then",
                )
            )
    return faults
