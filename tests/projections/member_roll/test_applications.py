"""Who asked to join, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from projections.member_roll.applications import APPLICATIONS
from tests.decisions.applicants import APPLICANT, admission, application
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import adopted, founded, meeting_opened, open_vote, proposed
from tests.projections.tables import Told, check, register

if TYPE_CHECKING:
    from tests.decisions.given import Story

APPLIED = (founded(), meeting_opened(), did(application(), by=APPLICANT))
SUMMER = date(2019, 6, 1)


def status(story: Story, day: date, version: int | None = None) -> tuple[object, ...]:
    told = Told(APPLICATIONS, story.entries)
    check(told)
    (row,) = told.on(day, len(story.entries) if version is None else version)
    return row["status"], row["decided_on"], row["draft_id"], row["member_id"]


def test_an_application_is_open_until_it_is_decided() -> None:
    assert status(given(*APPLIED), SUMMER) == ("open", None, None, None)


def test_it_is_admitted_from_the_day_of_joining() -> None:
    accepted = adopted("DR-1", "accession", application_id="W-1")
    story = given(*APPLIED, accepted, did(admission(joined_on=SUMMER), under="DR-1"))
    assert status(story, date(2019, 5, 31)) == ("open", None, None, None)
    assert status(story, SUMMER) == ("admitted", SUMMER, "DR-1", "M9")
    assert status(story, SUMMER, len(story.entries) - 1) == ("open", None, None, None)


def test_it_is_rejected_from_the_day_of_the_vote() -> None:
    story = given(*APPLIED, proposed("DR-1", "accession", application_id="W-1"), did(open_vote("DR-1", against=4)))
    assert status(story, FOUNDED) == ("rejected", FOUNDED, "DR-1", None)


def test_the_applications_of_the_scenario_lead_to_their_resolutions() -> None:
    told = Told(APPLICATIONS, register())
    rows = {row["application_id"]: row for row in told.on(date(2021, 6, 30), len(told.states) - 1)}
    assert {name: (row["status"], row["draft_id"], row["member_id"]) for name, row in rows.items()} == {
        "APP-01": ("rejected", "DR-13", None),
        "APP-02": ("admitted", "DR-14", "M09"),
        "APP-03": ("admitted", "DR-24", "M10"),
    }
    assert told.on(date(2019, 5, 9), len(told.states) - 1) == []
