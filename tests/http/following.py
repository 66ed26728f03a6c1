"""Following a consortium's feed, by pages and by a stream, and the processes that write to it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from tests.guard.keepers import FORKING
from tests.http.client import Client
from tests.ledger.scenario import application

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from http.client import HTTPResponse
    from multiprocessing.connection import Connection

DELAYED = """
    CREATE FUNCTION held_open() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER held_open AFTER INSERT ON ledger_events DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION held_open();
"""
"""Every transaction that stores entries is held open for a random while before it commits."""


@dataclass
class Heard:
    """What a reader heard: versions in their order, and the bytes of each."""

    versions: list[int] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)


class Stream:
    """One connection to a stream; what comes is read line by line."""

    def __init__(self, port: int, consortium_id: str, last: int | None = None, query: str = "") -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Accept": "text/event-stream"} | ({} if last is None else {"Last-Event-ID": str(last)})
        self._connection.request("GET", f"/consortia/{consortium_id}/events{query}", headers=headers)
        self.answer: HTTPResponse = self._connection.getresponse()

    def lines(self) -> Iterator[bytes]:
        while line := self.answer.readline():
            yield line.rstrip(b"\n")

    def entries(self) -> Iterator[tuple[int, bytes]]:
        version = 0
        for line in self.lines():
            if line.startswith(b"id: "):
                version = int(line.removeprefix(b"id: "))
            elif line.startswith(b"data: "):
                yield version, line.removeprefix(b"data: ")

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


def by_stream(port: int, consortium_id: str, upto: int, chance: random.Random) -> Heard:
    """Follow by a stream that breaks off after a few entries each time, and is taken up after the last one heard."""
    heard = Heard()
    while len(heard.versions) < upto:
        stream = Stream(port, consortium_id, heard.versions[-1] if heard.versions else None)
        assert stream.answer.status == 200
        heard.heads.append(int(stream.answer.headers["Ledger-Head"]))
        left = chance.randint(1, 40)
        for version, entry in stream.entries():
            heard.versions.append(version)
            heard.entries.append(entry)
            left -= 1
            if left == 0 or version >= upto:
                break
        stream.close()
    return heard


def by_pages(port: int, consortium_id: str, upto: int, chance: random.Random) -> Heard:
    """Ask for page after page, each from after the last entry of the one before."""
    heard, client = Heard(), Client(port)
    while len(heard.versions) < upto:
        after = len(heard.versions)
        path = f"/consortia/{consortium_id}/events?after={after}&limit={chance.randint(1, 30)}"
        answer = client.ask(path)
        assert answer.status == 200
        lines = answer.body.splitlines()
        last, head = int(answer.headers["ledger-last"]), int(answer.headers["ledger-head"])
        assert last == after + len(lines) <= head
        assert (answer.link("next") is None) == (last == head)
        heard.versions += range(after + 1, last + 1)
        heard.entries += lines
        heard.heads.append(head)
    client.close()
    return heard


def write(conninfo: str, consortium_ids: tuple[str, ...], each: int, telling: Connection) -> None:
    """Run in the child: as many writers as consortia are named, each with a ledger of its own."""
    ledgers = [Ledger.connect(conninfo, pool_size=1) for _ in consortium_ids]
    writers = [Writer(ledger, lambda: datetime.now(UTC)) for ledger in ledgers]
    for _ in range(each):
        answers = [writer.submit(application(name)) for writer, name in zip(writers, consortium_ids, strict=True)]
        for answer in answers:
            answer.result()
    for writer, ledger in zip(writers, ledgers, strict=True):
        writer.close()
        ledger.close()
    telling.send("done")


FORKING.set_forkserver_preload(["pytest", __name__])
