"""Reading over HTTP: connections that are kept, packed answers, answers that break off, never end, or never come."""

from __future__ import annotations

import gzip
import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from api.audit.findings import MissingError, UnreadableError
from api.audit.sources import reading
from api.web import MAX_BODY_BYTES, UnansweredError, WebConnection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def answering(answer: Callable[[int, int], bytes | None]) -> Iterator[str]:
    """Answer each request by its number on its connection; None closes the connection instead."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        number = 0
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                request = 0
                while connection.recv(65_536):
                    told = answer(number, request)
                    if told is None:
                        break
                    connection.sendall(told)
                    request += 1
            number += 1

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        # Closing alone would leave the thread in `accept`.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def test_one_connection_serves_many_requests() -> None:
    with answering(lambda connection, request: answer(b"%d/%d" % (connection, request))) as url:
        web = WebConnection(url)
        assert [web.get("a").body for _ in range(3)] == [b"0/0", b"0/1", b"0/2"]
        web.close()


def test_a_connection_that_was_closed_in_between_is_opened_again_and_one_that_fails_at_once_is_not() -> None:
    with answering(lambda connection, request: answer(b"%d" % connection) if request < 1 else None) as url:
        web = WebConnection(url)
        assert [web.get("a").body for _ in range(3)] == [b"0", b"1", b"2"]
        web.close()
    with answering(lambda _connection, _request: None) as url, pytest.raises(UnansweredError):
        WebConnection(url).get("a")


def test_packed_answers_are_unpacked() -> None:
    with answering(lambda _c, _r: answer(gzip.compress(b"entries"), Content_Encoding="gzip")) as url:
        web = WebConnection(url)
        assert web.get("a").body == b"entries"
        web.close()


@pytest.mark.parametrize(
    "told",
    [
        answer(gzip.compress(b"entries")[:-4], Content_Encoding="gzip"),
        answer(b"no gzip", Content_Encoding="gzip"),
        answer(gzip.compress(bytes(MAX_BODY_BYTES + 1)), Content_Encoding="gzip"),
        answer(bytes(MAX_BODY_BYTES + 1)),
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nshort",
        b"this is no HTTP\r\n\r\n",
    ],
    ids=["cut gzip", "no gzip", "a bomb", "too long", "cut", "no HTTP"],
)
def test_an_answer_that_cannot_be_taken_is_none(told: bytes) -> None:
    sent: list[int] = []

    def once(_connection: int, _request: int) -> bytes | None:
        sent.append(1)
        return told if len(sent) == 1 else None

    with answering(once) as url:
        web = WebConnection(url, timeout_seconds=5)
        try:
            with pytest.raises(UnansweredError):
                web.get("a")
        finally:
            web.close()


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        web = WebConnection(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.1)
        with pytest.raises(UnansweredError):
            web.get("a")


@pytest.mark.parametrize(
    ("status", "kind"), [("404 Not Found", MissingError), ("500 Oops", UnreadableError), ("301 Moved", UnreadableError)]
)
def test_other_answers_than_200_are_no_file(status: str, kind: type[Exception]) -> None:
    with answering(lambda _c, _r: answer(b"", status)) as url, reading(url) as source, pytest.raises(kind):
        source.read("checkpoint")
