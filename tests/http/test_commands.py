"""A command over HTTP: its key, its version, its giver, its clock, and what is answered when something is wrong."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.commands.bodies import BODY_BYTES
from domain.transparency.policy import Log, Policy
from domain.transparency.prooffile import ProofFile
from tests.http.client import CONSORTIUM, OF_ONE, body_of, headers_of, place_of
from tests.http.giving import SECRETARY, application
from tests.ledger.scenario import documents
from tests.ledger.sessions import commits_held_up, wait_until_somebody_waits

if TYPE_CHECKING:
    from tests.http.client import Answer, Client, Line
    from tests.http.serving import Served


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


def given(client: Client, line: Line, headers: dict[str, str]) -> Answer:
    return client.post(place_of(line), body_of(line), headers)


def head(site: Served) -> int:
    return site.ledger.load(CONSORTIUM).version


def test_a_command_is_answered_with_its_entries_and_where_they_stand(site: Served, client: Client) -> None:
    line = application()
    answer = client.give(line)
    told = answer.json()
    assert answer.status == 201
    assert told["first_version"] == told["last_version"] == head(site)
    assert told["recorded_at"] == "2021-07-05T08:00:00.000000Z"
    assert answer.headers["etag"] == f'"{told["last_version"]}"'
    assert answer.headers["location"] == f"{OF_ONE}/events/{told['last_version']}"
    assert client.get("events/1").status == 200
    at_its_place = client.get("members", at_least=told["last_version"])
    assert at_its_place.status == 200
    stored = client.ask(answer.headers["location"])
    assert [stored.json()] == told["entries"]
    assert told["entries"][0]["data"]["application_id"] == line["data"]["application_id"]


def test_given_again_the_first_answer_comes_back_and_says_so(site: Served, client: Client) -> None:
    line = application()
    first = client.give(line)
    client.give(application())
    again = client.give(line)
    assert (again.status, again.body) == (first.status, first.body)
    assert (again.headers["etag"], again.headers["location"]) == (first.headers["etag"], first.headers["location"])
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert head(site) == first.json()["last_version"] + 1


def test_given_again_with_another_clock_and_a_stale_version_it_is_the_same_command(client: Client) -> None:
    line = application()
    first = client.give(line)
    again = client.give(line, Ledger_Clock="2021-08-01T10:00:00+02:00", If_Match='"1"')
    assert (again.status, again.body) == (201, first.body)


@pytest.mark.parametrize("key", ["a", "x" * 255, "złoty".encode().hex(), '"quoted"', "2019/7#1", "{curly}"])
def test_a_key_need_not_be_a_uuid(client: Client, key: str) -> None:
    line = application()
    first, again = (client.give(line, Idempotency_Key=f"{key}") for _ in range(2))
    assert first.status == 201
    assert (again.body, again.headers["idempotency-replayed"]) == (first.body, "true")
    assert client.give(application(), Idempotency_Key=key).code == "idempotency-key-reused"


def test_a_key_in_quotes_is_the_same_key(client: Client) -> None:
    line, key = application(), str(uuid4())
    first = client.give(line, Idempotency_Key=key)
    again = client.give(line, Idempotency_Key=f'"{key.upper()}"')
    assert again.body == first.body
    assert first.json()["command_id"] == key


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("data", {"name": "Inna"}),
        ("effective_on", "2021-07-04"),
        ("actor", {"role": "board_secretary", "id": "sek-2"}),
    ],
)
def test_a_key_with_other_content_is_refused(site: Served, client: Client, part: str, value: Any) -> None:  # noqa: ANN401 - any part of a line
    line = application()
    first = client.give(line)
    other = {**line, part: line[part] | value if isinstance(value, dict) else value}
    answer = client.give(other)
    assert (answer.status, answer.code) == (422, "idempotency-key-reused")
    assert "errors" not in answer.json()
    assert head(site) == first.json()["last_version"]


def test_without_a_key_nothing_is_taken(site: Served, client: Client) -> None:
    line, before = application(), head(site)
    for headers in (without(headers_of(line), "Idempotency-Key"), {**headers_of(line), "Idempotency-Key": "  "}):
        answer = given(client, line, headers)
        assert (answer.status, answer.code) == (400, "idempotency-key-missing")
    assert head(site) == before


@pytest.mark.parametrize("key", ["with space", "x" * 256, "tab\there", "zażółć".encode().decode("latin-1")])
def test_a_malformed_key_is_refused(client: Client, key: str) -> None:
    answer = client.give(application(), Idempotency_Key=key)
    assert (answer.status, answer.code) == (400, "idempotency-key-malformed")


def test_while_a_command_is_carried_out_its_key_is_taken(site: Served, client: Client) -> None:
    line = application()
    with ThreadPoolExecutor(1) as elsewhere:
        other = client.another()
        with commits_held_up(site.database):
            first = elsewhere.submit(other.give, line)
            wait_until_somebody_waits(site.database)
            answer = client.give(line)
            assert (answer.status, answer.code) == (409, "idempotency-key-in-progress")
            assert answer.headers["retry-after"] == "2"
        told = first.result()
        other.close()
    assert told.status == 201
    again = client.give(line)
    assert (again.status, again.body, again.headers["idempotency-replayed"]) == (201, told.body, "true")


def test_two_givers_of_one_key_at_once_record_it_once(site: Served, client: Client) -> None:
    line, before = application(), head(site)
    clients = [client.another() for _ in range(8)]
    with ThreadPoolExecutor(8) as givers:
        answers = list(givers.map(lambda one: one.give(line), clients))
    for one in clients:
        one.close()
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body for answer in answers if answer.status == 201}) == 1
    assert head(site) == before + 1


def test_a_command_made_up_on_an_older_version_is_refused(site: Served, client: Client) -> None:
    version = head(site)
    for stale in (f'"{version - 1}"', f'"{version - 1}.2021-06-30.csv"', f'"{version + 1}"'):
        answer = client.give(application(), If_Match=stale)
        assert (answer.status, answer.code) == (412, "stale-version")
    assert head(site) == version
    assert client.give(application(), If_Match=f'"{version}"').status == 201
    assert client.give(application(), If_Match="*").status == 201


def test_the_tag_of_any_answer_is_a_version_to_decide_on(site: Served, client: Client) -> None:
    for path in ("members", "members.csv", "members.xlsx"):
        tag = client.get(path, at_least=head(site)).headers["etag"]
        assert client.give(application(), If_Match=tag).status == 201


@pytest.mark.parametrize("header", ["357", 'W/"357"', '"x"', '"1", "2"', '"-1"', '"01"'])
def test_a_version_that_cannot_be_read_is_refused(client: Client, header: str) -> None:
    answer = client.give(application(), If_Match=header)
    assert (answer.status, answer.code) == (422, "malformed-header")
    assert answer.json()["header"] == "If-Match"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Ledger-Actor-Role": "member"},
        {"Ledger-Actor-Id": "M01"},
        {"Ledger-Actor-Role": "king", "Ledger-Actor-Id": "x"},
        {"Ledger-Actor-Role": "member", "Ledger-Actor-Id": "with space"},
    ],
)
def test_who_gives_a_command_must_be_said(client: Client, headers: dict[str, str]) -> None:
    line = application()
    named = without(headers_of(line), *SECRETARY) | headers
    answer = given(client, line, named)
    assert (answer.status, answer.code) == (401, "actor-missing")
    assert answer.headers["www-authenticate"] == "Ledger-Actor"


def test_a_role_that_may_not_is_refused(client: Client) -> None:
    answer = client.give(application(), Ledger_Actor_Role="city_auditor")
    assert (answer.status, answer.code) == (403, "role-not-permitted")


def test_the_clock_of_a_command_may_not_be_ahead(client: Client) -> None:
    ahead = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for clock in (ahead, "yesterday", "2021-07-05", "2021-07-05T10:00:00"):
        answer = client.give(application(), Ledger_Clock=clock)
        assert (answer.status, answer.code) == (422, "malformed-header")
        assert answer.json()["header"] == "Ledger-Clock"


def test_without_a_clock_it_is_now(fresh: Served) -> None:
    before = datetime.now(UTC)
    line = documents()[0]
    answer = fresh.client.post(place_of(line), body_of(line), without(headers_of(line), "Ledger-Clock"))
    assert before <= datetime.fromisoformat(answer.json()["recorded_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", ""),
        (b"{", ""),
        (b"\xff", ""),
        (b"[]", ""),
        (b"7", ""),
        (b'{"effective_on":"2021-07-05","effective_on":"2021-07-05","data":{}}', "/effective_on"),
        (b'{"effective_on":"2021-07-05","data":[]}', "/data"),
        (b'{"effective_on":"5.07.2021","data":{}}', "/effective_on"),
        (b'{"data":{}}', "/effective_on"),
        (b'{"effective_on":"2021-07-05","data":{"employment_fte_x100":1.5}}', "/data/employment_fte_x100"),
        (b'{"effective_on":"2021-07-05","data":{"name":"\\ud800"}}', "/data/name"),
        (b'{"effective_on":"2021-07-05","actor":{"role":"leader","id":"M01"},"data":{}}', "/actor"),
        (b'{"effective_on":"2021-07-05","command":"AdmitMember","data":{}}', "/command"),
        (b'{"effective_on":"2021-07-05","odd":1,"data":{}}', "/odd"),
        (b"[" * 200_000, ""),
    ],
)
def test_what_cannot_be_read_is_pointed_at(client: Client, body: bytes, pointer: str) -> None:
    answer = client.post(f"{OF_ONE}/applications", body, headers_of(application()))
    assert (answer.status, answer.code) == (422, "malformed"), answer.body
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_the_body_may_not_say_otherwise_than_the_address(client: Client) -> None:
    line: Line = {**application(), "command": "FileWithdrawal", "data": {"member_id": "M01"}}
    for told, status in (("M02", 422), ("M01", 422)):
        body = {"effective_on": "2021-07-05", "data": {"member_id": told, "filed_on": 7}}
        answer = client.post(place_of(line), body, headers_of(line))
        assert answer.status == status
        expected = "/data/member_id" if told == "M02" else "/data/filed_on"
        assert answer.json()["errors"][0]["pointer"] in {expected, "/data/effective_last_day"}


def test_what_the_address_names_and_nobody_knows_is_not_found(client: Client) -> None:
    line: Line = {**application(), "command": "WithdrawDraft", "data": {"draft_id": "DR-99", "reason": "pomyłka"}}
    answer = client.give(line)
    assert (answer.status, answer.code) == (404, "unknown-resolution")
    elsewhere = client.post("/consortia/bielsk-razem/applications", body_of(application()), headers_of(application()))
    assert (elsewhere.status, elsewhere.code) == (404, "unknown-consortium")
    named: Line = {
        **application(),
        "command": "DeclareConflict",
        "data": {"draft_id": "DR-40", "delegate_id": "del-M99", "member_id": "M01", "reason": "pokrewieństwo"},
    }
    answer = client.give(named)
    assert (answer.status, answer.code) == (409, "unknown-delegate")
    assert answer.json()["errors"][0]["pointer"] == "/data/delegate_id"


def test_an_id_with_a_slash_is_written_encoded(fresh: Served) -> None:
    for line in documents()[:40]:
        if line["command"] == "ChangeAttendance" or line["command"] == "CloseMeeting":
            assert "%2F" in place_of(line)
        assert fresh.client.give(line).status == 201, line


def test_a_body_may_be_so_large_and_no_larger(client: Client) -> None:
    line = application()
    body = json.dumps(body_of(line)).encode()
    fits = body + b" " * (BODY_BYTES - len(body))
    assert client.post(place_of(line), fits, headers_of(line)).status == 201
    other = client.another()
    answer = other.post(place_of(line), fits + b" ", headers_of(line))
    other.close()
    assert (answer.status, answer.code, answer.json()["limit"]) == (413, "body-too-large", BODY_BYTES)


@pytest.mark.parametrize(
    "query", ["dry=true", "dry_run=1", "dry_run=true&dry_run=true", "wait=-1", "wait=31", "at_least=3"]
)
def test_a_parameter_that_means_nothing_is_refused(site: Served, client: Client, query: str) -> None:
    before = head(site)
    answer = client.give(application(), f"?{query}")
    assert answer.status == 422
    assert answer.code in {"unknown-parameter", "malformed-value"}
    assert head(site) == before


def test_an_address_that_is_none_and_a_method_that_it_has_not(client: Client) -> None:
    nowhere = client.ask("/consortia/x/y/z/nowhere")
    assert (nowhere.status, nowhere.code) == (404, "not-found")
    wrong = client.ask(f"{OF_ONE}/members", "DELETE")
    assert (wrong.status, wrong.code) == (405, "method-not-allowed")
    assert {"GET", "POST"} <= set(wrong.headers["allow"].split(", "))
    only_given = client.ask(f"{OF_ONE}/corrections")
    assert (only_given.status, only_given.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        (None, "pl", "Polecenie"),
        ("en", "en", "A command"),
        ("en-GB,pl;q=0.3", "en", "A command"),
        ("pl,en", "pl", "Polecenie"),
        ("de", "pl", "Polecenie"),
        ("*;q=0.1, en;q=0.5", "en", "A command"),
        ("nonsense;;", "pl", "Polecenie"),
    ],
)
def test_problems_are_told_in_the_language_asked_for(
    client: Client, accepted: str | None, language: str, words: str
) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    answer = client.post(f"{OF_ONE}/applications", {}, headers)
    assert answer.headers["content-language"] == language
    assert answer.json()["detail"].startswith(words)
    assert answer.headers["cache-control"] == "no-store"


def test_refusals_are_told_in_both_languages(client: Client) -> None:
    line = application()
    told = {
        language: client.give(line, Ledger_Actor_Role="city", Accept_Language=language).json()
        for language in ("pl", "en")
    }
    assert told["pl"]["detail"] != told["en"]["detail"]
    assert told["pl"]["code"] == told["en"]["code"] == "role-not-permitted"


def test_a_receipt_proves_that_the_entry_is_in_the_published_log(site: Served, client: Client) -> None:
    answer = client.give(application(), "?receipt=true")
    version = int(answer.headers["etag"].strip('"'))
    assert (answer.status, answer.headers["content-type"]) == (201, "text/plain; charset=utf-8")
    proof = ProofFile.parse(answer.body)
    assert proof.index == version - 1
    ((_, entry),) = site.ledger.stored(CONSORTIUM, version, version)
    policy = Policy((Log(site.signing.signer(CONSORTIUM).verifier),))
    assert proof.verify(entry, policy).checkpoint.size >= version
