"""The scenario given command by command over HTTP, and every expected answer asked of the tables."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from api.commands.addresses import fields
from domain.refusals import REFUSALS
from tests.clusters import cloned_database
from tests.http.assembled import Point
from tests.http.serving import served
from tests.machine.product import Product
from tests.scenario.test_product_answers import HERE, counted, expected, more, read_lines, refused_lines
from tests.scenario.test_product_answers import asked as part_asked_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres
    from tests.http.client import Answer, Client, Line

END = "2021-06-30"
AFTERWARDS = "2021-07-01T12:00:00+02:00"
HEAD = 357
DAYS = ("2019-01-14", "2019-04-05", "2019-10-01", "2020-02-20", "2020-09-30", "2020-10-01", END, "2022-01-01")


class Played(NamedTuple):
    client: Client
    refused: dict[str, Answer]
    """By the id of the line: what its giver was answered."""
    product: Product
    """The core alone, told the same."""
    answers: dict[tuple[str, str], dict[str, Any]]

    def at(self, valid_on: str, known_at: str = AFTERWARDS) -> dict[str, Any]:
        """Ask every table, once for each pair of clocks."""
        if (valid_on, known_at) not in self.answers:
            self.answers[valid_on, known_at] = Point(self.client, valid_on, known_at).state()
        return self.answers[valid_on, known_at]


@pytest.fixture(scope="module")
def played(cluster: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Every command accepted, and every one that must be refused tried at its place."""
    with cloned_database(cluster) as database, served(database, tmp_path_factory.mktemp("site")) as site:
        played = Played(site.client, {}, Product("hajnowka-odnowa"), {})
        waiting: dict[int, list[Line]] = {}
        for case in refused_lines():
            waiting.setdefault(case["after_seq"], []).append(case)
        refuse(played, waiting.get(0, []), 0)
        for line in read_lines(HERE / "commands.jsonl"):
            answer = played.client.give(line)
            assert answer.status == 201, (line, answer.body)
            assert played.product.give(line) is None
            refuse(played, waiting.get(line["seq"], []), answer.json()["last_version"])
        assert played.client.catches_up(HEAD)
        yield played


def refuse(played: Played, cases: list[Line], version: int) -> None:
    for case in cases:
        played.refused[case["id"]] = played.client.give(case)
        assert played.product.consortium.version == version


def test_every_command_is_recorded_and_no_refused_one(played: Played) -> None:
    feed = [json.loads(line) for line in played.client.get("events", limit=1000).body.splitlines()]
    assert [(entry["name"], entry["version"], entry["data"]) for entry in feed] == [
        (topic, number, json.loads(stored)["data"]) for number, (topic, stored) in enumerate(played.product.stored, 1)
    ]


@pytest.mark.parametrize("case", refused_lines(), ids=lambda case: f"{case['id']}-{case['refusal']}")
def test_a_command_that_must_be_refused_is_refused_with_its_status_and_code(played: Played, case: Line) -> None:
    answer = played.refused[case["id"]]
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["code"] == case["refusal"]
    assert told["type"] == f"/problems/{case['refusal']}"
    assert answer.status == told["status"] == (404 if names_it_in_the_address(case, told) else status_of(case))


def status_of(case: Line) -> int:
    return REFUSALS[case["refusal"]].status


def names_it_in_the_address(case: Line, told: dict[str, Any]) -> bool:
    if case["refusal"] == "unknown-consortium":
        return True
    named = {f"/data/{name}" for name in fields(case["command"])}
    return case["refusal"].startswith("unknown-") and any(one["pointer"] in named for one in told.get("errors", ()))


def test_what_the_address_names_is_missing_and_what_the_body_names_is_in_conflict(played: Played) -> None:
    unknown = [case for case in refused_lines() if case["refusal"].startswith("unknown-")]
    assert {played.refused[case["id"]].status for case in unknown} == {404, 409}


@pytest.mark.parametrize("day", DAYS)
def test_the_tables_together_say_what_the_core_says(played: Played, day: str) -> None:
    said = played.product.state(date.fromisoformat(day), datetime.fromisoformat(AFTERWARDS))
    told = played.at(day)
    assert told == {part: said[part] for part in told}
    assert set(said) - set(told) == {"consortium", "version", "valid_on", "known_at"}


def test_the_register_is_as_expected(played: Played) -> None:
    answer = played.at(END)
    register = answer["resolutions"]
    first = len(expected()["resolutions"])
    assert register[:first] == expected()["resolutions"]
    assert register[first:] == more()["resolutions_from_26"]
    assert counted(answer) == expected()["counts"]


def test_members_meetings_and_offices_are_as_expected(played: Played) -> None:
    answer = played.at(END)
    assert answer["members"] == expected()["members_2021_06_30"]
    for question in ("members_left", "meetings", "leader", "chair"):
        assert answer[question] == expected()[question]
    sizes = {row["member_id"]: row["size"] for row in played.client.rows("members", valid_on="2021-07-01")}
    assert sizes == expected()["members_2021_07_01_sizes"]


@pytest.mark.parametrize("day", expected()["seats_on"])
def test_seats_of_a_day_are_as_expected(played: Played, day: str) -> None:
    assert Point(played.client, day, AFTERWARDS).membership()["seats"] == expected()["seats_on"][day]


@pytest.mark.parametrize("version", expected()["statute_versions"], ids=lambda version: f"version-{version['version']}")
def test_a_version_of_the_statute_is_in_force_from_its_day(played: Played, version: dict[str, Any]) -> None:
    assert Point(played.client, version["effective_on"], AFTERWARDS).membership()["statute_version"] == version


@pytest.mark.parametrize("day", expected()["allocations"])
def test_allocations_of_a_day_are_as_expected(played: Played, day: str) -> None:
    assert Point(played.client, day, AFTERWARDS).allocations() == expected()["allocations"][day]


@pytest.mark.parametrize("package_id", ["P1", "P2"])
def test_the_money_of_a_package_is_as_expected(played: Played, package_id: str) -> None:
    answer, known = played.at(END), {"P1": expected(), "P2": more()}[package_id]
    assert answer["budget"][package_id] == known["budget_end"][package_id]
    for question in ("payments", "small_pes_share"):
        assert answer[question][package_id] == known[question][package_id]
    assert answer["execution"] == {"P1": expected()["execution_P1"]}


def test_support_participation_and_oversight_are_as_expected(played: Played) -> None:
    answer = played.at(END)
    assert answer["plebiscites"]["PLB-1"] == expected()["plebiscite"]
    assert answer["indicators"]["P1"] == expected()["indicators_P1"]
    assert answer["mentoring"] == more()["mentoring"]
    for question in ("loans", "audit", "reports"):
        assert answer[question] == expected()[question]


def test_the_next_deadline_is_as_expected(played: Played) -> None:
    ahead = [due for due in played.at(END)["obligations"] if due["due_on"] is not None and due["due_on"] > END]
    assert ahead[0] == expected()["next_deadline_after_2021_06_30"]


@pytest.mark.parametrize("case", expected()["as_of"], ids=lambda case: f"{case['valid_on']}-as-of-{case['known_at']}")
def test_a_question_to_both_clocks_is_answered_as_expected(played: Played, case: dict[str, Any]) -> None:
    assert part_asked_for(case["question"], played.at(case["valid_on"], case["known_at"])) == case["answer"]


@pytest.mark.parametrize("case", more()["questions"], ids=lambda case: f"{case['valid_on']}-as-of-{case['known_at']}")
def test_more_questions_to_both_clocks_are_answered_as_worked_out(played: Played, case: dict[str, Any]) -> None:
    answer = played.at(case["valid_on"], case["known_at"])
    assert {part: answer[part] for part in case["answer"]} == case["answer"]


@pytest.mark.parametrize(
    "case", more()["statuses"], ids=lambda case: f"{case['number']}-on-{case['valid_on']}-as-of-{case['known_at']}"
)
def test_a_status_on_a_day_is_as_worked_out(played: Played, case: dict[str, Any]) -> None:
    clocks = {name: case[name] for name in ("valid_on", "known_at")}
    (found,) = played.client.rows("resolutions", number=case["number"], **clocks)
    assert (found["status"], found["status_from"]) == (case["status"], case["status_from"])


@pytest.mark.parametrize("case", more()["report_deadlines"], ids=lambda case: case["valid_on"])
def test_reports_due_on_a_day_are_as_worked_out(played: Played, case: dict[str, Any]) -> None:
    due = {
        (" ".join(row["polish"].split()[:3]), row["due_on"])
        for row in Point(played.client, case["valid_on"], AFTERWARDS).rows("obligations")
        if row["kind"] in {"final_report", "partial_report"}
    }
    assert due == {tuple(deadline) for deadline in case["deadlines"]}
