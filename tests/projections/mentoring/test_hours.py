"""Hours of pairs, each from the day on which it counts."""

from __future__ import annotations

from datetime import date

import psycopg

from domain.support.decisions import LogMentoringHours, StartMentoring
from projections.bitemporal.asking import Asked, ask
from projections.mentoring.hours import MENTORING_HOURS
from tests.decisions.given import CONSORTIUM, did, given
from tests.decisions.steps import founded, meeting_opened, under
from tests.projections.storing import store
from tests.projections.tables import Told, check

MAY, JUNE, JULY = date(2019, 5, 1), date(2019, 6, 1), date(2019, 7, 1)


def pair(pair_id: str) -> StartMentoring:
    return StartMentoring(pair_id=pair_id, mentor="M1", mentee="M2", until=JULY, hours_planned=40)


def logged(pair_id: str, held_on: date, hours_x100: int, topic_code: str = "law") -> LogMentoringHours:
    return LogMentoringHours(pair_id=pair_id, held_on=held_on, hours_x100=hours_x100, topic_code=topic_code)


STORY = given(
    *(founded(), meeting_opened(), under("mentoring", pair("PM-1"), on=MAY), under("mentoring", pair("PM-2"), on=MAY)),
    did(logged("PM-1", MAY, 50), on=JUNE),
    did(logged("PM-2", JUNE, 300), on=JUNE),
    did(logged("PM-1", JUNE, 125, "accounting"), on=JULY),
)
HEAD = STORY.consortium.version


def test_hours_are_numbered_within_their_pair_and_count_from_their_day_on() -> None:
    told = Told(MENTORING_HOURS, STORY.entries)
    check(told)
    assert told.on(MAY, HEAD) == []
    in_june = [(row["pair_id"], row["log_no"], row["hours_x100"]) for row in told.on(JUNE, HEAD)]
    assert in_june == [("PM-1", 1, 50), ("PM-2", 1, 300)]
    in_july = [(row["pair_id"], row["log_no"], row["held_on"], row["logged_on"]) for row in told.on(JULY, HEAD)]
    assert in_july == [("PM-1", 1, MAY, JUNE), ("PM-1", 2, JUNE, JULY), ("PM-2", 1, JUNE, JUNE)]


def test_hours_are_known_once_they_are_logged() -> None:
    told = Told(MENTORING_HOURS, STORY.entries, batch=50)
    assert [len(told.on(JULY, HEAD - back)) for back in (0, 1, 2, 3)] == [3, 2, 1, 0]


def test_hours_are_asked_for_by_pair_and_by_topic(database: str) -> None:
    with psycopg.connect(database) as connection:
        store(connection, [MENTORING_HOURS], STORY.entries)
        of_pair = Asked(CONSORTIUM, JULY, HEAD, filters={"pair_id": "PM-1"})
        assert [row["log_no"] for row in ask(connection, MENTORING_HOURS, of_pair)] == [1, 2]
        of_topic = Asked(CONSORTIUM, JULY, HEAD, filters={"topic_code": "accounting"})
        assert [row["hours_x100"] for row in ask(connection, MENTORING_HOURS, of_topic)] == [125]
