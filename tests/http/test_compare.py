"""The difference between two points, checked against two full answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.queries import compare as module
from api.queries.routes import table_address
from api.written import public_name
from projections.questions import TABLES

if TYPE_CHECKING:
    from projections.bitemporal.table import Table
    from tests.http.client import Client

POINTS = [
    pytest.param(("2019-06-30", 357), ("2020-12-31", 357), id="from-day-to-day"),
    pytest.param(("2019-04-05", 93), ("2019-04-05", 357), id="as-known-at-two-moments"),
    pytest.param(("2020-10-01", 200), ("2021-06-30", 300), id="on-both-clocks"),
    pytest.param(("2021-06-30", 357), ("2019-06-30", 120), id="backwards"),
    pytest.param(("2021-06-30", 357), ("2021-06-30", 357), id="nothing"),
]


def rows(client: Client, table: Table, point: tuple[str, int]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return a full answer by key, without the columns that differ wherever the day does."""
    path = table_address(table).removeprefix("/consortia/{consortium_id}/")
    stored = [public_name(column) for column in table.stored]
    asked = client.rows(path, valid_on=point[0], version=point[1])
    return {tuple(row[name] for name in table.key): {name: row[name] for name in stored} for row in asked}


def compared(client: Client, one: tuple[str, int], other: tuple[str, int], **query: object) -> Any:  # noqa: ANN401 - a document
    clocks = {"valid_on": one[0], "version": one[1], "to_valid_on": other[0], "to_version": other[1]}
    answer = client.get("as-of/compare", **clocks, **query)
    assert answer.status == 200, answer.body
    return answer.json()


@pytest.mark.parametrize(("one", "other"), POINTS)
def test_a_difference_is_that_of_two_full_answers(client: Client, one: tuple[str, int], other: tuple[str, int]) -> None:
    told = compared(client, one, other)
    assert (told["from"]["valid_on"], told["from"]["version"]) == one
    assert (told["to"]["valid_on"], told["to"]["version"]) == other
    for table in TABLES:
        if table.of_entry is not None:
            assert table.name not in told["tables"]
            continue
        before, after = rows(client, table, one), rows(client, table, other)
        expected = {
            "removed": [row for key, row in before.items() if key not in after],
            "added": [row for key, row in after.items() if key not in before],
            "changed": [
                {"from": row, "to": after[key]} for key, row in before.items() if key in after and after[key] != row
            ],
        }
        found = told["tables"].get(table.name, {"removed": [], "added": [], "changed": []})
        assert found == expected, table.name
        assert (table.name in told["tables"]) == any(expected.values())


def test_one_table_is_compared_alone(client: Client) -> None:
    told = compared(client, ("2019-06-30", 357), ("2021-06-30", 357), table="members")
    members = told["tables"]["members"]
    assert list(told["tables"]) == ["members"]
    assert [row["member_id"] for row in members["removed"]] == ["M04"]
    assert [row["member_id"] for row in members["added"]] == ["M10"]


@pytest.mark.parametrize(
    "table", [table for table in TABLES if table.of_entry is not None], ids=lambda table: table.name
)
def test_a_table_that_only_grows_is_compared_where_it_is_named(client: Client, table: Table) -> None:
    one, other = ("2020-06-30", 357), ("2021-06-30", 357)
    before, after = rows(client, table, one), rows(client, table, other)
    told = compared(client, one, other, table=table.name)["tables"].get(table.name, {"added": [], "changed": []})
    assert told["added"] == [row for key, row in after.items() if key not in before]
    assert told["changed"] == []


def test_a_correction_shows_between_what_was_known_then_and_now(client: Client) -> None:
    asked = {"valid_on": "2019-03-28", "known_at": "2019-04-02T12:00:00+02:00", "to_valid_on": "2019-03-28"}
    told = client.get("as-of/compare", **asked, to_version=357, table="resolutions").json()
    (changed,) = [one for one in told["tables"]["resolutions"]["changed"] if one["from"]["draft_id"] == "DR-10"]
    assert [changed["from"][f"votes_{vote}"] for vote in ("for", "against", "abstain")] == [3, 1, 1]
    assert changed["from"] | {"votes_for": 0} != changed["to"] | {"votes_for": 0}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"table": "nothing"}, 422, "malformed-value"),
        ({"version": 1, "known_at": "2020-01-01T00:00:00Z"}, 422, "parameters-clash"),
        ({"to_version": 1, "to_known_at": "2020-01-01T00:00:00Z"}, 422, "parameters-clash"),
        ({"to_version": 10**6}, 404, "not-known-yet"),
        ({"known_at": "2018-01-01T00:00:00Z"}, 404, "not-known-yet"),
        ({"to_known_at": "2100-01-01T00:00:00Z"}, 422, "not-yet"),
        ({"to_valid_on": "then"}, 422, "malformed-value"),
        ({"limit": 3}, 422, "unknown-parameter"),
    ],
)
def test_points_that_cannot_be_compared_are_an_error(
    client: Client, query: dict[str, object], status: int, code: str
) -> None:
    answer = client.get("as-of/compare", **query)
    assert (answer.status, answer.code) == (status, code)


def test_half_a_difference_is_none(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_DIFFERENCES", 5)
    answer = client.get("as-of/compare", valid_on="2019-01-14", to_valid_on="2021-06-30")
    assert (answer.status, answer.code, answer.json()["limit"]) == (422, "too-different", 5)
