"""`events`, `state` and `check`: the same values for people, programs and auditors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from domain.ledger.ledger import Ledger
from tests.command_line.conftest import CONSORTIUM, REGISTER, SCENARIO

if TYPE_CHECKING:
    from tests.command_line.conftest import CommandLine

EXPECTED = json.loads((SCENARIO / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture
def played(command_line: CommandLine) -> CommandLine:
    command_line("import", REGISTER)
    return command_line


def state(played: CommandLine, valid_on: str, known_at: str | None = None) -> Any:  # noqa: ANN401 - any JSON document
    known = ["--known-at", known_at] if known_at else []
    return played.json("state", CONSORTIUM, "--valid-on", valid_on, *known)


def test_the_state_at_the_end_is_the_expected_one(played: CommandLine) -> None:
    answer = state(played, "2021-06-30")
    assert answer["resolutions"][:25] == EXPECTED["resolutions"]
    assert answer["meetings"] == EXPECTED["meetings"]
    assert answer["members"] == EXPECTED["members_2021_06_30"]
    assert answer["members_left"] == EXPECTED["members_left"]
    assert (answer["leader"], answer["chair"]) == (EXPECTED["leader"], EXPECTED["chair"])
    assert answer["budget"]["P1"] == EXPECTED["budget_end"]["P1"]
    assert answer["payments"]["P1"] == EXPECTED["payments"]["P1"]
    assert answer["small_pes_share"]["P1"] == EXPECTED["small_pes_share"]["P1"]
    assert answer["plebiscites"]["PLB-1"] == EXPECTED["plebiscite"]
    assert (answer["loans"], answer["audit"], answer["reports"]) == (
        EXPECTED["loans"],
        EXPECTED["audit"],
        EXPECTED["reports"],
    )
    assert answer["obligations"][0] == EXPECTED["next_deadline_after_2021_06_30"]


@pytest.mark.parametrize("day", EXPECTED["allocations"])
def test_who_performs_what_on_a_day(played: CommandLine, day: str) -> None:
    assert state(played, day)["allocations"] == EXPECTED["allocations"][day]


def test_questions_on_both_clocks(played: CommandLine) -> None:
    answers = [state(played, question["valid_on"], question["known_at"]) for question in EXPECTED["as_of"]]
    expected = [question["answer"] for question in EXPECTED["as_of"]]
    nobody, lead, early, late, vote, void, money = answers
    assert [nobody["allocations"]["T3"], lead["allocations"]["T3"]] == expected[:2]
    assert [early["seats"], late["seats"]] == expected[2:4]
    assert next(one for one in vote["resolutions"] if one["draft_id"] == "DR-10")["counts"] == expected[4]
    assert next(one for one in void["resolutions"] if one["number"] == "9/2020")["status"] == expected[5]
    assert money["budget"]["P2"]["total_gr"] == expected[6]["total_gr"]
    assert money["budget"]["P2"]["by_member_gr"] == expected[6]["by_member_gr"]


def test_events_are_the_stored_bytes_between_two_versions(played: CommandLine) -> None:
    with Ledger.connect(played.database) as ledger:
        stored = b"".join(entry + b"\n" for _, entry in ledger.stored(CONSORTIUM, 10, 12))
    assert played("events", CONSORTIUM, "--from", "10", "--to", "12").stdout_bytes == stored


def test_a_person_reads_members_resolutions_tasks_and_money(played: CommandLine) -> None:
    text = played("state", CONSORTIUM, "--valid-on", "2021-06-30").stdout
    for part in ("Spółdzielnia Socjalna „Olcha”", "9/2019", "4–1–0", "¾ mandatów", "30,29\N{NO-BREAK SPACE}%"):
        assert part in text
    english = played("--lang", "en", "state", CONSORTIUM, "--valid-on", "2021-06-30").stdout
    assert "Share of small entities in the grant" in english


def test_every_invariant_holds_over_the_register(played: CommandLine) -> None:
    answer = played.json("check")
    assert answer == {"holds": True, "consortia": {CONSORTIUM: {"entries": 358, "violations": []}}}
    assert played("check", CONSORTIUM).stdout == (
        f"{CONSORTIUM}: wpisów 358, bajty są kanoniczne i reguły zachowane.\n"
        "Podpisy i skróty sprawdzają fsck i verify.\n"
    )
    assert "fsck and verify check signatures and hashes." in played("check", "--lang", "en").stdout


def test_a_rewritten_amount_does_not_pass_the_check(played: CommandLine) -> None:
    with psycopg.connect(played.database, autocommit=True) as owner:
        owner.execute("ALTER TABLE ledger_events DISABLE TRIGGER ALL")
        owner.execute(
            "UPDATE ledger_events SET state = convert_to(replace(convert_from(state, 'UTF8'),"
            " '\"M01\":3138000', '\"M01\":3138001'), 'UTF8') WHERE topic = 'budget.line-split.v1'"
        )
    answer = played.json("check", status=1)
    rules = {one["rule"] for one in answer["consortia"][CONSORTIUM]["violations"]}
    assert rules == {"shares-make-up-lines"}


@pytest.mark.parametrize("command", ["state", "events", "check"])
def test_a_consortium_that_does_not_exist_is_an_answer_not_a_traceback(command_line: CommandLine, command: str) -> None:
    result = command_line(command, "nowhere-else", status=3)
    assert result.stderr == "unknown-consortium: Nie ma tu konsorcjum o identyfikatorze nowhere-else.\n"


def test_before_the_founding_nothing_can_be_answered(played: CommandLine) -> None:
    known_at = ["--known-at", "2019-01-14T12:00:00+01:00"]
    assert played.json("state", CONSORTIUM, *known_at, status=3)["refused"]["code"] == "unknown-consortium"


@pytest.mark.parametrize(
    "words",
    [
        ("state", CONSORTIUM, "--valid-on", "2019-02-30"),
        ("state", CONSORTIUM, "--known-at", "2019-01-14T12:00:00"),
        ("events", CONSORTIUM, "--from", "0"),
        ("import", "no-such-file.jsonl"),
        ("state",),
        ("fly",),
    ],
)
def test_wrong_usage_ends_with_two(command_line: CommandLine, words: tuple[str, ...]) -> None:
    command_line(*words, status=2)
