"""The operations that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.openapi.examples import point, rows
from api.openapi.links import AFTER_CONSORTIA, after_page
from api.openapi.parts import (
    CONSORTIUM_ID,
    DAY,
    FAULTS,
    HASH,
    ID,
    INSTANT,
    LANGUAGE,
    VERSION,
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
    *kinds("malformed-value", "unknown-parameter", "parameters-clash", "not-yet"),
    *FAULTS,
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


HELD: Final[Json] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of the answer that the client holds.",
    "schema": {"type": "string"},
}
HEADERS: Final[Json] = {
    "ETag": header("The version, and what else tells this answer from another.", always=True),
    "Link": header('`rel="next"`: the next page; `rel="canonical"`: the same with both clocks fixed.', always=True),
    "Cache-Control": header("For ever where both clocks are fixed.", always=True),
    "Ledger-Consortium-Id": header("The consortium.", CONSORTIUM_ID, always=True),
    "Ledger-Valid-On": header("What holds on this day.", DAY, always=True),
    "Ledger-Known-At": header("As known at this instant.", INSTANT, always=True),
    "Ledger-Version": header("As known at this version.", VERSION, always=True),
    "Ledger-Entry-Hash": header("The hash of its entry (RFC 6962 leaf).", HASH, always=True),
}
NOT_MODIFIED: Final[Json] = {"description": "The client holds it already.", "headers": {"ETag": HEADERS["ETag"]}}


def query_paths() -> Json:
    """Return the paths of all questions."""
    paths = {
        "/consortia": {"get": _consortia()},
        "/consortia/{consortium_id}/as-of/compare": {"get": _compare()},
        "/consortia/{consortium_id}/mandate": {"get": _mandate_behind()},
        "/consortia/{consortium_id}/resolutions/{draft_id}/mandate": {"get": _mandate_of_resolution()},
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
    named = [
        query(one.name, _filter(table.by[one.column]), f"{one.polish} / {one.english}")
        for one in table.filters.values()
    ]
    paging = [
        query("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": PAGE}, "Rows on a page."),
        query("cursor", {"type": "string"}, 'Where the page before ended; see `Link` with `rel="next"`.'),
    ]
    return {
        "operationId": f"{table.name}{suffix.replace('.', '_')}",
        "tags": [question],
        "summary": f"{table.polish} / {table.english}",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), *clocks(), *named, *paging, AT_LEAST, HELD, LANGUAGE,
        ],
        "responses": {
            **answered(
                "200", f"{table.polish} / {table.english}",
                {form.partition(";")[0]: _content(table, form) for form in forms}, HEADERS,
                {} if suffix else after_page(table.name),
            ),
            "304": NOT_MODIFIED,
            **problem_responses([*ASKED, *kinds("unknown-value", "too-many-rows")]),
        },
    }  # fmt: skip


MANDATE: Final[Json] = {
    "type": "object",
    "required": ["resolution", "voting", "votes", "recusals", "effects"],
    "properties": {
        "resolution": {"anyOf": [ref("row.resolutions"), {"type": "null"}]},
        "voting": {"anyOf": [ref("row.votings"), {"type": "null"}]},
        "votes": {"type": "array", "items": ref("row.votes")},
        "recusals": {"type": "array", "items": ref("row.recusals")},
        "effects": {"type": "array", "items": ref("row.mandates")},
    },
}


def _mandate_of_resolution() -> Json:
    answer = {"type": "object", "required": [*POINT, "mandate"], "properties": {**POINT, "mandate": MANDATE}}
    return {
        "operationId": "mandate_of_resolution",
        "tags": ["mandate_chain"],
        "summary": "Uchwała, jej głosowanie i skutki / A resolution, its vote and all it caused",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), path_parameter("draft_id", ID), *clocks(), AT_LEAST, HELD,
            LANGUAGE,
        ],
        "responses": {
            "200": {"description": "The chain from it.", "content": content("application/json", answer)},
            "304": {"description": "The client holds it already."},
            **problem_responses([*ASKED, (404, "unknown-resolution"), *kinds("too-many-rows")]),
        },
    }  # fmt: skip


def _mandate_behind() -> Json:
    many = {"type": "array", "items": MANDATE}
    answer = {"type": "object", "required": [*POINT, "mandates"], "properties": {**POINT, "mandates": many}}
    return {
        "operationId": "mandate",
        "tags": ["mandate_chain"],
        "summary": "Na czym opiera się przydział albo kwota / On what an allocation or an amount rests",
        "description": "Either `allocation_id`, or `line_id` with or without `member_id`.",
        "parameters": [
            path_parameter("consortium_id", CONSORTIUM_ID), *clocks(),
            query("allocation_id", {"type": "string"}, "An allocation."),
            query("line_id", {"type": "string"}, "A line of a budget, whole or the share of a member."),
            query("member_id", {"type": "string"}, "The member whose share of the line is meant."),
            AT_LEAST, HELD, LANGUAGE,
        ],
        "responses": {
            "200": {"description": "The chain back to the votes.", "content": content("application/json", answer)},
            "304": {"description": "The client holds it already."},
            **problem_responses([*ASKED, *kinds("unknown-value", "too-many-rows", "parameter-missing")]),
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
    if table.name not in rows():
        return {"schema": page}
    return {"schema": page, "example": {**point(), "table": table.name, "rows": [_example(table)], "cursor": None}}


def _example(table: Table) -> Json:
    row = written_row(table, rows()[table.name])
    # A column that follows from the day asked for is not computed here.
    return {public_name(column): row.get(public_name(column)) for column in table.columns}


def _row(table: Table) -> Json:
    return {
        "description": f"{table.polish} / {table.english}",
        "type": "object",
        "required": [public_name(column) for column in table.columns],
        "properties": {public_name(column): _cell(table, column) for column in table.columns},
    }


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
    return DAY if column.kind is Kind.DAY else {"type": "string"}


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
            **answered(
                "200", "Consortia in order of their ids.", content("application/json", page), links=AFTER_CONSORTIA
            ),
            **problem_responses([*kinds("malformed-value", "unknown-parameter"), *FAULTS]),
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
