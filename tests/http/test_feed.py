"""The feed: every entry once and in order, whoever writes meanwhile; and streams that end when they should."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Thread
from typing import TYPE_CHECKING

import psycopg
import pytest
import uvicorn
from fastapi import FastAPI

from api.cli.serving import StreamsEndFirst, listen
from api.feed import FeedRoutes
from domain.ledger.writer import Writer
from tests.guard.keepers import keeping
from tests.http.client import CONSORTIUM
from tests.http.following import DELAYED, Stream, by_pages, by_stream, write
from tests.ledger.scenario import application, clock, give, stored_bytes, submissions

if TYPE_CHECKING:
    from tests.http.client import Client
    from tests.http.serving import Served

HEAD = 357
EACH = 6
"""Commands of each writer."""
SHARES = ((CONSORTIUM, CONSORTIUM, CONSORTIUM, "bielsk-razem"),) * 4
"""Four processes of four writers each, twelve of the sixteen at one consortium."""


def test_pages_hold_the_stored_bytes_and_lead_to_the_next(client: Client) -> None:
    lines: list[bytes] = []
    answer = client.get("events", limit=100)
    while True:
        assert answer.headers["content-type"] == "application/jsonl"
        assert int(answer.headers["ledger-head"]) == HEAD
        lines += answer.body.splitlines()
        following = answer.link("next")
        if following is None:
            break
        answer = client.ask(following)
    assert lines == list(stored_bytes())
    assert client.get("events", after=HEAD).body == b""
    assert client.get("events/357").body == lines[-1]


def test_a_reader_sees_every_entry_once_and_in_order_while_sixteen_writers_append(fresh: Served) -> None:
    for name in (CONSORTIUM, "bielsk-razem"):
        give(fresh.works.desk._writer, submissions(name)[:1])
    with psycopg.connect(fresh.database) as connection:
        connection.execute(DELAYED)
    upto = 1 + 12 * EACH
    port = fresh.client.port
    with ThreadPoolExecutor() as reading, ExitStack() as writing:
        writers = [writing.enter_context(keeping(write, fresh.database, share, EACH)) for share in SHARES]
        streams = [reading.submit(by_stream, port, CONSORTIUM, upto, random.Random(seed)) for seed in range(2)]  # noqa: S311 - where a stream breaks off
        pages = reading.submit(by_pages, port, CONSORTIUM, upto, random.Random(2))  # noqa: S311 - how long a page is
        assert [writer.heard() for writer in writers] == ["done"] * len(SHARES)
        followed = [each.result(timeout=120) for each in (*streams, pages)]
    stored = [entry for _, entry in fresh.ledger.stored(CONSORTIUM, 1, upto)]
    assert fresh.ledger.last_version(CONSORTIUM) == upto
    for heard in followed:
        assert heard.versions == list(range(1, upto + 1))
        assert heard.entries == stored
        assert heard.heads == sorted(heard.heads)
    assert len(set(followed[0].heads)) > 1


def test_a_stream_goes_on_after_the_last_entry_that_was_heard(client: Client) -> None:
    for last, query in ((355, ""), (355, "?after=3"), (None, "?after=355")):
        stream = Stream(client.port, CONSORTIUM, last, query)
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["cache-control"] == "no-store"
        entries = stream.entries()
        assert [next(entries), next(entries)] == [(356, stored_bytes()[355]), (357, stored_bytes()[356])]
        stream.close()


def test_an_entry_is_told_as_soon_as_it_is_taken_in(fresh: Served) -> None:
    give(fresh.works.desk._writer, submissions()[:1])
    stream = Stream(fresh.client.port, CONSORTIUM)
    entries = stream.entries()
    assert next(entries)[0] == 1
    for version in (2, 3):
        with Writer(fresh.ledger, clock) as writer:
            give(writer, [application()])
        assert next(entries)[0] == version
    stream.close()


def test_a_quiet_stream_beats(fresh: Served) -> None:
    give(fresh.works.desk._writer, submissions()[:1])
    assert fresh.client.get("members", at_least=1).status == 200
    app = FastAPI()
    app.include_router(FeedRoutes(fresh.ledger, fresh.works.heads, beat_seconds=0.02).router)
    listener = listen("127.0.0.1", 0)
    server = StreamsEndFirst(uvicorn.Config(app, log_level="critical"), fresh.works.heads)
    thread = Thread(target=server.run, args=([listener],))
    thread.start()
    stream = Stream(listener.getsockname()[1], CONSORTIUM, 1)
    lines = (line for line in stream.lines() if line)
    assert [next(lines) for _ in range(3)] == [b": ok", b": beat", b": beat"]
    # The server is told to end while the stream is open, and has no patience set: only the stream can end it.
    server.should_exit = True
    assert set(lines) <= {b": beat"}
    thread.join()
    assert stream.answer.isclosed()
    stream.close()


@pytest.mark.parametrize("accept", ["application/jsonl", "text/event-stream"])
def test_an_unknown_consortium_is_a_problem(client: Client, accept: str) -> None:
    answer = client.ask("/consortia/nie-ma-takiego/events", headers={"Accept": accept})
    assert (answer.status, answer.code) == (404, "unknown-consortium")


@pytest.mark.parametrize("last", ["-1", "007", "last", "1 2", "0x1", "1" * 40])
def test_a_stream_after_what_is_no_version_is_a_problem(client: Client, last: str) -> None:
    answer = client.get("events", {"Accept": "text/event-stream", "Last-Event-ID": last})
    assert (answer.status, answer.code) == (422, "malformed-header")


@pytest.mark.parametrize("query", ["limit=0", "limit=5001", "limit=x", "after=-1", "after=", "after=1&after=2"])
def test_a_page_out_of_bounds_is_a_problem(client: Client, query: str) -> None:
    answer = client.ask(f"/consortia/{CONSORTIUM}/events?{query}")
    assert (answer.status, answer.code) == (422, "malformed-value")


def test_a_parameter_that_means_nothing_is_a_problem(client: Client) -> None:
    assert client.get("events", valid_on="2020-01-01").code == "unknown-parameter"
    assert client.get("events/1", after=0).code == "unknown-parameter"


@pytest.mark.parametrize("version", ["0", "358", "x", "01"])
def test_there_is_no_entry_of_another_version(client: Client, version: str) -> None:
    assert client.get(f"events/{version}").code == "not-found"
