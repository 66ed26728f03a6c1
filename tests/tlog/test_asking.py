"""How a log may be asked: with parameters that mean something, packed, from a page in a browser; and what is logged."""

from __future__ import annotations

import gzip
import logging
from threading import Event
from typing import TYPE_CHECKING

import pytest

from api.logs import requests
from api.web import WebConnection
from domain.transparency.bundle import Bundle
from tests.tlog.logs import stored_bytes
from tests.tlog.site import LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

SIZE = 300
IMMUTABLE = "public, max-age=31536000, immutable"
BUNDLE = f"{LOG}/tile/entries/000"

PATHS = {
    "/checkpoint": "checkpoint",
    "/checkpoint/{size}": "checkpoint/300",
    "/checkpoints": "checkpoints",
    "/tile/{path:path}": "tile/0/000",
    "/proof/inclusion": "proof/inclusion?index=0",
    "/proof/consistency": "proof/consistency?old=0",
    "/proof/{index}.tlog-proof": "proof/0.tlog-proof?wait=1",
    "/entry/{index}": "entry/0",
    "/by-event/{event_id}": "by-event/event-0",
    "/vkeys": "vkeys",
}
"""Every route, and an address of it that is answered."""

PACKED = (
    "gzip", "GZIP", "gzip, deflate, br", "gzip;q=0.001", "gzip ; q=1.000", "*", "*;q=0.5", "br;q=1, gzip;q=0.2",
    "*;q=0, gzip", "identity, gzip",
)  # fmt: skip
PLAIN = (
    "", "identity", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "xgzip", "gzipped", "gzip;q=2",
    "gzip;level=9", ";,;", "gzip;q=",
)  # fmt: skip


@pytest.fixture
def served(site: Site, made: MadeLog) -> Site:
    made.grow_to(SIZE)
    return site


def test_a_parameter_that_means_nothing_is_refused_at_every_address(served: Site) -> None:
    for path in PATHS.values():
        assert served.ask(f"{LOG}/{path}").status == 200
        for parameter in ("a=1", "a", "a=", "Size=1", "receipt=true", "%20=", "at_least=1"):
            for prefix in (LOG, "/log-of-logs"):
                answer = served.ask(f"{prefix}/{path}{'&' if '?' in path else '?'}{parameter}")
                assert (answer.status, answer.json()["code"]) == (422, "unknown-parameter"), (path, parameter)


def test_a_parameter_of_another_address_means_nothing_either(served: Site) -> None:
    for path in ("proof/inclusion?index=0&wait=1", "proof/consistency?old=0&size=5", "proof/0.tlog-proof?index=0"):
        answer = served.ask(f"{LOG}/{path}")
        assert (answer.status, answer.json()["code"]) == (422, "unknown-parameter"), path


def test_an_empty_query_is_none(served: Site) -> None:
    assert served.ask(f"{LOG}/checkpoint?").status == 200


def test_entries_are_packed_for_whoever_takes_it_and_for_nobody_else(served: Site) -> None:
    plain = served.ask(BUNDLE).body
    assert Bundle(0).split(plain) == [stored_bytes(index) for index in range(256)]
    for accepted in PACKED:
        answer = served.ask(BUNDLE, Accept_Encoding=accepted)
        assert (answer.status, answer.headers.get("content-encoding")) == (200, "gzip"), accepted
        assert gzip.decompress(answer.body) == plain
        assert len(answer.body) < len(plain) / 2
    for accepted in PLAIN:
        answer = served.ask(BUNDLE, Accept_Encoding=accepted)
        assert (answer.status, answer.body) == (200, plain), accepted
        assert "content-encoding" not in answer.headers


def test_the_program_reads_the_packed_entries_that_it_serves(served: Site) -> None:
    connection = WebConnection(f"http://127.0.0.1:{served.port}{LOG}")
    assert connection.get("tile/entries/000").body == served.ask(BUNDLE).body
    connection.close()


def test_packed_entries_have_a_tag_of_their_own_and_are_the_same_bytes_each_time(served: Site) -> None:
    plain = served.ask(BUNDLE, Accept_Encoding="identity")
    packed, again = (served.ask(BUNDLE, Accept_Encoding="gzip") for _ in range(2))
    assert (packed.body, packed.headers["etag"]) == (again.body, again.headers["etag"])
    # The time in the header of gzip (RFC 1952, section 2.3).
    assert packed.body[4:8] == bytes(4)
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["etag"].startswith('"')
    for answer in (plain, packed):
        assert (answer.headers["vary"], answer.headers["cache-control"]) == ("Accept-Encoding", IMMUTABLE)


def test_whoever_holds_entries_packed_or_not_is_told_so(served: Site) -> None:
    tags = {accepted: served.ask(BUNDLE, Accept_Encoding=accepted).headers["etag"] for accepted in ("gzip", "identity")}
    for accepted, tag in tags.items():
        held = served.ask(BUNDLE, Accept_Encoding=accepted, If_None_Match=tag)
        assert (held.status, held.body, held.headers["etag"]) == (304, b"", tag)
        assert held.headers["vary"] == "Accept-Encoding"
        assert "content-encoding" not in held.headers
    assert served.ask(BUNDLE, Accept_Encoding="gzip", If_None_Match=tags["identity"]).status == 200
    assert served.ask(BUNDLE, Accept_Encoding="identity", If_None_Match=tags["gzip"]).status == 200


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_the_headers_alone_are_those_of_the_whole_answer(served: Site, accepted: str) -> None:
    got, head = (served.ask(BUNDLE, method, Accept_Encoding=accepted) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    for name in ("content-type", "cache-control", "content-length", "etag", "vary"):
        assert head.headers[name] == got.headers[name]
    assert head.headers.get("content-encoding") == got.headers.get("content-encoding")


def test_hashes_are_never_packed(served: Site) -> None:
    answer = served.ask(f"{LOG}/tile/0/000", Accept_Encoding="gzip")
    assert (answer.status, len(answer.body)) == (200, 256 * 32)
    assert "content-encoding" not in answer.headers


def test_a_page_from_anywhere_may_read_what_is_below_the_logs(served: Site) -> None:
    tag = served.ask(f"{LOG}/checkpoint").headers["etag"]
    answers = [served.ask(f"{LOG}/{path}", method) for path in PATHS.values() for method in ("GET", "HEAD")]
    answers += [
        served.ask(f"{LOG}/checkpoint", If_None_Match=tag),
        served.ask(f"{LOG}/checkpoint?a=1"),
        served.ask(f"{LOG}/entry/300"),
        served.ask(f"{LOG}/nothing/of/the/kind"),
        served.ask("/tlog/nobody-here/checkpoint"),
        served.ask("/log-of-logs/checkpoint"),
    ]
    assert {answer.status for answer in answers} == {200, 304, 422, 404}
    assert {answer.headers.get("access-control-allow-origin") for answer in answers} == {"*"}


def test_a_page_from_elsewhere_may_read_nothing_else_and_do_nothing_at_all(served: Site) -> None:
    answers = [
        served.ask(path, Origin="https://example.org")
        for path in ("/metrics", "/version", "/problems", "/consortia", "/docs", "/tlog", "/tlogs/x", "/nothing", "/")
    ]
    answers += [
        served.ask(f"{LOG}/checkpoint", method, Origin="https://example.org", Access_Control_Request_Method="POST")
        for method in ("POST", "PUT", "DELETE", "OPTIONS")
    ]
    assert {answer.status for answer in answers} == {200, 404, 405}
    assert [name for answer in answers for name in answer.headers if name.startswith("access-control")] == []


class Requests(logging.Handler):
    """Keeps what is logged of requests."""

    def __init__(self) -> None:
        super().__init__()
        self.routes: dict[str, str] = {}
        self.came = Event()

    def emit(self, record: logging.LogRecord) -> None:
        fields = record.__dict__["fields"]
        self.routes[fields["request_id"]] = fields["route"]
        self.came.set()

    def route_of(self, request_id: str) -> str:
        """Return the route of a request, whose line is written after its answer has gone out."""
        while request_id not in self.routes:
            assert self.came.wait(30)
            self.came.clear()
        return self.routes[request_id]


@pytest.fixture
def told() -> Iterator[Requests]:
    told, level = Requests(), requests.level
    requests.addHandler(told)
    requests.setLevel(logging.INFO)
    yield told
    requests.removeHandler(told)
    requests.setLevel(level)


def test_a_request_is_told_by_the_template_of_its_route(served: Site, told: Requests) -> None:
    for route, path in PATHS.items():
        for number, (prefix, template) in enumerate(((LOG, "/tlog/{consortium_id}"), ("/log-of-logs", "/log-of-logs"))):
            request_id = f"{route.strip('/').translate(dict.fromkeys(map(ord, '/{}:'), '-'))}-{number}"
            served.ask(f"{prefix}/{path}", X_Request_Id=request_id)
            assert told.route_of(request_id) == template + route
    served.ask(f"{LOG}/nothing", X_Request_Id="nowhere")
    assert told.route_of("nowhere") == "other"


def test_requests_are_counted_by_the_template_of_their_route(served: Site, told: Requests) -> None:
    served.ask(f"{LOG}/tile/0/000", X_Request_Id="counted")
    assert told.route_of("counted") == "/tlog/{consortium_id}/tile/{path:path}"
    figure = 'http_requests_total{method="GET",route="/tlog/{consortium_id}/tile/{path:path}",status="200"} 1.0'
    assert figure in served.ask("/metrics").body.decode()
