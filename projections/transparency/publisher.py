"""Publishing a checkpoint: read the new entries again, check that the tree only grew, remember, sign, publish.

    tiles (integrated) ──▶ entries read again, hashed again ──▶ consistent with the last signed head? keys at hand?
        ──▶ memory written and fsynced ──▶ signed ──▶ checkpoint stored

The first checkpoint of a log is that of the empty tree. Killed between any two steps it goes on from what is stored: a
head that was remembered and not published is signed again by the same keys, the same bytes; a head that does not extend
the remembered one is never signed, and neither is one whose keys are not those that are due.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from domain.log_keys import key_history
from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.errors import NotSigned
from domain.transparency.note import open_note
from domain.transparency.proof import prove_consistency, verify_growth
from domain.transparency.tiled_tree import TiledTree
from domain.transparency.tree import EMPTY_ROOT
from projections.transparency.alarm import Alarm, MissingEntries, told_as_alarms
from projections.transparency.keyring import LogKey, after, due, note_keys
from projections.transparency.memory import Signed, SignerMemory
from projections.transparency.published import published_sizes
from projections.transparency.second_reading import SecondReading
from projections.transparency.soundness import require_seeds
from projections.transparency.tiles import StoredTiles, tree_size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection

    from domain.decider import Entry
    from domain.ledger.ledger import Ledger
    from projections.transparency.keyring import Keys
    from projections.transparency.signing import Signing

__all__ = ["Alarm", "Publisher"]


LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _now() -> datetime:
    return datetime.now(UTC)


class Publisher:
    """Signs and publishes checkpoints over a connection of its own; any number of publishers may run at once.

    `clock` gives aware datetimes; it decides for how long an old key still signs, and nothing else.
    """

    def __init__(
        self, ledger: Ledger, connection: Connection, signing: Signing, clock: Callable[[], datetime] = _now
    ) -> None:
        self._ledger = ledger
        self._connection = connection
        self._signing = signing
        self._clock = clock

    def unpublished(self) -> list[str]:
        """Name the logs whose tree is larger than their last checkpoint, or that lack the checkpoint of no entries."""
        rows = self._connection.execute(
            "SELECT consortium_id FROM transparency.trees AS tree WHERE EXISTS (SELECT FROM (VALUES (0), (tree.size))"
            " AS due (size) WHERE NOT EXISTS (SELECT FROM transparency.checkpoints AS published"
            " WHERE published.consortium_id = tree.consortium_id AND published.size = due.size))"
            " ORDER BY consortium_id"
        )
        return [log_id for (log_id,) in rows]

    def publish(self, log_id: str) -> None:
        """Publish a checkpoint over everything that is integrated, after that of the empty tree.

        Raises:
            Alarm: the tree is not an extension of what was signed before, or not that of the stored entries, or the
                keys that are to sign are not all there.
        """
        memory = SignerMemory(self._signing.folder, log_id)
        with memory.held(), told_as_alarms(log_id):
            last = memory.read()
            head = self._checked(log_id, last)
            if not self._is_published(log_id, 0):
                empty = self._empty(log_id, head)
                if last is None:
                    memory.write(empty)
                self._sign_and_store(log_id, empty)
            if last is not None and self._is_missed(log_id, last, head):
                self._sign_and_store(log_id, last)
            if head.size:
                memory.write(head)
                self._sign_and_store(log_id, head)

    def _checked(self, log_id: str, last: Signed | None) -> Signed:
        """Compute the head that is to be signed, and hold it and its keys to what was signed before."""
        signed = last or Signed(self._signing.origin(log_id), 0, EMPTY_ROOT)
        size = tree_size(self._connection, log_id)
        self._require_same_log(log_id, signed, size)
        root, key_changes = self._extended(log_id, signed, size)
        keys = self._keys(log_id, signed, key_changes)
        before = last.size if last else published_sizes(self._connection, [log_id]).get(log_id, 0)
        signed_by = _signing_again(last, keys, size) or due(keys, before, size, self._clock())
        require_seeds(self._signing, log_id, signed_by)
        return Signed(signed.origin, size, root, keys, signed_by)

    def _require_same_log(self, log_id: str, signed: Signed, size: int) -> None:
        if signed.origin != self._signing.origin(log_id):
            raise Alarm(
                log_id,
                f"dziennik podpisywano jako {signed.origin}, nie można zmienić jego nazwy",
                f"the log was signed as {signed.origin}; its origin can never change",
            )
        if size < signed.size:
            raise MissingEntries(log_id, signed.size, size)

    def _extended(self, log_id: str, signed: Signed, size: int) -> tuple[bytes, Sequence[Entry]]:
        """Compute the root over entries read again, check it against the tiles, and return what changes the key."""
        tiles = StoredTiles(self._connection, log_id)
        tree, frontier = TiledTree(size, tiles), TiledTree(signed.size, tiles).frontier()
        verify_growth(signed.size, signed.size, signed.root, frontier.root(), ())
        again = SecondReading(self._ledger, self._connection, log_id)
        if size > signed.size:
            frontier.extend(again.leaf_hashes(signed.size + 1, size))
        root = frontier.root()
        verify_growth(size, size, root, tree.root(), ())
        proof = prove_consistency(signed.size, size, tree) if signed.size else ()
        verify_growth(signed.size, size, signed.root, root, proof)
        return root, again.key_changes

    def _keys(self, log_id: str, signed: Signed, key_changes: Sequence[Entry]) -> Keys:
        """Go on from the keys that signed so far; where none are remembered, from those that must have."""
        history = key_history(key_changes, signed.keys[-1].vkey if signed.keys else None)
        first = tuple(LogKey(change.old_vkey) for change in history[:1])
        return after(signed.keys or first or self._keys_of_last(log_id), history)

    def _keys_of_last(self, log_id: str) -> Keys:
        """Return the keys that signed the last published checkpoint; of a log that is new, the newest one."""
        signers = self._signing.signers(log_id)
        row = self._connection.execute(
            "SELECT note FROM transparency.checkpoints WHERE consortium_id = %s ORDER BY size DESC LIMIT 1", [log_id]
        ).fetchone()
        if row is None:
            return tuple(map(LogKey, list(signers)[-1:]))
        try:
            opened = open_note(bytes(row[0]), [signer.verifier for signer in signers.values()])
        except NotSigned as error:
            raise Alarm(
                log_id,
                "ostatni punkt kontrolny podpisano kluczem, którego ziarna tu nie ma: przywróć je z kopii",
                "the last checkpoint was signed by a key whose seed is not here: restore it from its backup",
            ) from error
        *old, new = (vkey for vkey in signers if vkey in {signed.key.write() for signed in opened.signed})
        return (*(LogKey(vkey, until=LONG_AGO) for vkey in old), LogKey(new))

    def _empty(self, log_id: str, head: Signed) -> Signed:
        """Return the head of the empty tree, which the log's first key signs, or the oldest that is left."""
        signers = self._signing.signers(log_id)
        signed_by = next(key.vkey for key in head.keys if key.vkey in signers)
        return Signed(head.origin, 0, EMPTY_ROOT, head.keys[:1], (signed_by,))

    def _is_missed(self, log_id: str, last: Signed, head: Signed) -> bool:
        """Tell whether what was signed last is not published, after a crash or a deletion, and can be signed again.

        A larger one would else take its place, and nobody would miss it.
        """
        signers = self._signing.signers(log_id)
        can_sign = bool(last.signed_by) and all(vkey in signers for vkey in last.signed_by)
        return 0 < last.size < head.size and can_sign and not self._is_published(log_id, last.size)

    def _is_published(self, log_id: str, size: int) -> bool:
        row = self._connection.execute(
            "SELECT FROM transparency.checkpoints WHERE consortium_id = %s AND size = %s", [log_id, size]
        ).fetchone()
        return row is not None

    def _sign_and_store(self, log_id: str, head: Signed) -> None:
        signers = self._signing.signers(log_id)
        checkpoint = Checkpoint(head.origin, head.size, head.root)
        note = sign_checkpoint(checkpoint, *(signers[vkey] for vkey in head.signed_by))
        with self._connection.transaction():
            note_keys(self._connection, log_id, head.keys, head.size)
            self._connection.execute(
                "INSERT INTO transparency.checkpoints (consortium_id, size, note) VALUES (%s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [log_id, head.size, note.write()],
            )


def _signing_again(last: Signed | None, keys: Keys, size: int) -> tuple[str, ...]:
    """Name the keys that signed this very head already, but for those that cannot any more."""
    if last is None or last.size != size:
        return ()
    lost = {key.vkey for key in keys if key.lost}
    return tuple(vkey for vkey in last.signed_by if vkey not in lost)
