"""The operations that give commands."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from api.commands.addresses import ADDRESSES, address, fields
from api.commands.bodies import JSON_LINES
from api.openapi.examples import command_examples
from api.openapi.parts import (
    CONSORTIUM_ID,
    DAY,
    LANGUAGE,
    Json,
    content,
    kinds,
    path_parameter,
    problem_responses,
    query,
    ref,
)
from domain.catalogue import COMMANDS, RULES
from domain.refusals import REFUSALS
from domain.values import Known, New

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.catalogue import Rule
    from domain.decider import Command

ROLES: Final = sorted({role for rule in RULES for role in rule.roles} | {"operator"})
CODE: Final = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")

KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "The command's id, best a UUID: given again with the same content, the first answer comes back.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "6f1d2c1e-3d1b-4b53-9a0e-2f7c6f0c9d11",
}
VERSION_HEADER: Final[Json] = {
    "name": "If-Match",
    "in": "header",
    "description": "The version on which the command was made up, as in an `ETag`; refused if facts were added since.",
    "schema": {"type": "string", "pattern": r'^("(0|[1-9][0-9]{0,14})"|\*)$'},
}
ACTOR: Final[list[Json]] = [
    {
        "name": "Ledger-Actor-Role",
        "in": "header",
        "description": "Development mode: in which role the command is given.",
        "schema": {"enum": ROLES},
    },
    {
        "name": "Ledger-Actor-Id",
        "in": "header",
        "description": "Development mode: who gives it, an opaque id.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$"},
    },
    {
        "name": "Ledger-Clock",
        "in": "header",
        "description": "Development mode: when; the server's clock where it is left out.",
        "schema": {"type": "string", "format": "date-time"},
    },
]
DRY_RUN: Final = query("dry_run", {"type": "boolean"}, "Say what would happen, and record nothing.")
RECEIPT: Final = [
    query("receipt", {"type": "boolean"}, "Answer with a `.tlog-proof` once a published checkpoint covers the entry."),
    query("wait", {"type": "integer", "minimum": 0, "maximum": 30}, "How many seconds to wait for the receipt."),
]
SHARED: Final = kinds(
    "idempotency-key-missing", "idempotency-key-malformed", "actor-missing", "writes-need-accounts",
    "idempotency-key-in-progress", "body-too-large", "malformed-header", "malformed-value", "unknown-parameter",
    "precondition-required", "too-busy", "internal", "unavailable", "receipt-late",
)  # fmt: skip
COMMON_REFUSALS: Final = ("malformed", "idempotency-key-reused", "stale-version", "role-not-permitted")
UNDER: Final = (
    "resolution-required", "resolution-not-adopted", "resolution-not-in-force", "matter-does-not-fit",
    "unknown-resolution",
)  # fmt: skip


def command_paths() -> Json:
    """Return the paths of all commands."""
    paths: Json = {}
    for name in ADDRESSES:
        paths.setdefault(address(name), {})["post"] = _operation(name, COMMANDS[name])
    paths["/consortia/{consortium_id}/commands"] = {"post": _batch()}
    return paths


def _operation(name: str, rule: Rule) -> Json:
    in_path = [] if not ADDRESSES[name] else [path_parameter("consortium_id", CONSORTIUM_ID)]
    schema = _schema(rule.command)
    in_path += [path_parameter(field, schema["properties"][field]) for field in fields(name)]
    return {
        "operationId": name,
        "tags": [address(name).split("/")[3] if in_path else "consortia"],
        "summary": _first_sentence(rule.command),
        "description": _described(rule),
        "parameters": [*in_path, KEY, VERSION_HEADER, *ACTOR, LANGUAGE, DRY_RUN, *RECEIPT],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _body(name, schema), "examples": command_examples(name)}},
        },
        "responses": {**_recorded(ref("Recorded"), ref("Rehearsed")), **problem_responses(_problems(name, rule))},
    }


def _recorded(schema: Json, rehearsed: Json) -> Json:
    links = {
        "entry": {
            "operationId": "event",
            "parameters": {
                "consortium_id": "$response.body#/consortium_id",
                "version": "$response.body#/last_version",
            },
        },
        "members": {
            "operationId": "members",
            "parameters": {
                "consortium_id": "$response.body#/consortium_id",
                "at_least": "$response.body#/last_version",
            },
        },
    }
    headers = {
        "ETag": {"description": "The version after the command.", "schema": {"type": "string"}},
        "Location": {"description": "Its last entry.", "schema": {"type": "string"}},
        "Idempotency-Replayed": {
            "description": "`true` where the command was recorded before.",
            "schema": {"type": "string"},
        },
    }
    both = {**content("application/json", schema), "text/plain": {"schema": {"type": "string"}}}
    return {
        "200": {"description": "What would happen.", "content": content("application/json", rehearsed)},
        "201": {
            "description": "Recorded; with `receipt`, the proof of it as a `.tlog-proof`.",
            "headers": headers,
            "content": both,
            "links": links,
        },
    }


def _schema(command: type[Command]) -> Json:
    return command.model_json_schema(ref_template=f"#/components/schemas/{command.__name__}.{{model}}")


def command_schemas() -> Json:
    """Return the schemas that the commands' payloads refer to."""
    return {
        f"{rule.command.__name__}.{name}": schema
        for rule in RULES
        for name, schema in _schema(rule.command).get("$defs", {}).items()
    }


def _body(name: str, schema: Json) -> Json:
    data = {key: value for key, value in schema.items() if key not in {"$defs", "title", "description"}}
    data["required"] = [field for field in data.get("required", []) if field not in fields(name)]
    return {
        "type": "object",
        "required": ["effective_on"] + (["data"] if data["required"] else []),
        "additionalProperties": False,
        "properties": {
            "effective_on": {**DAY, "description": "From when it holds."},
            "under": {
                "type": ["string", "null"],
                "description": "The draft id of the resolution that authorises it.",
            },
            "data": data,
        },
    }


def _described(rule: Rule) -> str:
    roles = ", ".join(f"`{role}`" for role in sorted(rule.roles))
    matters = ", ".join(f"`{matter}`" for matter in sorted(rule.under))
    under = f"Under a resolution on: {matters}." if matters else "Without a resolution."
    text = (inspect.getdoc(rule.decide) or "").split("\n\nRaises:")[0].split("\nRaises:")[0]
    return f"{text.strip()}\n\nGiven by: {roles}. {under}"


def _first_sentence(thing: type) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def _problems(name: str, rule: Rule) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = [*SHARED]
    in_path = {"consortium", *(_noun(rule.command, field) for field in fields(name))}
    for code in _refusals(rule):
        missing = code.startswith("unknown-") and code.removeprefix("unknown-") in in_path
        found.append((404 if missing else REFUSALS[code].status, code))
        if missing and code != "unknown-consortium":
            # The same noun may be named in the body too.
            found.append((409, code))
    return found


def _refusals(rule: Rule) -> list[str]:
    """Name every refusal of a command, in order of precedence."""
    named = {*COMMON_REFUSALS, "unknown-consortium", *(UNDER if rule.under else ("resolution-not-expected",))}
    named |= {"unknown-resolution"}
    for thing in (rule.decide, rule.may, rule.exists):
        named |= set(CODE.findall(inspect.getdoc(thing) or "")) if thing is not None else set()
    named |= {f"unknown-{noun}" for noun in _marks(rule.command, Known)}
    named |= {"id-already-used"} if list(_marks(rule.command, New)) else set()
    return [code for code in REFUSALS if code in named]


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


def _batch() -> Json:
    one = {
        "type": "object",
        "required": ["command", "effective_on", "data"],
        "additionalProperties": False,
        "properties": {
            "command": {"enum": list(COMMANDS)},
            "effective_on": DAY,
            "under": {"type": ["string", "null"]},
            "data": {"type": "object"},
        },
    }
    many = {"type": "array", "minItems": 1, "maxItems": 1000, "items": one}
    recorded = {"type": "object", "required": ["results"], "properties": {"results": {"type": "array"}}}
    answers = _recorded(recorded, {"anyOf": [ref("Rehearsed"), recorded]})
    del answers["201"]["links"]
    codes = [(404 if code == "unknown-consortium" else kind.status, code) for code, kind in REFUSALS.items()]
    return {
        "operationId": "commands",
        "tags": ["commands"],
        "summary": "Give several commands at once.",
        "description": "All or none with `atomic`; else each by itself, in order, and a result for each. A dry run"
        " takes them together. Each command's id is derived from the key and its place.",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), KEY, VERSION_HEADER, *ACTOR, LANGUAGE,
            query("atomic", {"type": "boolean"}, "All or none."), DRY_RUN, *RECEIPT,
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": many},
                **{form: {"schema": {"type": "string"}} for form in sorted(JSON_LINES)},
            },
        },
        "responses": {**answers, **problem_responses([*SHARED, *kinds("too-many-commands"), *codes])},
    }  # fmt: skip
