"""The application, served on loopback by a thread of the test's own process, and asked byte for byte."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from threading import Thread
from typing import TYPE_CHECKING, Any

import uvicorn

from api.cli.serving import listen
from api.commands.asked import Writes
from api.commands.carrying_out import Desk
from api.heads import Heads
from api.http import create_app
from api.keeper import Keeper
from api.receipts import Receipts
from api.snapshots import Snapshots
from api.works import Works
from domain.ledger.writer import Writer
from tests.ledger.scenario import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from domain.ledger.ledger import Ledger
    from projections.transparency.signing import Signing

CONSORTIUM = "hajnowka-odnowa"
LOG = f"/tlog/{CONSORTIUM}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON document
        return json.loads(self.body)


class Site:
    """Asks one server over one connection, which belongs to one thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send the path as it stands; a header's name is written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, headers=named)
        answer = self._connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def fetched(self, path: str) -> bytes:
        """Fetch a file of the log."""
        answer = self.ask(f"{LOG}/{path}")
        assert answer.status == 200, (path, answer.body)
        return answer.body

    def another(self) -> Site:
        return Site(self.port)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def serving(ledger: Ledger, database: str, signing: Signing) -> Iterator[Site]:
    """Serve without anybody who integrates or publishes: the keeper is not started and stands for health alone."""
    listener = listen("127.0.0.1", 0)
    keeper = Keeper(ledger, database, signing)
    with (
        Snapshots(database) as snapshots,
        Receipts(database, snapshots) as receipts,
        Writer(ledger, clock) as writer,
    ):
        heads, desk = Heads(database, snapshots), Desk(ledger, writer)
        app = create_app(Works(ledger, keeper, snapshots, heads, receipts, desk, Writes()))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5, timeout_keep_alive=600)
        )
        thread = Thread(target=server.run, args=([listener],))
        thread.start()
        site = Site(listener.getsockname()[1])
        try:
            yield site
        finally:
            site.close()
            server.should_exit = True
            thread.join()
