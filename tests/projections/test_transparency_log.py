"""Tiles and checkpoints on a real database: never a gap, never a fork, never a signature over what was altered."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from domain.ledger.following import entries_after
from domain.ledger.ledger import Ledger
from domain.ledger.migration import History
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.tile import tiles
from domain.transparency.tiled_tree import verify_tiles
from domain.transparency.tree import leaf_hash, root_of
from projections.runner import Runner
from projections.schema import READ_MODELS
from projections.transparency.publisher import Alarm, Publisher
from projections.transparency.signing import Signing
from projections.transparency.tiles import StoredTiles, Tiles, tree_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.transparency.checkpoint import Checkpoint

REGISTER = Path(__file__).parents[1] / "scenario" / "hajnowka" / "commands.jsonl"
CONSORTIUM = "hajnowka-odnowa"


@contextmanager
def connected(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def ledger(database: str) -> Iterator[Ledger]:
    READ_MODELS.migrate(database)
    with Ledger.connect(database) as ledger:
        History.measure(REGISTER, imported_by="op", imported_at=datetime.now(UTC)).bring_into(ledger)
        yield ledger


@pytest.fixture
def signing(tmp_path: Path) -> Signing:
    signing = Signing(tmp_path / "signer", "example.com")
    signing.create_seed()
    return signing


def published(connection: psycopg.Connection, signing: Signing) -> list[Checkpoint]:
    key = signing.signer(CONSORTIUM).verifier
    notes = connection.execute("SELECT note FROM transparency.checkpoints ORDER BY size").fetchall()
    return [open_checkpoint(bytes(note), signing.origin(CONSORTIUM), [key]).checkpoint for (note,) in notes]


def caught_up(ledger: Ledger, connection: psycopg.Connection) -> Runner:
    runner = Runner(ledger, connection, [Tiles()])
    runner.catch_up()
    return runner


def test_tiles_are_those_of_the_stored_bytes(ledger: Ledger, database: str) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        leaves = [leaf_hash(entry) for _, entry in ledger.stored(CONSORTIUM, 1, 358)]
        assert tree_size(connection, CONSORTIUM) == len(leaves) == 358
        verify_tiles(358, root_of(leaves), StoredTiles(connection, CONSORTIUM))
        stored = connection.execute("SELECT count(*) FROM transparency.tiles").fetchone()
        assert stored == (len(list(tiles(358))),)


def test_tiles_do_not_depend_on_how_entries_are_batched(ledger: Ledger, database: str) -> None:
    with connected(database) as connection:
        runner = Runner(ledger, connection, [Tiles()])
        everything = entries_after(ledger, 0)
        begin = 0
        for step in (1, 2, 253, 1, 1, 100):
            runner.apply(everything[begin : begin + step])
            begin += step
        root = root_of([leaf_hash(placed.state) for placed in everything])
        verify_tiles(358, root, StoredTiles(connection, CONSORTIUM))


def test_what_another_runner_applied_is_not_applied_again(ledger: Ledger, database: str) -> None:
    with connected(database) as one, connected(database) as other:
        caught_up(ledger, one)
        Runner(ledger, other, [Tiles()]).apply(entries_after(ledger, 0))
        assert tree_size(other, CONSORTIUM) == 358


def test_a_checkpoint_is_signed_over_everything_integrated(ledger: Ledger, database: str, signing: Signing) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        publisher = Publisher(ledger, connection, signing)
        assert publisher.unpublished() == [CONSORTIUM]
        publisher.publish(CONSORTIUM)
        assert publisher.unpublished() == []
        empty, checkpoint = published(connection, signing)
        assert (empty.origin, empty.size) == (checkpoint.origin, 0)
        root = root_of([leaf_hash(entry) for _, entry in ledger.stored(CONSORTIUM, 1, 358)])
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == ("example.com/tlog/hajnowka-odnowa", 358, root)


def test_a_checkpoint_that_was_removed_is_published_again_before_a_larger_one_takes_its_place(
    ledger: Ledger, database: str, signing: Signing
) -> None:
    everything = entries_after(ledger, 0)
    with connected(database) as connection:
        runner, publisher = Runner(ledger, connection, [Tiles()]), Publisher(ledger, connection, signing)
        for upto in (100, 200):
            runner.apply(everything[:upto])
            publisher.publish(CONSORTIUM)
        before = published(connection, signing)
        connection.execute("ALTER TABLE transparency.checkpoints DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM transparency.checkpoints WHERE size = 200")
        connection.execute("ALTER TABLE transparency.checkpoints ENABLE TRIGGER ALL")
        runner.apply(everything)
        publisher.publish(CONSORTIUM)
        assert published(connection, signing)[:-1] == before
        assert [checkpoint.size for checkpoint in before] == [0, 100, 200]


def test_an_entry_altered_after_its_integration_is_never_signed(
    ledger: Ledger, database: str, signing: Signing
) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        connection.execute("ALTER TABLE ledger_events DISABLE TRIGGER ALL")
        connection.execute(
            "UPDATE ledger_events SET state = set_byte(state, 40, get_byte(state, 40) # 1)"
            " WHERE originator_version = 200"
        )
        with pytest.raises(Alarm, match="not an extension"):
            Publisher(ledger, connection, signing).publish(CONSORTIUM)
        assert published(connection, signing) == []


def test_an_altered_tile_is_never_signed(ledger: Ledger, database: str, signing: Signing) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        connection.execute("ALTER TABLE transparency.tiles DISABLE TRIGGER ALL")
        connection.execute("UPDATE transparency.tiles SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)")
        with pytest.raises(Alarm, match="not an extension"):
            Publisher(ledger, connection, signing).publish(CONSORTIUM)


def test_a_restored_old_backup_is_refused_and_not_forked(ledger: Ledger, database: str, signing: Signing) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        Publisher(ledger, connection, signing).publish(CONSORTIUM)
        connection.execute("ALTER TABLE transparency.checkpoints DISABLE TRIGGER checkpoints_never_change")
        connection.execute("ALTER TABLE transparency.trees DISABLE TRIGGER ALL")
        connection.execute("ALTER TABLE transparency.tiles DISABLE TRIGGER ALL")
        connection.execute("ALTER TABLE ledger_events DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM transparency.checkpoints")
        connection.execute("DELETE FROM transparency.trees")
        connection.execute("DELETE FROM transparency.tiles")
        connection.execute("DELETE FROM ledger_events WHERE originator_version > 300")
        connection.execute("UPDATE public.read_models_progress SET position = 0")
        caught_up(ledger, connection)
        with pytest.raises(Alarm, match="an older backup was restored"):
            Publisher(ledger, connection, signing).publish(CONSORTIUM)


def test_a_head_that_was_remembered_and_not_published_is_signed_again(
    ledger: Ledger, database: str, signing: Signing
) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        publisher = Publisher(ledger, connection, signing)
        publisher.publish(CONSORTIUM)
        before = published(connection, signing)
        connection.execute("ALTER TABLE transparency.checkpoints DISABLE TRIGGER checkpoints_never_change")
        connection.execute("DELETE FROM transparency.checkpoints")
        publisher.publish(CONSORTIUM)
        assert published(connection, signing) == before


def test_the_seed_is_made_once(signing: Signing) -> None:
    key = signing.signer(CONSORTIUM).verifier
    assert signing.create_seed() is False
    assert signing.signer(CONSORTIUM).verifier == key


def test_the_database_refuses_to_change_what_was_published(ledger: Ledger, database: str, signing: Signing) -> None:
    with connected(database) as connection:
        caught_up(ledger, connection)
        Publisher(ledger, connection, signing).publish(CONSORTIUM)
        for statement in (
            "DELETE FROM transparency.checkpoints",
            "UPDATE transparency.checkpoints SET note = ''",
            "UPDATE transparency.trees SET size = 1",
            "UPDATE transparency.tiles SET hashes = substring(hashes FOR 32)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
