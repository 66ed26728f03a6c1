"""Inclusion and consistency proofs, made from nodes of the tree and verified against root hashes.

Verifiers return nothing and raise `InvalidProof` for whatever is not exactly right. A proof from the empty tree proves
nothing, so `verify_consistency` refuses one; `verify_growth` is for whoever may hold an empty tree head.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from domain.transparency.errors import InvalidProof, refuse, require
from domain.transparency.tree import EMPTY_ROOT, HASH_BYTES, join_subtrees, node_hash, perfect_subtrees, split_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.transparency.tree import Node


class NodeReader(Protocol):
    """Where the hashes of nodes come from. Whoever can alter them makes proofs fail, never pass."""

    def read_nodes(self, nodes: Sequence[Node], /) -> Sequence[bytes]:
        """Return the hash of each node, in the order asked."""
        ...


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """Name the subtrees whose roots prove that leaf `index` lies in a tree of `size` leaves, from the leaf upwards.

    Source: RFC 6962, section 2.1.1:
        PATH(m, D[n]) = PATH(m, D[0:k]) : MTH(D[k:n])        for m < k
        PATH(m, D[n]) = PATH(m - k, D[k:n]) : MTH(D[0:k])    for m >= k

    Raises:
        InvalidProof: when the tree has no such leaf.
    """
    _require_leaf(index, size)
    ranges = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + split_point(end - begin)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    return ranges[::-1]


def consistency_ranges(old_size: int, new_size: int) -> list[tuple[int, int]]:
    """Name the subtrees whose roots prove that a tree of `old_size` leaves is the beginning of one of `new_size`.

    Source: RFC 6962, section 2.1.2, with PROOF(m, D[n]) = SUBPROOF(m, D[n], true):
        SUBPROOF(m, D[m], true)  = {}
        SUBPROOF(m, D[m], false) = {MTH(D[m])}
        SUBPROOF(m, D[n], b) = SUBPROOF(m, D[0:k], b) : MTH(D[k:n])              for m <= k
        SUBPROOF(m, D[n], b) = SUBPROOF(m - k, D[k:n], false) : MTH(D[0:k])      for m > k

    Nothing need be shown to whoever saw an empty tree (C2SP merkle-tree, "Consistency proofs").

    Raises:
        InvalidProof: when the new tree is smaller than the old one.
    """
    _require_order(0 <= old_size <= new_size, old_size, new_size)
    if old_size == 0:
        return []
    ranges = []
    begin, end = 0, new_size
    while end != old_size:
        middle = begin + split_point(end - begin)
        if old_size <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((begin, middle))
            begin = middle
    # The b of the RFC is true until the first step to the right, and the reader of the proof has the old root.
    if begin > 0:
        ranges.append((begin, end))
    return ranges[::-1]


def nodes_of(ranges: Sequence[tuple[int, int]]) -> list[Node]:
    """Name the nodes from which the roots of these subtrees are computed, in the order that `join_nodes` wants."""
    return [node for begin, end in ranges for node in perfect_subtrees(begin, end)]


def join_nodes(ranges: Sequence[tuple[int, int]], hashes: Sequence[bytes]) -> tuple[bytes, ...]:
    """Compute the root of each subtree from the hashes of `nodes_of(ranges)`.

    Raises:
        InvalidProof: when there are more or fewer hashes than nodes, or one is not 32 bytes long.
    """
    _require_hashes(*hashes)
    # A perfect subtree for each bit of the length.
    counts = [(end - begin).bit_count() for begin, end in ranges]
    require(
        len(hashes) == sum(counts),
        InvalidProof,
        "Węzłów do dowodu nie odczytano jeden w jeden.",
        "The nodes for the proof were not read one for one.",
    )
    rest = iter(hashes)
    return tuple(join_subtrees(tuple(islice(rest, count))) for count in counts)


def prove_inclusion(index: int, size: int, reader: NodeReader) -> tuple[bytes, ...]:
    """Prove that leaf `index`, counted from 0, lies in the tree of `size` leaves.

    Raises:
        InvalidProof: when the tree has no such leaf.
    """
    ranges = inclusion_ranges(index, size)
    return join_nodes(ranges, reader.read_nodes(nodes_of(ranges)))


def prove_consistency(old_size: int, new_size: int, reader: NodeReader) -> tuple[bytes, ...]:
    """Prove that the tree of `old_size` leaves is the beginning of the tree of `new_size`.

    Raises:
        InvalidProof: when the new tree is smaller than the old one.
    """
    ranges = consistency_ranges(old_size, new_size)
    return join_nodes(ranges, reader.read_nodes(nodes_of(ranges)))


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Compute the one root hash that the proof can belong to.

    Source: RFC 9162, section 2.1.3.2; fn, sn and r are its names.

    Raises:
        InvalidProof: when the tree has no such leaf, or the proof is too short, too long or not of hashes.
    """
    _require_leaf(index, size)
    _require_hashes(leaf, *proof)
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            refuse(
                InvalidProof,
                f"Za dużo skrótów w dowodzie dla liścia {index} z {size}: {len(proof)}.",
                f"The proof has {len(proof)} hashes, too many for leaf {index} of {size}.",
            )
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            fn, sn = _skip_lone(fn, sn)
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        refuse(
            InvalidProof,
            f"Za mało skrótów w dowodzie dla liścia {index} z {size}: {len(proof)}.",
            f"The proof has {len(proof)} hashes, too few for leaf {index} of {size}.",
        )
    return r


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that the entry with leaf hash `leaf` is number `index`, counted from 0, in the tree with this root.

    Raises:
        InvalidProof: unless it is proved exactly.
    """
    _require_hashes(root)
    found = root_from_inclusion(index, size, leaf, proof)
    if found != root:
        refuse(
            InvalidProof,
            f"Dowód dla liścia {index} z {size} daje inny skrót drzewa.",
            f"The proof for leaf {index} of {size} leads to another root hash.",
        )


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Verify that the tree of `old_size` leaves, at least one, is the beginning of the tree of `new_size`.

    Source: RFC 9162, section 2.1.4.2; fn, sn, fr and sr are its names.

    Raises:
        InvalidProof: unless it is proved exactly; also for an old tree without leaves, of which nothing can be proved.
    """
    _require_order(0 < old_size <= new_size, old_size, new_size)
    _require_hashes(old_root, new_root, *proof)
    if old_size == new_size:
        _verify_same(old_size, old_root, new_root, proof)
        return
    polish, english = f"Dowód od {old_size} do {new_size} liści", f"The proof from {old_size} to {new_size} leaves"
    found = _roots_from_consistency(old_size, new_size, old_root, proof)
    if found is None:
        refuse(
            InvalidProof,
            f"{polish} ma za mało albo za dużo skrótów: {len(proof)}.",
            f"{english} has {len(proof)} hashes, which is too few or too many.",
        )
    if found[0] != old_root:
        refuse(InvalidProof, f"{polish} daje inny dawny skrót drzewa.", f"{english} leads to another old root hash.")
    if found[1] != new_root:
        refuse(InvalidProof, f"{polish} daje inny nowy skrót drzewa.", f"{english} leads to another new root hash.")


def verify_growth(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Verify the same as `verify_consistency`, and let every tree have grown from the empty one without proof.

    Source: C2SP tlog-witness, "add-checkpoint": the proof is empty if the old size is zero.

    Raises:
        InvalidProof: unless it is proved exactly; also when an empty tree is shown with another root hash than its own.
    """
    for size, root in ((old_size, old_root), (new_size, new_root)):
        require(
            size or root == EMPTY_ROOT,
            InvalidProof,
            "Skrót pokazany dla drzewa bez liści nie jest skrótem takiego drzewa.",
            "The root hash shown for no leaves is not that of no leaves.",
        )
    if old_size:
        verify_consistency(old_size, new_size, old_root, new_root, proof)
        return
    _require_order(new_size >= 0, old_size, new_size)
    _require_hashes(new_root)
    require(
        not proof,
        InvalidProof,
        "Dowód od pustego drzewa musi być pusty, a ma skróty.",
        "Hashes are shown as proof from the empty tree, which needs none.",
    )


def _verify_same(size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    require(
        not proof,
        InvalidProof,
        f"Dowód od {size} do {size} liści musi być pusty.",
        f"The proof from {size} to {size} leaves must be empty.",
    )
    require(
        old_root == new_root,
        InvalidProof,
        f"Dwa drzewa rozmiaru {size} różnią się: historia się rozwidliła.",
        f"Two trees of {size} leaves differ: the history was forked.",
    )


def _roots_from_consistency(
    old_size: int, new_size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Compute the old and the new root; None when the proof is too short or too long."""
    # Step 2: the old root itself leads the proof when the old tree is perfect.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not proof:
        return None
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            fn, sn = _skip_lone(fn, sn)
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr) if sn == 0 else None


def _skip_lone(fn: int, sn: int) -> tuple[int, int]:
    """Climb past the rows in which the node has no sibling, until it is a right child or the leftmost of its row."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _require_hashes(*hashes: bytes) -> None:
    right = all(len(one) == HASH_BYTES for one in hashes)
    require(
        right,
        InvalidProof,
        "To, co pokazano jako skrót, nie ma 32 bajtów.",
        "What is shown as a hash is not 32 bytes long.",
    )


def _require_order(condition: object, old_size: int, new_size: int) -> None:
    if not condition:
        refuse(
            InvalidProof,
            f"Nic nie pokaże, że drzewo urosło od {old_size} do {new_size} liści.",
            f"Nothing can show a tree of {new_size} leaves to have grown from {old_size}.",
        )


def _require_leaf(index: int, size: int) -> None:
    if not 0 <= index < size:
        refuse(
            InvalidProof,
            f"Drzewo rozmiaru {size} nie ma liścia {index}.",
            f"A tree of {size} leaves has no leaf {index}.",
        )
