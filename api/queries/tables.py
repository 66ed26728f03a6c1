"""Asking one table: its parameters, its pages, and its answer in the form that was asked for."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Response
from pydantic_core import PydanticCustomError

from api.parameters import number_in_query, only, text_in_query
from api.problems import MALFORMED_VALUE, TOO_MANY_ROWS, UNKNOWN_VALUE, Problem
from api.queries.cursors import cursor_after, read_cursor
from api.queries.exports import write_csv, write_xlsx
from api.queries.nouns import elsewhere
from api.queries.points import point_asked
from api.tlog.answers import FRESH, is_held
from api.written import written
from domain.values import parse_day, write_instant
from projections.bitemporal.asking import Asked, ask, has_value
from projections.bitemporal.table import Kind

if TYPE_CHECKING:
    from datetime import date

    from fastapi import Request
    from psycopg import Connection

    from api.queries.points import Point
    from projections.bitemporal.table import Column, Table

PAGE: Final = 100
MOST_ROWS: Final = 1000
MOST_EXPORTED: Final = 100_000
CLOCKS: Final = ("valid_on", "known_at", "version")
PAGING: Final = ("cursor", "limit", "at_least")
FOR_EVER: Final = "private, max-age=31536000, immutable"

NAMING: Final = frozenset({Kind.ID, Kind.IDS, Kind.WORD, Kind.TEXT})
"""What names something; a day, a number or a flag may be asked for even if nothing ever had it."""

CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: Final = {"": "application/json", ".csv": CSV, ".xlsx": XLSX}


class Page(NamedTuple):
    """Rows of a table at a point, and where they go on."""

    point: Point
    rows: list[dict[str, Any]]
    cursor: str | None


def page_asked(request: Request, connection: Connection, table: Table, *, export: bool) -> Page:
    """Answer the question of a request.

    Raises:
        Problem: a parameter that cannot be read or means nothing here, or a question that cannot be answered.
    """
    filters = table.filters
    only(request, {*CLOCKS, *PAGING, *filters})
    point = point_asked(request, connection)
    given = {name: text for name in filters if (text := text_in_query(request, name)) is not None}
    values = {name: filter_value(name, table.by[filters[name].column], text) for name, text in given.items()}
    limit = number_in_query(request, "limit", 1, MOST_ROWS) or (None if export else PAGE)
    after = text_in_query(request, "cursor")
    asked = Asked(
        consortium_id=point.consortium_id,
        valid_on=point.valid_on,
        version=point.moment.version,
        current=point.moment.version == point.moment.head,
        filters=values,
        after=read_cursor(table, after) if after is not None else (),
        limit=(limit or MOST_EXPORTED) + 1,
    )
    rows = ask(connection, table, asked)
    if not rows and after is None:
        require_values(connection, table, asked)
    if limit is None and len(rows) > MOST_EXPORTED:
        raise Problem(TOO_MANY_ROWS, limit=MOST_EXPORTED)
    if limit is None or len(rows) <= limit:
        return Page(point, rows, None)
    return Page(point, rows[:limit], cursor_after(table, rows[limit - 1]))


def filter_value(name: str, column: Column, text: str) -> Any:  # noqa: ANN401 - a cell of any kind
    """Read the value that a column is to have.

    Raises:
        Problem: `malformed-value`.
    """
    words = column.words or (("true", "false") if column.kind is Kind.FLAG else ())
    if words and text not in words:
        raise Problem(MALFORMED_VALUE, parameter=name, form=" | ".join(words))
    if "\0" in text:
        raise Problem(MALFORMED_VALUE, parameter=name, form="…")
    if column.kind in {Kind.COUNT, Kind.GROSZE, Kind.BASIS_POINTS}:
        if not text.isascii() or not text.isdigit() or len(text) > 15:  # noqa: PLR2004 - any that a bigint holds
            raise Problem(MALFORMED_VALUE, parameter=name, form="0…999999999999999")
        return int(text)
    if column.kind is Kind.DAY:
        return _day(name, text)
    return text == "true" if column.kind is Kind.FLAG else text


def _day(name: str, text: str) -> date:
    try:
        return parse_day(text)
    except (ValueError, PydanticCustomError) as error:
        raise Problem(MALFORMED_VALUE, parameter=name, form="YYYY-MM-DD") from error


def require_values(connection: Connection, table: Table, asked: Asked) -> None:
    """Tell something that nobody ever heard of, e.g. a misspelt id, from something that has no row at this point.

    Raises:
        Problem: `unknown-value`.
    """
    for name, value in asked.filters.items():
        column = table.by[table.filters[name].column]
        if column.kind in NAMING and not column.words:
            places = ((table, name, value), *elsewhere(name, value))
            if not any(has_value(connection, place, asked.consortium_id, by, sought) for place, by, sought in places):
                raise Problem(UNKNOWN_VALUE, parameter=name, value=value)


def table_answer(request: Request, table: Table, page: Page, form: str) -> Response:
    """Write the answer down, or say that the client holds it already."""
    suffix = next(suffix for suffix, known in FORMS.items() if known == form)
    tag = page.point.tag(suffix)
    headers = {"ETag": tag, **_headers(request, page, suffix)}
    if is_held(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if suffix:
        headers["Content-Disposition"] = f'attachment; filename="{_file_name(table, page.point)}{suffix}"'
    if form == CSV:
        body = write_csv(table, page.rows, clocks(page.point))
    elif form == XLSX:
        body = write_xlsx(table, page.rows, page.point)
    else:
        body = _json(table, page)
    return Response(body, headers=headers, media_type=form)


def _file_name(table: Table, point: Point) -> str:
    return f"{point.consortium_id}_{table.name}_{point.valid_on}_v{point.moment.version}"


def _json(table: Table, page: Page) -> bytes:
    document = {
        **clocks(page.point),
        "table": table.name,
        "rows": [written(table, row) for row in page.rows],
        "cursor": page.cursor,
    }
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def clocks(point: Point) -> dict[str, Any]:
    """Return what every answer and export carries: both clocks, the version and the hash of its entry."""
    return {
        "consortium_id": point.consortium_id,
        "valid_on": point.valid_on.isoformat(),
        "known_at": write_instant(point.moment.recorded_at),
        "version": point.moment.version,
        "entry_hash": point.moment.leaf_hash.hex(),
    }


def _headers(request: Request, page: Page, suffix: str) -> dict[str, str]:
    point = page.point
    query = {name: value for name, value in request.query_params.items() if name not in {*CLOCKS, "at_least"}}
    fixed = {"valid_on": point.valid_on.isoformat(), "version": point.moment.version}
    # What `Accept` asked for has an address of its own too.
    path = request.url.path.removesuffix(suffix) + suffix
    links = [f'<{path}?{urlencode(fixed | query)}>; rel="canonical"']
    if page.cursor:
        links.insert(0, f'<{path}?{urlencode(fixed | query | {"cursor": page.cursor})}>; rel="next"')
    carried = {f"Ledger-{name.replace('_', '-').title()}": str(value) for name, value in clocks(point).items()}
    caching = FOR_EVER if point.fixed else FRESH
    return {"Cache-Control": caching, "Link": ", ".join(links), "Vary": "Accept", **carried}
