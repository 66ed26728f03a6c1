"""The first real input: what the product's core makes of it, told line by line, without a database."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.machine.product import Product

HERE = Path(__file__).parent / "hajnowka"
MORE = Path(__file__).resolve().parents[1] / "oracle"
AFTERWARDS = datetime.fromisoformat("2021-07-01T12:00:00+02:00")
END = date(2021, 6, 30)

Line = dict[str, Any]
FRAME = ("recorded_at", "effective_on", "actor", "command", "under", "data")


def read_lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def document(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


@cache
def expected() -> dict[str, Any]:
    return document(HERE / "expected.json")


@cache
def more() -> dict[str, Any]:
    return document(MORE / "more_answers.json")


def refused_lines() -> list[Line]:
    return [*read_lines(HERE / "refusals.jsonl"), *read_lines(MORE / "more_refusals.jsonl")]


@cache
def played() -> Product:
    """Every line accepted, and every command that must be refused tried at its place."""
    product, waiting = Product("hajnowka-odnowa"), refused_lines()
    refuse_after(product, waiting, 0)
    for line in read_lines(HERE / "commands.jsonl"):
        assert product.give(line) is None, line
        refuse_after(product, waiting, line["seq"])
    return product


def refuse_after(product: Product, waiting: list[Line], seq: int) -> None:
    for case in (case for case in waiting if case["after_seq"] == seq):
        before, stored = product.consortium, len(product.stored)
        ANSWERS[case["id"]] = product.give({"seq": seq + 1, **{key: case[key] for key in FRAME}})
        assert product.consortium is before
        assert len(product.stored) == stored


ANSWERS: dict[str, str | None] = {}
"""By the id of a command that must be refused: the code of its refusal."""


def at(day: str | date, known_at: str | datetime = AFTERWARDS) -> dict[str, Any]:
    valid_on = date.fromisoformat(day) if isinstance(day, str) else day
    known = datetime.fromisoformat(known_at) if isinstance(known_at, str) else known_at
    return played().state(valid_on, known)


def test_every_command_is_accepted() -> None:
    assert len(played().history) == expected()["commands"]


@pytest.mark.parametrize("case", refused_lines(), ids=lambda case: f"{case['id']}-{case['refusal']}")
def test_a_command_that_must_be_refused_is_refused_for_its_reason(case: Line) -> None:
    played()  # the answers are gathered while the scenario is played
    assert ANSWERS[case["id"]] == case["refusal"]


def test_the_stored_bytes_alone_give_the_same_state() -> None:
    assert played().replayed == played().consortium


def test_the_first_resolutions_are_as_expected() -> None:
    register = at(END)["resolutions"]
    assert register[: len(expected()["resolutions"])] == expected()["resolutions"]


def counted(answer: dict[str, Any]) -> dict[str, Any]:
    """Count the register and the meetings as the expected answers do."""
    register = answer["resolutions"]
    outcomes, statuses = ([one[name] for one in register] for name in ("outcome", "status"))
    years = [one["number"].split("/")[1] for one in register if one["number"]]
    return {
        "drafts": len(register),
        "adopted": outcomes.count("adopted"),
        "rejected": outcomes.count("rejected"),
        "in_force_at_end": statuses.count("in_force"),
        "repealed": statuses.count("repealed"),
        "invalid": statuses.count("invalid"),
        "adopted_by_year": {year: years.count(year) for year in sorted(set(years))},
        "meetings": len(answer["meetings"]),
        "meetings_without_quorum": sum(not meeting["quorum"] for meeting in answer["meetings"]),
        "circular_votes": len({one["forum"] for one in register if one["forum"].startswith("OB-")}),
    }


def test_the_register_counts_as_expected() -> None:
    assert counted(at(END)) == expected()["counts"]


def test_members_meetings_and_offices_are_as_expected() -> None:
    answer = at(END)
    assert answer["members"] == expected()["members_2021_06_30"]
    for question in ("members_left", "meetings", "leader", "chair"):
        assert answer[question] == expected()[question]
    sizes = {member: fact["size"] for member, fact in at("2021-07-01")["members"].items()}
    assert sizes == expected()["members_2021_07_01_sizes"]


@pytest.mark.parametrize("day", expected()["seats_on"])
def test_seats_of_a_day_are_as_expected(day: str) -> None:
    assert at(day)["seats"] == expected()["seats_on"][day]


@pytest.mark.parametrize("version", expected()["statute_versions"], ids=lambda version: f"version-{version['version']}")
def test_a_version_of_the_statute_is_in_force_from_its_day(version: dict[str, Any]) -> None:
    assert at(version["effective_on"])["statute_version"] == version


@pytest.mark.parametrize("day", expected()["allocations"])
def test_allocations_of_a_day_are_as_expected(day: str) -> None:
    assert at(day)["allocations"] == expected()["allocations"][day]


@pytest.mark.parametrize("package_id", expected()["budget_end"])
def test_the_money_of_a_package_is_as_expected(package_id: str) -> None:
    answer = at(END)
    assert answer["budget"][package_id] == expected()["budget_end"][package_id]
    for question in ("payments", "small_pes_share"):
        assert answer[question][package_id] == expected()[question][package_id]


def test_execution_and_indicators_are_as_expected() -> None:
    execution = at(END)["execution"]["P1"]
    assert {key: execution[key] for key in expected()["execution_P1"]} == expected()["execution_P1"]
    assert at(END)["indicators"]["P1"] == expected()["indicators_P1"]


def test_participation_and_oversight_are_as_expected() -> None:
    answer = at(END)
    assert answer["plebiscites"]["PLB-1"] == expected()["plebiscite"]
    for question in ("loans", "audit", "reports"):
        assert answer[question] == expected()[question]


def test_the_next_deadline_is_as_expected() -> None:
    ahead = [due for due in at(END)["obligations"] if due["due_on"] is not None and due["due_on"] > END.isoformat()]
    assert ahead[0] == expected()["next_deadline_after_2021_06_30"]


def asked(question: str, answer: dict[str, Any]) -> object:
    resolutions = {resolution["number"]: resolution for resolution in answer["resolutions"]}
    match question:
        case "Kto prowadzi T3?":
            return answer["allocations"]["T3"]
        case "Ile mandatów?":
            return answer["seats"]
        case "Wynik głosowania DR-10?":
            return resolutions["9/2019"]["counts"]
        case "Status uchwały 9/2020?":
            return resolutions["9/2020"]["status"]
        case _:
            budget = answer["budget"]["P2"]
            lines = {line: budget["lines"][line]["by_member_gr"] for line in ("P2-T12", "P2-T16")}
            return {"total_gr": budget["total_gr"], **lines, "by_member_gr": budget["by_member_gr"]}


@pytest.mark.parametrize("case", expected()["as_of"], ids=lambda case: f"{case['valid_on']}-as-of-{case['known_at']}")
def test_a_question_to_both_clocks_is_answered_as_expected(case: dict[str, Any]) -> None:
    assert asked(case["question"], at(case["valid_on"], case["known_at"])) == case["answer"]


def test_the_second_half_of_the_scenario_is_answered_as_worked_out() -> None:
    answer = at(END)
    first = len(expected()["resolutions"])
    assert answer["resolutions"][first:] == more()["resolutions_from_26"]
    assert answer["budget"]["P2"] == more()["budget_end"]["P2"]
    for question in ("payments", "small_pes_share"):
        assert answer[question]["P2"] == more()[question]["P2"]
    assert answer["mentoring"] == more()["mentoring"]


@pytest.mark.parametrize("case", more()["questions"], ids=lambda case: f"{case['valid_on']}-as-of-{case['known_at']}")
def test_more_questions_to_both_clocks_are_answered_as_worked_out(case: dict[str, Any]) -> None:
    answer = at(case["valid_on"], case["known_at"])
    assert {part: answer[part] for part in case["answer"]} == case["answer"]


@pytest.mark.parametrize(
    "case", more()["statuses"], ids=lambda case: f"{case['number']}-on-{case['valid_on']}-as-of-{case['known_at']}"
)
def test_a_status_on_a_day_is_as_worked_out(case: dict[str, Any]) -> None:
    register = at(case["valid_on"], case["known_at"])["resolutions"]
    found = next(resolution for resolution in register if resolution["number"] == case["number"])
    assert (found["status"], found["status_from"]) == (case["status"], case["status_from"])


@pytest.mark.parametrize("case", more()["report_deadlines"], ids=lambda case: case["valid_on"])
def test_reports_due_on_a_day_are_as_worked_out(case: dict[str, Any]) -> None:
    due = {
        (" ".join(one["what"].split()[:3]), one["due_on"])
        for one in at(case["valid_on"])["obligations"]
        if one["what"].startswith("sprawozdanie")
    }
    assert due == {tuple(deadline) for deadline in case["deadlines"]}
