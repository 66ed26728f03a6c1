"""Several commands at once: all or none, or each by itself; as an array or as lines; given again."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.commands.bodies import BATCH_BYTES, MOST_COMMANDS
from tests.http.client import CONSORTIUM, OF_ONE
from tests.http.giving import application, batch_headers, part
from tests.ledger.sessions import commits_held_up, wait_until_somebody_waits

if TYPE_CHECKING:
    from tests.http.client import Answer, Client
    from tests.http.serving import Served

ADDRESS = f"{OF_ONE}/commands"
LINES = {"Content-Type": "application/jsonl"}


def head(site: Served) -> int:
    return site.ledger.load(CONSORTIUM).version


def lines_of(documents: list[Any]) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def ids(answer: Answer) -> list[str]:
    return [entry["data"]["application_id"] for one in answer.json()["results"] for entry in one.get("entries", ())]


@pytest.mark.parametrize("query", ["", "?atomic=true"])
@pytest.mark.parametrize("media_type", ["application/json", "application/jsonl", "application/x-ndjson; charset=utf-8"])
def test_several_are_recorded_in_their_order(site: Served, client: Client, query: str, media_type: str) -> None:
    lines, before = [application() for _ in range(5)], head(site)
    parts = [part(line) for line in lines]
    body = json.dumps(parts).encode() if media_type == "application/json" else lines_of(parts)
    answer = client.post(f"{ADDRESS}{query}", body, batch_headers(str(uuid4()), **{"Content-Type": media_type}))
    assert answer.status == (201 if query else 200)
    assert ids(answer) == [line["data"]["application_id"] for line in lines]
    results = answer.json()["results"]
    assert [one["first_version"] for one in results] == list(range(before + 1, before + 6))
    assert len({one["command_id"] for one in results}) == 5
    assert answer.headers["etag"] == f'"{before + 5}"'
    assert "idempotency-replayed" not in answer.headers


@pytest.mark.parametrize("query", ["", "?atomic=true"])
def test_a_batch_given_again_gives_the_first_answer_and_says_so(site: Served, client: Client, query: str) -> None:
    parts, key = [part(application()) for _ in range(3)], str(uuid4())
    first = client.post(f"{ADDRESS}{query}", parts, batch_headers(key))
    version = head(site)
    again = client.post(f"{ADDRESS}{query}", parts, batch_headers(key))
    as_lines = client.post(f"{ADDRESS}{query}", lines_of(parts), batch_headers(key, **LINES))
    for answer in (again, as_lines):
        assert (answer.status, answer.body) == (first.status, first.body)
        assert answer.headers["idempotency-replayed"] == "true"
    assert head(site) == version


def test_a_batch_that_broke_off_is_taken_up_where_it_ended(site: Served, client: Client) -> None:
    parts, key = [part(application()) for _ in range(4)], str(uuid4())
    assert client.post(ADDRESS, parts[:2], batch_headers(key)).status == 200
    version = head(site)
    whole = client.post(ADDRESS, parts, batch_headers(key))
    assert [one["first_version"] for one in whole.json()["results"]] == [version - 1, version, version + 1, version + 2]
    assert "idempotency-replayed" not in whole.headers


def test_all_or_none(site: Served, client: Client) -> None:
    before, same = head(site), application()
    parts = [part(application()), part(same), part(same), part(application())]
    answer = client.post(f"{ADDRESS}?atomic=true", parts, batch_headers(str(uuid4())))
    assert (answer.status, answer.code, answer.json()["step"]) == (409, "id-already-used", 2)
    assert answer.json()["errors"][0]["pointer"] == "/2/data/application_id"
    assert head(site) == before


def test_each_by_itself_with_a_result_for_each(site: Served, client: Client) -> None:
    before, same = head(site), application()
    parts = [part(same), part(same), {**part(application()), "odd": 1}, 7, part(application())]
    answer = client.post(ADDRESS, parts, batch_headers(str(uuid4()), **{"Accept-Language": "en"}))
    assert answer.status == 200
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 409, 422, 422, 201]
    assert [one.get("code") for one in results] == [None, "id-already-used", "malformed", "malformed", None]
    assert [one["errors"][0]["pointer"] for one in results if one["status"] == 422] == ["/odd", ""]
    assert head(site) == before + 2


def test_the_version_on_which_a_batch_was_made_up_counts_for_all_of_it(site: Served, client: Client) -> None:
    version = head(site)
    stale = batch_headers(str(uuid4()), **{"If-Match": f'"{version - 1}"'})
    parts = [part(application()), part(application())]
    each = client.post(ADDRESS, parts, stale)
    assert [one["code"] for one in each.json()["results"]] == ["stale-version"] * 2
    assert client.post(f"{ADDRESS}?atomic=true", parts, stale).code == "stale-version"
    assert head(site) == version
    fresh = batch_headers(str(uuid4()), **{"If-Match": f'"{version}"'})
    done = client.post(ADDRESS, parts, fresh)
    assert [one["status"] for one in done.json()["results"]] == [201, 201]


@pytest.mark.parametrize(
    ("body", "headers", "pointer"),
    [
        (b"", {}, ""),
        (b"{}", {}, ""),
        (b"[]", {}, ""),
        (b"[", {}, ""),
        (b"", LINES, "/0"),
        (b'{"command":"ApplyForMembership"}\n{', LINES, "/1"),
        (b"{}\n\n{}", LINES, "/1"),
        (b'{"a":1,"a":2}', LINES, "/0/a"),
    ],
)
def test_a_batch_that_cannot_be_read_is_pointed_at(
    client: Client, body: bytes, headers: dict[str, str], pointer: str
) -> None:
    answer = client.post(ADDRESS, body, batch_headers(str(uuid4()), **headers))
    assert (answer.status, answer.code) == (422, "malformed"), answer.body
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"command": "ApplyForMembership", "effective_on": "x", "data": {}}, "/1/effective_on"),
        ({"command": "Nothing", "effective_on": "2021-07-05", "data": {}}, "/1/command"),
        ({"command": "ApplyForMembership", "effective_on": "2021-07-05", "data": {"name": 7}}, "/1/data/"),
        ([], "/1"),
    ],
)
def test_a_part_of_a_whole_that_cannot_be_read_is_pointed_at(
    site: Served, client: Client, document: object, pointer: str
) -> None:
    before = head(site)
    answer = client.post(f"{ADDRESS}?atomic=true", [part(application()), document], batch_headers(str(uuid4())))
    assert (answer.status, answer.code, answer.json()["step"]) == (422, "malformed", 1)
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert head(site) == before


def test_so_many_and_no_more(client: Client) -> None:
    parts: list[object] = [{}] * (MOST_COMMANDS + 1)
    answer = client.post(ADDRESS, parts, batch_headers(str(uuid4())))
    assert (answer.status, answer.code) == (413, "too-many-commands")
    assert client.post(ADDRESS, lines_of(parts), batch_headers(str(uuid4()), **LINES)).code == "too-many-commands"
    most = client.post(f"{ADDRESS}?dry_run=true", [part(application())] * MOST_COMMANDS, batch_headers(str(uuid4())))
    assert (most.status, most.code, most.json()["step"]) == (409, "id-already-used", 1)


def test_a_batch_may_be_so_large_and_no_larger(client: Client) -> None:
    one = client.another()
    answer = one.post(ADDRESS, b" " * (BATCH_BYTES + 1), batch_headers(str(uuid4())))
    one.close()
    assert (answer.status, answer.code) == (413, "body-too-large")


def test_while_a_batch_is_carried_out_its_key_is_taken(site: Served, client: Client) -> None:
    parts, key = [part(application()) for _ in range(2)], str(uuid4())
    other = client.another()
    with ThreadPoolExecutor(1) as elsewhere:
        with commits_held_up(site.database):
            first = elsewhere.submit(other.post, ADDRESS, parts, batch_headers(key))
            wait_until_somebody_waits(site.database)
            answer = client.post(ADDRESS, parts, batch_headers(key))
            assert (answer.status, answer.code) == (409, "idempotency-key-in-progress")
        assert first.result().status == 200
    other.close()


def test_a_receipt_of_a_batch_is_that_of_its_last_entry(site: Served, client: Client) -> None:
    parts = [part(application()) for _ in range(3)]
    answer = client.post(f"{ADDRESS}?atomic=true&receipt=true", parts, batch_headers(str(uuid4())))
    assert answer.status == 201
    assert f"index {head(site) - 1}\n".encode() in answer.body


def test_a_batch_to_nobody_is_not_found(client: Client) -> None:
    for query in ("", "?atomic=true"):
        answer = client.post(f"/consortia/bielsk-razem/commands{query}", [part(application())], batch_headers("k"))
        told = answer.json() if query else answer.json()["results"][0]
        assert (told["status"], told["code"]) == (404, "unknown-consortium")
