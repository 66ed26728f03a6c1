"""The operations that neither give a command nor ask a table: the feed and the transparency logs."""

from __future__ import annotations

from typing import Any, Final

from api.openapi.links import AFTER_ENTRY, OF_LOG
from api.openapi.parts import (
    CONSORTIUM_ID,
    FAULTS,
    LANGUAGE,
    VERSION,
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
from api.openapi.queries import NOT_MODIFIED

BASE64: Final[Json] = {"type": "string", "pattern": "^[A-Za-z0-9+/]{43}=$"}
INDEX: Final[Json] = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
TEXT: Final[Json] = {"type": "string"}
HELD: Final[Json] = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
HELD_ALREADY: Final[Json] = {"304": NOT_MODIFIED}
TAG: Final[Json] = {"ETag": header("Of these bytes.", always=True), "Cache-Control": header("How long to keep it.")}
TILE: Final[Json] = {
    **path_parameter("path", TEXT),
    "description": "`<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]`; its slashes stand as they are.",
    "example": "0/000.p/9",
}
LOGS: Final = {"/tlog/{consortium_id}": "tlog", "/log-of-logs": "log_of_logs"}


def other_paths() -> Json:
    """Return their paths."""
    paths = {
        "/consortia/{consortium_id}/events": {"get": _events()},
        "/consortia/{consortium_id}/events/{version}": {"get": _event()},
    }
    for prefix, name in LOGS.items():
        for path, operation in _log().items():
            paths[f"{prefix}{path}"] = {"get": _named(prefix, name, operation)}
    return paths


def _named(prefix: str, name: str, operation: Json) -> Json:
    of_log = [path_parameter("consortium_id", CONSORTIUM_ID)] if "{" in prefix else []
    return {
        **operation,
        "operationId": f"{name}_{operation['operationId']}",
        "tags": [name],
        "parameters": [*of_log, *operation["parameters"], HELD, LANGUAGE],
    }


def _events() -> Json:
    parameters = [
        path_parameter("consortium_id", CONSORTIUM_ID),
        query("after", {**INDEX, "default": 0}, "The version after which to go on."),
        query("limit", {"type": "integer", "minimum": 1, "maximum": 5000, "default": 500}, "Entries at most."),
        {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string", "pattern": "^(0|[1-9][0-9]{0,14})$"}},
        LANGUAGE,
    ]
    headers = {
        "Ledger-Head": header("The last version there is.", VERSION, always=True),
        "Ledger-Last": header("The last version of this answer, or the one that was asked after.", INDEX),
        "Link": header('`rel="next"`: the entries after these.'),
    }
    answer = {
        "description": "Entries in order of their versions, a line each; or, as `text/event-stream`, as they come.",
        "headers": headers,
        "content": {"application/jsonl": {"schema": TEXT}, "text/event-stream": {"schema": TEXT}},
    }
    wrong = [*kinds("malformed-value", "unknown-parameter", "malformed-header"), *FAULTS, (404, "unknown-consortium")]
    return {
        "operationId": "events",
        "tags": ["events"],
        "summary": "Wpisy po kolei / Entries in order",
        "parameters": parameters,
        "responses": {"200": answer, **problem_responses(wrong)},
    }


def _event() -> Json:
    wrong = [*kinds("not-found", "unknown-parameter"), *FAULTS, (404, "unknown-consortium")]
    return {
        "operationId": "event",
        "tags": ["events"],
        "summary": "Jeden wpis / One entry",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), path_parameter("version", VERSION), HELD, LANGUAGE,
        ],
        "responses": {
            **answered("200", "Its stored bytes.", content("application/json", ref("Entry")), TAG, AFTER_ENTRY),
            **HELD_ALREADY,
            **problem_responses(wrong),
        },
    }  # fmt: skip


def _log() -> Json:
    size = query("size", VERSION, "The size of the tree; the published one where it is left out.")
    hashes = {"type": "array", "items": BASE64}
    proof = {"type": "object", "required": ["hashes", "tree_head"], "properties": {"hashes": hashes}}
    return {
        "/checkpoint": _get("checkpoint", "Ostatni podpis dziennika / The last signed tree head", "text/plain"),
        "/checkpoint/{size}": _get(
            "checkpoint_of", "Podpis o rozmiarze / The tree head of a size", "text/plain",
            [path_parameter("size", INDEX)],
        ),
        "/checkpoints": _get(
            "checkpoints", "Wszystkie podpisy / Every tree head", "text/plain", also="application/json"
        ),
        "/tile/{path}": _get(
            "tile", "Skróty i wpisy (C2SP tlog-tiles) / Hashes and entries", "application/octet-stream",
            [TILE],
        ),
        "/proof/{index}.tlog-proof": _get(
            "proof", "Dowód wpisu (C2SP tlog-proof) / Proof of an entry", "text/plain",
            [
                path_parameter("index", INDEX), size,
                query("wait", WAIT, "Seconds to wait for a checkpoint."),
            ],
            wrong=("receipt-late", "beyond-published", "parameters-clash", "malformed-parameter"),
        ),
        "/proof/inclusion": _get(
            "inclusion", "Dowód zawierania / Inclusion proof", "application/json",
            [{**query("index", INDEX, "The entry, from 0."), "required": True}, size], schema=proof,
            wrong=("beyond-published", "malformed-parameter", "record-damaged"),
        ),
        "/proof/consistency": _get(
            "consistency", "Dowód ciągłości / Consistency proof", "application/json",
            [
                {**query("old", INDEX, "The smaller size."), "required": True},
                query("new", INDEX, "The larger size; the published one where it is left out."),
            ],
            schema=proof, wrong=("beyond-published", "malformed-parameter", "record-damaged"),
        ),
        "/entry/{index}": _get(
            "entry", "Bajty wpisu / The bytes of an entry", "application/json", [path_parameter("index", INDEX)],
            schema={}, also="text/plain",
        ),
        "/by-event/{event_id}": _get(
            "by_event", "Gdzie jest zdarzenie / Where an event is", "application/json",
            [path_parameter("event_id", {"type": "string", "format": "uuid"})], schema={"type": "object"},
        ),
        "/vkeys": _get("vkeys", "Klucze / Keys", "text/plain"),
    }  # fmt: skip


def _get(  # noqa: PLR0913, PLR0917 - a line of the table above
    name: str,
    summary: str,
    media_type: str,
    parameters: list[Json] | None = None,
    schema: Json | None = None,
    wrong: tuple[str, ...] = (),
    also: str | None = None,
) -> Json:
    bodies: dict[str, Any] = {media_type: {"schema": TEXT if schema is None else schema}}
    if also:
        bodies[also] = {"schema": TEXT if also == "text/plain" else {"type": "object"}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            **answered("200", summary, bodies, TAG, OF_LOG if name == "by_event" else None),
            **HELD_ALREADY,
            **problem_responses([*kinds("not-found", "unknown-parameter", "record-damaged", *wrong), *FAULTS]),
        },
    }
