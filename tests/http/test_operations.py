"""What an operator sees: health that is true, figures without ids, logs without names, requests that can be found."""

from __future__ import annotations

import io
import json
import logging
import re
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.keeper import Keeper
from api.logs import JsonLines, requests
from api.snapshots import Snapshots
from domain.refusals import REFUSALS
from projections.bitemporal.writing import UnknownRowError
from tests.http.client import CONSORTIUM
from tests.http.serving import answering
from tests.ledger.scenario import give, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.http.client import Answer, Client
    from tests.http.serving import Served

ACTING = {"Ledger-Actor-Role": "board_secretary", "Ledger-Actor-Id": "sek-1", "Idempotency-Key": "klucz-1"}


class Lines(logging.Handler):
    """Keeps what is logged, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: list[str] = []
        self.came = Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))
        self.came.set()

    def of_request(self, request_id: str) -> dict[str, object]:
        """Return the line of a request, which is written after its answer has gone out."""
        while True:
            self.came.clear()
            for line in self.documents():
                if line.get("request_id") == request_id:
                    return line
            assert self.came.wait(30)

    def documents(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.written]


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines, level = Lines(), requests.level
    root = logging.getLogger()
    root.addHandler(lines)
    requests.setLevel(logging.INFO)
    yield lines
    root.removeHandler(lines)
    requests.setLevel(level)


def figures(client: Client) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    answer = client.ask("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def health(client: Client) -> tuple[int, Mapping[str, object]]:
    answer = client.ask("/health")
    return answer.status, answer.json()


def test_health_tells_how_far_everything_has_come(site: Served) -> None:
    status, told = health(site.client)
    assert (status, told["status"], told["database"], told["lag"]) == (200, "ok", "ok", 0)
    position = site.ledger.last_position()
    _, last = site.ledger.find(CONSORTIUM, 357)
    assert told["last_entry"] == {
        "position": position, "recorded_at": last.recorded_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }  # fmt: skip
    assert told["read_models"] == {"position": position}


def test_health_of_an_empty_deployment_has_no_last_entry(fresh: Served) -> None:
    status, told = health(fresh.client)
    assert (status, told["last_entry"], told["lag"], told["consortia"]) == (200, None, 0, 0)


def test_health_reads_the_lag_from_the_database_and_not_from_memory(fresh: Served) -> None:
    with psycopg.connect(fresh.database) as holder:
        # Nobody moves the read models meanwhile.
        holder.execute("SELECT pg_advisory_xact_lock('public.read_models_progress'::regclass::bigint)")
        give(fresh.works.desk._writer, submissions()[:5])
        status, told = health(fresh.client)
        assert (status, told["lag"], told["read_models"]) == (200, fresh.ledger.last_position(), {"position": 0})
        assert figures(fresh.client)["consortium_ledger_read_models_lag"][()] == told["lag"]


def test_a_fault_of_the_program_in_the_keeper_is_told_logged_and_tried_again(fresh: Served, lines: Lines) -> None:
    give(fresh.works.desk._writer, submissions()[:30])
    assert fresh.client.get("members", at_least=fresh.ledger.last_version(CONSORTIUM)).status == 200
    with psycopg.connect(fresh.database) as connection:
        taken = connection.execute("DELETE FROM read.members RETURNING *").fetchall()
        columns = [one.name for one in connection.execute("SELECT * FROM read.members").description or ()]
    lines.came.clear()
    while fresh.works.keeper.fault is None:
        known = len(fresh.ledger.load(CONSORTIUM).receipts)
        give(fresh.works.desk._writer, submissions()[known : known + 5])
        lines.came.wait(0.2)
    status, told = health(fresh.client)
    assert (status, told["status"]) == (503, "standstill")
    assert "members" in str(told["fault"])
    assert figures(fresh.client)["consortium_ledger_standstill"][()] == 1
    (said,) = [line for line in lines.documents() if line["level"] == "error"]
    assert said["message"] == f"read models stand still: {told['fault']}"
    assert UnknownRowError.__name__ in str(said["exception"])
    # Nothing was skipped: once the rows are back it goes on by itself.
    with psycopg.connect(fresh.database) as connection, connection.cursor() as cursor:
        names = ", ".join(columns)
        cursor.executemany(
            f"INSERT INTO read.members ({names}) VALUES ({', '.join(['%s'] * len(columns))})",  # noqa: S608 - the table's own columns
            taken,
        )
    assert fresh.client.get("members", at_least=fresh.ledger.last_version(CONSORTIUM)).status == 200
    while fresh.works.keeper.fault is not None:
        lines.came.wait(0.1)
    assert health(fresh.client)[0] == 200


def test_one_thread_of_the_keeper_that_moves_hides_no_fault_of_the_other(fresh: Served) -> None:
    keeper = Keeper(fresh.ledger, fresh.database, fresh.signing)
    keeper._stand_still(OSError("the disk is full"))
    assert keeper.fault == "the disk is full"
    keeper._faults = {**keeper._faults, "watch": "no rights"}
    keeper._move()
    assert keeper.fault == "no rights"


def test_figures_count_requests_by_route_and_never_by_id(site: Served) -> None:
    def count(route: str, status: str) -> float:
        labels = (("method", "GET"), ("route", route), ("status", status))
        return figures(site.client)["consortium_ledger_http_requests_total"].get(labels, 0)

    route = "/consortia/{consortium_id}/members"
    before, unknown = count(route, "200"), count("other", "404")
    for limit in (1, 2, 3):
        assert site.client.get("members", limit=limit).status == 200
    assert site.client.ask("/nowhere/at/all").status == 404
    assert (count(route, "200"), count("other", "404")) == (before + 3, unknown + 1)
    found = figures(site.client)
    assert found["consortium_ledger_http_request_seconds_count"][("method", "GET"), ("route", route)] >= 3
    values = {value for samples in found.values() for labels in samples for _, value in labels}
    assert CONSORTIUM not in values
    assert "/nowhere/at/all" not in values


def test_figures_count_what_became_of_commands(site: Served) -> None:
    def outcomes() -> dict[str, float]:
        return {labels[0][1]: n for labels, n in figures(site.client)["consortium_ledger_commands_total"].items()}

    before = outcomes()
    refused = site.client.post(
        f"/consortia/{CONSORTIUM}/offices/leader",
        {"effective_on": "2020-01-01", "under": None, "data": {"member_id": "M01"}},
        ACTING,
    )
    assert refused.code == "resolution-required"
    assert outcomes() == {**before, "refused": before["refused"] + 1}
    codes = {labels[0][1] for labels in figures(site.client)["consortium_ledger_refusals_total"]}
    assert "resolution-required" in codes
    assert codes <= set(REFUSALS)
    assert figures(site.client)["consortium_ledger_ledger_position"][()] == site.ledger.last_position()
    assert figures(site.client)["consortium_ledger_database_up"][()] == 1


def ids(answer: Answer) -> tuple[str, str]:
    document = answer.json()
    assert document["instance"] == f"/requests/{document['request_id']}"
    return answer.headers["x-request-id"], document["request_id"]


@pytest.mark.parametrize("stated", ["abc", "9f-1_2.X", "a" * 64])
def test_a_well_formed_request_id_is_taken_over(client: Client, stated: str) -> None:
    assert ids(client.ask("/nowhere", headers={"X-Request-Id": stated})) == (stated, stated)
    assert client.ask("/version", headers={"X-Request-Id": stated}).headers["x-request-id"] == stated


@pytest.mark.parametrize("stated", ["", " ", "a b", "a" * 65, "ż", '"}', "-x", "a,b"])
def test_any_other_request_id_is_replaced(client: Client, stated: str) -> None:
    header, told = ids(
        client.ask("/nowhere", headers={"X-Request-Id": stated.encode("latin-1", "replace").decode("latin-1")})
    )
    assert header == told != stated
    assert str(UUID(told)) == told


def test_a_request_is_a_line_without_names(client: Client, lines: Lines) -> None:
    answer = client.get("members", {"X-Request-Id": "one-line"}, member_id="M01")
    assert answer.status == 200
    line = lines.of_request("one-line")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("at")))
    assert isinstance(line.pop("ms"), float)
    assert line == {
        "level": "info",
        "logger": "consortium-ledger.requests",
        "message": "request",
        "request_id": "one-line",
        "method": "GET",
        "route": "/consortia/{consortium_id}/members",
        "status": 200,
        "bytes": len(answer.body),
    }
    assert not any(name in text for text in lines.written for name in (CONSORTIUM, "M01", "Stowarzyszenie"))


def test_a_log_line_is_one_line_whatever_it_says() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    record = logging.LogRecord("x", logging.ERROR, "", 0, "two\nlines %s", ("„ż”",), None)
    handler.emit(record)
    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["message"] == "two\nlines „ż”"


def test_a_query_that_takes_too_long_is_given_up_and_told(fresh: Served) -> None:
    give(fresh.works.desk._writer, submissions()[:5])
    assert fresh.client.get("members", at_least=5).status == 200
    with (
        Snapshots(fresh.database, query_seconds=0.2) as impatient,
        answering(replace(fresh.works, snapshots=impatient)) as client,
        psycopg.connect(fresh.database) as holder,
    ):
        holder.execute("LOCK TABLE read.members IN ACCESS EXCLUSIVE MODE")
        answer = client.get("members")
        assert (answer.status, answer.code) == (503, "took-too-long")
        holder.rollback()
        assert client.get("members").status == 200
