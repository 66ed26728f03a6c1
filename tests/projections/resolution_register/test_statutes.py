"""Which rules were in force on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from domain.answers.state import state_on
from domain.statute.decisions import AmendStatute
from projections.resolution_register.statutes import MAJORITIES_BY_MATTER, STATUTES
from tests.decisions.documents import CIRCULAR
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import adopted, founded, meeting_opened
from tests.projections.tables import Told, check, days, register

if TYPE_CHECKING:
    from projections.bitemporal.table import Table
    from tests.decisions.given import Step

ANY = datetime(2030, 1, 1, tzinfo=UTC)
BOARD = (founded(), meeting_opened(), adopted("DR-1", "statute_amendment"))
SPRING = date(2019, 4, 1)


def amended(version: int, on: date, **changes: object) -> Step:
    command = AmendStatute.model_validate({"version": version, "changes": changes})
    return did(command, under="DR-1", on=on)


def told(table: Table, *steps: Step) -> Told:
    told = Told(table, given(*steps).entries)
    check(told)
    return told


def test_the_rules_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(STATUTES, register())
    for version in range(1, len(told.states), 7):
        for day in (date(2019, 1, 13), *days(told)):
            rows = [
                {
                    "effective_on": row["effective_on"].isoformat(),
                    "version": row["version"],
                    "tie_break": row["tie_break"],
                    "circular_allowed": row["circular_allowed"],
                }
                for row in told.on(day, version)
            ]
            answer = state_on(told.states[version], day, ANY)["statute_version"]
            assert rows == ([answer] if answer else [])


def test_a_version_holds_until_the_next_comes_into_force() -> None:
    story = told(STATUTES, *BOARD, amended(2, SPRING, circular_vote=CIRCULAR))
    version = len(story.states) - 1
    first, second = story.on(date(2019, 3, 31), version)[0], story.on(SPRING, version)[0]
    assert (first["version"], first["under"], first["circular_min_days"]) == (1, None, None)
    assert (second["version"], second["under"], second["circular_min_days"]) == (2, "DR-1", 3)
    assert story.on(SPRING, version - 1)[0]["version"] == 1


def test_of_two_versions_from_one_day_the_later_is_in_force() -> None:
    story = told(STATUTES, *BOARD, amended(2, SPRING), amended(3, SPRING))
    assert [row["version"] for row in story.on(SPRING, len(story.states) - 1)] == [3]


def test_a_matter_has_its_majority_and_ballot_by_the_statute_of_the_day() -> None:
    changes = {"majorities": {"other": "unanimous"}, "secret_ballot_matters": ["other"]}
    story = told(MAJORITIES_BY_MATTER, *BOARD, amended(2, SPRING, **changes))
    for day, expected in ((FOUNDED, (1, "simple", "open")), (SPRING, (2, "unanimous", "secret"))):
        rows = story.on(day, len(story.states) - 1)
        (other,) = [row for row in rows if row["matter"] == "other"]
        assert (other["statute_version"], other["majority"], other["ballot"]) == expected
        assert len(rows) == 23
