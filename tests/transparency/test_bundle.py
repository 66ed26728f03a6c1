"""Entry bundles: their paths, and entries behind their lengths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.bundle import MAX_ENTRY_BYTES, Bundle, bundles, join, new_bundles
from domain.transparency.errors import InvalidBundle
from domain.transparency.tile import WIDTH, Tile, level_tiles
from tests.transparency.strategies import PATIENT, damaged, integers

some_entries = st.lists(st.binary(max_size=30), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("bundle", "path"),
    [
        (Bundle(0), "tile/entries/000"),
        (Bundle(0, 5), "tile/entries/000.p/5"),
        (Bundle(1_234_067), "tile/entries/x001/x234/067"),
        (Bundle(1067, 255), "tile/entries/x001/067.p/255"),
    ],
)
def test_a_path_is_written_as_the_specification_writes_it(bundle: Bundle, path: str) -> None:
    assert bundle.path == path
    assert Bundle.parse(path) == bundle
    assert bundle.tile == Tile(0, bundle.index, bundle.width)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "000",
        "tile/entries",
        "tile/entries/",
        "tile/entries/0",
        "tile/entries/x000/001",
        "tile/entries/000.p/0",
        "tile/entries/000.p/256",
        "tile/entries/000.p/05",
        "tile/entries/000\n",
        "/tile/entries/000",
        "tile/entries/tile/entries/000",
        "tile/0/000",
        "tile/entries/x009/x223/x372/x036/x854/x775/808",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    with pytest.raises(InvalidBundle):
        Bundle.parse(path)


@PATIENT
@given(integers, st.integers(1, WIDTH))
def test_a_path_reads_back_as_the_bundle(index: int, width: int) -> None:
    assert Bundle.parse(Bundle(index, width).path) == Bundle(index, width)


@PATIENT
@given(st.text() | st.from_regex(r"tile/entries/(x\d{3}/){0,8}\d{3}(\.p/\d{1,4})?", fullmatch=True))
def test_a_path_is_read_only_if_it_would_be_written_so(path: str) -> None:
    try:
        bundle = Bundle.parse(path)
    except InvalidBundle:
        return
    assert bundle.path == path


@pytest.mark.parametrize(("index", "width"), [(-1, 1), (2**63, 1), (0, 0), (0, 257)])
def test_a_place_that_no_log_has_is_refused(index: int, width: int) -> None:
    with pytest.raises(InvalidBundle):
        Bundle(index, width)


def test_entries_stand_behind_their_lengths() -> None:
    assert join([b"one", b"", b"x" * 258]) == b"\x00\x03one\x00\x00\x01\x02" + b"x" * 258


@PATIENT
@given(some_entries)
def test_a_bundle_reads_back_as_its_entries(entries: list[bytes]) -> None:
    assert Bundle(0, len(entries)).split(join(entries)) == entries


@PATIENT
@given(st.integers(1, 12), damaged(some_entries.map(join)) | st.binary())
def test_bytes_are_read_only_if_they_would_be_written_so(width: int, data: bytes) -> None:
    bundle = Bundle(0, width)
    try:
        entries = bundle.split(data)
    except InvalidBundle:
        return
    assert len(entries) == width
    assert join(entries) == data


@PATIENT
@given(some_entries, st.integers(1, 14))
def test_a_narrower_bundle_is_cut_from_a_wider_one(entries: list[bytes], width: int) -> None:
    if width <= len(entries):
        assert Bundle(0, width).cut(join(entries)) == join(entries[:width])
    else:
        with pytest.raises(InvalidBundle, match="breaks off in entry"):
            Bundle(0, width).cut(join(entries))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x01", b"\xff\xff" + bytes(MAX_ENTRY_BYTES - 1)])
def test_bytes_that_break_off_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidBundle, match="breaks off in entry 0"):
        Bundle(0, 1).split(data)


def test_bytes_behind_the_last_entry_are_refused() -> None:
    with pytest.raises(InvalidBundle, match="2 bytes too many"):
        Bundle(0, 1).split(b"\x00\x01a\x00\x00")


def test_a_full_bundle_of_the_longest_entries_can_be_written() -> None:
    entries = [bytes([number]) * MAX_ENTRY_BYTES for number in range(WIDTH)]
    assert Bundle(0).split(join(entries)) == entries


@pytest.mark.parametrize("entries", [[], [b""] * 257, [bytes(MAX_ENTRY_BYTES + 1)]])
def test_what_does_not_fit_in_a_bundle_is_refused(entries: list[bytes]) -> None:
    with pytest.raises(InvalidBundle):
        join(entries)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_there_is_a_bundle_for_each_tile_of_level_0(size: int) -> None:
    assert [bundle.tile for bundle in bundles(size)] == list(level_tiles(0, 0, size))


def test_new_bundles_are_those_that_were_not_there_before() -> None:
    assert list(new_bundles(250, 300)) == [Bundle(0), Bundle(1, 44)]
    assert list(new_bundles(256, 300)) == [Bundle(1, 44)]
    assert list(new_bundles(300, 300)) == []
