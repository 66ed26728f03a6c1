"""Following the key of a log from one that is believed to the present one, as the log's own entries tell it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.audit.findings import refute
from domain.statute.events import LogKeyRotated
from domain.transparency.errors import NotSigned
from domain.transparency.keys import VerifierKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.audit.sources import Source
    from api.audit.trust import Trust
    from domain.decider import Entry
    from domain.transparency.checkpoint import OpenCheckpoint


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

    def opened(self, trust: Trust, note: bytes, roots: Mapping[int, bytes]) -> tuple[Trust, OpenCheckpoint]:
        """Read the checkpoint over all that was seen, by the keys to which a believed one leads.

        Every key that a history believed in this way names is believed from then on, each of its own time.

        Raises:
            Wrong: a key does not lead on to the present one, or the present one has not signed.
            Invalid: the checkpoint is none that a believed key signed, with enough witnesses.
            UnreadableError: a checkpoint over a change of the key could not be had.
        """
        trust = self._followed(trust, roots)
        self._require_latest(self._open(trust, note))
        trust = self._of_all_times(trust)
        return trust, trust.open(note)

    def _open(self, trust: Trust, note: bytes) -> OpenCheckpoint:
        try:
            return trust.open(note)
        except NotSigned:
            self._refute_lost(trust)
            raise

    def _refute_lost(self, trust: Trust) -> None:
        """Say so where the history ends the key that is believed, and nothing leads on from it."""
        for fact, _ in self.rotations:
            old, new = VerifierKey.parse(fact.old_vkey), VerifierKey.parse(fact.new_vkey)
            if fact.old_key_lost and old in trust.keys and new not in trust.keys:
                refute(
                    f"historia zapisuje, że klucz {fact.old_vkey} utracono i że podpisuje po nim {fact.new_vkey};"
                    " tego utracony klucz poświadczyć nie mógł: upewnij się u prowadzących i podaj nowy przez --vkey",
                    f"the history records that the key {fact.old_vkey} was lost and that {fact.new_vkey} signs after"
                    " it; the lost key could not vouch for that: make sure with those who run the log, and give the"
                    " new one by --vkey",
                )

    def _followed(self, trust: Trust, roots: Mapping[int, bytes]) -> Trust:
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

    def _of_all_times(self, trust: Trust) -> Trust:
        """Believe of earlier checkpoints the keys that a believed history names, in the order in which they signed."""
        facts = [fact for fact, _ in self.rotations]
        named = [
            VerifierKey.parse(vkey) for vkey in (*(one.old_vkey for one in facts[:1]), *(one.new_vkey for one in facts))
        ]
        logs = tuple(log for log in trust.policy.logs if log.key not in named)
        return replace(trust, policy=replace(trust.policy, logs=logs)).with_keys(named)

    def _require_latest(self, opened: OpenCheckpoint) -> None:
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
