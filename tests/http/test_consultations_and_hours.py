"""Commands that the scenario does not give, given over HTTP, and what their tables answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.http.giving import application

if TYPE_CHECKING:
    from tests.http.client import Client, Line

DAY = "2021-07-05"
OFFICE = {"role": "administration", "id": "adm-1"}


def by_the_office(command: str, **data: Any) -> Line:  # noqa: ANN401 - the fields of any command
    return application(actor=OFFICE, command=command, data=data)


def test_a_consultation_is_opened_once_closed_once_and_found_among_its_target_group(client: Client) -> None:
    asked: dict[str, Any] = {"subject": "Pakiet trzeci", "target_groups": ["seniors", "families"]}
    opening = by_the_office("OpenConsultation", consultation_id="KON-7", **asked, **{"from": DAY, "to": "2021-07-31"})
    assert client.give(opening).status == 201
    numbers = {"participants": 30, "comments": 9, "accepted": 5, "rejected": 3, "conclusions_ref": "wnioski"}
    closing = by_the_office("CloseConsultation", consultation_id="KON-7", **numbers)
    told = client.give(closing)
    assert told.status == 201
    again = client.give(by_the_office("CloseConsultation", consultation_id="KON-7", **numbers))
    assert (again.status, again.code) == (409, "already-decided")
    assert client.catches_up(told.json()["last_version"])
    (row,) = client.rows("consultations", valid_on=DAY, target_groups="families")
    said = {"consultation_id": "KON-7", "status": "closed", "closed_on": DAY, **asked, **numbers}
    assert {name: row[name] for name in said} == said


def test_more_comments_decided_than_made_are_refused_with_the_reason(client: Client) -> None:
    numbers = {"participants": 30, "comments": 9, "accepted": 5, "rejected": 5, "conclusions_ref": "wnioski"}
    refused = client.give(by_the_office("CloseConsultation", consultation_id="KON-8", **numbers), Accept_Language="en")
    assert (refused.status, refused.code) == (422, "malformed")
    assert "more comments are decided than were made" in refused.body.decode()


def test_hours_are_logged_for_a_pair_and_added_to_its_own(client: Client) -> None:
    (before,) = client.rows("pairs", valid_on=DAY, pair_id="MEN-2")
    hours = {"pair_id": "MEN-2", "held_on": "2021-06-28", "hours_x100": 250, "topic_code": "accounting"}
    told = client.give(by_the_office("LogMentoringHours", **hours))
    assert told.status == 201
    assert client.catches_up(told.json()["last_version"])
    (after,) = client.rows("pairs", valid_on=DAY, pair_id="MEN-2")
    assert after["hours_logged_x100"] == before["hours_logged_x100"] + 250
    (row,) = client.rows("mentoring-hours", valid_on=DAY, pair_id="MEN-2")
    assert {name: row[name] for name in hours} == hours
    late = client.give(by_the_office("LogMentoringHours", **{**hours, "held_on": "2021-07-01"}))
    assert (late.status, late.code) == (409, "period-out-of-order")
