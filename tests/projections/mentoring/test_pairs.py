"""Who supports whom, against the answer for both clocks."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

from domain.answers.support import mentoring
from projections.bitemporal.asking import Asked, ask
from projections.mentoring.pairs import PAIRS
from tests.projections.storing import store
from tests.projections.tables import Told, days, register


def test_pairs_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(PAIRS, register(), batch=50)
    for version in range(0, len(told.states), 10):
        for day in days(told):
            assert {
                row["pair_id"]: {
                    "mentor": row["mentor"],
                    "mentee": row["mentee"],
                    "started_on": row["started_on"].isoformat(),
                    "until": row["until"].isoformat(),
                    "hours_planned": row["hours_planned"],
                }
                for row in told.on(day, version)
            } == mentoring(told.states[version], day)


def test_a_pair_runs_up_to_its_last_day(database: str) -> None:
    with psycopg.connect(database) as connection:
        store(connection, [PAIRS], register())
        last = date(2021, 6, 30)
        asked = (Asked("hajnowka-odnowa", day, len(register())) for day in (last, last + timedelta(days=1)))
        assert [[row["running"] for row in ask(connection, PAIRS, one)] for one in asked] == [
            [True, True],
            [False, False],
        ]
