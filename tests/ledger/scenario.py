"""The scenario as submissions to the ledger, under any consortium id, and the bytes that must come of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest

from domain.consortium import Consortium
from domain.decider import Actor
from domain.ledger.submission import Step, StepRefused, Submission, decide_submission
from domain.membership.decisions import ApplyForMembership
from domain.requests import read_history_line
from tests.house.tree import TOP

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from domain.decider import Entry
    from domain.ledger.submission import Receipt
    from domain.ledger.writer import Writer

FILE = TOP / "tests" / "scenario" / "hajnowka" / "commands.jsonl"
HAJNOWKA = "hajnowka-odnowa"
# After everything in the scenario.
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@cache
def documents() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in Path(FILE).read_text(encoding="utf-8").splitlines())


@cache
def submissions(consortium_id: str = HAJNOWKA) -> tuple[Submission, ...]:
    """Each line as a submission of one step, at its own instant."""
    return tuple(submission(document, consortium_id) for document in documents())


def submission(document: dict[str, Any], consortium_id: str = HAJNOWKA) -> Submission:
    line = read_history_line(under_another_id(document, consortium_id))
    asked = line.request
    command_id = str(uuid5(NAMESPACE_URL, f"{consortium_id}/{line.seq}"))
    step = Step(command_id, asked.command, asked.actor, asked.effective_on, asked.under)
    return Submission(consortium_id, (step,), at=line.recorded_at)


def under_another_id(document: dict[str, Any], consortium_id: str) -> dict[str, Any]:
    if document["command"] != "FoundConsortium":
        return document
    return {**document, "data": {**document["data"], "consortium_id": consortium_id}}


@cache
def history(consortium_id: str = HAJNOWKA) -> tuple[Entry, ...]:
    """Every entry that the scenario makes, without any database."""
    return tuple(entry for entry, _ in played(consortium_id))


@cache
def stored_bytes(consortium_id: str = HAJNOWKA) -> tuple[bytes, ...]:
    return tuple(state for _, state in played(consortium_id))


@cache
def played(consortium_id: str) -> tuple[tuple[Entry, bytes], ...]:
    consortium = Consortium(consortium_id)
    made: list[tuple[Entry, bytes]] = []
    for each in submissions(consortium_id):
        decision = decide_submission(consortium, each, NOW)
        consortium = decision.consortium
        made += zip(decision.entries, (row.state for row in decision.rows), strict=True)
    return tuple(made)


def application(consortium_id: str = HAJNOWKA) -> Submission:
    """Somebody applies for membership: a command of its own each time, accepted at any time after the founding."""
    command = ApplyForMembership(
        application_id=f"APP-{uuid4()}",
        name="Spółdzielnia „Kalina”",
        legal_form="social_cooperative",
        employment_fte_x100=300,
        annual_revenue_gr=24_000_000,
    )
    actor = Actor(role="board_secretary", id="sek-1")
    return Submission(consortium_id, (Step(str(uuid4()), command, actor, NOW.date(), None),))


def with_another_id(given: Submission) -> Submission:
    """Give a command of one step as if it had never been given."""
    return replace(given, steps=(replace(given.steps[0], command_id=str(uuid4())),))


def give(writer: Writer, given: Sequence[Submission]) -> None:
    """Give submissions one by one, each after the answer to the one before."""
    for each in given:
        writer.submit(each).result()


def refusal_of(answer: Future[tuple[Receipt, ...]]) -> StepRefused:
    with pytest.raises(StepRefused) as refused:
        answer.result()
    return refused.value
