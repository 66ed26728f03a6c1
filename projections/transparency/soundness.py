"""Whether what was signed is still there: asked of every log when the service starts and every minute, grown or not.

    the signer's memory, the log's last checkpoint, its last leaf in the log of logs ──▶ so many entries were signed
    the event store ──▶ so many are there

What lies among the entries is read again by `fsck`, not here: this looks at numbers alone, and soon.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg.rows import class_row

from projections.transparency.alarm import Alarm, MissingEntries, told_as_alarms
from projections.transparency.keyring import due
from projections.transparency.memory import SignerMemory, remembered_logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from psycopg import Connection

    from projections.transparency.memory import Signed
    from projections.transparency.signing import Signing

_EXTENTS: Final = """
    WITH logs AS (
        SELECT consortium_id FROM transparency.trees
        UNION SELECT consortium_id FROM transparency.log_of_logs
        UNION SELECT unnest(%(remembered)s::text[])
    )
    SELECT log.consortium_id AS log_id,
        CASE log.consortium_id
            WHEN 'log_of_logs' THEN (SELECT coalesce(max(leaf_index) + 1, 0) FROM transparency.log_of_logs)
            ELSE (
                SELECT coalesce(max(originator_version), 0) FROM public.ledger_events
                WHERE originator_id = log.consortium_id
            )
        END AS stored,
        coalesce((SELECT size FROM transparency.trees WHERE consortium_id = log.consortium_id), 0) AS integrated,
        (SELECT max(size) FROM transparency.checkpoints WHERE consortium_id = log.consortium_id) AS published,
        coalesce((
            SELECT size FROM transparency.log_of_logs WHERE consortium_id = log.consortium_id
            ORDER BY leaf_index DESC LIMIT 1
        ), 0) AS logged,
        coalesce((SELECT max(position) FROM public.read_models_progress), 0)
            >= coalesce((SELECT max(notification_id) FROM public.ledger_events), 0) AS caught_up
    FROM logs AS log ORDER BY log.consortium_id
"""


@dataclass(frozen=True, slots=True)
class _Extent:
    """How far a log reaches, in entries."""

    log_id: str
    stored: int
    integrated: int
    published: int | None
    """None where there is no checkpoint."""
    logged: int
    """In the last leaf that the log of logs has of it."""
    caught_up: bool
    """Whether everything that is stored has been integrated."""


def unsound(connection: Connection, signing: Signing, now: datetime) -> Iterator[Alarm]:
    """Tell of each log that lacks entries or tiles it had when it was signed, or the seed that is to sign it next.

    A memory that cannot be read is told of as well.
    """
    memories: dict[str, Signed | None] = {}
    # Before the database is asked: what is signed meanwhile is in the database already.
    for log_id in remembered_logs(signing.folder):
        try:
            with told_as_alarms(log_id):
                memories[log_id] = SignerMemory(signing.folder, log_id).read()
        except Alarm as alarm:
            yield alarm
    with connection.cursor(row_factory=class_row(_Extent)) as cursor:
        extents = cursor.execute(_EXTENTS, {"remembered": list(memories)}).fetchall()
    for extent in extents:
        try:
            with told_as_alarms(extent.log_id):
                _require_sound(signing, extent, memories.get(extent.log_id), now)
        except Alarm as alarm:
            yield alarm


def forgotten(connection: Connection, signing: Signing) -> list[str]:
    """Name the logs that have a checkpoint and no memory of the signer."""
    rows = connection.execute("SELECT DISTINCT consortium_id FROM transparency.checkpoints ORDER BY consortium_id")
    return sorted({log_id for (log_id,) in rows} - set(remembered_logs(signing.folder)))


def _require_sound(signing: Signing, extent: _Extent, memory: Signed | None, now: datetime) -> None:
    signed = max(memory.size if memory else 0, extent.published or 0, extent.logged)
    if extent.stored < max(signed, extent.integrated):
        raise MissingEntries(extent.log_id, max(signed, extent.integrated), extent.stored)
    if memory is None:
        return
    if extent.caught_up and extent.integrated < memory.size:
        raise Alarm(
            extent.log_id,
            f"podpisano już {memory.size} wpisów, a kafelków jest dla {extent.integrated}",
            f"{memory.size} entries were signed, there are tiles of {extent.integrated}",
        )
    require_seeds(signing, extent.log_id, due(memory.keys, memory.size, memory.size + 1, now) if memory.keys else None)


def require_seeds(signing: Signing, log_id: str, signed_by: tuple[str, ...] | None) -> None:
    """Require the seed of each key that is to sign; of None, of a log without keys yet, any.

    Raises:
        Alarm: one is missing.
        BrokenSeedError: one is none.
    """
    signers = signing.signers(log_id)
    missing = [vkey for vkey in signed_by or () if vkey not in signers]
    if missing or not signers or signed_by == ():
        named = ", ".join(missing) or signing.origin(log_id)
        raise Alarm(
            log_id,
            f"brak ziarna klucza, który ma podpisać ({named}): przywróć je z kopii",
            f"the seed of the key that is to sign is not there ({named}): restore it from its backup",
        )
