"""The log of logs: every log when it is created, and then hourly when it changed, so that a vanished one is noticed."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import psycopg
import pytest

from domain.transparency.checkpoint import Checkpoint
from domain.transparency.note import Note
from domain.transparency.tiled_tree import verify_tiles
from domain.transparency.tree import leaf_hash, root_of
from projections.transparency.log_of_logs import log_checkpoints
from projections.transparency.published import PublishedLog
from projections.transparency.publisher import Alarm
from projections.transparency.signing import LOG_OF_LOGS
from projections.transparency.tiles import StoredTiles, tree_size
from tests.keys.deployment import FIRST, SECOND, Deployment

if TYPE_CHECKING:
    from collections.abc import Sequence

HOUR = timedelta(hours=1)
SECOND_OF_TIME = timedelta(seconds=1)


def logged(deployment: Deployment) -> list[tuple[str, int]]:
    """Read every leaf as the checkpoint that it is."""
    rows = deployment.connection.execute("SELECT note FROM transparency.log_of_logs ORDER BY leaf_index")
    checkpoints = [Checkpoint.parse(Note.parse(bytes(note)).text) for (note,) in rows]
    return [(checkpoint.origin.rsplit("/", 1)[1], checkpoint.size) for checkpoint in checkpoints]


def look(deployment: Deployment, among: Sequence[str] | None = None) -> int:
    return log_checkpoints(deployment.connection, deployment.now, HOUR, among)


def test_it_is_published_from_the_beginning_while_it_is_empty(empty: Deployment) -> None:
    empty.publish(LOG_OF_LOGS)
    assert empty.sizes(LOG_OF_LOGS) == [0]
    assert look(empty) == 0


def test_each_log_is_told_when_it_is_created_and_hourly_when_it_changed(deployment: Deployment) -> None:
    assert look(deployment) == 2
    assert logged(deployment) == [(SECOND, 1), (FIRST, 1)]
    deployment.now += SECOND_OF_TIME
    deployment.grow(FIRST)
    deployment.now += HOUR - 2 * SECOND_OF_TIME
    assert look(deployment) == 0
    deployment.now += SECOND_OF_TIME
    assert look(deployment) == 1
    assert logged(deployment)[2:] == [(FIRST, 2)]
    deployment.now += 2 * HOUR
    assert look(deployment) == 0


def test_a_new_log_does_not_wait_for_the_hour(deployment: Deployment) -> None:
    look(deployment)
    deployment.found("konsorcjum-trzy")
    deployment.publish("konsorcjum-trzy")
    assert look(deployment, ["konsorcjum-trzy"]) == 1
    assert logged(deployment)[2:] == [("konsorcjum-trzy", 1)]


def test_only_the_logs_that_are_named_are_looked_at(deployment: Deployment) -> None:
    assert look(deployment, [FIRST]) == 1
    assert logged(deployment) == [(FIRST, 1)]


def test_it_is_a_log_like_any_other(deployment: Deployment) -> None:
    for hour in range(4):
        deployment.now += hour * HOUR
        deployment.grow(FIRST)
        look(deployment)
        deployment.publish(LOG_OF_LOGS)
    assert deployment.sizes(LOG_OF_LOGS) == [0, 2, 3, 4, 5]
    log = PublishedLog(deployment.connection, LOG_OF_LOGS)
    leaves = [log.entry(index) for index in range(5)]
    root = root_of([leaf_hash(leaf) for leaf in leaves if leaf])
    key = deployment.signing.signer(LOG_OF_LOGS).verifier.write()
    checkpoint = deployment.opened(LOG_OF_LOGS, 5, key).checkpoint
    assert (checkpoint.origin, checkpoint.root) == ("example.com/log-of-logs", root)
    verify_tiles(5, root, StoredTiles(deployment.connection, LOG_OF_LOGS))
    assert leaves[0] == deployment.note(SECOND, 1)


def test_two_that_look_at_once_tell_of_each_checkpoint_once(database: str, deployment: Deployment) -> None:
    start = Barrier(4)

    def look_too() -> None:
        with psycopg.connect(database, autocommit=True) as connection:
            start.wait()
            log_checkpoints(connection, deployment.now, HOUR)

    threads = [Thread(target=look_too) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(logged(deployment)) == [(SECOND, 1), (FIRST, 1)]
    assert tree_size(deployment.connection, LOG_OF_LOGS) == 2


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE transparency.log_of_logs SET note = set_byte(note, 9, get_byte(note, 9) # 1) WHERE leaf_index = 1",
        "DELETE FROM transparency.log_of_logs WHERE leaf_index = 0",
        "DELETE FROM transparency.log_of_logs WHERE leaf_index = 1",
        "UPDATE transparency.tiles SET hashes = decode(repeat('00', 64), 'hex') WHERE consortium_id = 'log_of_logs'",
    ],
)
def test_leaves_that_were_altered_are_never_signed(deployment: Deployment, tampering: str) -> None:
    look(deployment)
    deployment.connection.execute("ALTER TABLE transparency.log_of_logs DISABLE TRIGGER ALL")
    deployment.connection.execute("ALTER TABLE transparency.tiles DISABLE TRIGGER ALL")
    assert deployment.connection.execute(tampering.encode()).rowcount == 1
    with pytest.raises(Alarm, match="not an extension"):
        deployment.publish(LOG_OF_LOGS)
    assert deployment.sizes(LOG_OF_LOGS) == [0]


def test_a_restored_older_log_of_logs_is_refused(deployment: Deployment) -> None:
    look(deployment)
    deployment.publish(LOG_OF_LOGS)
    connection = deployment.connection
    for statement in (
        b"ALTER TABLE transparency.log_of_logs DISABLE TRIGGER ALL",
        b"ALTER TABLE transparency.tiles DISABLE TRIGGER ALL",
        b"ALTER TABLE transparency.trees DISABLE TRIGGER ALL",
        b"DELETE FROM transparency.log_of_logs",
        b"DELETE FROM transparency.tiles WHERE consortium_id = 'log_of_logs'",
        b"DELETE FROM transparency.trees WHERE consortium_id = 'log_of_logs'",
    ):
        connection.execute(statement)
    with pytest.raises(Alarm, match="an older backup was restored"):
        deployment.publish(LOG_OF_LOGS)


def test_what_was_told_is_never_changed(deployment: Deployment) -> None:
    look(deployment)
    for statement in (
        b"DELETE FROM transparency.log_of_logs",
        b"UPDATE transparency.log_of_logs SET size = 9",
        b"TRUNCATE transparency.log_of_logs",
        b"DELETE FROM transparency.log_keys",
        b"UPDATE transparency.log_keys SET vkey = ''",
        b"TRUNCATE transparency.log_keys",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            deployment.connection.execute(statement)
