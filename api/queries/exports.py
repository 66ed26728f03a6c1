"""Tables as files for spreadsheets: CSV with the same bytes for ever, XLSX with the same values.

A cell that begins like a formula stays text. In CSV, which has no types, it gets an apostrophe before it, as OWASP
advises ("CSV Injection"); amounts are decimal złoty under a column that says so.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from api.written import json_value, zloty
from projections.bitemporal.table import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.worksheet import Worksheet

    from api.queries.points import Point
    from projections.bitemporal.table import Column, Table

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
NUMBERS: Final = frozenset({Kind.GROSZE, Kind.COUNT, Kind.BASIS_POINTS})


def write_csv(table: Table, rows: Sequence[Mapping[str, Any]], clocks: Mapping[str, Any]) -> bytes:
    """Write a header and a line a row, each with what was asked at its end: UTF-8, CRLF, RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*(export_name(column) for column in table.columns), *(f"asked_{name}" for name in clocks)])
    asked = list(clocks.values())
    for row in rows:
        writer.writerow([*(_csv_cell(column.kind, row[column.name]) for column in table.columns), *asked])
    return text.getvalue().encode()


def export_name(column: Column) -> str:
    """Name a column of a file: an amount is in złoty there."""
    return column.name.removesuffix("_gr") + "_pln" if column.kind is Kind.GROSZE else column.name


def _csv_cell(kind: Kind, value: Any) -> str:  # noqa: ANN401 - a cell of any kind
    text = _text(kind, value)
    return f"'{text}" if kind not in NUMBERS and text.startswith(FORMULA) else text


def _text(kind: Kind, value: Any) -> str:  # noqa: ANN401 - a cell of any kind
    if value is None:
        return ""
    match kind:
        case Kind.GROSZE:
            return zloty(value)
        case Kind.FLAG:
            return "true" if value else "false"
        case Kind.IDS:
            return " ".join(value)
        case _:
            return str(json_value(kind, value))


def write_xlsx(table: Table, rows: Sequence[Mapping[str, Any]], point: Point) -> bytes:
    """Write a workbook: the table with headings in both languages, and a sheet that says what was asked."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The same question gives the same file, whenever it is asked.
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None), "title": table.english})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {
        Kind.GROSZE: book.add_format({"num_format": "# ##0.00"}),
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    sheet = book.add_worksheet(table.name[:31])
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, f"{column.polish}\n{column.english}", bold)
        sheet.set_column(place, place, 18)
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(table.columns):
            _write_cell(sheet, (number, place), column.kind, row[column.name], formats.get(column.kind))
    _write_about(book, point)
    book.close()
    return data.getvalue()


def _write_cell(sheet: Worksheet, at: tuple[int, int], kind: Kind, value: Any, form: Any) -> None:  # noqa: ANN401 - a cell of any kind; the library's format
    if value is None:
        return
    match kind:
        case Kind.GROSZE:
            sheet.write_number(*at, Decimal(zloty(value)), form)
        case Kind.COUNT | Kind.BASIS_POINTS:
            sheet.write_number(*at, value)
        case Kind.DAY:
            sheet.write_datetime(*at, value, form)
        case Kind.FLAG:
            sheet.write_boolean(*at, value)
        case _:
            sheet.write_string(*at, _text(kind, value))


def _write_about(book: Any, point: Point) -> None:  # noqa: ANN401 - the library is not typed here
    sheet = book.add_worksheet("o tym pliku – about")
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70)
    told = (
        ("konsorcjum / consortium", point.consortium_id),
        ("co obowiązuje w dniu / what holds on", point.valid_on.isoformat()),
        ("jak było wiadomo / as known at (UTC)", json_value(Kind.INSTANT, point.moment.recorded_at)),
        ("wersja / version", str(point.moment.version)),
        ("skrót wpisu / hash of the entry (RFC 6962 leaf)", point.moment.leaf_hash.hex()),
    )
    for number, (name, value) in enumerate(told):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, value)
