"""Having checkpoints cosigned by the witnesses of a policy, one thread for each witness.

    checkpoint published ──▶ NOTIFY ──▶ the witness's own thread ──▶ add-checkpoint ──▶ cosignature verified, stored

Publishing never waits for a witness, no witness for another, and no log for another that a witness refuses; only a
witness that does not answer at all is left alone with everything. What it missed it is asked for again; only the last
checkpoint of a log is worth asking for. Source: C2SP tlog-witness.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING, Final, NamedTuple

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
    from collections.abc import Mapping, Sequence
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
REFUSALS_TOLD: Final = 3
"""Of how many logs a witness's refusals are told one by one."""

OK: Final = 200
CONFLICT: Final = 409

log = logging.getLogger("consortium-ledger")


class Reason(NamedTuple):
    """Why there is no cosignature, in Polish and in English."""

    pl: str
    en: str


class WitnessRefusedError(Exception):
    """A witness did not cosign."""

    def __init__(self, polish: str, english: str) -> None:
        super().__init__(english)
        self.reason: Final = Reason(polish, english)


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
    def faults(self) -> dict[str, Reason]:
        """By witness, by the policy's name: why some last answer of it was no cosignature, log by log."""
        faults = {courier.name: courier.fault for courier in self._couriers}
        return {name: fault for name, fault in faults.items() if fault is not None}


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why a witness was asked in vain, and when it may be asked again, by the monotonic clock."""

    reason: Reason
    not_before: float


class _Courier:
    """The thread that asks one witness."""

    def __init__(self, conninfo: str, witness: Witness, folder: Path, stopped: Event, retry_seconds: float) -> None:
        self._conninfo = conninfo
        self._witness = witness
        self._folder = folder
        self._stopped = stopped
        self._retry_seconds = retry_seconds
        self._unanswered: _Fault | None = None
        self._refused: Mapping[str, _Fault] = {}
        """By log; replaced whole, as other threads read it."""
        self.name: Final = witness.name
        self.thread: Final = Thread(target=self._run, name=f"witness {witness.name}", daemon=True)

    @property
    def fault(self) -> Reason | None:
        """Why there is no cosignature: that it does not answer, and the first logs by id that it refused."""
        unanswered, refused = self._unanswered, sorted(self._refused.items())
        reasons = [unanswered.reason] if unanswered else []
        for log_id, one in refused[:REFUSALS_TOLD]:
            reasons.append(Reason(f"{log_id}: {one.reason.pl}", f"{log_id}: {one.reason.en}"))
        if len(refused) > REFUSALS_TOLD:
            reasons.append(Reason(*[f"+{len(refused) - REFUSALS_TOLD}"] * 2))
        return Reason(*map("; ".join, zip(*reasons, strict=True))) if reasons else None

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
            heard = False
            while not self._stopped.is_set() and not self._is_time(heard=heard):
                # Short, so that this thread ends soon after it is told to.
                heard = bool(list(connection.notifies(timeout=STOP_WITHIN_SECONDS, stop_after=1))) or heard

    def _is_time(self, *, heard: bool) -> bool:
        """Tell whether there is something to ask: of a checkpoint that was heard of, or once more."""
        now = time.monotonic()
        if self._unanswered is not None:
            return now >= self._unanswered.not_before
        return heard or any(now >= one.not_before for one in self._refused.values())

    def _ask_for_all(self, connection: Connection) -> None:
        """Ask for the cosignature of every log's last checkpoint that may be asked for now.

        A log that was refused waits for its time, whatever grows meanwhile: most often the witness does not know it,
        and a request for each of its checkpoints would be a burden to no end.
        """
        now = time.monotonic()
        waiting = {log_id: one for log_id, one in self._refused.items() if now < one.not_before}
        asked_for = [one for one in due(connection, self._witness.key) if one.log_id not in waiting]
        kept = {*waiting, *(one.log_id for one in asked_for)}
        self._refused = {log_id: one for log_id, one in self._refused.items() if log_id in kept}
        try:
            self._ask_for(connection, asked_for)
            self._unanswered = None
        except UnansweredError as error:
            reason = Reason(f"nie odpowiada: {error}", f"does not answer: {error}")
            self._warn(self._unanswered, reason)
            self._unanswered = self._fault(reason)

    def _ask_for(self, connection: Connection, asked_for: Sequence[Due]) -> None:
        """Ask for these, as long as the witness answers.

        Raises:
            UnansweredError: it does not.
        """
        web = WebConnection(self._witness.url, TIMEOUT_SECONDS)
        try:
            for asked in asked_for:
                if self._stopped.is_set():
                    return
                self._note(asked.log_id, self._ask(connection, web, asked))
        finally:
            web.close()

    def _note(self, log_id: str, reason: Reason | None) -> None:
        """Note what became of asking for one log."""
        refused = dict(self._refused)
        before = refused.pop(log_id, None)
        if reason is not None:
            self._warn(before, reason, f" {log_id}")
            refused[log_id] = self._fault(reason)
        self._refused = refused

    def _fault(self, reason: Reason) -> _Fault:
        return _Fault(reason, time.monotonic() + self._retry_seconds)

    def _warn(self, before: _Fault | None, reason: Reason, what: str = "") -> None:
        """Log a fault, once until it changes."""
        if before is None or before.reason != reason:
            log.warning("witness %s did not cosign%s: %s", self.name, what, reason.en)

    def _ask(self, connection: Connection, web: WebConnection, asked: Due) -> Reason | None:
        """Have one checkpoint cosigned, or say why it was not.

        Raises:
            UnansweredError: the witness does not answer.
        """
        try:
            answer = _submit(connection, web, asked)
            for signed in open_cosignatures(answer.body, asked.note, [self._witness.key]):
                store(connection, self._folder, asked, signed)
        except WitnessRefusedError as error:
            return error.reason
        except (Invalid, BrokenMemoryError) as error:
            return Reason(**error.sentences)
        except OSError as error:
            return Reason(f"nie można tego zapamiętać: {error}", f"it cannot be remembered: {error}")
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
            raise WitnessRefusedError(*[f"HTTP {answer.status} {told}".strip()] * 2)
        seen = parse_size(answer.body)
        if seen == old_size:
            polish = f"potwierdził inne drzewo o rozmiarze {seen}: historia się rozwidliła"
            raise WitnessRefusedError(polish, f"it has cosigned another tree of {seen} entries: the history was forked")
        if seen > asked.size:
            polish = f"potwierdził rozmiar {seen}, a tu opublikowano {asked.size}"
            raise WitnessRefusedError(polish, f"it has cosigned {seen} entries, and {asked.size} are published here")
        old_size = seen
    polish, english = "za każdym razem podaje inny rozmiar", "it tells another size each time"
    raise WitnessRefusedError(polish, english)
