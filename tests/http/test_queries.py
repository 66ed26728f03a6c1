"""Questions over HTTP: clocks, filters, pages, tags, and what cannot be answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from api.queries.routes import table_address
from api.written import public_name
from projections.bitemporal.table import Comparison, Kind
from projections.questions import TABLES
from tests.http.client import CONSORTIUM, OF_ONE

if TYPE_CHECKING:
    from projections.bitemporal.table import Table
    from tests.http.client import Client
    from tests.http.serving import Served

END = "2021-06-30"
FIXED = {"valid_on": END, "version": 357}
FILTERS = [(table, name) for table in TABLES for name in table.filters]


OUTSIDE_THE_SCENARIO = {"consultations", "mentoring_hours"}
"""Tables of commands that the scenario does not give."""


def name_of(named: object) -> str:
    """Name a table, or one of its filters."""
    return named if isinstance(named, str) else str(getattr(named, "name", named))


def path(table: Table) -> str:
    return table_address(table).removeprefix("/consortia/{consortium_id}/")


def today() -> str:
    return datetime.now(ZoneInfo("Europe/Warsaw")).date().isoformat()


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_every_table_answers_with_its_columns_and_both_clocks(client: Client, table: Table) -> None:
    answer = client.get(path(table), **FIXED)
    told = answer.json()
    assert answer.status == 200
    assert told["table"] == table.name
    assert (told["consortium_id"], told["valid_on"], told["version"]) == (CONSORTIUM, END, 357)
    assert told["known_at"] == "2021-06-23T07:00:00.000000Z"
    assert bool(told["rows"]) == (table.name not in OUTSIDE_THE_SCENARIO)
    assert [list(row) for row in told["rows"]] == [[public_name(one) for one in table.columns]] * len(told["rows"])
    for name in ("consortium_id", "valid_on", "known_at", "version", "entry_hash"):
        assert answer.headers[f"ledger-{name.replace('_', '-')}"] == str(told[name])


def test_today_and_all_that_is_known_are_asked_where_nothing_is_said(client: Client) -> None:
    told = client.get("members").json()
    assert told["valid_on"] == today()
    assert told["version"] >= 357
    assert [row["size"] for row in told["rows"] if row["member_id"] == "M05"] == ["small"]


def test_what_was_known_at_an_instant_and_at_a_version_are_the_same(client: Client) -> None:
    known_at = "2019-06-18T12:00:00+02:00"
    by_instant = client.get("members", valid_on="2019-06-17", known_at=known_at)
    version = by_instant.json()["version"]
    by_version = client.get("members", valid_on="2019-06-17", version=version)
    assert by_instant.body == by_version.body
    assert len(by_instant.json()["rows"]) == 8
    assert len(client.rows("members", valid_on="2019-06-17")) == 9


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"version": 357, "known_at": "2021-01-01T00:00:00Z"}, 422, "parameters-clash"),
        ({"known_at": "2019-01-01T00:00:00Z"}, 404, "not-known-yet"),
        ({"version": 10**6}, 404, "not-known-yet"),
        ({"version": 0}, 422, "malformed-value"),
        ({"version": "01"}, 422, "malformed-value"),
        ({"version": "٣"}, 422, "malformed-value"),
        ({"valid_on": "30.06.2021"}, 422, "malformed-value"),
        ({"valid_on": "2021-02-30"}, 422, "malformed-value"),
        ({"valid_on": ""}, 422, "malformed-value"),
        ({"known_at": "2021-06-30"}, 422, "malformed-value"),
        ({"known_at": "2021-06-30T12:00:00"}, 422, "malformed-value"),
        ({"limit": 0}, 422, "malformed-value"),
        ({"limit": 1001}, 422, "malformed-value"),
        ({"limit": "ten"}, 422, "malformed-value"),
        ({"cursor": "nonsense"}, 422, "malformed-value"),
        ({"cursor": "W10"}, 422, "malformed-value"),
        ({"cursor": "WyJcdWQ4MDAiXQ"}, 422, "malformed-value"),
        ({"cursor": "W1tdXQ"}, 422, "malformed-value"),
        ({"cursor": ""}, 422, "malformed-value"),
        ({"colour": "red"}, 422, "unknown-parameter"),
        ({"name": "Fundacja"}, 422, "unknown-parameter"),
        ({"size": "tiny"}, 422, "malformed-value"),
        ({"member_id": "M99"}, 404, "unknown-value"),
        ({"member_id": ""}, 404, "unknown-value"),
        ({"delegate_id": "del-M99"}, 404, "unknown-value"),
        ({"member_id": "M01\0"}, 422, "malformed-value"),
    ],
)
def test_what_cannot_be_answered_is_an_error(client: Client, query: dict[str, Any], status: int, code: str) -> None:
    answer = client.get("members", **query)
    assert (answer.status, answer.code) == (status, code), answer.body
    if code in {"malformed-value", "unknown-parameter"}:
        assert answer.json()["parameter"] in query


def test_the_future_is_not_known(client: Client) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    answer = client.get("members", known_at=ahead)
    assert (answer.status, answer.code) == (422, "not-yet")
    assert client.get("members", valid_on="2099-12-31").status == 200


@pytest.mark.parametrize("place", ["members", "members.csv", "as-of/compare", "events", "mandate?line_id=P1-T1"])
def test_nobody_is_not_found(client: Client, place: str) -> None:
    for consortium_id in ("bielsk-razem", "x", "a%2Fb", "%C5%BC", "%FF"):
        answer = client.ask(f"/consortia/{consortium_id}/{place}")
        assert (answer.status, answer.code) == (404, "unknown-consortium"), answer.body
    nothing = client.ask(f"/consortia/a%00b/{place}")
    assert (nothing.status, nothing.code) == (404, "not-found")


def test_a_parameter_that_is_given_twice_is_refused(client: Client) -> None:
    for query in (
        "valid_on=2021-06-30&valid_on=2021-06-30",
        "size=small&size=large",
        "limit=1&limit=1",
        "cursor=a&cursor=b",
    ):
        answer = client.ask(f"{OF_ONE}/members?{query}")
        assert (answer.status, answer.code) == (422, "malformed-value")


@pytest.mark.parametrize(("table", "name"), FILTERS, ids=name_of)
def test_a_filter_leaves_the_rows_that_have_the_value(client: Client, table: Table, name: str) -> None:
    asked = table.filters[name]
    column = table.by[asked.column]
    rows = client.rows(path(table), **FIXED)
    cells = [row[asked.column] for row in rows]
    values = sorted({one for cell in cells for one in (cell if column.kind is Kind.IDS else [cell]) if one is not None})
    matching = [one for one in values if str(one).startswith(asked.prefix)]
    for value in (matching[:1] + matching[-1:]) if matching else []:
        text = str(value).lower() if column.kind is Kind.FLAG else str(value).removeprefix(asked.prefix)
        kept = [row for row, cell in zip(rows, cells, strict=True) if passes(asked.comparison, cell, value)]
        assert client.rows(path(table), **FIXED, **{name: text}) == kept
        assert kept


def passes(comparison: Comparison, cell: Any, value: Any) -> bool:  # noqa: ANN401 - a cell of any kind
    if isinstance(cell, list):
        return value in cell
    match comparison:
        case Comparison.EQUAL:
            return bool(cell == value)
        case Comparison.SINCE:
            return cell is not None and cell >= value
        case Comparison.UNTIL:
            return cell is not None and cell <= value


@pytest.mark.parametrize(("table", "name"), FILTERS, ids=name_of)
def test_a_filter_by_what_nobody_knows_is_an_error(client: Client, table: Table, name: str) -> None:
    kind = table.by[table.filters[name].column].kind
    answer = client.get(path(table), **FIXED, **{name: "no such thing"})
    words = table.by[table.filters[name].column].words
    named = kind in {Kind.ID, Kind.IDS, Kind.TEXT, Kind.WORD} and not words
    assert (answer.status, answer.code) == ((404, "unknown-value") if named else (422, "malformed-value"))


def test_who_is_known_and_has_no_row_is_answered_with_none(client: Client) -> None:
    for table, query in (
        ("loans", {"member_id": "M01"}),
        ("pairs", {"mentor": "M08"}),
        ("mentoring-hours", {"pair_id": "MEN-1"}),
        ("objections", {"draft_id": "DR-01"}),
        ("fairness", {"is_met": "false"}),
        ("obligations", {"due_on": "2030-01-01"}),
        ("audit-trail", {"corrects": "1"}),
        ("meetings", {"presiding": "del-M10"}),
    ):
        answer = client.get(table, **{"version": 357, **query})
        assert answer.status == 200, (table, answer.body)
        assert answer.json()["rows"] == []


def test_the_trail_is_asked_for_a_member_a_task_a_resolution_a_package_and_a_line(client: Client) -> None:
    whole = client.rows("audit-trail", **FIXED)
    for query in (
        {"member": "M02"},
        {"task": "T3"},
        {"resolution": "DR-11"},
        {"package": "P1"},
        {"line": "P1-T1"},
        {"member": "M08", "line": "P1-T1"},
        {"package": "P2", "member": "M10", "kind": "task.allocated.v1"},
    ):
        nouns = {noun: value for noun, value in query.items() if noun != "kind"}
        kept = [
            row
            for row in whole
            if {f"{noun}:{value}" for noun, value in nouns.items()} <= set(row["concerns"])
            and row["kind"] == query.get("kind", row["kind"])
        ]
        assert kept
        assert client.rows("audit-trail", **FIXED, **query) == kept
    assert client.get("audit-trail", member="M99").code == "unknown-value"


def test_the_trail_is_asked_for_a_span_of_days_on_either_clock(client: Client) -> None:
    whole = client.rows("audit-trail", **FIXED)
    query = {
        "recorded_from": "2019-03-28",
        "recorded_to": "2019-06-21",
        "effective_from": "2019-04-01",
        "member": "M08",
    }
    kept = [
        row
        for row in whole
        if "2019-03-28" <= row["recorded_on"] <= "2019-06-21"
        and row["effective_on"] >= "2019-04-01"
        and "member:M08" in row["concerns"]
    ]
    assert kept
    assert client.rows("audit-trail", **FIXED, **query) == kept
    late = [row for row in whole if row["effective_on"] <= "2019-01-14"]
    assert client.rows("audit-trail", **FIXED, effective_to="2019-01-14") == late
    assert client.rows("audit-trail", **FIXED, recorded_from="2025-01-01") == []


def test_consortia_are_listed_page_by_page(fresh: Served) -> None:
    assert fresh.client.ask("/consortia").json() == {"rows": [], "cursor": None}
    assert fresh.client.ask("/consortia?limit=0").code == "malformed-value"
    assert fresh.client.ask("/consortia?colour=red").code == "unknown-parameter"


def test_the_consortia_are_named_with_their_versions(client: Client) -> None:
    (row,) = client.ask("/consortia").json()["rows"]
    assert row["consortium_id"] == CONSORTIUM
    assert row["version"] >= 357
    assert client.ask(f"/consortia?cursor={CONSORTIUM}").json()["rows"] == []
