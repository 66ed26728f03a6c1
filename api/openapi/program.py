"""The operations that tell of the program itself: health, version, this description, what problems mean."""

from __future__ import annotations

from typing import Final

from api.openapi.parts import (
    INSTANT,
    LANGUAGE,
    Json,
    answered,
    content,
    header,
    kinds,
    path_parameter,
    problem_responses,
)

TEXT: Final[Json] = {"type": "string"}
HTML: Final[Json] = {"text/html": {"schema": TEXT}}
INTERNAL: Final = kinds("internal")
STATUSES: Final = ("ok", "unavailable", "damaged", "standstill", "alarm")
HEALTH: Final[Json] = {
    "type": "object",
    "required": ["status", "database", "version"],
    "properties": {
        "status": {"enum": list(STATUSES)},
        "database": {"enum": ["ok", "unavailable"]},
        "version": TEXT,
        "consortia": {"type": "integer", "minimum": 0},
        "last_entry": {
            "type": ["object", "null"],
            "required": ["position", "recorded_at"],
            "properties": {"position": {"type": "integer", "minimum": 1}, "recorded_at": INSTANT},
        },
        "read_models": {
            "type": "object",
            "required": ["position"],
            "properties": {"position": {"type": "integer", "minimum": 0}},
        },
        "lag": {"type": "integer", "minimum": 0, "description": "Positions that answers do not cover yet."},
        "unpublished": {"type": "integer", "minimum": 0, "description": "Entries that no checkpoint covers yet."},
        "fault": TEXT,
        "alarms": {"type": "object", "description": "By log: why it is not signed any more, in both languages."},
        "witnesses": {
            "type": "object",
            "description": "By witness: why its last answer was no cosignature; null when nothing is wrong.",
            "additionalProperties": {
                "type": ["object", "null"],
                "required": ["pl", "en"],
                "properties": {"pl": TEXT, "en": TEXT},
            },
        },
    },
    "example": {
        "version": "0.1.0",
        "status": "ok",
        "database": "ok",
        "consortia": 1,
        "last_entry": {"position": 358, "recorded_at": "2021-06-23T07:00:00.000000Z"},
        "read_models": {"position": 358},
        "lag": 0,
        "unpublished": 0,
    },
}


def program_paths() -> Json:
    """Return their paths."""
    health = content("application/json", HEALTH)
    version = {"type": "object", "required": ["version"], "properties": {"version": TEXT}}
    any_object = {"type": "object", "required": ["openapi", "paths"]}
    fresh = {"Cache-Control": header("Ask again each time.")}
    return {
        "/health": _get(
            "health", "Stan / Health",
            {**answered("200", "All is well.", health), **answered("503", "It is not.", health)},
        ),
        "/metrics": _get(
            "metrics", "Liczby dla Prometheusa / Figures for Prometheus",
            answered("200", "One figure a line.", {"text/plain": {"schema": TEXT}}),
        ),
        "/version": _get(
            "version", "Wersja programu / The program's version",
            answered("200", "It.", content("application/json", version, {"version": "0.1.0"})),
        ),
        "/openapi.json": _get(
            "description", "Ten opis / This description",
            answered("200", "OpenAPI 3.1.", content("application/json", any_object), fresh),
        ),
        "/docs": _get("docs", "Ten opis jako strona / The same as a page", answered("200", "A page.", HTML, fresh)),
        "/problems": _get("problems", "Wszystkie problemy / All problems", answered("200", "A page.", HTML, fresh)),
        "/problems/{code}": _get(
            "problem", "Co znaczy problem / What a problem means",
            {**answered("200", "A page.", HTML, fresh), **problem_responses([*kinds("not-found"), *INTERNAL])},
            [{**path_parameter("code", {"type": "string", "pattern": "^[a-z-]+$"}), "example": "no-quorum"}, LANGUAGE],
        ),
    }  # fmt: skip


def _get(name: str, summary: str, responses: Json, parameters: list[Json] | None = None) -> Json:
    operation: Json = {"operationId": name, "tags": ["program"], "summary": summary}
    return {
        "get": {
            **operation,
            **({"parameters": parameters} if parameters else {}),
            "responses": {**problem_responses(INTERNAL), **responses},
        }
    }
