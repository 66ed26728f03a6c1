"""Examples from the demonstration history, a consortium that looks real and is not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from api.commands.addresses import fields
from domain.consortium import Consortium, evolve
from domain.ledger.entry import write_entry
from domain.ledger.submission import Step, Submission, decide_submission
from domain.requests import read_history_line, read_json
from domain.transparency.tree import leaf_hash
from domain.values import write_instant
from projections.bitemporal.changes import Changes
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from domain.decider import Entry
    from projections.bitemporal.table import Row

CONSORTIUM = "hajnowka-odnowa"


@dataclass(frozen=True, slots=True)
class Played:
    """A command that was given, and what came of it."""

    line: Mapping[str, Any]
    before: Consortium
    entries: Sequence[Entry]
    after: Consortium


@cache
def _lines() -> tuple[Mapping[str, Any], ...]:
    text = (files("api.demo") / "hajnowka.jsonl").read_text(encoding="utf-8")
    return tuple(read_json(line) for line in text.splitlines())


@cache
def _stories() -> tuple[Mapping[str, Any], ...]:
    """Return side stories for the commands that the demonstration does not give.

    Each leaves it after its line `after_seq` and goes on with lines of its own; the demonstration knows nothing of it.
    """
    return tuple(read_json((files(__package__ or "") / "examples.json").read_text(encoding="utf-8")))


def command_examples(command: str) -> dict[str, Any]:
    """Return a body with which a command can be given: the first of the demonstration, or else of a side story."""
    given = example(command).line
    body = {name: given[name] for name in ("effective_on", "under", "data")}
    body["data"] = {name: value for name, value in body["data"].items() if name not in fields(command)}
    return {"example": {"value": body}}


def recorded_example(command: str) -> dict[str, Any]:
    """Return what the giver of the example of a command was answered."""
    receipt = example(command).entries
    return {
        "consortium_id": CONSORTIUM,
        "command_id": receipt[0].command_id,
        "first_version": receipt[0].version,
        "last_version": receipt[-1].version,
        "position": receipt[-1].version,
        "recorded_at": write_instant(receipt[-1].recorded_at),
        "entries": [json.loads(write_entry(entry)) for entry in receipt],
    }


def example(command: str) -> Played:
    """Return the command given for the first time.

    Raises:
        StopIteration: neither the demonstration nor a side story gives it.
    """
    return next(one for one in (*_played(), *_told()) if one.line["command"] == command)


@cache
def point() -> Mapping[str, Any]:
    """Return the point on both clocks at the end of the demonstration."""
    last = _played()[-1].entries[-1]
    return {
        "consortium_id": CONSORTIUM,
        "valid_on": last.effective_on.isoformat(),
        "known_at": write_instant(last.recorded_at),
        "version": last.version,
        "entry_hash": leaf_hash(write_entry(last)).hex(),
    }


@cache
def rows() -> Mapping[str, Row]:
    """Return for each table the row of the demonstration's end that says most."""
    tables = [Changes(table) for table in TABLES]
    for played in _played():
        state = played.before
        for entry in played.entries:
            after = evolve(state, entry)
            for changes in tables:
                changes.take(entry, state, after)
            state = after
    return {one.table.name: max((row for _, row in one.opened.values()), key=_fullness) for one in tables if one.opened}


def _fullness(row: Row) -> tuple[int, str]:
    return sum(cell is not None for cell in row.cells), repr(row)


@cache
def _played() -> Sequence[Played]:
    """Give every command of the demonstration."""
    return _give(Consortium(CONSORTIUM), _lines(), "")


@cache
def _told() -> Sequence[Played]:
    """Give every command of the side stories, each story where it leaves the demonstration."""
    return [
        played
        for story in _stories()
        for played in _give(_played()[story["after_seq"] - 1].after, story["lines"], f"{story['after_seq']}/")
    ]


def _give(state: Consortium, lines: Sequence[Mapping[str, Any]], named: str) -> list[Played]:
    """Give one command after another; their ids are made of `named` and their number, from 1.

    Raises:
        Refusal: a command that is refused there.
    """
    given = []
    for number, line in enumerate(lines, 1):
        read = read_history_line({"seq": number, **line})
        request, command_id = read.request, str(uuid5(NAMESPACE_URL, f"{named}{number}"))
        step = Step(command_id, request.command, request.actor, request.effective_on, request.under)
        decision = decide_submission(state, Submission(CONSORTIUM, (step,)), read.recorded_at)
        given.append(Played(line, state, decision.entries, decision.consortium))
        state = decision.consortium
    return given
