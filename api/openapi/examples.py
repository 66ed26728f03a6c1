"""Examples from the demonstration history, a consortium that looks real and is not."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from api.commands.addresses import fields
from domain.consortium import Consortium, evolve
from domain.ledger.submission import Step, Submission, decide_submission
from domain.requests import read_history_line, read_json
from projections.bitemporal.changes import Changes
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.bitemporal.table import Row

CONSORTIUM = "hajnowka-odnowa"


@cache
def _lines() -> tuple[Mapping[str, Any], ...]:
    text = (files("api.demo") / "hajnowka.jsonl").read_text(encoding="utf-8")
    return tuple(read_json(line) for line in text.splitlines())


@cache
def _others() -> Mapping[str, Any]:
    """Commands that the demonstration does not give."""
    found: Mapping[str, Any] = json.loads((files(__package__ or "") / "examples.json").read_text(encoding="utf-8"))
    return found


def command_examples(command: str) -> dict[str, Any]:
    """Return bodies with which a command can be given: the first of the demonstration."""
    given = next((line for line in _lines() if line["command"] == command), None) or _others()[command]
    body = {name: given[name] for name in ("effective_on", "under", "data")}
    body["data"] = {name: value for name, value in body["data"].items() if name not in fields(command)}
    return {"example": {"value": body}}


@cache
def rows() -> Mapping[str, Row]:
    """Return for each table a row of the demonstration, the last that is still known at its end."""
    tables, state = [Changes(table) for table in TABLES], Consortium(CONSORTIUM)
    for entry in _entries():
        after = evolve(state, entry)
        for changes in tables:
            changes.take(entry, state, after)
        state = after
    return {one.table.name: next(reversed(one.opened.values()))[1] for one in tables if one.opened}


def _entries() -> Iterator[Any]:
    state = Consortium(CONSORTIUM)
    for text in _lines():
        line = read_history_line(text)
        request = line.request
        command_id = str(uuid5(NAMESPACE_URL, str(line.seq)))
        step = Step(command_id, request.command, request.actor, request.effective_on, request.under)
        decision = decide_submission(state, Submission(CONSORTIUM, (step,)), line.recorded_at)
        yield from decision.entries
        state = decision.consortium
