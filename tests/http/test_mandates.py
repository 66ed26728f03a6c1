"""From any amount or allocation back to the resolution and its votes, and from a resolution to all it caused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from projections.mandate_chain import walking
from tests.http.assembled import grosze

if TYPE_CHECKING:
    from tests.http.client import Client

FIXED = {"valid_on": "2021-06-30", "version": 357}
ROWS = {"resolution": "resolutions", "voting": "votings", "votes": "votes", "recusals": "recusals"}


def of_resolution(client: Client, draft_id: str, **query: object) -> Any:  # noqa: ANN401 - a document
    answer = client.get(f"resolutions/{draft_id}/mandate", **{**FIXED, **query})
    assert answer.status == 200, answer.body
    return answer.json()["mandate"]


def behind(client: Client, **query: object) -> Any:  # noqa: ANN401 - a document
    answer = client.get("mandate", **{**FIXED, **query})
    assert answer.status == 200, answer.body
    return answer.json()["mandates"]


def test_every_resolution_leads_to_its_votes_and_to_all_it_caused(client: Client) -> None:
    for resolution in client.rows("resolutions", **FIXED):
        draft_id = resolution["draft_id"]
        told = of_resolution(client, draft_id)
        assert told["resolution"] == resolution
        assert told["effects"] == client.rows("mandates", **FIXED, draft_id=draft_id)
        for part, table in ROWS.items():
            rows = client.rows(table, **FIXED, draft_id=draft_id)
            found = told[part] if part in {"votes", "recusals"} else [one for one in [told[part]] if one]
            assert found == rows


def test_every_allocation_leads_back_to_a_resolution_and_its_votes(client: Client) -> None:
    for allocation in client.rows("allocations", **FIXED):
        mandates = behind(client, allocation_id=allocation["allocation_id"])
        assert mandates
        assert allocation["number"] in {one["resolution"]["number"] for one in mandates}
        for one in mandates:
            assert one["voting"]["outcome"] == "adopted"
            assert {effect["allocation_id"] for effect in one["effects"]} == {allocation["allocation_id"]}


def test_every_share_of_a_line_is_the_sum_of_what_resolutions_did_to_it(client: Client) -> None:
    for share in client.rows("shares", **FIXED):
        mandates = behind(client, line_id=share["line_id"], member_id=share["member_id"])
        effects = [effect for one in mandates for effect in one["effects"]]
        changes = [grosze(one["amount"]) for one in effects if one["member_id"] == share["member_id"]]
        assert sum(changes) == grosze(share["share"]), share
        assert all(one["resolution"]["draft_id"] == effect["draft_id"] for one in mandates for effect in one["effects"])


def test_a_whole_line_leads_back_to_the_budget_and_to_its_splits(client: Client) -> None:
    told = behind(client, line_id="P1-T1")
    assert told[0]["resolution"]["matter"] == "budget"
    numbers = {one["resolution"]["number"] for one in told}
    assert numbers == {row["number"] for row in client.rows("mandates", **FIXED, line_id="P1-T1")}


def test_the_chain_is_as_it_was_known(client: Client) -> None:
    known = of_resolution(client, "DR-11", version=100, valid_on="2019-04-01")
    later = of_resolution(client, "DR-11")
    assert known["effects"]
    assert known["effects"] == later["effects"][: len(known["effects"])]


def test_an_invalid_resolution_still_shows_what_was_done_under_it(client: Client) -> None:
    (invalid,) = client.rows("resolutions", **FIXED, status="invalid")
    told = of_resolution(client, invalid["draft_id"])
    assert told["resolution"]["status"] == "invalid"
    assert told["voting"] is not None


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 422, "parameter-missing"),
        ({"member_id": "M01"}, 422, "parameter-missing"),
        ({"allocation_id": "A-1", "line_id": "P1-T1"}, 422, "parameters-clash"),
        ({"allocation_id": "A-1", "member_id": "M01"}, 422, "parameters-clash"),
        ({"allocation_id": "A-none"}, 404, "unknown-value"),
        ({"line_id": "P9-T1"}, 404, "unknown-value"),
        ({"line_id": "P1-T1", "member_id": "M99"}, 200, None),
        ({"line_id": "P1-T1", "task_id": "T1"}, 422, "unknown-parameter"),
        ({"line_id": "P1-T1", "version": 10**6}, 404, "not-known-yet"),
        ({"line_id": "P1\0"}, 422, "malformed-value"),
    ],
)
def test_what_cannot_be_followed_is_an_error(
    client: Client, query: dict[str, object], status: int, code: str | None
) -> None:
    answer = client.get("mandate", **query)
    assert (answer.status, answer.code) == (status, code), answer.body


def test_a_resolution_that_was_not_known_is_not_found(client: Client) -> None:
    for draft_id, query in (("DR-99", {}), ("DR-40", {"version": 100}), ("DR%2F1", {})):
        answer = client.get(f"resolutions/{draft_id}/mandate", **query)
        assert (answer.status, answer.code) == (404, "unknown-resolution")
    assert client.get("resolutions/DR-01/mandate", colour="red").code == "unknown-parameter"


def test_half_a_chain_is_none(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MOST_ROWS", 2)
    answer = client.get("mandate", line_id="P1-T1", **FIXED)
    assert (answer.status, answer.code) == (422, "too-many-rows")
    assert client.get("resolutions/DR-11/mandate", **FIXED).code == "too-many-rows"
