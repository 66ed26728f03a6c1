"""A log that grows under load, and a client that verifies every tree that it ever sees."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from api.keeper import Keeper
from domain.ledger.writer import Writer
from domain.transparency.bundle import new_bundles
from domain.transparency.keys import VerifierKey
from domain.transparency.tile import new_tiles
from domain.transparency.tiled_tree import TiledTree
from domain.transparency.tree import leaf_hash
from tests.ledger.scenario import application, clock, give, submissions
from tests.tlog.logs import FetchedTiles, opened, verify_served
from tests.tlog.site import CONSORTIUM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.ledger.ledger import Ledger
    from domain.transparency.checkpoint import Checkpoint
    from projections.transparency.signing import Signing
    from tests.tlog.site import Site

ENTRIES = 600
"""Beyond two full tiles of level 0, with a partial one of level 1."""
TREES = 15


@dataclass(frozen=True)
class Growth:
    """Writers that append without a break until it is enough, and a keeper that publishes."""

    enough: Event
    keeper: Keeper


@pytest.fixture
def growth(ledger: Ledger, database: str, signing: Signing) -> Iterator[Growth]:
    enough = Event()
    with Keeper(ledger, database, signing) as keeper, Writer(ledger, clock) as writer:
        give(writer, submissions()[:1])
        with appending(writer, enough):
            yield Growth(enough, keeper)


@contextmanager
def appending(writer: Writer, enough: Event) -> Iterator[None]:
    def append() -> None:
        while not enough.is_set():
            writer.submit(application()).result()

    threads = [Thread(target=append) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def seen(site: Site) -> tuple[bytes, Checkpoint] | None:
    """Fetch the checkpoint, once there is one."""
    answer = site.ask(f"/tlog/{CONSORTIUM}/checkpoint")
    if answer.status == 404:
        return None
    keys = [VerifierKey.parse(vkey) for vkey in site.fetched("vkeys").decode().splitlines()]
    return answer.body, opened(answer.body, keys)


def files_of(site: Site, old_size: int, size: int) -> dict[str, bytes]:
    """Fetch whatever a tree has that a smaller one had not: its partial tiles and bundles among them."""
    tiles = {tile.path: site.fetched(tile.path) for tile in new_tiles(old_size, size)}
    bundles = {}
    for bundle in new_bundles(old_size, size):
        bundles[bundle.path] = site.fetched(bundle.path)
        leaves = bundle.tile.split(tiles[bundle.tile.path])
        assert [leaf_hash(entry) for entry in bundle.split(bundles[bundle.path])] == leaves
    return {**tiles, **bundles}


def test_partial_tiles_of_every_published_size_are_served_while_the_log_grows(site: Site, growth: Growth) -> None:
    files: dict[str, bytes] = {}
    heads: dict[int, tuple[bytes, Checkpoint]] = {}
    old_size = 0
    while old_size < ENTRIES or len(heads) < TREES:
        assert (growth.keeper.fault, growth.keeper.alarms) == (None, {})
        found = seen(site)
        if found is None or found[1].size == old_size:
            continue
        note, checkpoint = found
        heads[checkpoint.size] = note, checkpoint
        for path, data in files_of(site, old_size, checkpoint.size).items():
            assert files.setdefault(path, data) == data, path
        assert TiledTree(checkpoint.size, FetchedTiles(site)).root() == checkpoint.root
        old_size = checkpoint.size
    growth.enough.set()
    for path, data in files.items():
        assert site.fetched(path) == data, path
    for size, (note, checkpoint) in heads.items():
        assert site.fetched(f"checkpoint/{size}") == note
        verify_served(site, checkpoint)
    # Also the trees between those that the client happened to see.
    keys = [VerifierKey.parse(vkey) for vkey in site.fetched("vkeys").decode().splitlines()]
    for size in map(int, site.fetched("checkpoints").split()):
        checkpoint = opened(site.fetched(f"checkpoint/{size}"), keys)
        assert TiledTree(size, FetchedTiles(site)).root() == checkpoint.root
