"""A process in which callers give the scenario's commands one by one, telling its parent what was acknowledged."""

from __future__ import annotations

import multiprocessing
import threading
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from domain.ledger.faults import LedgerUnavailable
from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from tests.ledger.scenario import clock, submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection

    from domain.ledger.submission import Receipt, Submission

FORKING = multiprocessing.get_context("forkserver")
# Imported once, so that a new process costs as little as a fork.
FORKING.set_forkserver_preload(["pytest", __name__])

GIVEN_AGAIN = 10
"""Commands before the first that is missing, which every process gives once more."""


class Callers:
    """The process as its parent sees it.

    `consortium_ids` names for each caller the consortium that it plays: from a little before where it stands up to the
    command `upto`, or else all of it from the first command on.
    """

    def __init__(self, conninfo: str, consortium_ids: Sequence[str], upto: int | None) -> None:
        self.news, telling = FORKING.Pipe(duplex=False)
        self._process = FORKING.Process(target=play, args=(conninfo, consortium_ids, upto, telling))
        self._process.start()
        telling.close()

    def heard(self) -> str | None:
        """Receive one acknowledgement; None when the process is gone, whether or not it broke off in a word."""
        try:
            return self.news.recv_bytes().decode()
        except (EOFError, OSError):
            return None

    def kill(self) -> list[str]:
        """Kill it the hard way and return what it had acknowledged until then."""
        self._process.kill()
        return self.finish()

    def finish(self) -> list[str]:
        """Wait for its end and return what it acknowledged until then."""
        last_words = [said[1:] for said in iter(self.heard, None)]
        self._process.join()
        return last_words


def acknowledgements(processes: Iterable[Callers], new: int) -> Iterator[str]:
    """Receive acknowledgements until so many were of commands not recorded before, or all processes are gone."""
    listening = list(processes)
    while listening and new > 0:
        wait([each.news for each in listening])
        for each in [each for each in listening if each.news.poll()]:
            said = each.heard()
            if said is None:
                listening.remove(each)
            else:
                new -= said.startswith("+")
                yield said[1:]


@contextmanager
def calling(conninfo: str, *shares: Sequence[str], upto: int | None = None) -> Iterator[list[Callers]]:
    """Start a process for each share of consortia; none outlives the context."""
    started = [Callers(conninfo, consortium_ids, upto) for consortium_ids in shares]
    try:
        yield started
    finally:
        for each in started:
            each.kill()


def play(conninfo: str, consortium_ids: Sequence[str], upto: int | None, telling: Connection) -> None:
    """Run in the child: as many callers as consortia are named."""
    one_at_a_time = threading.Lock()

    def tell(receipt: Receipt) -> None:
        with one_at_a_time:
            telling.send_bytes(f"{'=' if receipt.replayed else '+'}{receipt.command_id}".encode())

    def call(consortium_id: str) -> None:
        for each in still_to_give(ledger, consortium_id, upto):
            for receipt in acknowledged(writer, each):
                tell(receipt)

    with Ledger.connect(conninfo) as ledger, Writer(ledger, clock) as writer:
        callers = [threading.Thread(target=call, args=(consortium_id,)) for consortium_id in consortium_ids]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()


def still_to_give(ledger: Ledger, consortium_id: str, upto: int | None) -> Sequence[Submission]:
    if upto is None:
        return submissions(consortium_id)
    known = len(ledger.load(consortium_id).receipts)
    return submissions(consortium_id)[max(known - GIVEN_AGAIN, 0) : upto]


def acknowledged(writer: Writer, given: Submission) -> tuple[Receipt, ...]:
    """Give it until there is an answer; meanwhile the database may be down."""
    while True:
        try:
            return writer.submit(given).result()
        except LedgerUnavailable:
            continue
