"""Consultations, open and closed, and what came of the comments."""

from __future__ import annotations

from datetime import date

import psycopg

from domain.participation.decisions import CloseConsultation, OpenConsultation
from projections.bitemporal.asking import Asked, ask
from projections.participation.consultations import CONSULTATIONS
from tests.decisions.given import CONSORTIUM, did, given
from tests.decisions.steps import founded, meeting_opened
from tests.projections.storing import store
from tests.projections.tables import Told, check

MAY, JUNE = date(2019, 5, 1), date(2019, 6, 1)
OPENED = OpenConsultation(
    consultation_id="KON-1", subject="Usługi", target_groups=("seniors", "youth"), from_=MAY, to=JUNE
)
CLOSED = CloseConsultation(
    consultation_id="KON-1", participants=40, comments=9, accepted=5, rejected=3, conclusions_ref="wnioski"
)
STORY = given(founded(), meeting_opened(), did(OPENED, on=MAY), did(CLOSED, on=JUNE))
HEAD = STORY.consortium.version


def test_a_consultation_is_open_until_the_day_on_which_it_is_closed() -> None:
    told = Told(CONSULTATIONS, STORY.entries)
    check(told)
    assert told.on(date(2019, 4, 30), HEAD) == []
    opened = {
        "consultation_id": "KON-1",
        "subject": "Usługi",
        "target_groups": ("seniors", "youth"),
        "status": "open",
        "from_on": MAY,
        "to_on": JUNE,
        "participants": None,
        "comments": None,
        "accepted": None,
        "rejected": None,
        "conclusions_ref": None,
        "opened_on": MAY,
        "closed_on": None,
    }
    numbers = {"participants": 40, "comments": 9, "accepted": 5, "rejected": 3, "conclusions_ref": "wnioski"}
    assert told.on(date(2019, 5, 31), HEAD) == told.on(JUNE, HEAD - 1) == [opened]
    assert told.on(JUNE, HEAD) == [{**opened, **numbers, "status": "closed", "closed_on": JUNE}]


def test_a_consultation_closed_before_it_was_announced_is_closed_at_once() -> None:
    story = given(founded(), meeting_opened(), did(OPENED, on=JUNE), did(CLOSED, on=MAY))
    told = Told(CONSULTATIONS, story.entries)
    check(told)
    assert told.on(MAY, story.consortium.version) == []
    assert [row["status"] for row in told.on(JUNE, story.consortium.version)] == ["closed"]


def test_consultations_are_asked_for_by_any_of_those_concerned(database: str) -> None:
    with psycopg.connect(database) as connection:
        store(connection, [CONSULTATIONS], STORY.entries)
        for group, number in (("seniors", 1), ("youth", 1), ("families", 0)):
            asked = Asked(CONSORTIUM, JUNE, HEAD, filters={"target_groups": group})
            assert len(ask(connection, CONSULTATIONS, asked)) == number
