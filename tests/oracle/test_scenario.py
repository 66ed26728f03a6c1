"""The oracle itself is right about the one consortium whose answers are known."""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from .answers import execution, indicators
from .model import Oracle

SCENARIO = Path(__file__).resolve().parents[1] / "scenario" / "hajnowka"
END = date(2021, 6, 30)
EVER = datetime.fromisoformat("2021-07-01T12:00:00+02:00")


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@cache
def played() -> Oracle:
    oracle = Oracle()
    for line in read_lines(SCENARIO / "commands.jsonl"):
        assert oracle.give(line) is None, line
    return oracle


@cache
def expected() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((SCENARIO / "expected.json").read_text(encoding="utf-8"))
    return answers


@cache
def more_answers() -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(Path(__file__).with_name("more_answers.json").read_text(encoding="utf-8"))
    return answers


def at(text: str) -> dict[str, Any]:
    return played().state(date.fromisoformat(text), EVER)


def test_every_command_of_the_scenario_is_accepted() -> None:
    assert len(played().accepted) == expected()["commands"]


def test_the_first_twenty_five_resolutions_are_as_expected() -> None:
    assert at("2021-06-30")["resolutions"][:25] == expected()["resolutions"]


def test_the_register_counts_as_expected() -> None:
    register = at("2021-06-30")["resolutions"]
    counts = expected()["counts"]
    assert len(register) == counts["drafts"]
    for outcome in ("adopted", "rejected"):
        assert sum(r["outcome"] == outcome for r in register) == counts[outcome]
    assert sum(r["status"] == "in_force" for r in register) == counts["in_force_at_end"]
    for status in ("repealed", "invalid"):
        assert sum(r["status"] == status for r in register) == counts[status]
    for year, adopted in counts["adopted_by_year"].items():
        assert sum((r["number"] or "").endswith(f"/{year}") for r in register) == adopted
    assert sum(not m["quorum"] for m in at("2021-06-30")["meetings"]) == counts["meetings_without_quorum"]
    assert len({r["forum"] for r in register if r["forum"].startswith("OB-")}) == counts["circular_votes"]


def test_meetings_members_and_offices_are_as_expected() -> None:
    answer = at("2021-06-30")
    assert answer["meetings"] == expected()["meetings"]
    assert answer["members"] == expected()["members_2021_06_30"]
    assert answer["members_left"] == expected()["members_left"]
    assert answer["leader"] == expected()["leader"]
    assert answer["chair"] == expected()["chair"]
    july = {member: fact["size"] for member, fact in at("2021-07-01")["members"].items()}
    assert july == expected()["members_2021_07_01_sizes"]


def test_seats_statute_and_allocations_by_day_are_as_expected() -> None:
    for on, seats in expected()["seats_on"].items():
        assert at(on)["seats"] == seats
    for version in expected()["statute_versions"]:
        assert at(version["effective_on"])["statute_version"] == version
    assert at("2020-02-29")["statute_version"]["version"] == 1
    for on, tasks in expected()["allocations"].items():
        assert at(on)["allocations"] == tasks


def test_the_money_is_as_expected() -> None:
    answer = at("2021-06-30")
    for question in ("budget", "payments", "small_pes_share"):
        expected_name = {"budget": "budget_end"}.get(question, question)
        assert answer[question]["P1"] == expected()[expected_name]["P1"]
    assert execution(played().book(), "P1") == expected()["execution_P1"]


def test_participation_and_oversight_are_as_expected() -> None:
    answer = at("2021-06-30")
    assert indicators(played().book(), "P1") == expected()["indicators_P1"]
    assert answer["plebiscites"] == {"PLB-1": expected()["plebiscite"]}
    for question in ("loans", "audit", "reports"):
        assert answer[question] == expected()[question]
    due = [at["due_on"] for at in answer["obligations"] if at["due_on"] > "2021-06-30"]
    assert min(due) == expected()["next_deadline_after_2021_06_30"]["due_on"]


def test_questions_to_both_clocks_are_answered_as_expected() -> None:
    for case in expected()["as_of"]:
        known_at = datetime.fromisoformat(case["known_at"])
        answer = played().state(date.fromisoformat(case["valid_on"]), known_at)
        assert asked(case["question"], answer) == case["answer"], case


def asked(question: str, answer: dict[str, Any]) -> object:
    register = {r["number"] or r["draft_id"]: r for r in answer["resolutions"]}
    match question:
        case "Kto prowadzi T3?":
            return answer["allocations"]["T3"]
        case "Ile mandatów?":
            return answer["seats"]
        case "Wynik głosowania DR-10?":
            return register["9/2019"]["counts"]
        case "Status uchwały 9/2020?":
            return register["9/2020"]["status"]
        case _:
            budget = answer["budget"]["P2"]
            lines = {line: budget["lines"][line]["by_member_gr"] for line in ("P2-T12", "P2-T16")}
            return {"total_gr": budget["total_gr"], **lines, "by_member_gr": budget["by_member_gr"]}


def oracle_after(seq: int) -> Oracle:
    oracle = Oracle()
    oracle.accepted = played().accepted[:seq]
    return oracle


def refusal_cases() -> list[dict[str, Any]]:
    own = Path(__file__).with_name("more_refusals.jsonl")
    return read_lines(SCENARIO / "refusals.jsonl") + (read_lines(own) if own.exists() else [])


@pytest.mark.parametrize("case", refusal_cases(), ids=lambda case: f"{case['id']}-{case['refusal']}")
def test_a_refused_command_names_its_reason_and_changes_nothing(case: dict[str, Any]) -> None:
    oracle = oracle_after(case["after_seq"])
    before = (list(oracle.accepted), oracle.state(END, EVER))
    assert oracle.give(case) == case["refusal"]
    assert (oracle.accepted, oracle.state(END, EVER)) == before


def test_the_second_half_of_the_scenario_answers_as_worked_out() -> None:
    more = more_answers()
    answer = at("2021-06-30")
    assert answer["resolutions"][25:] == more["resolutions_from_26"]
    assert answer["budget"]["P2"] == more["budget_end"]["P2"]
    for question in ("payments", "small_pes_share"):
        assert answer[question]["P2"] == more[question]["P2"]
    assert execution(played().book(), "P2") == more["execution"]["P2"]
    assert answer["mentoring"] == more["mentoring"]


@pytest.mark.parametrize(
    "question", more_answers()["questions"], ids=lambda q: f"{q['valid_on']}-as-of-{q['known_at']}"
)
def test_more_questions_to_both_clocks_answer_as_worked_out(question: dict[str, Any]) -> None:
    known_at = datetime.fromisoformat(question["known_at"])
    answer = played().state(date.fromisoformat(question["valid_on"]), known_at)
    assert {part: answer[part] for part in question["answer"]} == question["answer"]


def test_statuses_and_report_deadlines_answer_as_worked_out() -> None:
    for case in more_answers()["statuses"]:
        known_at = datetime.fromisoformat(case["known_at"])
        register = played().state(date.fromisoformat(case["valid_on"]), known_at)["resolutions"]
        found = next(r for r in register if r["number"] == case["number"])
        assert (found["status"], found["status_from"]) == (case["status"], case["status_from"])
    for case in more_answers()["report_deadlines"]:
        due = [[o["what"], o["due_on"]] for o in at(case["valid_on"])["obligations"] if "sprawozdanie" in o["what"]]
        assert due == case["deadlines"]
