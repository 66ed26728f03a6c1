"""Having checkpoints cosigned by the witnesses of a policy, one thread for each witness.

    checkpoint published ──▶ NOTIFY ──▶ the witness's own thread ──▶ add-checkpoint ──▶ cosignature verified, stored

Publishing never waits for a witness, and no witness for another. What a witness missed it is asked for again; only the
last checkpoint of a log is worth asking for. Source: C2SP tlog-witness.
"""

from __future__ import annotations

import logging
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.sql import SQL, Identifier

from api.listening import first_line
from api.web import UnansweredError, WebConnection
from domain.transparency.errors import Invalid
from domain.transparency.witness import PATH, SIZE_TYPE, open_cosignatures, parse_size
from projections.transparency.cosignatures import Due, due, store, submission
from projections.transparency.memory import BrokenMemoryError
from projections.transparency.published import CHANNEL

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from psycopg import Connection

    from api.web import Answer
    from domain.transparency.policy import Policy, Witness

TIMEOUT_SECONDS: Final = 10.0
RETRY_SECONDS: Final = 30.0
STOP_WITHIN_SECONDS: Final = 0.2
ATTEMPTS: Final = 3
"""How often one checkpoint is submitted while the witness tells another old size each time."""

OK: Final = 200
CONFLICT: Final = 409

log = logging.getLogger("consortium-ledger")


class WitnessRefusedError(Exception):
    """A witness did not cosign."""


class Witnessing:
    """Asks every witness of a policy that has an address, until it is stopped."""

    def __init__(self, conninfo: str, policy: Policy, folder: Path, retry_seconds: float = RETRY_SECONDS) -> None:
        """`folder` is the signer's, where what was cosigned is remembered."""
        self._stopped = Event()
        self._couriers = [
            _Courier(conninfo, witness, folder, self._stopped, retry_seconds)
            for witness in policy.witnesses
            if witness.url
        ]

    def __enter__(self) -> Self:
        for courier in self._couriers:
            courier.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        for courier in self._couriers:
            courier.thread.join()

    @property
    def names(self) -> tuple[str, ...]:
        """The witnesses that are asked, by the policy's names."""
        return tuple(courier.name for courier in self._couriers)

    @property
    def faults(self) -> dict[str, str]:
        """By witness, by the policy's name: why its last answer was no cosignature."""
        return {courier.name: courier.fault for courier in self._couriers if courier.fault is not None}


class _Courier:
    """The thread that asks one witness."""

    def __init__(self, conninfo: str, witness: Witness, folder: Path, stopped: Event, retry_seconds: float) -> None:
        self._conninfo = conninfo
        self._witness = witness
        self._folder = folder
        self._stopped = stopped
        self._retry_seconds = retry_seconds
        self.name: Final = witness.name
        self.fault: str | None = None
        self.thread: Final = Thread(target=self._run, name=f"witness {witness.name}", daemon=True)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(SQL("LISTEN {}").format(Identifier(CHANNEL)))
                    self._serve(connection)
            except psycopg.Error as fault:
                log.warning("witness %s is not asked: %s", self.name, first_line(fault))
                self._stopped.wait(STOP_WITHIN_SECONDS)

    def _serve(self, connection: Connection) -> None:
        while not self._stopped.is_set():
            self._ask_for_all(connection)
            not_before = time.monotonic() + (self._retry_seconds if self.fault is not None else 0)
            heard = False
            while not self._stopped.is_set():
                # Short, so that this thread ends soon after it is told to.
                heard = bool(list(connection.notifies(timeout=STOP_WITHIN_SECONDS, stop_after=1))) or heard
                if time.monotonic() >= not_before and (heard or self.fault is not None):
                    break

    def _ask_for_all(self, connection: Connection) -> None:
        """Ask for the cosignature of every log's last checkpoint; the first that cannot be had ends the round."""
        fault: str | None = None
        try:
            web = WebConnection(self._witness.url, TIMEOUT_SECONDS)
            try:
                for asked in due(connection, self._witness.key):
                    if not self._stopped.is_set():
                        fault = self._ask(connection, web, asked) or fault
            finally:
                web.close()
        except UnansweredError as error:
            fault = str(error)
        if fault is not None and fault != self.fault:
            log.warning("witness %s did not cosign: %s", self.name, fault)
        self.fault = fault

    def _ask(self, connection: Connection, web: WebConnection, asked: Due) -> str | None:
        """Have one checkpoint cosigned, or say why it was not.

        Raises:
            UnansweredError: the witness does not answer.
        """
        try:
            answer = _submit(connection, web, asked)
            for signed in open_cosignatures(answer.body, asked.note, [self._witness.key]):
                store(connection, self._folder, asked, signed)
        except (WitnessRefusedError, Invalid, BrokenMemoryError, OSError) as error:
            return f"{asked.log_id}: {error}"
        return None


def _submit(connection: Connection, web: WebConnection, asked: Due) -> Answer:
    """Submit a checkpoint, from the size on that the witness says it has cosigned, and return its consent.

    Raises:
        WitnessRefusedError: it does not cosign.
        UnansweredError: it does not answer.
        Invalid: what it answers is not as it should be.
    """
    old_size = asked.cosigned_size
    for _ in range(ATTEMPTS):
        body = submission(connection, asked, old_size).write()
        answer = web.post(PATH, body, "text/plain; charset=utf-8")
        if answer.status == OK:
            return answer
        if answer.status != CONFLICT or answer.media_type != SIZE_TYPE:
            told = answer.body[:200].decode("utf-8", "replace").strip()
            message = f"HTTP {answer.status} {told}".strip()
            raise WitnessRefusedError(message)
        seen = parse_size(answer.body)
        if seen == old_size:
            message = f"it has cosigned another tree of {seen} entries: the history was forked"
            raise WitnessRefusedError(message)
        if seen > asked.size:
            message = f"it has cosigned {seen} entries, and {asked.size} are published here"
            raise WitnessRefusedError(message)
        old_size = seen
    message = "it tells another size each time"
    raise WitnessRefusedError(message)
