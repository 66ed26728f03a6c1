"""The roll of members, against the answer for both clocks."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.answers.state import state_on
from projections.member_roll.members import MEMBERS
from tests.projections.tables import Told, days, register

ANY = datetime(2030, 1, 1, tzinfo=UTC)


def test_the_roll_of_every_day_as_known_at_every_version_is_the_answer() -> None:
    told = Told(MEMBERS, register())
    for version in range(1, len(told.states), 7):
        for day in days(told):
            answer = state_on(told.states[version], day, ANY)["members"]
            rows = told.on(day, version)
            assert {
                row["member_id"]: {"name": row["name"], "size": row["size"], "joined_on": row["joined_on"].isoformat()}
                for row in rows
            } == answer
