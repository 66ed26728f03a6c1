"""The whole application at work in the test's own process: writer, read models, checkpoints, and HTTP on loopback."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple

import uvicorn

from api.cli.serving import StreamsEndFirst, listen
from api.commands.asked import Writes
from api.commands.carrying_out import Desk
from api.http import create_app
from api.works import Works, at_work
from domain.ledger.ledger import Ledger
from projections.schema import READ_MODELS
from projections.transparency.signing import Signing
from tests.http.client import Client

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEVELOPMENT = Writes(development=True)


class Served(NamedTuple):
    """A server, and what works behind it."""

    client: Client
    works: Works
    database: str
    signing: Signing

    @property
    def ledger(self) -> Ledger:
        return self.works.ledger


@contextmanager
def served(
    database: str, folder: Path, writes: Writes = DEVELOPMENT, *, through: str | None = None, most_waiting: int = 2000
) -> Iterator[Served]:
    """Serve a database, `through` another way to it where one is given."""
    READ_MODELS.migrate(database)
    signing = Signing(folder / "signer", "example.com")
    signing.create_seed()
    way = through or database
    with Ledger.connect(way) as ledger, at_work(ledger, way, signing, writes, lambda _: None) as works:
        desk = Desk(ledger, works.desk._writer, most_waiting, works.keeper.lacks_entries)
        changed = replace(works, desk=desk)
        with answering(changed) as client:
            yield Served(client, changed, database, signing)


@contextmanager
def answering(works: Works) -> Iterator[Client]:
    app = create_app(works)
    listener = listen("127.0.0.1", 0)
    server = StreamsEndFirst(
        uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=5, timeout_keep_alive=600), works.heads
    )
    thread = Thread(target=server.run, args=([listener],))
    thread.start()
    client = Client(listener.getsockname()[1])
    try:
        yield client
    finally:
        client.close()
        server.should_exit = True
        thread.join()
