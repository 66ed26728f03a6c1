"""What many operations share: parameters, problems, headers, schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api import problems
from api.problems import MEDIA_TYPE, ProblemKind
from api.receipts import MOST_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = dict[str, Any]

DAY: Final[Json] = {"type": "string", "format": "date"}
INSTANT: Final[Json] = {"type": "string", "format": "date-time"}
ID: Final[Json] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$"}
CONSORTIUM_ID: Final[Json] = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "minLength": 3,
    "maxLength": 40,
    "example": "hajnowka-odnowa",
}
VERSION: Final[Json] = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
WAIT: Final[Json] = {"type": "integer", "minimum": 0, "maximum": MOST_SECONDS}
HASH: Final[Json] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

KINDS: Final[dict[str, ProblemKind]] = {
    kind.code: kind for kind in vars(problems).values() if isinstance(kind, ProblemKind)
}
"""Every problem that is no refusal, by its code."""

FAULTS: Final = [
    (KINDS[code].status.value, code) for code in ("internal", "unavailable", "took-too-long") if code in KINDS
]
"""What may go wrong with any question."""

SCHEMAS: Final[Json] = {
    "Amount": {
        "description": "An amount of money; the value is in złoty, with two decimals.",
        "type": "object",
        "required": ["value", "currency"],
        "additionalProperties": False,
        "properties": {
            "value": {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)\.[0-9]{2}$"},
            "currency": {"const": "PLN"},
        },
        "example": {"value": "1234.56", "currency": "PLN"},
    },
    "Problem": {
        "description": "What went wrong (RFC 9457). `code` is stable; `detail` is in the language asked for.",
        "type": "object",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string"},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri-reference", "description": "Names this one problem."},
            "request_id": {"type": "string", "description": "As in `X-Request-Id` and in the logs."},
            "fields": {"type": "object", "description": "What the sentence speaks of."},
            "step": {"type": "integer", "minimum": 0, "description": "Which command of several."},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "properties": {
                        "pointer": {"type": "string", "description": "JSON pointer into the body (RFC 6901)."},
                        "detail": {"type": "string"},
                    },
                },
            },
        },
    },
    "Entry": {
        "description": "One entry of the history, as it is stored and signed; amounts are whole grosze.",
        "type": "object",
        "required": [
            "actor", "command_id", "consortium_id", "data", "effective_on", "event_id", "name", "recorded_at", "under",
            "version",
        ],
        "properties": {
            "actor": {
                "type": "object",
                "required": ["id", "role"],
                "properties": {"id": ID, "role": {"type": "string"}},
            },
            "command_id": {"type": "string", "format": "uuid"},
            "consortium_id": CONSORTIUM_ID,
            "data": {"type": "object"},
            "effective_on": DAY,
            "event_id": {"type": "string", "format": "uuid"},
            "name": {"type": "string", "description": "The kind of fact."},
            "recorded_at": INSTANT,
            "under": {"type": ["string", "null"]},
            "version": VERSION,
        },
    },
    "Recorded": {
        "description": "A command that is recorded.",
        "type": "object",
        "required": [
            "consortium_id", "command_id", "first_version", "last_version", "position", "recorded_at", "entries",
        ],
        "properties": {
            "consortium_id": CONSORTIUM_ID,
            "command_id": {"type": "string", "format": "uuid"},
            "first_version": VERSION,
            "last_version": VERSION,
            "position": VERSION,
            "recorded_at": INSTANT,
            "entries": {"type": "array", "items": {"$ref": "#/components/schemas/Entry"}},
        },
    },
    "Rehearsed": {
        "description": "What a command would do: its entries, and what each table would say differently.",
        "type": "object",
        "required": ["consortium_id", "dry_run", "version", "entries", "changes"],
        "properties": {
            "consortium_id": CONSORTIUM_ID,
            "dry_run": {"const": True},
            "version": {"type": "integer", "minimum": 0},
            "entries": {"type": "array", "items": {"$ref": "#/components/schemas/Entry"}},
            "changes": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["removed", "added"],
                    "properties": {
                        "removed": {"type": "array", "items": {"type": "object"}},
                        "added": {"type": "array", "items": {"type": "object"}},
                    },
                },
            },
        },
    },
}  # fmt: skip

LANGUAGE: Final[Json] = {
    "name": "Accept-Language",
    "in": "header",
    "description": "`pl` or `en` for what is told in words; Polish where neither is asked for.",
    "schema": {"type": "string"},
    "example": "pl",
}


PROBLEM_HEADERS: Final[Json] = {
    "Content-Language": {
        "description": "In which language `detail` is.",
        "required": True,
        "schema": {"enum": ["pl", "en"]},
    },
    "Cache-Control": {"description": "A problem is never kept.", "required": True, "schema": {"const": "no-store"}},
    "Retry-After": {"description": "After how many seconds to ask again.", "schema": {"type": "integer"}},
}


def ref(name: str) -> Json:
    """Refer to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def path_parameter(name: str, schema: Json) -> Json:
    """Describe a part of the path; a slash in an id is written `%2F`."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def query(name: str, schema: Json, description: str) -> Json:
    """Describe a parameter of the query that may be left out."""
    return {"name": name, "in": "query", "schema": schema, "description": description}


def content(media_type: str, schema: Json, example: object = None) -> Json:
    """Describe a body."""
    return {media_type: {"schema": schema, **({} if example is None else {"example": example})}}


def problem_responses(codes: Iterable[tuple[int, str]]) -> Json:
    """Describe the answers that are problems: each status with all its codes."""
    by_status: dict[int, list[str]] = {}
    for status, code in codes:
        by_status.setdefault(status, []).append(code)
    return {
        str(status): {
            "description": ", ".join(f"`{code}`" for code in dict.fromkeys(named)),
            "headers": PROBLEM_HEADERS,
            "content": content(MEDIA_TYPE, _one_of(status, sorted(set(named)))),
        }
        for status, named in sorted(by_status.items())
    }


def _one_of(status: int, codes: list[str]) -> Json:
    """Describe a problem that has this status and one of these codes."""
    said = {"status": {"const": status}, "code": {"enum": codes}}
    return {"allOf": [ref("Problem"), {"type": "object", "properties": said}]}


def header(description: str, schema: Json | None = None, *, always: bool = False) -> Json:
    """Describe a header of an answer, which may be missing from some unless it is always there."""
    return {
        "description": description,
        "schema": schema or {"type": "string"},
        **({"required": True} if always else {}),
    }


def answered(status: str, description: str, body: Json, headers: Json | None = None, links: Json | None = None) -> Json:
    """Describe one answer."""
    made = {"description": description, "headers": headers or {}, "content": body, "links": links or {}}
    return {status: {name: value for name, value in made.items() if value}}


def link(operation: str, description: str, **parameters: str) -> Json:
    """Describe where to go on: an operation, and what it is given as runtime expressions."""
    return {"operationId": operation, "description": description, "parameters": parameters}


def kinds(*codes: str) -> list[tuple[int, str]]:
    """Return problems that are no refusals, with their statuses."""
    return [(KINDS[code].status.value, code) for code in codes]
