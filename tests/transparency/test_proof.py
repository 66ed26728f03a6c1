"""Proofs against the recursive definitions, for all pairs of small sizes; and that nothing altered is accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.errors import InvalidProof
from domain.transparency.proof import (
    consistency_ranges,
    inclusion_ranges,
    nodes_of,
    prove_consistency,
    prove_inclusion,
    root_from_inclusion,
    verify_consistency,
    verify_growth,
    verify_inclusion,
)
from domain.transparency.tree import EMPTY_ROOT, leaf_hash
from tests.transparency.rfc6962 import Entries, entries, mth, path, proof
from tests.transparency.strategies import PATIENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.transparency.tree import Node

SIZES = range(71)
LOG = Entries(max(SIZES))
LEAVES = [leaf_hash(entry) for entry in LOG.all]
ROOTS = [mth(LOG.all[:size]) for size in SIZES]
SOME_SIZES = [*range(20), 31, 32, 33, 64, 70]


@pytest.mark.parametrize("size", SIZES)
def test_every_entry_has_the_inclusion_proof_of_rfc_6962(size: int) -> None:
    for index in range(size):
        made = prove_inclusion(index, size, LOG)
        assert list(made) == path(index, LOG.all[:size])
        assert root_from_inclusion(index, size, LEAVES[index], made) == ROOTS[size]
        verify_inclusion(index, size, LEAVES[index], made, ROOTS[size])


@pytest.mark.parametrize("new", SIZES)
def test_every_smaller_tree_has_the_consistency_proof_of_rfc_6962(new: int) -> None:
    for old in range(1, new + 1):
        made = prove_consistency(old, new, LOG)
        assert list(made) == proof(old, LOG.all[:new])
        verify_consistency(old, new, ROOTS[old], ROOTS[new], made)
        verify_growth(old, new, ROOTS[old], ROOTS[new], made)


@pytest.mark.parametrize("new", SIZES)
def test_growth_from_the_empty_tree_needs_no_proof(new: int) -> None:
    assert prove_consistency(0, new, LOG) == ()
    verify_growth(0, new, EMPTY_ROOT, ROOTS[new], ())


@pytest.mark.parametrize("size", SOME_SIZES)
def test_no_inclusion_proof_proves_another_index(size: int) -> None:
    for index in range(size):
        made = prove_inclusion(index, size, LOG)
        for other in range(size):
            if other != index:
                with pytest.raises(InvalidProof):
                    verify_inclusion(other, size, LEAVES[index], made, ROOTS[size])


@pytest.mark.parametrize("new", SOME_SIZES)
def test_no_consistency_proof_proves_another_pair_of_roots(new: int) -> None:
    for old in range(1, new):
        made = prove_consistency(old, new, LOG)
        for other in range(1, new):
            if other != old:
                with pytest.raises(InvalidProof):
                    verify_consistency(old, new, ROOTS[other], ROOTS[new], made)
                with pytest.raises(InvalidProof):
                    verify_consistency(old, new, ROOTS[old], ROOTS[other], made)


def flipped(data: bytes) -> list[bytes]:
    """Each value that differs in one bit."""
    number = int.from_bytes(data, "big")
    return [(number ^ (1 << bit)).to_bytes(len(data), "big") for bit in range(8 * len(data))]


def reshaped(made: Sequence[bytes]) -> list[list[bytes]]:
    """Each proof with one hash more, less, cut, lengthened, twice, or in the place of another."""
    hashes, places = list(made), range(len(made))
    return [
        *([*hashes[:at], *hashes[at + 1 :]] for at in places),
        *([*hashes[:at], bytes(32), *hashes[at:]] for at in range(len(made) + 1)),
        *([*hashes[:at], hashes[at], *hashes[at:]] for at in places),
        *([*hashes[:at], hashes[at][:-1], *hashes[at + 1 :]] for at in places),
        *([*hashes[:at], hashes[at] + b"\x00", *hashes[at + 1 :]] for at in places),
        *([*hashes[:at], b"", *hashes[at + 1 :]] for at in places),
        *([*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]] for at in places[:-1]),
    ]


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (5, 7), (33, 70)])
def test_an_inclusion_proof_with_one_bit_flipped_is_refused(index: int, size: int) -> None:
    made = prove_inclusion(index, size, LOG)
    for at, original in enumerate(made):
        for other in flipped(original):
            with pytest.raises(InvalidProof):
                verify_inclusion(index, size, LEAVES[index], [*made[:at], other, *made[at + 1 :]], ROOTS[size])
    for other in flipped(LEAVES[index]):
        with pytest.raises(InvalidProof):
            verify_inclusion(index, size, other, made, ROOTS[size])
    for other in flipped(ROOTS[size]):
        with pytest.raises(InvalidProof):
            verify_inclusion(index, size, LEAVES[index], made, other)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 7), (37, 70)])
def test_a_consistency_proof_with_one_bit_flipped_is_refused(old: int, new: int) -> None:
    made = prove_consistency(old, new, LOG)
    for at, original in enumerate(made):
        for other in flipped(original):
            with pytest.raises(InvalidProof):
                verify_consistency(old, new, ROOTS[old], ROOTS[new], [*made[:at], other, *made[at + 1 :]])
    for other in flipped(ROOTS[old]):
        with pytest.raises(InvalidProof):
            verify_consistency(old, new, other, ROOTS[new], made)
    for other in flipped(ROOTS[new]):
        with pytest.raises(InvalidProof):
            verify_consistency(old, new, ROOTS[old], other, made)


@pytest.mark.parametrize("size", [*range(1, 18), 70])
def test_a_proof_of_another_shape_is_refused(size: int) -> None:
    for index in range(size):
        for other in reshaped(prove_inclusion(index, size, LOG)):
            with pytest.raises(InvalidProof):
                verify_inclusion(index, size, LEAVES[index], other, ROOTS[size])
    for old in range(1, size + 1):
        for other in reshaped(prove_consistency(old, size, LOG)):
            with pytest.raises(InvalidProof):
                verify_consistency(old, size, ROOTS[old], ROOTS[size], other)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (70, 70), (-1, 3), (0, -1), (2**64, 3)])
def test_a_leaf_that_the_tree_does_not_have_is_refused(index: int, size: int) -> None:
    with pytest.raises(InvalidProof, match="has no leaf"):
        prove_inclusion(index, size, LOG)
    with pytest.raises(InvalidProof, match="has no leaf"):
        verify_inclusion(index, size, LEAVES[0], [], ROOTS[1])


@pytest.mark.parametrize(("old", "new"), [(2, 1), (1, 0), (-1, 3), (-2, -1), (0, -1)])
def test_a_tree_that_shrank_has_not_grown(old: int, new: int) -> None:
    with pytest.raises(InvalidProof, match="Nothing can show"):
        prove_consistency(old, new, LOG)
    with pytest.raises(InvalidProof):
        verify_consistency(old, new, ROOTS[1], ROOTS[2], [])
    with pytest.raises(InvalidProof):
        verify_growth(old, new, EMPTY_ROOT, EMPTY_ROOT, [])


def test_two_trees_of_one_size_and_different_roots_are_a_fork() -> None:
    with pytest.raises(InvalidProof, match="forked"):
        verify_growth(5, 5, ROOTS[5], ROOTS[6], [])


@pytest.mark.parametrize(
    ("old", "new", "old_root", "new_root", "hashes"),
    [
        (0, 0, ROOTS[1], EMPTY_ROOT, []),
        (0, 0, EMPTY_ROOT, ROOTS[1], []),
        (0, 3, ROOTS[1], ROOTS[3], []),
        (0, 3, EMPTY_ROOT, ROOTS[3], [ROOTS[1]]),
        (0, 3, EMPTY_ROOT, ROOTS[3][:-1], []),
        (3, 0, ROOTS[3], EMPTY_ROOT, []),
    ],
)
def test_growth_from_or_to_an_empty_tree_is_held_to_its_root(
    old: int, new: int, old_root: bytes, new_root: bytes, hashes: list[bytes]
) -> None:
    with pytest.raises(InvalidProof):
        verify_growth(old, new, old_root, new_root, hashes)


class Forgetful:
    """A source that returns too few nodes, too many, or what is no hash."""

    def __init__(self, *hashes: bytes) -> None:
        self.hashes = hashes

    def read_nodes(self, _: Sequence[Node], /) -> Sequence[bytes]:
        return self.hashes


@pytest.mark.parametrize("hashes", [[], [bytes(32)] * 3, [bytes(32)] * 6, [*[bytes(32)] * 4, b""]])
def test_no_proof_is_made_from_nodes_that_were_not_read(hashes: list[bytes]) -> None:
    with pytest.raises(InvalidProof):
        prove_inclusion(0, 7, Forgetful(*hashes))
    with pytest.raises(InvalidProof):
        prove_consistency(3, 7, Forgetful(*hashes))


sizes = st.integers(1, 2**63 - 1)


@PATIENT
@given(sizes, st.data())
def test_the_largest_tree_needs_few_nodes_for_a_proof(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    assert len(inclusion_ranges(index, size)) <= 63
    assert len(nodes_of(inclusion_ranges(index, size))) <= 2 * 63
    assert len(consistency_ranges(index + 1, size)) <= 64


@PATIENT
@given(st.integers(0, 300), st.integers(0, 300), st.lists(st.binary(max_size=40), max_size=12), st.binary(max_size=40))
def test_whatever_is_shown_as_a_proof_is_refused_with_a_sentence(
    one: int, two: int, hashes: list[bytes], root: bytes
) -> None:
    with pytest.raises(InvalidProof, match=r"\.$"):
        verify_inclusion(one, two, leaf_hash(b""), hashes, root)
    with pytest.raises(InvalidProof, match=r"\.$"):
        verify_consistency(one, two, leaf_hash(b""), root, hashes)


def test_entries_are_proved_by_their_bytes_and_place() -> None:
    size = 20
    twice = [*entries(size)[:-1], entries(size)[3]]
    made = path(3, twice)
    verify_inclusion(3, size, leaf_hash(twice[3]), made, mth(twice))
    with pytest.raises(InvalidProof, match="another root"):
        verify_inclusion(3, size, leaf_hash(twice[4]), made, mth(twice))
