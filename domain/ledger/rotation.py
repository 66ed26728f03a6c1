"""Recording in a consortium's history that another key signs its transparency log from there on, exactly once.

There is no command for it: no rule of the agreement is involved, and whoever keeps the seeds does it for all consortia.
The entry's ids are derived from the new key, so what was recorded before a crash is recognised afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from domain.decider import Actor, Entry
from domain.ledger.faults import Conflict
from domain.statute.events import LogKeyRotated
from domain.values import day_of

if TYPE_CHECKING:
    from datetime import datetime

    from domain.consortium import Consortium
    from domain.ledger.ledger import Ledger

ATTEMPTS: Final = 50
"""How often the entry is made again when the writer of another process was first."""

_NAMESPACE: Final = UUID("0b7f2f0a-7c0e-5b52-9a41-6f1f3b1e8c77")
"""Of the command ids derived from new keys."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The change of one log's key, as it is to be recorded."""

    new_vkey: str
    both_until: datetime
    old_key_lost: bool
    by: str
    """The operator's id."""


def record_key_change(ledger: Ledger, consortium_id: str, signs: str, change: KeyChange, now: datetime) -> bool:
    """Append the entry unless it is there; tell whether it was appended now.

    `signs` is the key that has signed so far, for a history that records no earlier change.

    Raises:
        Conflict: other processes were always first; nothing was recorded.
        LedgerUnavailable: the database does not answer; do it again.
    """
    consortium = ledger.load(consortium_id)
    for _ in range(ATTEMPTS):
        if consortium.statutes.log_key == change.new_vkey:
            return False
        try:
            ledger.append([_entry(consortium, signs, change, now)])
        except Conflict:
            consortium = ledger.catch_up(consortium)
        else:
            return True
    raise Conflict(consortium_id)


def _entry(consortium: Consortium, signs: str, change: KeyChange, now: datetime) -> Entry:
    command_id = uuid5(_NAMESPACE, change.new_vkey)
    return Entry(
        consortium_id=consortium.consortium_id,
        version=consortium.version + 1,
        event_id=str(uuid5(command_id, "0")),
        command_id=str(command_id),
        # The clock may go backwards, history not.
        recorded_at=max(now.astimezone(UTC), consortium.recorded_at or now),
        effective_on=day_of(now),
        actor=Actor(role="operator", id=change.by),
        under=None,
        fact=LogKeyRotated(
            old_vkey=consortium.statutes.log_key or signs,
            new_vkey=change.new_vkey,
            both_until=change.both_until,
            old_key_lost=change.old_key_lost,
        ),
    )
