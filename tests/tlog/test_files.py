"""The files of C2SP tlog-tiles as they are served: paths, types, caching, and nothing beyond what was published."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from api import snapshots
from domain.transparency.bundle import Bundle
from domain.transparency.bundle import join as join_entries
from domain.transparency.keys import VerifierKey
from domain.transparency.tile import Tile, hashes_at, new_tiles
from domain.transparency.tile import join as join_hashes
from domain.transparency.tree import EMPTY_ROOT, node_hash, root_of
from tests.ledger.sessions import end_others
from tests.tlog.logs import leaf_hashes, opened, stored_bytes, verify_served
from tests.tlog.site import LOG, serving

if TYPE_CHECKING:
    from pathlib import Path

    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing
    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

SIZES = (1, 2, 255, 256, 257, 600)
SIZE = SIZES[-1]
IMMUTABLE = "public, max-age=31536000, immutable"

NOWHERE = (
    "tile/0/002",
    "tile/0/002.p/89",
    "tile/0/003.p/1",
    "tile/1/000",
    "tile/1/000.p/3",
    "tile/1/001.p/1",
    "tile/2/000.p/1",
    "tile/entries/002",
    "tile/entries/002.p/89",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/257",
    "tile/0/000.p/01",
    "tile/0/000.p/+1",
    "tile/0/000.p/-1",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/0/000.p/1/",
    "tile/0/000/",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/x000",
    "tile/0/000/000",
    "tile/00/000",
    "tile/01/000.p/1",
    "tile/-1/000",
    "tile/64/000.p/1",
    "tile/999/000.p/1",
    "tile/0/000%2Ep/1",
    "tile/0/00%30",
    "%74ile/0/000",
    "tile//0/000",
    "tile/./0/000",
    "tile/0/../0/000",
    "/tile/0/000",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    "tile/0/x999/x999/x999/x999/x999/x999/999",
    "tile/entries/000.p/0",
    "tile/entries/x000/000",
    "tile/entries/0",
    "tile/entries",
    "tile/0",
    "tile/",
    "tile",
    "TILE/0/000",
    "tile/0/%D9%A0%D9%A0%D9%A0",
    "tile/0/000%0A",
    "checkpoint/",
    "checkpoint/00",
    "checkpoint/3",
    "checkpoint/0256",
    "checkpoint/256/",
    "checkpoint/-1",
    "checkpoint/1.0",
    "checkpoint/640",
    "checkpoint/99999999999999999999999999",
    "Checkpoint",
    "entry/600",
    "entry/-1",
    "entry/00",
    "entry/9223372036854775808",
    "by-event/event-600",
    "by-event/event-639",
    "by-event/not-this-one",
    "by-event/event-1000000",
    "by-event/",
    "proof/600.tlog-proof",
    "proof/00.tlog-proof",
    "proof/0",
    "",
    "/",
)


def tile_bytes(tile: Tile) -> bytes:
    """Work a tile of level 0 or 1 out from the leaves alone."""
    span = 256**tile.level
    leaves = leaf_hashes(SIZE)
    begins = range(tile.index * 256 * span, (tile.index * 256 + tile.width) * span, span)
    return join_hashes([root_of(leaves[begin : begin + span]) for begin in begins])


def bundle_bytes(bundle: Bundle) -> bytes:
    return join_entries([stored_bytes(bundle.index * 256 + number) for number in range(bundle.width)])


@pytest.fixture
def served(site: Site, made: MadeLog) -> Site:
    """A log of 600 published entries, and forty more that are integrated already."""
    made.grow_to(*SIZES)
    made.append(40)
    made.integrate()
    return site


def test_every_tile_and_bundle_of_every_width_a_tree_ever_had_is_served(served: Site) -> None:
    tiles = {Tile(level, index, width) for level in (0, 1) for index in range(3) for width in range(1, 257)}
    there = {tile for tile in tiles if tile.index * 256 + tile.width <= hashes_at(tile.level, SIZE)}
    assert {tile for before, size in zip((0, *SIZES), SIZES, strict=False) for tile in new_tiles(before, size)} <= there
    for tile in there:
        answer = served.ask(f"{LOG}/{tile.path}")
        assert (answer.status, answer.body) == (200, tile_bytes(tile)), tile.path
        if tile.level == 0:
            bundle = Bundle(tile.index, tile.width)
            assert served.fetched(bundle.path) == bundle_bytes(bundle)
    missing = {tile for tile in tiles - there if served.ask(f"{LOG}/{tile.path}").status != 404}
    assert missing == set()


def test_types_and_caching_are_those_of_the_specification_for_get_and_head(served: Site) -> None:
    files = {
        "checkpoint": ("text/plain; charset=utf-8", "no-cache"),
        "checkpoint/256": ("text/plain; charset=utf-8", IMMUTABLE),
        "checkpoint/600": ("text/plain; charset=utf-8", "no-cache"),
        "tile/0/000": ("application/octet-stream", IMMUTABLE),
        "tile/1/000.p/2": ("application/octet-stream", IMMUTABLE),
        "tile/entries/002.p/88": ("application/octet-stream", IMMUTABLE),
    }
    for path, expected in files.items():
        got, head = served.ask(f"{LOG}/{path}"), served.ask(f"{LOG}/{path}", "HEAD")
        assert (got.status, got.headers["content-type"], got.headers["cache-control"]) == (200, *expected)
        assert (head.status, head.body) == (200, b"")
        for name in ("content-type", "cache-control", "content-length", "etag"):
            assert head.headers[name] == got.headers[name]


def test_there_is_nothing_at_any_other_address(served: Site) -> None:
    for path in NOWHERE:
        answer = served.ask(f"{LOG}/{path}")
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json"), path
        assert answer.headers["cache-control"] == "no-store"


def test_a_log_that_is_not_there_shows_nothing_at_all(served: Site) -> None:
    paths = ("checkpoint", "checkpoint/0", "checkpoints", "vkeys", "tile/0/000.p/1", "tile/entries/000.p/1", "entry/0")
    queries = ("proof/0.tlog-proof", "proof/inclusion?index=0&size=1", "proof/consistency?old=0", "by-event/event-0")
    for name in ("nobody-here", "Hajnowka", "log_of_logs", "a", "..", "%2e%2e", "x" * 300, "hajn%C3%B3wka"):
        for path in (*paths, *queries, "proof/0.tlog-proof?wait=30"):
            answer = served.ask(f"/tlog/{name}/{path}")
            assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json"), (name, path)


def test_the_latest_checkpoint_is_asked_for_again_by_its_etag(served: Site, made: MadeLog) -> None:
    first = served.ask(f"{LOG}/checkpoint")
    tag = first.headers["etag"]
    assert tag.strip('"') == sha256(first.body).hexdigest()[:32]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = served.ask(f"{LOG}/checkpoint", If_None_Match=held)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "no-cache"
    assert served.ask(f"{LOG}/checkpoint", If_None_Match='"other"').status == 200
    made.publish()
    grown = served.ask(f"{LOG}/checkpoint", If_None_Match=tag)
    assert (grown.status, grown.body.split(b"\n")[1]) == (200, b"640")


def test_every_checkpoint_ever_published_verifies_with_the_tiles_of_its_tree(served: Site) -> None:
    keys = [VerifierKey.parse(vkey) for vkey in served.fetched("vkeys").decode().splitlines()]
    listed = [int(line) for line in served.fetched("checkpoints").split()]
    assert listed == [0, *SIZES]
    for size in listed:
        checkpoint = opened(served.fetched(f"checkpoint/{size}"), keys)
        assert (checkpoint.size, checkpoint.root) == (size, root_of(leaf_hashes(size)) if size else EMPTY_ROOT)
        verify_served(served, checkpoint)
    assert served.fetched("checkpoint") == served.fetched("checkpoint/600")


def test_checkpoints_are_listed_with_their_instants_for_whoever_wants_json(served: Site) -> None:
    answer = served.ask(f"{LOG}/checkpoints", Accept="application/json;q=1")
    assert (answer.headers["content-type"], answer.headers["vary"]) == ("application/json", "Accept")
    listed = answer.json()["checkpoints"]
    assert [each["size"] for each in listed] == [0, *SIZES]
    instants = [each["published_at"] for each in listed]
    assert instants == sorted(instants)
    assert all(instant.endswith("Z") for instant in instants)
    assert served.ask(f"{LOG}/checkpoints").headers["content-type"] == "text/plain; charset=utf-8"


def test_other_methods_are_refused_with_the_ones_that_are_not(served: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = served.ask(f"{LOG}/checkpoint", method)
        assert (answer.status, answer.json()["code"]) == (405, "method-not-allowed")
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_tile_that_vanished_from_the_database_is_told_as_damage_and_not_as_absent(
    served: Site, made: MadeLog
) -> None:
    made.connection.execute("ALTER TABLE transparency.tiles DISABLE TRIGGER ALL")
    made.connection.execute("DELETE FROM transparency.tiles WHERE level = 0 AND tile_index = 0")
    for path in ("tile/0/000", "proof/5.tlog-proof", "proof/inclusion?index=5"):
        answer = served.ask(f"{LOG}/{path}")
        assert (answer.status, answer.json()["code"]) == (500, "record-damaged")


def test_level_one_is_hashed_from_full_tiles_below() -> None:
    """The arithmetic that the other tests rely on, done once by hand."""
    leaves = leaf_hashes(512)
    rows = list(leaves)
    while len(rows) > 2:
        rows = [node_hash(left, right) for left, right in zip(rows[::2], rows[1::2], strict=True)]
    assert tile_bytes(Tile(1, 0, 2)) == b"".join(rows)


def test_connections_that_broke_while_nobody_asked_are_replaced_unseen(served: Site, database: str) -> None:
    assert served.ask(f"{LOG}/checkpoint").status == 200
    end_others(database)
    assert served.ask(f"{LOG}/checkpoint").status == 200


def test_a_database_that_does_not_answer_is_told_with_when_to_ask_again(
    ledger: Ledger, tmp_path: Path, signing: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "WAIT_SECONDS", 0.2)
    with serving(ledger, f"host={tmp_path} dbname=none", signing) as site:
        for path in ("checkpoint", "tile/0/000", "proof/0.tlog-proof", "proof/0.tlog-proof?wait=1"):
            answer = site.ask(f"{LOG}/{path}")
            assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "2")
