"""Who supports whom, against the answer for both clocks."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

from domain.answers.support import mentoring
from domain.support.decisions import LogMentoringHours, StartMentoring
from projections.bitemporal.asking import Asked, ask
from projections.mentoring.pairs import PAIRS
from tests.decisions.given import did, given
from tests.decisions.steps import founded, meeting_opened, under
from tests.projections.storing import store
from tests.projections.tables import Told, check, days, register

MAY, JUNE, JULY = date(2019, 5, 1), date(2019, 6, 1), date(2019, 7, 1)


def logged(held_on: date, hours_x100: int) -> LogMentoringHours:
    return LogMentoringHours(pair_id="PM-1", held_on=held_on, hours_x100=hours_x100, topic_code="law")


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


def test_the_hours_of_a_pair_add_up_from_the_days_on_which_they_count() -> None:
    pair = StartMentoring(pair_id="PM-1", mentor="M1", mentee="M2", until=JULY, hours_planned=40)
    before = date(2019, 4, 30)
    story = given(
        *(founded(), meeting_opened(), under("mentoring", pair, on=MAY)),
        *(did(logged(MAY, 50), on=JUNE), did(logged(JUNE, 125), on=before), did(logged(MAY, 200), on=JUNE)),
        did(logged(JULY, 75), on=JULY),
    )
    told = Told(PAIRS, story.entries)
    check(told)
    head = story.consortium.version
    sums = {day: [row["hours_logged_x100"] for row in told.on(day, head)] for day in (before, MAY, JUNE, JULY)}
    assert sums == {before: [], MAY: [125], JUNE: [375], JULY: [450]}
    assert [row["hours_logged_x100"] for row in told.on(JULY, head - 4)] == [0]
    assert [row["hours_logged_x100"] for row in told.on(JULY, head - 3)] == [50]


def test_a_pair_without_hours_has_logged_none() -> None:
    told = Told(PAIRS, register(), batch=50)
    assert {row["hours_logged_x100"] for row in told.on(date(2021, 6, 30), len(register()))} == {0}
