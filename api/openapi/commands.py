"""The operations that give commands."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Final

from api.commands.addresses import ADDRESSES, address, fields
from api.commands.bodies import JSON_LINES
from api.openapi.examples import command_examples, recorded_example
from api.openapi.links import AFTER_COMMAND
from api.openapi.parts import (
    CONSORTIUM_ID,
    DAY,
    LANGUAGE,
    WAIT,
    Json,
    answered,
    content,
    header,
    kinds,
    path_parameter,
    problem_responses,
    query,
    ref,
)
from api.openapi.refusals import SHARED, problems_of
from domain.catalogue import COMMANDS, RULES
from domain.refusals import REFUSALS

if TYPE_CHECKING:
    from domain.catalogue import Rule
    from domain.decider import Command

ROLES: Final = sorted({role for rule in RULES for role in rule.roles} | {"operator"})

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
    "schema": {"type": "string", "pattern": r'^("(0|[1-9][0-9]{0,15})(\.[0-9a-z.-]{1,20})?"|\*)$'},
}
ACTOR: Final[list[Json]] = [
    {
        "name": "Ledger-Actor-Role",
        "in": "header",
        "required": True,
        "description": "Development mode: in which role the command is given.",
        "schema": {"enum": ROLES},
        "example": "board_secretary",
    },
    {
        "name": "Ledger-Actor-Id",
        "in": "header",
        "required": True,
        "description": "Development mode: who gives it, an opaque id.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$"},
        "example": "sek-1",
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
    query("wait", WAIT, "How many seconds to wait for the receipt."),
]


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
        "responses": {
            **_recorded(ref("Recorded"), ref("Rehearsed"), recorded_example(name)),
            **problem_responses(problems_of(name, rule)),
        },
    }


def _recorded(schema: Json, rehearsed: Json, example: object = None) -> Json:
    replayed = header("`true` where the command was recorded before.", {"const": "true"})
    headers = {
        "ETag": header("The version after the command, in quotes.", always=True),
        "Location": header("Its last entry.", {"type": "string", "format": "uri-reference"}, always=True),
        "Idempotency-Replayed": replayed,
    }
    proof = {"text/plain": {"schema": {"type": "string", "description": "C2SP tlog-proof"}}}
    told = "Recorded; with `receipt`, the proof of it as a `.tlog-proof`."
    return {
        **answered("200", "A dry run: what would happen.", content("application/json", rehearsed)),
        **answered("201", told, {**content("application/json", schema, example), **proof}, headers, AFTER_COMMAND),
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
    answers["200"]["description"] = "A dry run: what would happen; or, without `atomic`, a result for each."
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
