"""Whole logs that others wrote: their checkpoints, tiles and bundles are what we would write, and prove to us."""

from __future__ import annotations

import pytest

from domain.transparency.bundle import Bundle, bundles, join
from domain.transparency.checkpoint import Checkpoint, open_checkpoint
from domain.transparency.keys import VerifierKey
from domain.transparency.note import open_note
from domain.transparency.policy import k_of_n
from domain.transparency.proof import prove_consistency, prove_inclusion, verify_growth, verify_inclusion
from domain.transparency.prooffile import ProofFile
from domain.transparency.tile import Tile, tiles
from domain.transparency.tiled_tree import TiledTree, verify_tiles
from domain.transparency.tree import leaf_hash
from tests.transparency.rfc6962 import mth, path, proof
from tests.transparency.shelf import Folder, Shelf
from tests.transparency.vectors import TESSERA_VKEY, TILES_OF_15, TILES_OF_300, load

VKEY = VerifierKey.parse(TESSERA_VKEY)
SIZES = range(16)


def checkpoint_bytes(size: int) -> bytes:
    return (TILES_OF_15 / f"checkpoint.{size}").read_bytes()


def head(size: int) -> Checkpoint:
    return open_checkpoint(checkpoint_bytes(size), VKEY.name, [VKEY]).checkpoint


def entries(size: int) -> list[bytes]:
    """The entries as the log's bundles have them at this size."""
    return [entry for bundle in bundles(size) for entry in bundle.split((TILES_OF_15 / bundle.path).read_bytes())]


@pytest.mark.parametrize("size", SIZES)
def test_every_checkpoint_of_fifteen_entries_is_the_root_of_its_tiles_and_entries(size: int) -> None:
    assert head(size).size == size
    assert head(size).root == mth(entries(size)) == TiledTree(size, Folder(TILES_OF_15)).root()
    verify_tiles(size, head(size).root, Folder(TILES_OF_15))


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_tile_and_bundle_of_fifteen_entries_is_what_we_would_write(size: int) -> None:
    widest = entries(15)
    shelf = Shelf()
    shelf.extend([leaf_hash(entry) for entry in widest])
    for tile in tiles(size):
        assert shelf.read_tiles([tile]) == Folder(TILES_OF_15).read_tiles([tile])
    published = (TILES_OF_15 / Bundle(0, size).path).read_bytes()
    assert join(widest[:size]) == published == Bundle(0, size).cut(join(widest))


@pytest.mark.parametrize("new", SIZES)
def test_every_checkpoint_of_fifteen_entries_has_grown_from_every_one_before(new: int) -> None:
    tree = TiledTree(new, Folder(TILES_OF_15))
    for old in range(new + 1):
        made = prove_consistency(old, new, tree)
        assert list(made) == (proof(old, entries(new)) if old else [])
        verify_growth(old, new, head(old).root, head(new).root, made)


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_one_of_fifteen_entries_is_proved_under_every_checkpoint_that_has_it(size: int) -> None:
    tree, policy = TiledTree(size, Folder(TILES_OF_15)), k_of_n(0, [VKEY], [])
    for index, entry in enumerate(entries(size)):
        made = prove_inclusion(index, size, tree)
        assert list(made) == path(index, entries(size))
        verify_inclusion(index, size, leaf_hash(entry), made, head(size).root)
        opened = open_note(checkpoint_bytes(size), [VKEY])
        ProofFile.parse(ProofFile(index, made, opened.note).write()).verify(entry, policy)


def test_the_tiles_of_300_records_are_what_we_would_write() -> None:
    about = load("tiles-of-300/ABOUT.json")
    records = [f"record {number}".encode() for number in range(about["size"])]
    opened = open_note((TILES_OF_300 / "checkpoint").read_bytes(), [VerifierKey.parse(about["vkey"])])
    checkpoint = Checkpoint.parse(opened.text)
    assert (checkpoint.size, checkpoint.root) == (300, mth(records))
    verify_tiles(checkpoint.size, checkpoint.root, Folder(TILES_OF_300))
    shelf = Shelf()
    grown = shelf.extend([leaf_hash(record) for record in records])
    assert sorted(grown) == [Tile(0, 0), Tile(0, 1, 44), Tile(1, 0, 1)]
    for tile, data in grown.items():
        assert (TILES_OF_300 / tile.path).read_bytes() == data


@pytest.mark.parametrize("index", [0, 127, 128, 255, 256, 299])
def test_records_are_proved_from_the_tiles_of_others(index: int) -> None:
    records = [f"record {number}".encode() for number in range(300)]
    made = prove_inclusion(index, 300, TiledTree(300, Folder(TILES_OF_300)))
    assert list(made) == path(index, records)
