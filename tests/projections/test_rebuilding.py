"""Rebuilding beside what is live: compared, switched at once, and broken off without a trace."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.sql import SQL, Identifier

from api.command_line import main
from projections.bitemporal.asking import moment_at
from projections.bitemporal.definition import fingerprint
from projections.bitemporal.rebuilding import ALONE, ensure, is_current, rebuild
from projections.bitemporal.tables import StaleTablesError, Tables
from projections.questions import TABLES
from projections.read_models import all_read_models
from projections.runner import Runner
from tests.guard.keepers import FORKING, keeping
from tests.ledger.scenario import HAJNOWKA, history
from tests.ledger.sessions import wait_until_somebody_waits
from tests.projections.dumps import dump, placed
from tests.projections.processes import rebuild_until, run_while_told

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from domain.ledger.ledger import Ledger

SPOILED = "UPDATE read.members SET name = 'Nikt' WHERE member_id = 'M01'"
KILLS = 5


def silently(_entries: int) -> None:
    """Show no progress."""


@pytest.fixture
def command(prepared: str) -> Callable[..., Result]:
    def give(*words: str) -> Result:
        return CliRunner(env={"DATABASE_URL": prepared}).invoke(main, ["rebuild", *words])

    return give


def test_the_same_tables_are_built_again(kept: Ledger, connection: psycopg.Connection) -> None:
    live, taken = dump(connection), list[int]()
    assert rebuild(kept, connection, TABLES, taken.append) == {table.name: 0 for table in TABLES}
    assert dump(connection) == live
    assert sum(taken) == len(history())
    assert len(live["moments"]) == len(history())


def test_a_row_that_says_something_else_is_counted_and_put_right(kept: Ledger, connection: psycopg.Connection) -> None:
    live = dump(connection)
    spoiled = connection.execute(SPOILED).rowcount
    connection.execute("DELETE FROM read.votes WHERE draft_id = 'DR-01'")
    found = rebuild(kept, connection, TABLES, silently)
    assert found is not None
    # A row that was changed is one too many, and one too few.
    assert found["members"] == 2 * spoiled
    assert found["votes"] == len(dump(connection)["votes"]) - (len(live["votes"]) - found["votes"])
    assert dump(connection) == live


def test_only_what_the_read_models_have_reached_is_taken_in(recorded: Ledger, connection: psycopg.Connection) -> None:
    runner = Runner(recorded, connection, all_read_models(recorded))
    runner.apply(placed(recorded)[:100])
    live = dump(connection)
    rebuild(recorded, connection, TABLES, silently)
    assert dump(connection) == live
    # The runner goes on with what was put in the place of its tables.
    assert runner.catch_up() == recorded.last_position()
    assert set((rebuild(recorded, connection, TABLES, silently) or {}).values()) == {0}


def test_tables_of_another_revision_are_stale(kept: Ledger, connection: psycopg.Connection) -> None:
    revised = (replace(TABLES[0], revision=2), *TABLES[1:])
    assert fingerprint(revised) != fingerprint(TABLES)
    assert is_current(connection, TABLES)
    assert not is_current(connection, revised)
    assert rebuild(kept, connection, revised, silently) is None
    assert is_current(connection, revised)
    assert not ensure(kept, connection, revised, silently)


def test_a_runner_of_another_version_does_not_write_into_tables_that_are_not_its_own(
    recorded: Ledger, connection: psycopg.Connection
) -> None:
    batches = placed(recorded)
    runner = Runner(recorded, connection, [Tables(recorded, TABLES)])
    runner.apply(batches[:100])
    rebuild(recorded, connection, (replace(TABLES[0], revision=2), *TABLES[1:]), silently)
    with pytest.raises(StaleTablesError):
        runner.apply(batches[100:])
    assert runner.position() == batches[99].position


def test_readers_and_a_runner_of_other_processes_go_on(
    recorded: Ledger, prepared: str, connection: psycopg.Connection
) -> None:
    Runner(recorded, connection, all_read_models(recorded)).apply(placed(recorded)[:-30])
    hearing, saying = FORKING.Pipe(duplex=False)
    over, heads = Event(), list[int]()

    def read_on() -> None:
        with psycopg.connect(prepared) as reader:
            reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            seen = [_head(reader)]
            while not over.is_set():
                seen.append(_head(reader))
            assert seen == sorted(seen)
            heads.extend(seen)

    def let_fifteen_in(_entries: int) -> None:
        for _ in range(15):
            saying.send("one more")

    with ThreadPoolExecutor() as reading, keeping(run_while_told, prepared, hearing) as runner:
        answers = [reading.submit(read_on) for _ in range(2)]
        for _ in range(2):
            rebuild(recorded, connection, TABLES, let_fifteen_in)
        let_fifteen_in(0)
        while runner.heard() != "done":
            pass
        over.set()
        for answer in answers:
            answer.result()
    # Two readers, and neither ever saw less than it had seen, or half of something.
    assert len(set(heads)) > 1
    assert _head(connection) == len(history())
    assert set((rebuild(recorded, connection, TABLES, silently) or {}).values()) == {0}


def _head(connection: psycopg.Connection) -> int:
    with connection.transaction():
        moment = moment_at(connection, HAJNOWKA, None)
        assert moment is not None
        # In the same snapshot every version up to it is there.
        count = connection.execute("SELECT count(*) FROM read.audit_trail").fetchone()
    assert count == (moment.head,)
    return moment.head


def test_a_second_rebuilding_waits_for_the_first(kept: Ledger, prepared: str, connection: psycopg.Connection) -> None:
    live = dump(connection)
    with psycopg.connect(prepared, autocommit=True) as first, keeping(rebuild_until, prepared, None) as second:
        first.execute(SQL("SELECT pg_advisory_lock({})").format(SQL(ALONE)))
        wait_until_somebody_waits(prepared)
        assert not second.news.poll()
        assert dump(connection) == live
        first.execute(SQL("SELECT pg_advisory_unlock({})").format(SQL(ALONE)))
        assert second.heard() is not None
    assert dump(connection) == live
    assert kept.last_position()


def test_a_rebuilding_killed_anywhere_leaves_what_is_live_as_it_was(
    recorded: Ledger, prepared: str, connection: psycopg.Connection
) -> None:
    Runner(recorded, connection, all_read_models(recorded)).apply(placed(recorded)[:40])
    connection.execute(SPOILED)
    with keeping(rebuild_until, prepared, None) as whole:
        steps = int(whole.heard() or 0)
    right = dump(connection)
    connection.execute(SPOILED)
    wrong = dump(connection)
    assert wrong != right
    # All the way through, and closely before the switch is committed.
    stops = [1 + steps * part // KILLS for part in range(KILLS)] + [steps - 8, steps - 5]
    for stop_at in stops:
        with keeping(rebuild_until, prepared, stop_at) as killed:
            word = killed.heard()
            assert word is not None
            assert not word.isdigit(), word
        assert dump(connection) == (right if _is_switched(connection) else wrong), word
    rebuild(recorded, connection, TABLES, silently)
    assert dump(connection) == right
    assert connection.execute("SELECT to_regnamespace('read_next')").fetchone() == (None,)


def _is_switched(connection: psycopg.Connection) -> bool:
    return not connection.execute("SELECT FROM read.members WHERE name = 'Nikt'").fetchall()


def test_the_command_says_for_each_table_how_many_rows_differed(
    kept: Ledger, connection: psycopg.Connection, command: Callable[..., Result]
) -> None:
    assert kept.last_position()
    same = command("--lang", "en")
    assert same.exit_code == 0, same.output
    assert same.stdout.splitlines()[0] == "members: 0"
    assert same.stdout.splitlines()[-1] == f"{len(TABLES)} tables built from 357 entries; 0 rows differed."
    assert same.stderr == ""
    connection.execute(SPOILED)
    repaired = command("--json")
    assert repaired.exit_code == 1
    document = json.loads(repaired.stdout)
    assert (document["entries"], document["compared"]) == (357, True)
    assert document["differing_rows"]["members"] > 0
    assert command().exit_code == 0


def test_the_command_takes_in_what_nobody_has_yet_and_has_nothing_to_compare(
    recorded: Ledger, connection: psycopg.Connection, command: Callable[..., Result]
) -> None:
    assert recorded.last_position()
    done = command("--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"entries": 357, "compared": False, "differing_rows": None}
    assert len(dump(connection)["audit_trail"]) == 357


def test_a_view_of_ones_own_in_another_schema_is_not_left_dangling(
    kept: Ledger, connection: psycopg.Connection
) -> None:
    connection.execute("CREATE SCHEMA mine")
    connection.execute("CREATE VIEW mine.names AS SELECT name FROM reports.members_history")
    rebuild(kept, connection, TABLES, silently)
    views = connection.execute("SELECT count(*) FROM pg_views WHERE schemaname = 'mine'").fetchone()
    assert views == (0,)
    connection.execute(SQL("SELECT FROM {} LIMIT 1").format(Identifier("reports", "members")))
