"""The Merkle tree of RFC 6962 over SHA-256: its hashes, its nodes, and the right edge from which it grows.

    MTH({})     = SHA-256()
    MTH({d})    = SHA-256(0x00 || d)
    MTH(D[n])   = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])),  k the largest power of two smaller than n

A *node* here is the root of a perfect subtree: once its last leaf is there it never changes again. What still changes
when the tree grows lies on the right edge and is computed from nodes, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from domain.transparency.errors import InvalidTree, refuse, require

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()
"""RFC 6962, section 2.1: the hash of an empty list is the hash of an empty string."""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """The root of the perfect subtree over leaves `index << level` up to, not including, `(index + 1) << level`."""

    level: int
    index: int


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry. Source: RFC 6962, section 2.1: MTH({d(0)}) = SHA-256(0x00 || d(0))."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one. Source: RFC 6962, section 2.1: SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))."""
    return sha256(b"\x01" + left + right).digest()


def split_point(size: int) -> int:
    """Find the k of RFC 6962, section 2.1: the largest power of two smaller than `size`, which is at least 2."""
    # size - 1 has its highest bit at k exactly: k <= size - 1 < 2k.
    return 1 << ((size - 1).bit_length() - 1)


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Find the root over leaf hashes, row by row.

    Pairing from the left and carrying a lone last node up gives the tree of RFC 6962: at each split the left part is
    perfect, so its pairs never reach across the split.
    """
    row = list(leaf_hashes)
    while len(row) > 1:
        lone = row[len(row) & ~1 :]
        # `node_hash`, written out: proofs and verifications do little else.
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)] + lone
    return row[0] if row else EMPTY_ROOT


def perfect_subtrees(begin: int, end: int) -> list[Node]:
    """Cut the leaves from `begin` up to, not including, `end` into the fewest perfect subtrees, left to right.

    `begin` is a multiple of a power of two not smaller than `end - begin`, as it is for every subtree of RFC 6962.
    """
    nodes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append(Node(level, begin >> level))
        begin += 1 << level
    return nodes


def join_subtrees(hashes: Sequence[bytes]) -> bytes:
    """Find the root over perfect subtrees, given left to right, each larger than the next.

    By RFC 6962, section 2.1, the first split falls behind the largest of them, the next behind the second, and so on.
    """
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


class Frontier:
    """A tree that grows leaf by leaf and remembers no more than its right edge.

    `size` and `edge` are all there is to store: `Frontier(size, edge)` goes on where it was left.
    """

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        """Take up a tree of `size` leaves; `edge` holds the hashes of `perfect_subtrees(0, size)`.

        Raises:
            InvalidTree: when a tree of `size` leaves has another number of subtrees, or a hash is not 32 bytes long.
        """
        self._size = size
        self._edge = list(edge)
        # One perfect subtree for each bit of the size.
        subtrees = size.bit_count() if size >= 0 else None
        if len(self._edge) != subtrees:
            refuse(
                InvalidTree,
                f"Liczba poddrzew na prawym brzegu, {len(self._edge)}, nie pasuje do drzewa rozmiaru {size}.",
                f"A tree of {size} leaves does not have {len(self._edge)} subtrees on its right edge.",
            )
        require(
            all(len(subtree) == HASH_BYTES for subtree in self._edge),
            InvalidTree,
            "Skrót na prawym brzegu nie ma 32 bajtów.",
            "A hash on the right edge is not 32 bytes long.",
        )

    @property
    def size(self) -> int:
        return self._size

    @property
    def edge(self) -> tuple[bytes, ...]:
        """The hashes of the perfect subtrees, left to right, the largest first."""
        return tuple(self._edge)

    def append(self, subtree: bytes, level: int = 0) -> None:
        """Add one leaf by its hash, or a perfect subtree of `1 << level` leaves, of which the size must be a multiple.

        Raises:
            InvalidTree: when the hash is not 32 bytes long, or the subtree would not be one of RFC 6962.
        """
        if len(subtree) != HASH_BYTES:
            refuse(InvalidTree, "Skrót liścia nie ma 32 bajtów.", "A leaf hash is not 32 bytes long.")
        ones = self._size >> level
        if ones << level != self._size:
            refuse(
                InvalidTree,
                f"Poddrzewo rozmiaru {1 << level} nie może stać za {self._size}.",
                f"A subtree of {1 << level} leaves cannot follow {self._size}.",
            )
        # Each one at the low end of the size is a subtree as large as the one in hand, and to its left.
        while ones & 1:
            subtree = node_hash(self._edge.pop(), subtree)
            ones >>= 1
        self._edge.append(subtree)
        self._size += 1 << level

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves by their hashes, in order.

        Raises:
            InvalidTree: at the first hash that is not 32 bytes long; those before it have been added.
        """
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        return join_subtrees(self._edge)
