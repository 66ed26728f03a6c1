"""Tiles: their paths, what each holds, and which of them a tree has."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.transparency.encoding import MAX_INTEGER
from domain.transparency.errors import InvalidTile
from domain.transparency.tile import (
    HEIGHT,
    MAX_LEVEL,
    WIDTH,
    Tile,
    join,
    new_tiles,
    partial_tiles,
    tile_with,
    tiles,
)
from domain.transparency.tree import Node, leaf_hash
from tests.transparency.rfc6962 import entries, mth
from tests.transparency.shelf import Shelf
from tests.transparency.strategies import PATIENT, hashes, integers

places = st.builds(Tile, st.integers(0, MAX_LEVEL), integers, st.integers(1, WIDTH))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 0, 17), "tile/1/000.p/17"),
        (Tile(0, 7), "tile/0/007"),
        (Tile(0, 999), "tile/0/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1234), "tile/0/x001/234"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(0, 1_234_067, 255), "tile/0/x001/x234/067.p/255"),
        (Tile(63, MAX_INTEGER, 1), "tile/63/x009/x223/x372/x036/x854/x775/807.p/1"),
    ],
)
def test_a_path_is_written_as_the_specification_writes_it(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/000/",
        "/tile/0/000",
        "tile//000",
        "tile/00/000",
        "tile/01/000",
        "tile/-1/000",
        "tile/64/000",
        "tile/100/000",
        "tile/0/-01",
        "tile/0/+01",
        "tile/0/001/234",
        "tile/0/x000/001",
        "tile/0/x000/x001/234",
        "tile/0/x1/234",
        "tile/0/x01/234",
        "tile/0/X001/234",
        "tile/0/x001/x234",
        "tile/0/x001/234/x567",
        "tile/0/x001//234",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/00",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/999",
        "tile/0/000.p/1000",
        "tile/0/000.p/-1",
        "tile/0/000.P/1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000 ",
        " tile/0/000",
        "tile/0/000\n",
        "tile/0/000.p/1\n",
        "tile/0/\N{ARABIC-INDIC DIGIT ZERO}00",
        "tile/\N{ARABIC-INDIC DIGIT ZERO}/000",
        "tile/8/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/" + "x999/" * 7 + "999",
        "tile/0/" + "x000/" * 2000 + "001",
        "tile/entries/000",
        "tile/8/8/000",
        "tile/0/000/../001",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidTile):
        Tile.parse(path)


@PATIENT
@given(places)
def test_a_path_reads_back_as_the_tile(tile: Tile) -> None:
    assert Tile.parse(tile.path) == tile


@PATIENT
@given(st.text() | st.from_regex(r"tile/\d{1,3}/(x?\d{3}/){0,8}x?\d{1,4}(\.p/\d{1,4})?", fullmatch=True))
@example("tile/0/x001/234.p/5")
def test_a_path_is_read_only_if_it_would_be_written_so(path: str) -> None:
    try:
        tile = Tile.parse(path)
    except InvalidTile:
        return
    assert tile.path == path


@pytest.mark.parametrize(
    ("level", "index", "width"),
    [(-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, -1), (0, 0, 257)],
)
def test_a_place_that_no_tree_has_is_refused(level: int, index: int, width: int) -> None:
    with pytest.raises(InvalidTile, match="No tile"):
        Tile(level, index, width)


def test_the_tiles_of_the_examples_in_the_specification() -> None:
    assert list(tiles(70_000)) == [
        *(Tile(0, index) for index in range(273)),
        Tile(0, 273, 112),
        Tile(1, 0),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]
    assert list(tiles(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles(0)) == []


@pytest.mark.parametrize("size", [*range(1, 20), 255, 256, 257, 511, 512, 700])
def test_each_tile_holds_the_hashes_that_the_specification_defines(size: int) -> None:
    all_entries, shelf = entries(size), Shelf()
    grown = shelf.extend([leaf_hash(entry) for entry in all_entries])
    assert sorted(grown) == sorted(tiles(size))
    for tile, data in grown.items():
        span = WIDTH**tile.level
        first = tile.index * WIDTH
        wanted = [mth(all_entries[at * span : (at + 1) * span]) for at in range(first, first + tile.width)]
        assert tile.split(data) == wanted
        assert join(wanted) == data


@PATIENT
@given(st.integers(0, 3000), st.integers(0, 3000))
def test_new_tiles_are_those_that_were_not_there_before(old: int, new: int) -> None:
    before = set(tiles(old))
    assert list(new_tiles(old, new)) == [tile for tile in tiles(max(old, new)) if tile not in before]


@PATIENT
@given(st.integers(0, 200_000))
def test_the_right_edge_is_made_of_the_partial_tiles(size: int) -> None:
    assert partial_tiles(size) == [tile for tile in tiles(size) if tile.width < WIDTH]


@PATIENT
@given(st.integers(0, 5000), st.integers(0, 3), st.integers(0, 21), st.integers(1, WIDTH))
def test_a_tile_lies_in_a_tree_that_has_all_its_hashes(size: int, level: int, index: int, width: int) -> None:
    wider = [tile for tile in tiles(size) if (tile.level, tile.index) == (level, index) and tile.width >= width]
    assert Tile(level, index, width).lies_in(size) == bool(wider)


@PATIENT
@given(integers)
def test_the_largest_tree_has_partial_tiles_on_eight_levels_at_most(size: int) -> None:
    edge = partial_tiles(size)
    assert sum(tile.width << (tile.level * HEIGHT) for tile in edge) == size
    assert all(tile.lies_in(size) and not Tile(tile.level, tile.index, tile.width + 1).lies_in(size) for tile in edge)


def test_a_partial_tile_is_cut_from_a_wider_one() -> None:
    full = b"".join(leaf_hash(entry) for entry in entries(WIDTH))
    for width in range(1, WIDTH + 1):
        assert Tile(0, 0, width).cut(full) == full[: 32 * width]
        assert Tile(0, 0, width).cut(full[: 32 * width]) == full[: 32 * width]


@pytest.mark.parametrize("length", [0, 31, 33, 64, 32 * 257])
def test_bytes_that_are_not_the_tile_are_refused(length: int) -> None:
    with pytest.raises(InvalidTile, match="cannot be cut"):
        Tile(0, 0, 3).cut(bytes(length))
    with pytest.raises(InvalidTile, match="bytes long"):
        Tile(0, 0, 1).split(bytes(length))
    with pytest.raises(InvalidTile, match="bytes long"):
        Tile(0, 0, 1).node_hash(Node(0, 0), bytes(length))


@pytest.mark.parametrize("wrong", [[], [bytes(32)] * 257, [b""], [bytes(31)], [bytes(32), bytes(33)]])
def test_no_tile_is_written_from_anything_but_1_to_256_hashes(wrong: list[bytes]) -> None:
    with pytest.raises(InvalidTile, match="1 to 256 hashes"):
        join(wrong)


@PATIENT
@given(st.lists(hashes, min_size=1, max_size=WIDTH))
def test_a_tile_reads_back_as_its_hashes(some: list[bytes]) -> None:
    assert Tile(0, 0, len(some)).split(join(some)) == some


@pytest.mark.parametrize(
    ("node", "size", "tile"),
    [
        (Node(0, 0), 1, Tile(0, 0, 1)),
        (Node(0, 255), 257, Tile(0, 0)),
        (Node(0, 256), 257, Tile(0, 1, 1)),
        (Node(7, 1), 257, Tile(0, 0)),
        (Node(8, 0), 257, Tile(1, 0, 1)),
        (Node(9, 0), 600, Tile(1, 0, 2)),
        (Node(16, 0), 70_000, Tile(2, 0, 1)),
    ],
)
def test_a_node_is_found_in_the_tile_as_wide_as_the_tree_has_it(node: Node, size: int, tile: Tile) -> None:
    assert tile_with(node, size) == tile


@pytest.mark.parametrize(
    ("level", "index", "size"), [(0, 1, 1), (0, 0, 0), (1, 0, 1), (3, 1, 15), (-1, 0, 9), (0, -1, 9)]
)
def test_a_node_that_the_tree_does_not_have_is_refused(level: int, index: int, size: int) -> None:
    with pytest.raises(InvalidTile, match="has no node"):
        tile_with(Node(level, index), size)


@pytest.mark.parametrize("node", [Node(0, 2), Node(1, 1), Node(0, 256), Node(8, 0), Node(9, 0), Node(-1, 0)])
def test_a_node_that_lies_elsewhere_is_not_computed(node: Node) -> None:
    with pytest.raises(InvalidTile, match="does not lie in"):
        Tile(0, 0, 2).node_hash(node, bytes(64))
