"""Answers over HTTP: their pages, tags, forms and addresses for ever, and waiting for a version."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg
import pytest

from api.queries import tables as module
from projections.questions import TABLES
from projections.runner import LOCK
from tests.http.client import CONSORTIUM, OF_ONE
from tests.http.giving import application
from tests.http.test_queries import END, FIXED, name_of, path, today
from tests.ledger.scenario import documents
from tests.ledger.sessions import wait_until_somebody_waits

if TYPE_CHECKING:
    from projections.bitemporal.table import Table
    from tests.http.client import Client
    from tests.http.serving import Served


@pytest.mark.parametrize(
    "table", ["members", "resolutions", "audit-trail", "mandates", "meetings", "indicators", "votes"]
)
def test_pages_together_are_the_whole(client: Client, table: str) -> None:
    whole, paged = client.get(table, **FIXED, limit=1000).json(), []
    answer = client.get(table, **FIXED, limit=7)
    while True:
        paged += answer.json()["rows"]
        following = answer.link("next")
        assert (following is None) == (answer.json()["cursor"] is None)
        if following is None:
            break
        answer = client.ask(following)
    assert paged == whole["rows"]
    assert whole["cursor"] is None


def test_pages_stay_at_their_point_while_entries_arrive(client: Client) -> None:
    first = client.get("applications", limit=1)
    known = client.rows("applications", version=first.json()["version"])
    paged, answer = list(first.json()["rows"]), first
    while (following := answer.link("next")) is not None:
        # Sorted before everything, and after it.
        ids = (f"AAA-{len(paged)}", f"zzz-{len(paged)}")
        given = [client.give(application(application_id)).json() for application_id in ids]
        assert client.catches_up(given[-1]["last_version"])
        answer = client.ask(following)
        assert answer.json()["version"] == first.json()["version"]
        paged += answer.json()["rows"]
    assert paged == known
    assert len(paged) > 1


def test_what_a_client_holds_is_not_sent_again(client: Client) -> None:
    for place in (
        "members",
        "members.csv",
        "members.xlsx",
        "as-of/compare?to_valid_on=2019-02-01",
        "mandate?line_id=P1-T1",
    ):
        joint = "&" if "?" in place else "?"
        address = f"{OF_ONE}/{place}{joint}{urlencode(FIXED)}"
        first = client.ask(address)
        assert first.status == 200, first.body
        for held in (first.headers["etag"], f'"x", {first.headers["etag"]}', f"W/{first.headers['etag']}", "*"):
            again = client.ask(address, headers={"If-None-Match": held})
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert client.ask(address, headers={"If-None-Match": '"x"'}).status == 200


def test_the_tag_tells_forms_days_and_versions_apart(client: Client) -> None:
    version = client.give(application()).json()["last_version"]
    tags = [
        client.get(place, **query).headers["etag"]
        for place, query in (
            ("members", {"at_least": version}),
            ("members.csv", {}),
            ("members.xlsx", {}),
            ("members", {"valid_on": END}),
            ("members", {"version": 356}),
        )
    ]
    assert len(set(tags)) == 5
    assert tags[0] == f'"{version}.{today()}"'


def test_only_what_is_fixed_on_both_clocks_may_be_kept_for_ever(client: Client) -> None:
    kept = "private, max-age=31536000, immutable"
    last = client.give(application(), Ledger_Clock="2021-07-06T10:00:00+02:00").json()
    client.get("members", at_least=last["last_version"])
    for query, caching in (
        (FIXED, kept),
        ({"valid_on": END, "known_at": "2020-01-01T00:00:00Z"}, kept),
        ({"valid_on": END}, "no-cache"),
        ({"version": 357}, "no-cache"),
        # After the last entry: one that was recorded before this instant may still come.
        ({"valid_on": END, "known_at": "2022-01-01T00:00:00Z"}, "no-cache"),
        ({}, "no-cache"),
    ):
        assert client.get("members", **query).headers["cache-control"] == caching, query


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_the_canonical_address_gives_the_same_bytes_whatever_comes(client: Client, table: Table) -> None:
    before = {}
    for place in (path(table), f"{path(table)}.csv"):
        answer = client.get(place, known_at="2020-11-17T18:00:00+01:00", valid_on="2020-10-01")
        canonical = answer.link("canonical")
        assert canonical is not None
        assert "version=" in canonical
        before[canonical] = client.ask(canonical).body
        assert before[canonical] == answer.body
    version = client.give(application(), Ledger_Clock="2021-07-05T10:00:00+02:00").json()["last_version"]
    assert client.catches_up(version)
    for canonical, body in before.items():
        assert client.ask(canonical).body == body


def test_an_earlier_instant_stays_answered_though_an_entry_comes_with_an_earlier_clock(fresh: Served) -> None:
    given = [fresh.client.give(line) for line in documents()[:12]]
    # No entry is recorded before the one that it follows, whatever its giver's clock says.
    late = fresh.client.give(documents()[12], Ledger_Clock="2019-01-01T00:00:00Z").json()
    assert late["recorded_at"] == given[-1].json()["recorded_at"]


def test_a_canonical_address_keeps_the_filter_and_names_the_form(client: Client) -> None:
    answer = client.get("votes", {"Accept": "text/csv"}, draft_id="DR-10", valid_on=END)
    canonical = answer.link("canonical")
    assert canonical is not None
    assert canonical.startswith(f"{OF_ONE}/votes.csv?valid_on=2021-06-30&version=")
    assert canonical.endswith("draft_id=DR-10")
    assert client.ask(canonical).body == answer.body


@pytest.mark.parametrize(
    ("accepted", "type_"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html", "application/json"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/html, TEXT/CSV;q=0.5", "text/csv; charset=utf-8"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ],
)
def test_the_form_is_the_one_that_is_accepted(client: Client, accepted: str | None, type_: str) -> None:
    answer = client.get("members", {"Accept": accepted} if accepted else {}, **FIXED)
    assert answer.headers["content-type"] == type_
    assert answer.headers["vary"] == "Accept"


def test_a_question_waits_for_the_version_that_it_names(site: Served, client: Client) -> None:
    other = client.another()
    with ThreadPoolExecutor(1) as elsewhere:
        with psycopg.connect(site.database) as holder:
            holder.execute(LOCK)
            given = client.give(application()).json()
            wait_until_somebody_waits(site.database)
            waiting = elsewhere.submit(other.get, "applications", at_least=given["last_version"])
            while CONSORTIUM not in site.works.heads._waiting.values():
                assert not waiting.done()
            assert client.get("applications").json()["version"] < given["last_version"]
        answer = waiting.result()
    other.close()
    assert answer.status == 200
    assert answer.json()["version"] == given["last_version"]
    ids = [row["application_id"] for row in client.rows("applications", version=given["last_version"])]
    assert given["entries"][0]["data"]["application_id"] in ids


def test_a_version_that_is_late_is_not_waited_for_for_ever(site: Served, client: Client) -> None:
    with psycopg.connect(site.database) as holder:
        holder.execute(LOCK)
        version = client.give(application()).json()["last_version"]
        answer = client.get("members", at_least=version)
    assert (answer.status, answer.code) == (503, "not-caught-up")
    assert answer.headers["retry-after"] == "2"
    assert (answer.json()["at_least"], answer.json()["head"]) == (version, version - 1)


def test_a_version_that_nobody_recorded_is_not_waited_for(client: Client) -> None:
    answer = client.get("members", at_least=10**6)
    assert (answer.status, answer.code) == (404, "not-known-yet")


def test_more_rows_than_an_export_holds_are_an_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_EXPORTED", 30)
    for place in ("resolutions.csv", "resolutions.xlsx"):
        answer = client.get(place, **FIXED)
        assert (answer.status, answer.code, answer.json()["limit"]) == (422, "too-many-rows", 30)
        paged = client.get(place, **FIXED, limit=30)
        assert paged.status == 200
        assert paged.link("next") is not None
    assert client.get("members.csv", **FIXED).body.count(b"\r\n") == 10
