"""A tree in tiles: it grows in steps as in one go, proves what RFC 6962 defines, and betrays what was altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.errors import InvalidProof, InvalidTile
from domain.transparency.proof import prove_consistency, prove_inclusion, verify_consistency, verify_inclusion
from domain.transparency.tile import WIDTH, Tile, new_tiles, tiles
from domain.transparency.tiled_tree import TiledTree, TilesInHand, grow, read_each, verify_tiles
from domain.transparency.tree import EMPTY_ROOT, Frontier, leaf_hash, root_of
from tests.transparency.rfc6962 import entries, path, proof
from tests.transparency.shelf import Shelf
from tests.transparency.strategies import PATIENT

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGE = 65_537 + 600
ENTRIES = entries(LARGE)
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.extend(LEAVES)
    return shelf


@pytest.mark.parametrize(
    "sizes", [range(301), [511, 512, 513], [65_535, 65_536, 65_537, LARGE]], ids=["up to 300", "around 512", "large"]
)
def test_the_tiles_on_the_right_edge_lead_to_the_root(shelf: Shelf, sizes: list[int]) -> None:
    for size in sizes:
        assert TiledTree(size, shelf).root() == root_of(LEAVES[:size])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_a_frontier_goes_on_where_the_tiles_end(shelf: Shelf, size: int) -> None:
    frontier, grown = TiledTree(size, shelf).frontier(), Frontier()
    grown.extend(LEAVES[:size])
    assert (frontier.size, frontier.edge) == (size, grown.edge)
    frontier.extend(LEAVES[size:900])
    assert frontier.root() == TiledTree(900, shelf).root()


@PATIENT
@given(st.lists(st.integers(0, 700), max_size=8))
def test_a_tree_that_grows_in_steps_has_the_tiles_of_one_that_grew_at_once(steps: list[int]) -> None:
    by_steps, at_once = Shelf(), Shelf()
    for step in steps:
        before = by_steps.size
        grown = by_steps.extend(LEAVES[before : before + step])
        assert sorted(grown) == sorted(new_tiles(before, before + step))
    at_once.extend(LEAVES[: sum(steps)])
    assert by_steps.kept == at_once.kept


def test_growing_reads_the_partial_tiles_alone_and_all_at_once() -> None:
    shelf = Shelf()
    shelf.extend(LEAVES[:1000])
    shelf.asked.clear()
    shelf.extend(LEAVES[1000:1010])
    assert shelf.asked == [[Tile(0, 3, 232), Tile(1, 0, 3)]]


def test_adding_no_leaves_changes_no_tile(shelf: Shelf) -> None:
    assert grow(700, [], shelf) == {}


def test_a_leaf_that_is_no_hash_is_refused(shelf: Shelf) -> None:
    with pytest.raises(InvalidTile, match="32 bytes"):
        grow(700, [b"one"], shelf)


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 70])
def test_small_trees_prove_from_tiles_what_rfc_6962_defines(shelf: Shelf, size: int) -> None:
    tree = TiledTree(size, shelf)
    for index in range(size):
        assert list(prove_inclusion(index, size, tree)) == path(index, ENTRIES[:size])
        assert list(prove_consistency(index + 1, size, tree)) == proof(index + 1, ENTRIES[:size])


@pytest.mark.parametrize("size", [255, 256, 257, 513, 700])
@pytest.mark.parametrize("index", [0, 1, 127, 128, 254])
def test_trees_of_several_tiles_prove_what_rfc_6962_defines(shelf: Shelf, index: int, size: int) -> None:
    tree = TiledTree(size, shelf)
    for each in (index, size - 1 - index):
        assert list(prove_inclusion(each, size, tree)) == path(each, ENTRIES[:size])
        assert list(prove_consistency(each + 1, size, tree)) == proof(each + 1, ENTRIES[:size])


@PATIENT
@given(st.integers(1, LARGE), st.data())
def test_proofs_of_large_trees_are_accepted(shelf: Shelf, size: int, data: st.DataObject) -> None:
    index, root = data.draw(st.integers(0, size - 1)), TiledTree(size, shelf).root()
    tree = TiledTree(size, shelf)
    verify_inclusion(index, size, LEAVES[index], prove_inclusion(index, size, tree), root)
    old_root = TiledTree(index + 1, shelf).root()
    verify_consistency(index + 1, size, old_root, root, prove_consistency(index + 1, size, tree))


def test_a_proof_reads_each_of_its_tiles_once_and_all_at_once(shelf: Shelf) -> None:
    shelf.asked.clear()
    prove_inclusion(300, LARGE, TiledTree(LARGE, shelf))
    assert len(shelf.asked) == 1
    assert sorted(shelf.asked[0]) == sorted({Tile(0, 1), Tile(1, 0), Tile(0, 258, 89), Tile(1, 1, 2)})


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 700, 65_536, LARGE])
def test_all_tiles_of_a_tree_are_verified(shelf: Shelf, size: int) -> None:
    shelf.asked.clear()
    verify_tiles(size, root_of(LEAVES[:size]), shelf)
    assert sorted(tile for asked in shelf.asked for tile in asked) == sorted(tiles(size))


def test_tiles_of_another_tree_are_refused(shelf: Shelf) -> None:
    for size in (0, 1, 257):
        with pytest.raises(InvalidTile, match="another root"):
            verify_tiles(size, leaf_hash(b"another"), shelf)
    with pytest.raises(InvalidTile, match="another root"):
        verify_tiles(1, EMPTY_ROOT, shelf)


class Altered:
    """The tiles of another source, one of them with one bit flipped."""

    def __init__(self, source: Shelf, tile: Tile, at_bit: int) -> None:
        self.source, self.tile, self.at_bit = source, tile, at_bit

    def read_tiles(self, wanted: Sequence[Tile], /) -> list[bytes]:
        return [
            self.flip(data) if (tile.level, tile.index) == (self.tile.level, self.tile.index) else data
            for tile, data in zip(wanted, self.source.read_tiles(wanted), strict=True)
        ]

    def flip(self, data: bytes) -> bytes:
        return (int.from_bytes(data, "little") ^ (1 << self.at_bit)).to_bytes(len(data), "little")


@pytest.mark.parametrize("tile", list(tiles(700)), ids=lambda tile: tile.path)
@pytest.mark.parametrize("at_bit", [0, 77, 255])
def test_one_bit_in_one_tile_is_found(shelf: Shelf, tile: Tile, at_bit: int) -> None:
    with pytest.raises(InvalidTile, match=r"does not follow|another root"):
        verify_tiles(700, root_of(LEAVES[:700]), Altered(shelf, tile, at_bit))


def test_an_altered_tile_is_named_by_the_one_above_it(shelf: Shelf) -> None:
    with pytest.raises(InvalidTile, match=r"tile/1/000\.p/2 does not follow"):
        verify_tiles(700, root_of(LEAVES[:700]), Altered(shelf, Tile(0, 1), 9))


@pytest.mark.parametrize("tile", list(tiles(700)), ids=lambda tile: tile.path)
def test_no_proof_from_an_altered_tile_passes(shelf: Shelf, tile: Tile) -> None:
    size, altered = 700, Altered(shelf, tile, 3)
    index = 0 if tile.index < 2 else 600
    made = prove_inclusion(index, size, TiledTree(size, altered))
    if made != prove_inclusion(index, size, TiledTree(size, shelf)):
        with pytest.raises(InvalidProof):
            verify_inclusion(index, size, LEAVES[index], made, root_of(LEAVES[:size]))


class Careless:
    """Returns tiles that are too short, or not as many as were asked for."""

    def __init__(self, source: Shelf, *, cut: int, left_out: int) -> None:
        self.source, self.cut, self.left_out = source, cut, left_out

    def read_tiles(self, wanted: Sequence[Tile], /) -> list[bytes]:
        found = [data[: len(data) - self.cut] for data in self.source.read_tiles(wanted)]
        return found[self.left_out :]


@pytest.mark.parametrize("careless", [{"cut": 1, "left_out": 0}, {"cut": 32, "left_out": 0}, {"cut": 0, "left_out": 1}])
def test_tiles_that_are_not_whole_are_refused(shelf: Shelf, careless: dict[str, int]) -> None:
    source = Careless(shelf, **careless)
    refused = "bytes long" if careless["cut"] else "were asked for"
    with pytest.raises(InvalidTile, match=refused):
        verify_tiles(700, root_of(LEAVES[:700]), source)
    with pytest.raises(InvalidTile, match=refused):
        TiledTree(700, source).root()
    with pytest.raises(InvalidTile, match=refused):
        grow(700, LEAVES[:1], source)
    with pytest.raises(InvalidTile, match=refused):
        prove_inclusion(3, 700, TiledTree(700, source))


def test_tiles_in_hand_are_a_source_of_their_own(shelf: Shelf) -> None:
    wanted = list(tiles(700))
    in_hand = TilesInHand(read_each(wanted, shelf))
    verify_tiles(700, root_of(LEAVES[:700]), in_hand)
    with pytest.raises(InvalidTile, match="not among the tiles"):
        in_hand.read_tiles([Tile(0, 2, WIDTH)])
