"""Whatever anybody sends, it is decided or refused: nothing else ever rises from reading or deciding."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.catalogue import COMMANDS
from domain.decider import Actor
from domain.errors import Refusal
from domain.invariants import violations
from domain.refusals import REFUSALS, sentence
from domain.requests import read_command, read_history_line, read_json, read_request
from domain.values import parse_day
from tests.decisions.examples import DAY, PAYLOADS
from tests.decisions.given import CONSORTIUM
from tests.decisions.whole_life import LIFE, lived

if TYPE_CHECKING:
    from domain.decider import Command

UNHURRIED = settings(deadline=None)
ODD = ["\ud800", "o\u0301", "\x00", "2019-02-30", "2019-06-01T10:00:00", "x" * 2001, "", " "]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(ODD)
KEYS = st.text(max_size=8) | st.sampled_from(["data", "actor", "command", "effective_on", "under", *ODD])
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
NAMES = st.sampled_from(sorted(PAYLOADS))
IDS = {
    "M": ["M1", "M2", "M3", "M4", "M5", "M9"],
    "del": ["del-M1", "del-M2", "del-M4", "del-new", "del-M5", "del-9"],
    "DR": [f"DR-{number}" for number in range(1, 24)],
    "W": ["W-1", "W-2", "W-9"],
    "RZ": ["RZ-1", "OB-1", "RZ-9"],
    "OB": ["OB-1", "RZ-1", "OB-9"],
    "P": ["P1", "P9"],
    "T": ["T1", "T9"],
    "A": ["A1", "A2", "A3", "A9"],
    "L": ["L1", "L2", "L9"],
    "PM": ["PM-1", "PM-9"],
    "RES": ["RES-1", "RES-9"],
    "PLB": ["PLB-1", "PLB-9"],
    "F": ["F-1", "F-9"],
    "R": ["R-1", "R-9"],
}
"""Ids of the whole life, by how they begin, each with one that is new."""
DAYS = ["2019-01-14", "2019-03-31", "2019-04-01", "2019-06-30", "2019-07-01", "2019-09-30", "2019-12-31", "2020-01-01"]
AMOUNTS = [0, 1, 2, 3, 100, 4_000, 60_000, 10**13]


def assert_told(refusal: Refusal) -> None:
    """Check that the refusal has its sentence in both languages."""
    assert refusal.code in REFUSALS
    assert all(sentence(refusal, language).endswith(".") for language in ("pl", "en"))


@UNHURRIED
@given(st.binary(max_size=200))
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b'"\xed\xa0\x80"')
@example(b"-" + b"1" * 5000)
def test_any_bytes_are_read_or_refused(sent: bytes) -> None:
    try:
        read_json(sent)
    except Refusal as refusal:
        assert_told(refusal)


@UNHURRIED
@given(JSON)
def test_any_json_is_read_or_refused(document: object) -> None:
    for read in (read_request, read_history_line):
        try:
            read(read_json(json.dumps(document)))
        except Refusal as refusal:
            assert_told(refusal)


@UNHURRIED
@given(NAMES, st.data())
def test_a_payload_with_something_odd_in_it_is_read_or_refused(name: str, data: st.DataObject) -> None:
    payload: dict[str, object] = dict(PAYLOADS[name])
    payload[data.draw(st.sampled_from(sorted(payload)))] = data.draw(JSON)
    try:
        read_command(name, payload)
    except Refusal as refusal:
        assert_told(refusal)


@st.composite
def payloads(draw: st.DrawFn, name: str) -> object:
    """Write an example anew, about things and days of the whole life."""
    return vary(draw, dict(PAYLOADS[name]))


def vary(draw: st.DrawFn, value: object) -> object:
    match value:
        case dict():
            return {vary(draw, key): vary(draw, item) for key, item in value.items()}
        case list():
            return [vary(draw, item) for item in value * draw(st.integers(0, 2))]
        case bool():
            return draw(st.booleans())
        case int():
            return draw(st.sampled_from(AMOUNTS))
        case _:
            return draw(st.sampled_from(near(str(value))))


def near(text: str) -> list[str]:
    """Return what may stand for a text: another day, another id of the kind, or the text itself."""
    kind, apart, _ = text.rpartition("-")
    if text == DAY:
        return DAYS
    if not apart or kind not in IDS:
        return [text]
    *known, unknown = IDS[kind]
    return [*known, *known, unknown]


def fitting(matters: frozenset[str]) -> list[str | None]:
    """Return the drafts of the whole life that may authorise; None where no resolution belongs."""
    drafts = lived()[-1].story.consortium.resolutions.drafts
    return [*(draft_id for draft_id in IDS["DR"] if draft_id in drafts and drafts[draft_id].matter in matters)] or [
        None
    ]


@st.composite
def commands(draw: st.DrawFn) -> tuple[Command, Actor, str | None]:
    name = draw(NAMES.filter(lambda name: name != "FoundConsortium"))
    try:
        command = read_command(name, draw(payloads(name)))
    except Refusal:
        command = read_command(name, PAYLOADS[name])
    rule = COMMANDS[name]
    role = draw(st.sampled_from(sorted(rule.roles)))
    own = getattr(command, rule.own[role]) if role in rule.own else draw(st.sampled_from(IDS["M"]))
    under = draw(st.sampled_from([*fitting(rule.under) * 4, draw(st.sampled_from(IDS["DR"]))]))
    return command, Actor.model_validate({"role": role, "id": own}), under


@settings(UNHURRIED, max_examples=400)
@given(commands(), st.sampled_from(range(len(LIFE))), st.sampled_from(DAYS))
def test_any_command_at_any_time_is_accepted_or_refused(
    asked: tuple[Command, Actor, str | None], place: int, on: str
) -> None:
    command, actor, under = asked
    decision = lived()[place].story.when(command, by=actor, under=under, on=parse_day(on))
    if decision.refusal is None:
        assert list(violations(CONSORTIUM, decision.story.entries)) == []
    else:
        assert_told(decision.refusal)
