"""Objections and their answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg

from domain.resolutions.decisions import LodgeObjection, ResolveObjection
from projections.bitemporal.asking import Asked, ask
from projections.resolution_register.objections import OBJECTIONS
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import adopted, founded, meeting_opened
from tests.projections.tables import Told, check, stored

if TYPE_CHECKING:
    from tests.decisions.given import Step

LODGED = did(LodgeObjection(draft_id="DR-1", member_id="M2", grounds="brak kworum"))
DISMISSED = did(ResolveObjection(draft_id="DR-1", member_id="M2", outcome="dismissed", note="kworum było"))
FIRST_OF_FEBRUARY = date(2019, 2, 1)
STORY = (founded(), meeting_opened(), adopted("DR-1"), LODGED, later(2019, 2, 1), DISMISSED)


def told(*steps: Step) -> Told:
    told = Told(OBJECTIONS, given(*steps).entries)
    check(told)
    return told


def said(rows: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    return [(row["ordinal"], row["status"], row["resolved_on"], row["note"]) for row in rows]


def test_an_objection_is_open_until_it_is_answered() -> None:
    story = told(*STORY)
    version = len(story.states) - 1
    assert said(story.on(date(2019, 1, 31), version)) == [(1, "open", None, None)]
    answered = said(story.on(FIRST_OF_FEBRUARY, version))
    assert answered == [(1, "dismissed", FIRST_OF_FEBRUARY, "kworum było")]
    assert said(story.on(FIRST_OF_FEBRUARY, version - 1)) == [(1, "open", None, None)]


def test_a_second_objection_stands_beside_the_first() -> None:
    story = told(*STORY, LODGED)
    rows = story.on(FIRST_OF_FEBRUARY, len(story.states) - 1)
    assert [row["status"] for row in rows] == ["dismissed", "open"]
    assert {row["number"] for row in rows} == {"1/2019"}


def test_days_open_are_counted_up_to_the_answer(database: str) -> None:
    entries = given(*STORY).entries
    with psycopg.connect(database) as connection:
        stored(connection, [OBJECTIONS], entries)
        counted = [
            ask(connection, OBJECTIONS, Asked(entries[0].consortium_id, day, len(entries)))[0]["days_open"]
            for day in (FOUNDED, date(2019, 1, 20), date(2019, 3, 1))
        ]
    assert counted == [0, 6, 18]
