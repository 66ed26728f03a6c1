"""Every example of a command is accepted at its point of the demonstration, with the answer that is shown."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from api.commands.addresses import ADDRESSES, address, fields
from api.openapi.document import stored
from api.openapi.sharing import resolved
from domain.consortium import Consortium
from domain.ledger.entry import write_entry
from domain.ledger.submission import Decision, Step, Submission, decide_submission
from domain.requests import read_history_line
from tests.house.tree import TOP
from tests.ledger.scenario import HAJNOWKA, NOW, documents, submissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    Line = Mapping[str, Any]

DOCUMENT: dict[str, Any] = json.loads(stored())
STORIES: list[dict[str, Any]] = json.loads((TOP / "api" / "openapi" / "examples.json").read_text(encoding="utf-8"))
GIVEN = {line["command"] for line in documents()}


@cache
def states() -> tuple[Consortium, ...]:
    """Return the consortium before the first line of the demonstration and after each."""
    found = [Consortium(HAJNOWKA)]
    for submission in submissions():
        found.append(decide_submission(found[-1], submission, NOW).consortium)
    return tuple(found)


def point_of(command: str) -> tuple[Consortium, Line]:
    """Return the state on which the example of a command is given, and the line that gives it."""
    if command in GIVEN:
        line = next(line for line in documents() if line["command"] == command)
        return states()[line["seq"] - 1], line
    story = next(one for one in STORIES if any(line["command"] == command for line in one["lines"]))
    state = states()[story["after_seq"]]
    for line in story["lines"]:
        if line["command"] == command:
            return state, line
        state = give(state, line, "00000000-0000-4000-8000-" + format(state.version, "012")).consortium
    raise AssertionError(command)


def give(state: Consortium, line: Line, command_id: str) -> Decision:
    read = read_history_line({"seq": 1, **line})
    asked = read.request
    step = Step(command_id, asked.command, asked.actor, asked.effective_on, asked.under)
    return decide_submission(state, Submission(HAJNOWKA, (step,)), read.recorded_at)


@pytest.mark.parametrize("command", ADDRESSES)
def test_the_example_of_a_command_is_accepted_at_its_point_with_the_answer_shown(command: str) -> None:
    operation = DOCUMENT["paths"][address(command)]["post"]
    (asked,) = operation["requestBody"]["content"]["application/json"]["examples"].values()
    shown = resolved(DOCUMENT, operation["responses"]["201"])["content"]["application/json"]["example"]
    state, line = point_of(command)
    in_path = {name: line["data"][name] for name in fields(command)}
    body = asked["value"] | {"data": asked["value"]["data"] | in_path}
    decision = give(state, {**line, **body}, shown["command_id"])
    assert [json.loads(write_entry(entry)) for entry in decision.entries] == shown["entries"]
    (outcome,) = decision.outcomes
    assert (outcome.first_version, outcome.last_version) == (shown["first_version"], shown["last_version"])


@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"after-{story['after_seq']}")
def test_a_side_story_goes_on_where_it_leaves_and_gives_what_the_demonstration_does_not(story: dict[str, Any]) -> None:
    assert {line["command"] for line in story["lines"]}.isdisjoint(GIVEN)
    left = documents()[story["after_seq"] - 1 : story["after_seq"]]
    instants = [read_history_line({"seq": 1, **line}).recorded_at for line in (*left, *story["lines"])]
    assert sorted(instants) == instants


def test_no_command_is_without_an_example() -> None:
    assert GIVEN | {line["command"] for story in STORIES for line in story["lines"]} == ADDRESSES.keys()
