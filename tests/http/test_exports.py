"""Tables as files: the same values as in JSON, amounts exact, text that looks like a formula still text."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from api.queries.exports import write_csv, write_xlsx
from api.queries.points import Point
from api.queries.routes import table_address
from api.written import public_name
from projections.bitemporal.asking import Moment
from projections.bitemporal.table import Column, Kind, Table
from projections.questions import TABLES
from tests.http.giving import application

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tests.http.client import Answer, Client

FIXED = {"valid_on": "2021-06-30", "version": 357}
ASKED = {
    "asked_consortium_id": "hajnowka-odnowa",
    "asked_valid_on": "2021-06-30",
    "asked_known_at": "2021-06-23T07:00:00.000000Z",
    "asked_version": "357",
}
FORMULAS = ("=1+1", "+48 85 682 11 11", "-5", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("x")')


def path(table: Table) -> str:
    return table_address(table).removeprefix("/consortia/{consortium_id}/")


def read_csv(answer: Answer) -> list[dict[str, str]]:
    text = answer.body.decode("utf-8")
    assert text.endswith("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheets(body: bytes) -> tuple[Worksheet, Worksheet]:
    first, about = load_workbook(io.BytesIO(body)).worksheets
    return first, about


def in_csv(column: Column, value: Any) -> str:  # noqa: ANN401 - a cell as JSON has it
    """Write a JSON cell as the CSV must have it, by its own rule."""
    if value is None:
        return ""
    match column.kind:
        case Kind.GROSZE:
            return str(value["value"])
        case Kind.FLAG:
            return "true" if value else "false"
        case Kind.IDS:
            return " ".join(value)
        case _:
            return str(value)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_csv_has_the_values_of_the_answer_and_says_what_was_asked(client: Client, table: Table) -> None:
    rows = client.rows(path(table), **FIXED)
    answer = client.get(f"{path(table)}.csv", **FIXED)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    file_name = f'attachment; filename="hajnowka-odnowa_{table.name}_2021-06-30_v357.csv"'
    assert answer.headers["content-disposition"] == file_name
    lines = read_csv(answer)
    assert len(lines) == len(rows)
    hash_of_entry = answer.headers["ledger-entry-hash"]
    for line, row in zip(lines, rows, strict=True):
        assert {name: line[name] for name in ASKED} == ASKED
        assert line["asked_entry_hash"] == hash_of_entry
        for column in table.columns:
            name = column.name.removesuffix("_gr") + "_pln" if column.kind is Kind.GROSZE else column.name
            assert line[name] == in_csv(column, row[public_name(column)])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_spreadsheet_has_the_values_of_the_answer_and_says_what_was_asked(client: Client, table: Table) -> None:
    rows = client.rows(path(table), **FIXED)
    answer = client.get(f"{path(table)}.xlsx", **FIXED)
    sheet, about = sheets(answer.body)
    headings, *lines = sheet.iter_rows(values_only=True)
    assert headings == tuple(f"{column.polish}\n{column.english}" for column in table.columns)
    assert len(lines) == len(rows)
    for line, row in zip(lines, rows, strict=True):
        for column, cell in zip(table.columns, line, strict=True):
            assert_same(column, cell, row[public_name(column)])
    said = [line[1] for line in about.iter_rows(values_only=True)]
    assert said == [*ASKED.values(), answer.headers["ledger-entry-hash"]]


def assert_same(column: Column, cell: Any, value: Any) -> None:  # noqa: ANN401 - cells as a spreadsheet and JSON have them
    if value is None or value == []:
        assert cell in {None, ""}
        return
    match column.kind:
        case Kind.GROSZE:
            assert isinstance(cell, int | float)
            assert round(Decimal(str(cell)) * 100) == Decimal(value["value"]) * 100
            assert Decimal(str(cell)) == Decimal(value["value"])
        case Kind.DAY:
            assert isinstance(cell, datetime)
            assert cell.date().isoformat() == value
        case Kind.COUNT | Kind.BASIS_POINTS | Kind.FLAG:
            assert (type(cell), cell) == (type(value), value)
        case Kind.IDS:
            assert cell == " ".join(value)
        case _:
            assert cell == value


def test_what_begins_like_a_formula_stays_text(client: Client) -> None:
    lines = [application(f"APP-F{number}") for number in range(len(FORMULAS[:4]))]
    for line, name in zip(lines, FORMULAS, strict=False):
        line["data"]["name"] = f"{name} – spółdzielnia"
        assert client.give(line).status == 201
    version = client.give(application()).json()["last_version"]
    query = {"at_least": version, "valid_on": "2021-07-05"}
    named = {line["application_id"]: line["name"] for line in read_csv(client.get("applications.csv", **query))}
    sheet, _ = sheets(client.get("applications.xlsx", **query).body)
    cells = {row[0].value: row[1] for row in sheet.iter_rows()}
    for line in lines:
        given, name = line["data"]["application_id"], line["data"]["name"]
        assert named[given] == f"'{name}"
        assert (cells[given].value, cells[given].data_type) == (name, "s")


TEXTS = Table(
    name="texts",
    polish="Teksty",
    english="Texts",
    columns=(
        Column("text", Kind.TEXT, "tekst", "text"),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("day", Kind.DAY, "dzień", "day"),
    ),
    key=("text",),
)
POINT = Point(
    "x-y-z", date(2021, 6, 30), Moment(3, datetime.fromisoformat("2021-06-30T10:00:00+00:00"), b"\x01" * 32, 3),
    day_given=True, instant_given=False, version_given=True,
)  # fmt: skip
AMOUNTS = (0, 1, -1, 10, 99, 100, 101, -100, 123_456_789, 2_347_143, 999_999_999_999_99, -999_999_999_999_99)


def test_every_amount_to_the_grosz_and_every_text_as_it_is() -> None:
    rows: list[dict[str, Any]] = [
        {"text": text, "amount_gr": 0, "day": None} for text in (*FORMULAS, '"quoted", and\r\nbroken', "0012", "1e5")
    ]
    rows += [{"text": f"n{number}", "amount_gr": number, "day": date(1900, 3, 1)} for number in AMOUNTS]
    lines = list(csv.reader(io.StringIO(write_csv(TEXTS, rows, {}).decode(), newline="")))[1:]
    sheet, _ = sheets(write_xlsx(TEXTS, rows, POINT))
    for row, line, cells in zip(rows, lines, list(sheet.iter_rows())[1:], strict=True):
        text, amount = str(row["text"]), row["amount_gr"]
        assert line[0] == (f"'{text}" if text in FORMULAS else text)
        assert Decimal(line[1]) * 100 == amount
        assert cells[0].data_type == "s"
        assert unescape(str(cells[0].value)) == text
        assert Decimal(str(cells[1].value)) * 100 == amount
    assert write_csv(TEXTS, rows, {}) == write_csv(TEXTS, rows, {})
    assert write_xlsx(TEXTS, rows, POINT) == write_xlsx(TEXTS, rows, POINT)


def test_an_export_has_every_row_at_once(client: Client) -> None:
    whole = client.rows("audit-trail", **FIXED)
    assert len(whole) == 357
    assert len(read_csv(client.get("audit-trail.csv", **FIXED))) == 357
    assert len(read_csv(client.get("audit-trail.csv", **FIXED, member="M02"))) == len(
        client.rows("audit-trail", **FIXED, member="M02")
    )


def test_an_export_can_be_had_by_pages_too(client: Client) -> None:
    whole = read_csv(client.get("audit-trail.csv", **FIXED))
    found, answer = [], client.get("audit-trail.csv", **FIXED, limit=200)
    while True:
        found += read_csv(answer)
        following = answer.link("next")
        if following is None:
            break
        answer = client.ask(following)
    assert found == whole
