"""Whom an auditor believes: keys and a policy that were given, or else what the log says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from api.audit.findings import refute
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.keys import VerifierKey
from domain.transparency.policy import Log, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.audit.sources import Source
    from domain.transparency.checkpoint import OpenCheckpoint


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys of logs and the quorum of witnesses that make a checkpoint believable."""

    policy: Policy
    from_log: bool = False
    """Whether the keys are what the log says of itself: then it is shown to agree with itself, and no more."""

    @classmethod
    def given(cls, vkeys: Iterable[VerifierKey], policy: Policy | None) -> Self:
        """Believe these keys, and the logs and witnesses of a policy."""
        return cls(policy or Policy()).with_keys(vkeys)

    @property
    def keys(self) -> list[VerifierKey]:
        return [log.key for log in self.policy.logs]

    def with_keys(self, keys: Iterable[VerifierKey]) -> Self:
        """Believe more keys of logs."""
        more = tuple(Log(key) for key in dict.fromkeys(keys) if key not in self.keys)
        return replace(self, policy=replace(self.policy, logs=(*self.policy.logs, *more)))

    def or_of_log(self, source: Source) -> Self:
        """Believe the log's own list of keys where no key was given.

        Raises:
            InvalidKey: the list holds something else.
            UnreadableError: there is no list.
        """
        if self.policy.logs:
            return self
        keys = [VerifierKey.parse(line) for line in source.read("vkeys").decode("utf-8", "replace").split()]
        return replace(self.with_keys(keys), from_log=True)

    def require_knows(self, origin: str) -> None:
        """Require a key of this log.

        Raises:
            Wrong: there are keys of other logs alone, or none.
        """
        if self.of(origin):
            return
        names = ", ".join(dict.fromkeys(key.name for key in self.keys))
        if not names:
            refute(f"dziennik {origin} nie podaje żadnego klucza", f"the log {origin} names no key")
        refute(
            f"klucz, któremu ufasz, jest kluczem {names}, a to jest dziennik {origin}",
            f"the key that you believe is of {names}, and this is the log {origin}",
        )

    def open(self, note: bytes) -> OpenCheckpoint:
        """Read a checkpoint that a believed log signed, and enough of the witnesses.

        Raises:
            Invalid: it is not exactly that.
        """
        return self.policy.open(note)

    def open_old(self, note: bytes, origin: str) -> OpenCheckpoint:
        """Read an earlier checkpoint of a log, whoever has cosigned it.

        Raises:
            Invalid: it is none of this log, or none of the believed keys signed it.
        """
        return open_checkpoint(note, origin, self.of(origin), [one.key for one in self.policy.witnesses])

    def of(self, origin: str) -> Sequence[VerifierKey]:
        return [key for key in self.keys if key.name == origin]

    def cosigned(self, opened: OpenCheckpoint) -> dict[str, int]:
        """Return who of the policy's witnesses cosigned, and when, in seconds since 1970-01-01 UTC."""
        times = {signed.key: signed.at_seconds for signed in opened.signed if signed.at_seconds is not None}
        return {one.name: times[one.key] for one in self.policy.witnesses if one.key in times}
