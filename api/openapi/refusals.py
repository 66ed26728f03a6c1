"""What a command may be refused with: every problem of its operation, read from the rule that decides it."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from api.commands.addresses import fields
from api.openapi.parts import kinds
from domain.catalogue import COMMANDS
from domain.refusals import REFUSALS
from domain.values import Known, New

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from domain.catalogue import Rule
    from domain.decider import Command

CODE: Final = re.compile(r"`([a-z]+(?:-[a-z]+)*)`")
WORD: Final = re.compile(r"`([A-Za-z_]+)`")
ANY: Final = "`unknown-<noun>`"
SHARED: Final = kinds(
    "idempotency-key-missing", "idempotency-key-malformed", "actor-missing", "writes-need-accounts",
    "idempotency-key-in-progress", "body-too-large", "malformed-header", "malformed-value", "unknown-parameter",
    "parameters-clash", "parameter-missing", "precondition-required", "too-busy", "internal", "unavailable",
    "entries-missing", "took-too-long", "receipt-late", "record-damaged",
)  # fmt: skip
COMMON_REFUSALS: Final = ("malformed", "idempotency-key-reused", "stale-version", "role-not-permitted")
UNDER: Final = (
    "resolution-required", "resolution-not-adopted", "resolution-not-in-force", "matter-does-not-fit",
    "unknown-resolution",
)  # fmt: skip


def problems_of(name: str, rule: Rule) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = [*SHARED]
    in_path = {"consortium", *(_noun(rule.command, field) for field in fields(name))}
    for code in refusals_of(rule):
        missing = code.startswith("unknown-") and code.removeprefix("unknown-") in in_path
        found.append((404 if missing else REFUSALS[code].status, code))
        if missing and code != "unknown-consortium":
            # The same noun may be named in the body too.
            found.append((409, code))
    return found


def refusals_of(rule: Rule) -> list[str]:
    """Name every refusal of a command, in order of precedence."""
    named = {*COMMON_REFUSALS, "unknown-consortium", *(UNDER if rule.under else ("resolution-not-expected",))}
    named |= {"unknown-resolution"}
    for thing in (rule.decide, rule.may, rule.exists):
        named |= _documented(thing) if thing is not None else set()
    named |= {f"unknown-{noun}" for noun in _marks(rule.command, Known)}
    named |= {"id-already-used"} if list(_marks(rule.command, New)) else set()
    return [code for code in REFUSALS if code in named]


def _documented(thing: Callable[..., Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """Read the codes that a docstring names, also by naming another function or command: "those of `check_move`"."""
    text = inspect.getdoc(thing) or ""
    raised = text.partition("Raises:")[2]
    named = REFUSALS.keys() & CODE.findall(text)
    if ANY in raised:
        named |= {code for code in REFUSALS if code.startswith("unknown-")}
    for other in set(WORD.findall(raised)) - seen:
        rule = COMMANDS.get(other)
        function = rule.decide if rule else vars(inspect.getmodule(thing)).get(other)
        named |= _documented(function, seen | {other}) if inspect.isfunction(function) else set()
    return named


def _noun(command: type[Command], field: str) -> str | None:
    return next(_marks_of(command.model_fields[field], Known), None)


def _marks(model: Any, kind: type[Known | New]) -> Iterator[str]:  # noqa: ANN401 - any annotation
    """Walk the nouns that the fields of a model mark, however deep."""
    for field in model.model_fields.values():
        yield from _marks_of(field, kind)


def _marks_of(field: Any, kind: type[Known | New]) -> Iterator[str]:  # noqa: ANN401 - a field of pydantic
    yield from (one.noun for one in field.metadata if isinstance(one, kind))
    yield from _within(field.annotation, kind)


def _within(annotation: Any, kind: type[Known | New]) -> Iterator[str]:  # noqa: ANN401 - any annotation
    if hasattr(annotation, "model_fields"):
        yield from _marks(annotation, kind)
    metadata = getattr(annotation, "__metadata__", ())
    yield from (one.noun for one in metadata if isinstance(one, kind))
    if get_origin(annotation) is not None:
        for argument in get_args(annotation):
            yield from _within(argument, kind)
