"""Reading what people send: strict JSON, and commands that are wholly valid or refused with the place of the error."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from domain.catalogue import COMMANDS
from domain.decider import Actor, Command, Fields
from domain.errors import Refusal
from domain.reasons import first_error, malformed, pointer
from domain.values import MAX_INTEGER, Day, Id, Instant, Ordinal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

M = TypeVar("M", bound=Fields)

MAX_DEPTH: Final = 16
MAX_DIGITS: Final = 17
"""More than any integer of the profile has; longer ones are not even parsed."""


@dataclass(frozen=True, slots=True)
class _Unfit:
    """Stands in a parsed document for what JSON may hold and we do not."""

    kind: str


def read_json(text: bytes | str) -> Any:  # noqa: ANN401 - any JSON document
    """Read one JSON document strictly.

    Raises:
        Refusal: `malformed`: not UTF-8, not JSON, a key twice, a number that is not whole or beyond ±(2^53 − 1), NaN,
            a lone surrogate, or nesting deeper than `MAX_DEPTH`; with the place as a JSON pointer.
    """
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        document = json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_float=lambda _: _Unfit("float"),
            parse_constant=lambda _: _Unfit("not_a_number"),
            parse_int=_integer,
        )
    except UnicodeDecodeError:
        malformed("", "not_utf8")
    except json.JSONDecodeError as error:
        malformed("", "not_json", column=error.pos + 1)
    except RecursionError:
        malformed("", "too_deep", limit=MAX_DEPTH)
    for place, kind in _faults(document, (), 1):
        malformed(pointer(*place), kind, limit=MAX_DEPTH)
    return document


def _integer(digits: str) -> int | _Unfit:
    if len(digits) > MAX_DIGITS or abs(int(digits)) > MAX_INTEGER:
        return _Unfit("integer_too_large")
    return int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        made[key] = _Unfit("duplicate_key") if key in made else value
    return made


def _faults(value: object, place: tuple[object, ...], depth: int) -> Iterator[tuple[tuple[object, ...], str]]:
    if isinstance(value, _Unfit):
        yield place, value.kind
    elif isinstance(value, str):
        if _has_surrogate(value):
            yield place, "string_unicode"
    elif isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            yield place, "too_deep"
            return
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str) and _has_surrogate(key):
                yield place, "string_unicode"
            else:
                yield from _faults(item, (*place, key), depth + 1)


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


class _Frame(Fields):
    """What surrounds the payload of every request."""

    effective_on: Day
    actor: Actor
    command: str
    under: Id | None = None
    data: dict[str, Any]


class _DatedFrame(_Frame):
    """A line of a register that is brought in: with its number and its own clock."""

    seq: Ordinal
    recorded_at: Instant


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed command with what surrounds it."""

    command: Command
    actor: Actor
    effective_on: date
    under: str | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A well-formed line of a register."""

    seq: int
    recorded_at: datetime
    request: Request


def read_command(name: str, data: object) -> Command:
    """Read a command's payload.

    Raises:
        Refusal: `malformed`, with the place of the first error.
    """
    rule = COMMANDS.get(name)
    if rule is None:
        malformed("/command", "unknown_command")
    return _validated(rule.command, data, "/data")


def read_request(document: object) -> Request:
    """Read a request: actor, command, effective day, resolution, payload.

    Raises:
        Refusal: `malformed`, with the place of the first error.
    """
    return _request(_validated(_Frame, document, ""))


def read_history_line(document: object) -> HistoryLine:
    """Read a line of a register.

    Raises:
        Refusal: `malformed`, with the place of the first error.
    """
    frame = _validated(_DatedFrame, document, "")
    return HistoryLine(frame.seq, frame.recorded_at, _request(frame))


def _request(frame: _Frame) -> Request:
    command = read_command(frame.command, frame.data)
    return Request(command, frame.actor, frame.effective_on, frame.under)


def _validated(model: type[M], document: object, place: str) -> M:
    if not isinstance(document, dict):
        malformed(place, "not_an_object")
    try:
        return model.model_validate(document)
    except ValidationError as error:
        where, reason = first_error(error)
        raise Refusal("malformed", place=place + where, reason=reason) from None
