"""Publishing a checkpoint: read the new entries again, check that the tree only grew, remember, sign, publish.

    tiles (integrated) ──▶ entries read again from the ledger, hashed again ──▶ consistent with the last signed head?
        ──▶ memory written and fsynced ──▶ signed ──▶ checkpoint stored

Killed between any two steps it goes on from what is stored: a head that was remembered and not published is signed
again, the same bytes; a head that does not extend the remembered one is never signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.errors import Invalid
from domain.transparency.proof import prove_consistency, verify_growth
from domain.transparency.tiled_tree import TiledTree
from domain.transparency.tree import EMPTY_ROOT, leaf_hash
from projections.transparency.memory import Signed, SignerMemory
from projections.transparency.tiles import StoredTiles, tree_size

if TYPE_CHECKING:
    from psycopg import Connection

    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing


class Alarm(Exception):  # noqa: N818 - it names what is to be done
    """The history is not an extension of what was signed before; nothing is signed until a person has looked."""

    def __init__(self, consortium_id: str, polish: str, english: str) -> None:
        super().__init__(f"{consortium_id}: {english}")
        self.consortium_id = consortium_id
        self.sentences = {"pl": polish, "en": english}


class Publisher:
    """Signs and publishes checkpoints over a connection of its own; any number of publishers may run at once."""

    def __init__(self, ledger: Ledger, connection: Connection, signing: Signing) -> None:
        self._ledger = ledger
        self._connection = connection
        self._signing = signing

    def unpublished(self) -> list[str]:
        """Name the consortia whose tree is larger than their last checkpoint."""
        rows = self._connection.execute(
            "SELECT consortium_id FROM transparency.trees AS tree WHERE NOT EXISTS (SELECT FROM"
            " transparency.checkpoints AS published WHERE published.consortium_id = tree.consortium_id"
            " AND published.size = tree.size) ORDER BY consortium_id"
        )
        return [consortium_id for (consortium_id,) in rows]

    def publish(self, consortium_id: str) -> None:
        """Publish a checkpoint over everything that is integrated.

        Raises:
            Alarm: the tree is not an extension of what was signed before, or not that of the stored entries.
        """
        memory = SignerMemory(self._signing.folder, consortium_id)
        with memory.held():
            size = tree_size(self._connection, consortium_id)
            last = memory.read() or Signed(self._signing.origin(consortium_id), 0, EMPTY_ROOT)
            root = self._checked_root(consortium_id, last, size)
            memory.write(Signed(last.origin, size, root))
            note = sign_checkpoint(Checkpoint(last.origin, size, root), self._signing.signer(consortium_id))
            self._connection.execute(
                "INSERT INTO transparency.checkpoints (consortium_id, size, note) VALUES (%s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [consortium_id, size, note.write()],
            )

    def _checked_root(self, consortium_id: str, last: Signed, size: int) -> bytes:
        """Compute the root over entries read again, and check it against the tiles and against what was signed."""
        if last.origin != self._signing.origin(consortium_id):
            raise Alarm(
                consortium_id,
                f"dziennik podpisywano jako {last.origin}, nie można zmienić jego nazwy",
                f"the log was signed as {last.origin}; its origin can never change",
            )
        if size < last.size:
            raise Alarm(
                consortium_id,
                f"podpisano już {last.size} wpisów, a w bazie jest {size}: to starsza kopia zapasowa",
                f"{last.size} entries were signed, the database has {size}: an older backup was restored",
            )
        tree = TiledTree(size, StoredTiles(self._connection, consortium_id))
        try:
            return self._extended(consortium_id, last, size, tree)
        except Invalid as error:
            raise Alarm(
                consortium_id,
                f"historia nie jest przedłużeniem podpisanej: {error}",
                f"the history is not an extension of what was signed: {error}",
            ) from error

    def _extended(self, consortium_id: str, last: Signed, size: int, tree: TiledTree) -> bytes:
        signed_tree = TiledTree(last.size, StoredTiles(self._connection, consortium_id))
        frontier = signed_tree.frontier()
        verify_growth(last.size, last.size, last.root, frontier.root(), ())
        if size > last.size:
            again = self._ledger.stored(consortium_id, last.size + 1, size)
            frontier.extend(leaf_hash(entry) for _, entry in again)
        root = frontier.root()
        verify_growth(size, size, root, tree.root(), ())
        proof = prove_consistency(last.size, size, tree) if last.size else ()
        verify_growth(last.size, size, last.root, root, proof)
        return root
