"""The operations that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.openapi.examples import rows
from api.openapi.parts import (
    CONSORTIUM_ID,
    DAY,
    HASH,
    INSTANT,
    LANGUAGE,
    VERSION,
    Json,
    content,
    kinds,
    path_parameter,
    problem_responses,
    query,
    ref,
)
from api.queries.compare import BY_NAME
from api.queries.routes import table_address
from api.queries.tables import CSV, FORMS, MOST_ROWS, PAGE, XLSX
from api.written import public_name, written_row
from projections.bitemporal.table import Kind
from projections.questions import QUESTIONS, TABLES

if TYPE_CHECKING:
    from projections.bitemporal.table import Column, Table


UNKNOWN: Final = (404, "unknown-consortium")
ASKED: Final = [
    *kinds("malformed-value", "unknown-parameter", "parameters-clash", "not-yet", "internal", "unavailable"),
    *kinds("not-known-yet", "not-caught-up"),
    UNKNOWN,
]
AT_LEAST: Final = query("at_least", VERSION, "Answer only once this version is taken in, e.g. that of a receipt.")


def clocks(prefix: str = "") -> list[Json]:
    """Describe the parameters of a point on both clocks."""
    return [
        query(f"{prefix}valid_on", DAY, "What holds on this day (Warsaw); today where it is left out."),
        query(f"{prefix}known_at", INSTANT, "As was known at this instant; now where it is left out."),
        query(f"{prefix}version", VERSION, "As was known at this version, in place of `known_at`."),
    ]


POINT: Final[Json] = {
    "consortium_id": CONSORTIUM_ID,
    "valid_on": DAY,
    "known_at": INSTANT,
    "version": VERSION,
    "entry_hash": HASH,
}


def query_paths() -> Json:
    """Return the paths of all questions."""
    paths = {
        "/consortia": {"get": _consortia()},
        "/consortia/{consortium_id}/as-of/compare": {"get": _compare()},
    }
    for question, tables in QUESTIONS.items():
        for table in tables:
            for suffix in FORMS:
                paths[f"{table_address(table)}{suffix}"] = {"get": _table(question, table, suffix)}
    return paths


def table_schemas() -> Json:
    """Return the schema of each table's row."""
    return {f"row.{table.name}": _row(table) for table in TABLES}


def _table(question: str, table: Table, suffix: str) -> Json:
    forms = {".csv": [CSV], ".xlsx": [XLSX]}.get(suffix, [*FORMS.values()])
    named = [query(column.name, _filter(column), f"{column.polish} / {column.english}") for column in _filtered(table)]
    paging = [
        query("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": PAGE}, "Rows on a page."),
        query("cursor", {"type": "string"}, 'Where the page before ended; see `Link` with `rel="next"`.'),
    ]
    held = {"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}
    return {
        "operationId": f"{table.name}{suffix.replace('.', '_')}",
        "tags": [question],
        "summary": f"{table.polish} / {table.english}",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), *clocks(), *named, *paging, AT_LEAST, held, LANGUAGE,
        ],
        "responses": {
            "200": {
                "description": table.english,
                "headers": {"ETag": {"schema": {"type": "string"}}, "Link": {"schema": {"type": "string"}}},
                "content": {form.partition(";")[0]: _content(table, form) for form in forms},
            },
            "304": {"description": "The client holds it already."},
            **problem_responses([*ASKED, *kinds("unknown-value")]),
        },
    }  # fmt: skip


def _content(table: Table, form: str) -> Json:
    if form != FORMS[""]:
        return {"schema": {"type": "string"} if form == CSV else {"type": "string", "format": "binary"}}
    page = {
        "type": "object",
        "required": [*POINT, "table", "rows", "cursor"],
        "properties": {
            **POINT,
            "table": {"const": table.name},
            "rows": {"type": "array", "items": ref(f"row.{table.name}")},
            "cursor": {"type": ["string", "null"]},
        },
    }
    return {"schema": page}


def _row(table: Table) -> Json:
    example: dict[str, Any] = {}
    if table.name in rows():
        example = written_row(table, rows()[table.name])
        del example["holds_from"], example["holds_until"]
    schema: Json = {
        "description": f"{table.polish} / {table.english}",
        "type": "object",
        "required": [public_name(column) for column in table.columns],
        "properties": {public_name(column): _cell(table, column) for column in table.columns},
    }
    return {**schema, "examples": [example]} if example else schema


def _cell(table: Table, column: Column) -> Json:
    described = {"description": f"{column.polish} / {column.english}"}
    if column.kind is Kind.GROSZE:
        amount = ref("Amount")
        return {**described, **(amount if column.name in table.key else {"anyOf": [amount, {"type": "null"}]})}
    schema = _kind(column)
    if column.name not in table.key:
        schema = {**schema, "type": [schema["type"], "null"]}
    return {**described, **schema}


def _kind(column: Column) -> Json:
    match column.kind:
        case Kind.DAY:
            return DAY
        case Kind.INSTANT:
            return INSTANT
        case Kind.COUNT | Kind.BASIS_POINTS:
            return {"type": "integer"}
        case Kind.FLAG:
            return {"type": "boolean"}
        case Kind.IDS:
            return {"type": "array", "items": {"type": "string"}}
        case _:
            return {"type": "string"}


def _filter(column: Column) -> Json:
    if column.words:
        return {"enum": list(column.words)}
    if column.kind is Kind.FLAG:
        return {"type": "boolean"}
    if column.kind in {Kind.COUNT, Kind.GROSZE, Kind.BASIS_POINTS}:
        return {"type": "integer", "minimum": 0}
    return {"type": "string"}


def _filtered(table: Table) -> list[Column]:
    return [column for column in table.columns if column.filtered]


def _consortia() -> Json:
    row = {
        "type": "object",
        "required": ["consortium_id", "version", "recorded_at"],
        "properties": {"consortium_id": CONSORTIUM_ID, "version": VERSION, "recorded_at": INSTANT},
    }
    page = {
        "type": "object",
        "required": ["rows", "cursor"],
        "properties": {"rows": {"type": "array", "items": row}, "cursor": {"type": ["string", "null"]}},
    }
    return {
        "operationId": "consortia",
        "tags": ["consortia"],
        "summary": "Konsorcja / Consortia",
        "parameters": [
            query("limit", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}, "Rows on a page."),
            query("cursor", {"type": "string"}, "The last id of the page before."),
            LANGUAGE,
        ],
        "responses": {
            "200": {"description": "Consortia in order of their ids.", "content": content("application/json", page)},
            **problem_responses(kinds("malformed-value", "unknown-parameter", "internal", "unavailable")),
        },
    }


def _compare() -> Json:
    point = {"type": "object", "required": list(POINT), "properties": POINT}
    changed = {"type": "object", "required": ["from", "to"]}
    differences = {
        "type": "object",
        "required": ["removed", "added", "changed"],
        "properties": {
            "removed": {"type": "array", "items": {"type": "object"}},
            "added": {"type": "array", "items": {"type": "object"}},
            "changed": {"type": "array", "items": changed},
        },
    }
    answer = {
        "type": "object",
        "required": ["consortium_id", "from", "to", "tables"],
        "properties": {
            "consortium_id": CONSORTIUM_ID,
            "from": point,
            "to": point,
            "tables": {"type": "object", "additionalProperties": differences},
        },
    }
    return {
        "operationId": "compare",
        "tags": ["as-of"],
        "summary": "Różnice między dwoma punktami / What differs between two points",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), *clocks(), *clocks("to_"),
            query("table", {"enum": list(BY_NAME)}, "One table; all where it is left out."), AT_LEAST, LANGUAGE,
        ],
        "responses": {
            "200": {"description": "Rows removed, added and changed.", "content": content("application/json", answer)},
            **problem_responses([*ASKED, *kinds("too-different")]),
        },
    }  # fmt: skip
