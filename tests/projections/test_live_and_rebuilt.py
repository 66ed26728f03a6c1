"""What a runner wrote entry by entry, batch by batch, is what a rebuilding writes; and what the entries say."""

from __future__ import annotations

import random
from itertools import accumulate
from typing import TYPE_CHECKING

import psycopg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.ledger.ledger import Ledger
from projections.bitemporal.rebuilding import rebuild
from projections.bitemporal.tables import Tables
from projections.questions import TABLES
from projections.runner import Runner, reached
from projections.schema import READ_MODELS
from tests.clusters import cloned_database
from tests.guard.keepers import keeping
from tests.projections.dumps import append, dump, placed
from tests.projections.lives import MORE, lives
from tests.projections.processes import run_until
from tests.projections.tables import Told, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres

NAMES = ("pierwsze-zycie", "drugie-zycie", "trzecie-zycie")
PROFILE = settings(
    max_examples=MORE or 4,
    derandomize=not MORE,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
KILLS = MORE or 12


def interleaved(chance: random.Random) -> list[tuple[str, int, str, bytes]]:
    """Return what a few consortia record, each up to a point of its life, in one order."""
    histories = [chance.choice(lives()).under(name) for name in NAMES]
    coming = [
        iter(
            [
                (history.consortium_id, version, topic, state)
                for version, (topic, state) in enumerate(history.rows[: chance.randint(1, len(history.rows))], 1)
            ]
        )
        for history in histories
    ]
    rows = []
    while coming:
        one = chance.choice(coming)
        row = next(one, None)
        if row is None:
            coming.remove(one)
        else:
            rows.append(row)
    return rows


def cut(chance: random.Random, count: int, most: int) -> Iterator[slice]:
    """Cut so many into batches of random sizes."""
    ends = list(accumulate(chance.choice((1, 1, 2, chance.randint(1, most))) for _ in range(count)))
    for begin, end in zip([0, *ends], ends, strict=False):
        if begin >= count:
            return
        yield slice(begin, end)


def taken_in(ledger: Ledger, connection: psycopg.Connection, chance: random.Random, upto: int) -> None:
    """Run over the entries up to a position in random batches, beginning anew with cold states now and then."""
    runner = Runner(ledger, connection, [Tables(ledger, TABLES)])
    waiting = [one for one in placed(ledger, reached(connection)) if one.position <= upto]
    for batch in cut(chance, len(waiting), 40):
        if chance.randint(0, 4) == 0:
            runner = Runner(ledger, connection, [Tables(ledger, TABLES)])
        runner.apply(waiting[batch])


@PROFILE
@given(seed=st.integers(0, 2**32))
def test_live_tables_are_rebuilt_to_the_byte_at_any_position(cluster: EmbeddedPostgres, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a history, not a secret
    rows = interleaved(chance)
    with cloned_database(cluster) as database:
        READ_MODELS.migrate(database)
        with Ledger.connect(database) as ledger, psycopg.connect(database, autocommit=True) as connection:
            for batch in cut(chance, len(rows), 30):
                append(ledger, rows[batch])
            stops = sorted(chance.randint(1, ledger.last_position()) for _ in range(2))
            for stop in stops:
                taken_in(ledger, connection, chance, stop)
                live, position = dump(connection), reached(connection)
                assert len(live["moments"]) == sum(one.position <= position for one in placed(ledger))
                assert set((rebuild(ledger, connection, TABLES, lambda _: None) or {"": 1}).values()) == {0}
                assert dump(connection) == live


def test_a_runner_killed_at_random_moments_goes_on_and_misses_nothing(database: str) -> None:
    READ_MODELS.migrate(database)
    chance = random.Random(KILLS)  # noqa: S311 - moments, not secrets
    with Ledger.connect(database) as ledger, psycopg.connect(database, autocommit=True) as connection:
        for row in interleaved(chance):
            append(ledger, [row])
        words = []
        for _ in range(KILLS):
            with keeping(run_until, database, chance.randint(1, 8), chance.randint(1, 120)) as runner:
                # It has stopped where it said, and is killed there when the context ends.
                words.append(runner.heard())
        assert sum(word not in {None, "done"} for word in words) > KILLS / 2, words
        with keeping(run_until, database, 50, None) as runner:
            assert runner.heard() == "done"
        live = dump(connection)
        assert len(live["moments"]) == len(placed(ledger))
        assert set((rebuild(ledger, connection, TABLES, lambda _: None) or {"": 1}).values()) == {0}
        assert dump(connection) == live


def test_every_table_says_of_random_lives_what_their_states_say() -> None:
    for history in lives():
        entries = history.entries()
        for table in TABLES:
            told = Told(table, entries)
            check(told)
            at_once = Told(table, entries, batch=17)
            assert sorted(map(repr, told.rows)) == sorted(map(repr, at_once.rows)), table.name


def test_the_lives_are_rich_enough_to_fill_most_tables() -> None:
    filled = {table.name for table in TABLES for life in lives() if Told(table, life.entries(), batch=500).rows}
    assert len(filled) > len(TABLES) * 3 / 4, {table.name for table in TABLES} - filled
