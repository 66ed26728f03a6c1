"""That something is missing is noticed at rest: when the service starts, and within a minute, without a new entry."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from api.keeper import Keeper
from projections.transparency.alarm import MissingEntries
from projections.transparency.log_of_logs import log_checkpoints
from projections.transparency.memory import SignerMemory
from projections.transparency.signing import LOG_OF_LOGS
from projections.transparency.soundness import forgotten, unsound
from tests.keys.deployment import FIRST, HOST, SECOND, Deployment

if TYPE_CHECKING:
    from projections.transparency.alarm import Alarm

LOG_TABLES = ("trees", "tiles", "checkpoints", "log_of_logs")
GONE = SQL("DELETE FROM {} WHERE consortium_id = %(log)s")
ENTRIES_GONE = SQL("DELETE FROM public.ledger_events WHERE originator_id = %(log)s AND originator_version > %(kept)s")


def alarms(deployment: Deployment) -> dict[str, Alarm]:
    found = unsound(deployment.connection, deployment.signing, deployment.now)
    return {alarm.consortium_id: alarm for alarm in found}


def take_away(database: str, log_id: str, *, kept: int | None = None, tables: tuple[str, ...] = ()) -> None:
    """Delete as somebody who owns the tables can: entries behind those kept, and what else there is of a log."""
    with psycopg.connect(database) as connection:
        for table in ("public.ledger_events", *(f"transparency.{name}" for name in LOG_TABLES)):
            change = SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(*table.split(".")))
            connection.execute(change)
        if kept is not None:
            connection.execute(ENTRIES_GONE, {"log": log_id, "kept": kept})
        for table in tables:
            connection.execute(GONE.format(Identifier("transparency", table)), {"log": log_id})


def remember(deployment: Deployment, log_id: str, **changes: object) -> None:
    file = deployment.signing.folder / f"{log_id}.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_nothing_is_said_of_logs_that_are_as_they_were_signed(deployment: Deployment) -> None:
    deployment.grow(FIRST)
    deployment.rotate()
    deployment.grow(SECOND)
    assert alarms(deployment) == {}
    assert forgotten(deployment.connection, deployment.signing) == []


def test_a_database_older_than_the_memory_is_told_before_anything_grows(deployment: Deployment) -> None:
    remember(deployment, FIRST, size=9)
    found = alarms(deployment)
    assert list(found) == [FIRST]
    assert isinstance(found[FIRST], MissingEntries)
    assert "9 entries were signed, the database has 1" in str(found[FIRST])


def test_entries_that_are_gone_are_told_though_their_tiles_and_checkpoint_are_left(
    database: str, deployment: Deployment
) -> None:
    deployment.grow(FIRST)
    take_away(database, FIRST, kept=1)
    assert "2 entries were signed, the database has 1" in str(alarms(deployment)[FIRST])


@pytest.fixture
def logged(deployment: Deployment) -> Deployment:
    """With a leaf for each consortium in the log of logs."""
    log_checkpoints(deployment.connection, deployment.now)
    deployment.publish(LOG_OF_LOGS)
    return deployment


def test_a_log_that_vanished_whole_is_told_by_what_the_log_of_logs_says_of_it(
    database: str, logged: Deployment
) -> None:
    take_away(database, SECOND, kept=0, tables=("trees", "tiles", "checkpoints"))
    (logged.signing.folder / f"{SECOND}.json").unlink()
    assert "1 entries were signed, the database has 0" in str(alarms(logged)[SECOND])


def test_tiles_that_are_gone_are_told(database: str, deployment: Deployment) -> None:
    take_away(database, FIRST, tables=("trees", "tiles"))
    assert "there are tiles of 0" in str(alarms(deployment)[FIRST])


def test_the_log_of_logs_is_looked_after_as_the_others(database: str, logged: Deployment) -> None:
    last_leaf = max(FIRST, SECOND)
    take_away(database, last_leaf, tables=("log_of_logs",))
    assert isinstance(alarms(logged)[LOG_OF_LOGS], MissingEntries)


def test_a_seed_that_is_another_one_is_told_for_every_log(deployment: Deployment) -> None:
    deployment.signing.file(1).unlink()
    assert set(alarms(deployment)) == {FIRST, SECOND, LOG_OF_LOGS}
    deployment.signing.create_generation(1)
    assert {"seed of the key" in str(alarm) for alarm in alarms(deployment).values()} == {True}
    assert set(alarms(deployment)) == {FIRST, SECOND, LOG_OF_LOGS}


def test_an_old_seed_may_go_when_its_time_is_over(deployment: Deployment) -> None:
    deployment.rotate()
    deployment.now += timedelta(days=91)
    deployment.signing.file(1).unlink()
    assert alarms(deployment) == {}


def test_a_damaged_memory_is_told_at_once(deployment: Deployment) -> None:
    (deployment.signing.folder / f"{FIRST}.json").write_text("{")
    assert "memory is broken" in str(alarms(deployment)[FIRST])


def test_a_new_seed_never_takes_the_place_of_one_that_signed(deployment: Deployment) -> None:
    shutil.rmtree(deployment.signing.folder)
    assert not deployment.signing.create_seed(signed_before=True)
    assert deployment.signing.create_seed()


def test_what_the_signer_forgot_is_remembered_on_the_next_start(database: str, deployment: Deployment) -> None:
    memory = SignerMemory(deployment.signing.folder, FIRST)
    before = memory.read()
    (deployment.signing.folder / f"{FIRST}.json").unlink()
    assert forgotten(deployment.connection, deployment.signing) == [FIRST]
    with Keeper(deployment.ledger, database, deployment.signing, deployment.clock) as keeper:
        for _ in range(1200):
            if memory.read() is not None or Event().wait(0.05):
                break
        assert keeper.alarms == {}
    assert memory.read() == before


def test_a_keeper_knows_what_is_missing_before_its_first_command(database: str, deployment: Deployment) -> None:
    remember(deployment, FIRST, size=9)
    with Keeper(deployment.ledger, database, deployment.signing, deployment.clock) as keeper:
        assert keeper.lacks_entries(FIRST)
        assert not keeper.lacks_entries(SECOND)


def test_a_database_that_is_away_keeps_nobody_from_starting(deployment: Deployment) -> None:
    nowhere = "host=/nowhere dbname=ledger"
    with Keeper(deployment.ledger, nowhere, deployment.signing, deployment.clock) as keeper:
        assert keeper.alarms == {}
        assert not keeper.lacks_entries(FIRST)
    assert deployment.signing.host == HOST
