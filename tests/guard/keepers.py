"""Processes that integrate and publish, and that can be stopped before and after anything that they do outside.

Nothing of the product is replaced. A keeper's connection has cursors that tell of each statement, and Python's own
audit hook tells of each file that is opened, linked or renamed in the signer's folder. Between any two of these steps
the world outside the process does not change, so whoever kills it at each of them has killed it everywhere.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from domain.ledger.following import entries_after, following
from domain.ledger.ledger import Ledger
from projections.runner import Runner
from projections.transparency.log_of_logs import log_checkpoints
from projections.transparency.places import EventPlaces
from projections.transparency.publisher import Publisher
from projections.transparency.signing import LOG_OF_LOGS, Signing
from projections.transparency.tiles import Tiles
from tests.ledger.scenario import HAJNOWKA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from domain.ledger.following import Placed
    from projections.runner import ReadModel

FORKING = multiprocessing.get_context("forkserver")
# Imported once, so that a new process costs as little as a fork.
FORKING.set_forkserver_preload(["pytest", __name__])


class Steps:
    """Counts the steps of this process, and stops it for good at the one that is asked for."""

    def __init__(self, stop_at: int | None, telling: Connection, folder: os.PathLike[str]) -> None:
        self._left = stop_at
        self._telling = telling
        self._folder = os.fspath(folder)

    def step(self, name: str) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            self._telling.send(name)
            while True:
                signal.pause()

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Take what `sys.addaudithook` tells, which it tells before it happens."""
        if event in {"open", "os.rename", "os.link"} and str(arguments[0]).startswith(self._folder):
            self.step(f"{event} {os.path.basename(str(arguments[0]))}")  # noqa: PTH119 - a hook must not open or look up anything


def telling_cursor(steps: Steps) -> type[psycopg.Cursor[Any]]:
    class TellingCursor(psycopg.Cursor[Any]):
        """Tells before and after each statement."""

        def execute(self, query: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - passed on as it comes
            steps.step(f"before {str(query)[:60]}")
            done = super().execute(query, *rest, **more)
            steps.step(f"after {str(query)[:60]}")
            return done

        def executemany(self, query: Any, *rest: Any, **more: Any) -> None:  # noqa: ANN401 - passed on as it comes
            steps.step(f"before many {str(query)[:60]}")
            super().executemany(query, *rest, **more)
            steps.step(f"after many {str(query)[:60]}")

    return TellingCursor


class Keeping:
    """What a keeper does, over one connection."""

    def __init__(
        self,
        ledger: Ledger,
        connection: psycopg.Connection[Any],
        signing: Signing,
        read_models: Sequence[ReadModel] = (Tiles(), EventPlaces()),
    ) -> None:
        self.connection = connection
        self.runner = Runner(ledger, connection, read_models)
        self.publisher = Publisher(ledger, connection, signing)

    def take_up(self) -> None:
        """Publish what another integrated and did not come to publish, as the product does when it starts."""
        for log_id in (*self.publisher.unpublished(), LOG_OF_LOGS):
            self.publisher.publish(log_id)

    def keep(self, batch: Sequence[Placed]) -> None:
        """Integrate a batch and publish everything that came of it."""
        self.runner.apply(batch)
        self.publisher.publish(HAJNOWKA)
        if log_checkpoints(self.connection, datetime.now(UTC), timedelta(0)):
            self.publisher.publish(LOG_OF_LOGS)


def keep_one_batch(conninfo: str, signing: Signing, size: int, stop_at: int | None, telling: Connection) -> None:
    """Run in the child: take up `size` more entries, and stop for good at a step."""
    steps = Steps(stop_at, telling, signing.folder)
    sys.addaudithook(steps.heard)
    with (
        Ledger.connect(conninfo, pool_size=1) as ledger,
        psycopg.connect(conninfo, autocommit=True, cursor_factory=telling_cursor(steps)) as connection,
    ):
        keeping = Keeping(ledger, connection, signing)
        keeping.take_up()
        keeping.keep(entries_after(ledger, keeping.runner.position())[:size])
    telling.send("done")


def keep_following(conninfo: str, signing: Signing, upto: int, step: int, telling: Connection) -> None:
    """Run in the child: follow the ledger up to a position, a few entries at a time."""
    with (
        Ledger.connect(conninfo) as ledger,
        psycopg.connect(conninfo, autocommit=True) as connection,
    ):
        keeping = Keeping(ledger, connection, signing)
        with following(ledger, keeping.runner.position()) as (batches, stop):
            for batch in batches:
                for begin in range(0, len(batch), step):
                    keeping.keep(batch[begin : begin + step])
                    telling.send("kept")
                if batch[-1].position >= upto:
                    stop()
                    break
        keeping.take_up()
    telling.send("done")


class Keeper:
    """The process as its parent sees it."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self.news, telling = FORKING.Pipe(duplex=False)
        self._process = FORKING.Process(target=work, args=(*arguments, telling))
        self._process.start()
        telling.close()

    def heard(self) -> str | None:
        """Wait for the next word; None when the process is gone."""
        try:
            return str(self.news.recv())
        except (EOFError, OSError):
            return None

    def kill(self) -> None:
        self._process.kill()
        self.finish()

    def finish(self) -> None:
        self._process.join()
        self.news.close()


@contextmanager
def keeping(work: Callable[..., None], *arguments: object) -> Iterator[Keeper]:
    """Start a process that does not outlive the context."""
    keeper = Keeper(work, *arguments)
    try:
        yield keeper
    finally:
        keeper.kill()
