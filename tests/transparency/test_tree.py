"""The tree against the recursive definition, at every small size and on both sides of a large power of two."""

from __future__ import annotations

import pytest

from domain.transparency.errors import InvalidTree
from domain.transparency.tree import (
    EMPTY_ROOT,
    Frontier,
    Node,
    join_subtrees,
    leaf_hash,
    perfect_subtrees,
    root_of,
    split_point,
)
from tests.transparency.rfc6962 import Entries, entries, k_of, mth

LARGE = [65_535, 65_536, 65_537]


@pytest.mark.parametrize("sizes", [range(301), LARGE], ids=["up to 300", "around 65,536"])
def test_the_root_is_the_one_that_rfc_6962_defines(sizes: list[int]) -> None:
    leaves = [leaf_hash(entry) for entry in entries(max(sizes))]
    for size in sizes:
        frontier = Frontier()
        frontier.extend(leaves[:size])
        assert frontier.size == size
        assert frontier.root() == root_of(leaves[:size]) == mth(entries(size))


def test_the_tree_splits_where_rfc_6962_splits_it() -> None:
    assert [split_point(size) for size in range(2, 1000)] == [k_of(size) for size in range(2, 1000)]


def test_the_right_edge_is_made_of_perfect_subtrees() -> None:
    frontier, source = Frontier(), Entries(300)
    for size, entry in enumerate(source.all, 1):
        frontier.append(leaf_hash(entry))
        nodes = perfect_subtrees(0, size)
        assert frontier.edge == tuple(source.read_nodes(nodes))
        assert sum(1 << node.level for node in nodes) == size
        assert [node.level for node in nodes] == sorted({node.level for node in nodes}, reverse=True)


@pytest.mark.parametrize("size", [*range(40), 255, 256, 257])
def test_a_stored_right_edge_is_taken_up_again(size: int) -> None:
    leaves = list(map(leaf_hash, entries(300)))
    before = Frontier()
    before.extend(leaves[:size])
    after = Frontier(before.size, before.edge)
    after.extend(leaves[size:])
    assert (after.size, after.root()) == (300, mth(entries(300)))


def test_taking_up_a_right_edge_leaves_the_stored_one_alone() -> None:
    stored = [leaf_hash(b"one")]
    frontier = Frontier(1, stored)
    frontier.append(leaf_hash(b"two"))
    assert stored == [leaf_hash(b"one")]


def test_a_node_is_ordered_by_level_before_index() -> None:
    assert sorted([Node(1, 0), Node(0, 5), Node(0, 2)]) == [Node(0, 2), Node(0, 5), Node(1, 0)]


def test_no_subtrees_are_the_empty_tree() -> None:
    assert perfect_subtrees(7, 7) == []
    assert join_subtrees([]) == EMPTY_ROOT


@pytest.mark.parametrize(("size", "hashes"), [(1, 0), (0, 1), (2, 2), (3, 1), (3, 3), (-1, 1), (-1, 0)])
def test_a_right_edge_of_another_size_is_refused(size: int, hashes: int) -> None:
    with pytest.raises(InvalidTree, match="right edge"):
        Frontier(size, [bytes(32)] * hashes)


@pytest.mark.parametrize("wrong", [b"", bytes(31), bytes(33)])
def test_what_is_no_hash_never_enters_the_tree(wrong: bytes) -> None:
    with pytest.raises(InvalidTree, match="32 bytes"):
        Frontier(3, [bytes(32), wrong])
    frontier = Frontier()
    with pytest.raises(InvalidTree, match="32 bytes"):
        frontier.append(wrong)
    assert (frontier.size, frontier.edge) == (0, ())


def test_leaves_before_a_wrong_one_are_in_the_tree() -> None:
    frontier = Frontier()
    with pytest.raises(InvalidTree):
        frontier.extend([leaf_hash(b"one"), b"two"])
    assert (frontier.size, frontier.root()) == (1, mth([b"one"]))


@pytest.mark.parametrize("level", range(5))
def test_a_whole_subtree_is_added_as_its_leaves_would_be(level: int) -> None:
    leaves = [leaf_hash(entry) for entry in entries(80)]
    for size in range(0, 64, 1 << level):
        one_by_one, at_once = Frontier(), Frontier()
        one_by_one.extend(leaves[: size + (1 << level)])
        at_once.extend(leaves[:size])
        at_once.append(root_of(leaves[size : size + (1 << level)]), level)
        assert (at_once.size, at_once.edge) == (one_by_one.size, one_by_one.edge)


@pytest.mark.parametrize(("size", "level"), [(1, 1), (2, 2), (255, 8), (257, 8), (3, 64)])
def test_a_subtree_is_added_only_where_rfc_6962_has_one(size: int, level: int) -> None:
    frontier = Frontier()
    frontier.extend([bytes(32)] * size)
    with pytest.raises(InvalidTree, match=f"cannot follow {size}"):
        frontier.append(bytes(32), level)
    assert frontier.size == size
