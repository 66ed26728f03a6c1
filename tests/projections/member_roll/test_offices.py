"""Who holds which office on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import psycopg

from domain.answers.state import state_on
from domain.membership.decisions import AppointLeader, EndMembership
from projections.bitemporal.asking import Asked, ask
from projections.member_roll.offices import OFFICES
from tests.decisions.given import FOUNDED, given
from tests.decisions.steps import chaired_by, founded, led_by, meeting_opened, under
from tests.projections.tables import Told, check, days, register, stored

ANY = datetime(2030, 1, 1, tzinfo=UTC)
BOARD = (founded(members=3), meeting_opened())


def holders(told: Told, day: date, version: int) -> dict[str, str]:
    return {row["office"]: row["delegate_id"] or row["member_id"] for row in told.on(day, version)}


def test_every_office_of_every_day_as_known_at_every_version_is_the_answer() -> None:
    told = Told(OFFICES, register())
    for version in range(1, len(told.states), 7):
        for day in days(told):
            answer, held = state_on(told.states[version], day, ANY), holders(told, day, version)
            chair = answer["chair"] or {"delegate": None, "deputy": None}
            assert held.get("leader") == answer["leader"]
            assert (held.get("chair"), held.get("deputy")) == (chair["delegate"], chair["deputy"])


def test_an_office_passes_on_from_the_day_of_the_appointment() -> None:
    later_leader = under("leader_election", AppointLeader(member_id="M2"), on=date(2019, 5, 1))
    story = given(*BOARD, led_by("M1"), chaired_by("M1", deputy="M2"), later_leader)
    told = Told(OFFICES, story.entries)
    check(told)
    version = len(story.entries)
    assert holders(told, FOUNDED, version) == {"leader": "M1", "chair": "del-M1", "deputy": "del-M2"}
    assert holders(told, date(2019, 4, 30), version)["leader"] == "M1"
    assert holders(told, date(2019, 5, 1), version)["leader"] == "M2"
    assert holders(told, date(2019, 5, 1), version - 1)["leader"] == "M1"


def test_a_leader_that_left_leads_no_longer() -> None:
    ended = EndMembership(member_id="M3", kind="exclusion", last_day=date(2019, 6, 30))
    told = Told(OFFICES, given(*BOARD, led_by("M3"), under("exclusion", ended)).entries)
    check(told)
    version = len(told.states) - 1
    assert [holders(told, date(2019, month, day), version) for month, day in ((6, 30), (7, 1))] == [
        {"leader": "M3"},
        {},
    ]


def test_offices_are_asked_of_the_database(database: str) -> None:
    story = given(*BOARD, led_by("M1"), chaired_by("M1"))
    told = Told(OFFICES, story.entries)
    with psycopg.connect(database) as connection:
        stored(connection, [OFFICES], story.entries)
        for version in range(1, len(story.entries) + 1):
            asked = Asked(story.consortium.consortium_id, FOUNDED, version)
            assert ask(connection, OFFICES, asked) == told.on(FOUNDED, version)
