"""Verifying a log whole: its signature, every hash, every entry, what was signed before, and every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from api.audit.findings import UnreadableError, Wrong, read_head, refute, served_head
from api.audit.key_chain import KeyChain
from api.audit.replay import broken_rule, is_log_of_logs
from api.audit.walk import Walk
from api.audit.wording import entries, rewritten
from domain.transparency.errors import Invalid
from domain.transparency.note import Note
from projections.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from api.audit.sources import Source
    from api.audit.trust import Trust
    from domain.decider import Entry
    from domain.transparency.checkpoint import Checkpoint, OpenCheckpoint
    from domain.transparency.keys import VerifierKey

NOT_THE_ROOT: Final = (
    "wpisy nie dają podpisanego skrótu drzewa",
    "the entries do not lead to the root hash that was signed",
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A log of which everything was verified."""

    opened: OpenCheckpoint
    trust: Trust
    """With the keys to which it was followed, and those that its history names."""
    rotations: int
    old_sizes: tuple[int, ...]
    heads: tuple[Checkpoint, ...] = ()
    """Of the log of logs: the last checkpoint of each log that it holds."""

    @property
    def checkpoint(self) -> Checkpoint:
        return self.opened.checkpoint

    @property
    def unknown_keys(self) -> tuple[str, ...]:
        """The IDs, in hexadecimal, of keys that sign in the log's name and that nobody vouched for."""
        origin, unknown = self.checkpoint.origin, self.opened.opened.unknown
        return tuple(signature.key_id.hex() for signature in unknown if signature.name == origin)


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
        Wrong: the log shows no checkpoint, or one of another log than the keys are of, or the log of logs is signed by
            another key; nothing else could be looked at.
        Invalid: a file of the log is none.
        UnreadableError: a file could not be had, or one of `olds` is no checkpoint.
    """
    kept = {name: _read_old(name, note) for name, note in olds.items()}
    note = source.read("checkpoint")
    head, trust = served_head(note, source.at("checkpoint")), trust.or_of_log(source)
    _require_known_signature(note, head.origin, trust)
    walk, keys = Walk(source, head.size), KeyChain(source)
    heads: dict[str, Checkpoint] = {}
    walk.wanted.update(old.size for old in kept.values())
    rule = _walked(walk, keys, head, advance, leaf_keys, heads)
    faults = _end(walk, head)
    if walk.roots[head.size] != head.root:
        return None, list[Wrong | Invalid](faults)
    try:
        trust, opened = keys.opened(trust, note, walk.roots)
    except (Wrong, Invalid) as error:
        return None, [error, *faults]
    found = [*_old_faults(olds, kept, head, walk.roots, trust), *faults, *filter(None, [rule])]
    sizes = tuple(sorted(old.size for old in kept.values()))
    return (None if found else Verified(opened, trust, len(keys.rotations), sizes, tuple(heads.values()))), found


def _require_known_signature(note: bytes, origin: str, trust: Trust) -> None:
    """Say before the whole log is read what can be said before."""
    trust.require_knows(origin)
    if any(_names_key(note, key) for key in trust.of(origin)):
        trust.open(note)
    elif is_log_of_logs(origin):
        _refute_key_of_log_of_logs(note, origin)


def _walked(  # noqa: PLR0913, PLR0917 - what `verify_log` has at hand, each read or filled here
    walk: Walk,
    keys: KeyChain,
    head: Checkpoint,
    advance: Callable[[int, int], None],
    leaf_keys: Collection[VerifierKey],
    heads: dict[str, Checkpoint],
) -> Wrong | None:
    """Read all entries, and return the first rule that they break."""
    bundles = walk.bundles()

    def seen(read: list[Entry]) -> None:
        for entry in read[-1:]:
            advance(entry.version, head.size)
        keys.see(read, walk.wanted)

    rule = broken_rule(head.origin, bundles, seen, leaf_keys, heads)
    # What is left of the leaves behind the one that broke a rule belongs to the tree as well.
    for first, left in bundles:
        advance(first + len(left), head.size)
    return rule


def _end(walk: Walk, head: Checkpoint) -> list[Wrong | Invalid]:
    """Say what is wrong with the tree; a root that was not signed never goes without a word."""
    try:
        return [] if walk.end(head.root) == head.root else [Wrong(*NOT_THE_ROOT)]
    except Wrong as error:
        return [error]


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


def _read_old(name: str, note: bytes) -> Checkpoint:
    try:
        return read_head(note)
    except Invalid as error:
        polish = f"to nie jest punkt kontrolny ({error.say('pl')})"
        raise UnreadableError(name, polish, f"this is no checkpoint ({error})") from error


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
            _hold_old(olds[name], old, head, roots.get(old.size), trust)
        except (Wrong, Invalid) as error:
            faults.append(Wrong(f"{name}: {error.say('pl')}", f"{name}: {error.say('en')}"))
    return faults


def _hold_old(note: bytes, old: Checkpoint, head: Checkpoint, root: bytes | None, trust: Trust) -> None:
    if old.origin != head.origin:
        refute(
            f"to punkt kontrolny dziennika {old.origin}, a sprawdzany jest {head.origin}",
            f"this is a checkpoint of the log {old.origin}, and the log verified is {head.origin}",
        )
    trust.open_old(note, head.origin)
    if old.size > head.size:
        polish = f"podpisano już {entries(old.size, 'pl')}, a jest {entries(head.size, 'pl')}"
        english = f"signed were {entries(old.size, 'en')}, left {'is' if head.size == 1 else 'are'} {head.size}"
        refute(f"{polish}: brakuje wpisów od {head.size}", f"{english}: entries from {head.size} are gone")
    if root != old.root:
        polish, english = rewritten(old.size)
        refute(f"historię zmieniono: {polish}", f"history was rewritten: {english}")
