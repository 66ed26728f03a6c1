"""Rotating the keys of all logs of a deployment, so that it may be broken off anywhere and taken up again.

    everything published under the old keys ──▶ plan written ──▶ new seed ──▶ for each log: the change recorded
        ──▶ everything published again, now signed by both ──▶ the log of logs tells

    <folder>/rotation.<generation>.json     {"both_until": "…", "by": "…", "old_key_lost": false}

The change of a consortium's key is an entry of its history. The log of logs has no history of its own: its change is
kept in the signer's memory, and shown by the checkpoints that both keys sign. A log that was never signed has no key to
rotate; it is signed by the newest from its beginning.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from domain.ledger.rotation import KeyChange, record_key_change
from domain.transparency.tiled_tree import TiledTree
from domain.values import parse_instant, write_instant
from projections.bitemporal.rebuilding import ensure
from projections.questions import TABLES
from projections.read_models import all_read_models
from projections.runner import Runner
from projections.transparency.alarm import Alarm, told_as_alarms
from projections.transparency.keyring import LogKey, due, rotated, vkeys_of
from projections.transparency.log_of_logs import log_checkpoints
from projections.transparency.memory import Signed, SignerMemory, locked
from projections.transparency.publisher import Publisher
from projections.transparency.signing import LOG_OF_LOGS, BrokenFileError, parsed, write_durably
from projections.transparency.tiles import StoredTiles, tree_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from psycopg import Connection

    from domain.ledger.ledger import Ledger
    from projections.transparency.keyring import Keys
    from projections.transparency.signing import Signing

PLAN_FILE: Final = re.compile(r"rotation\.([1-9][0-9]*)\.json")


class BrokenPlanError(BrokenFileError):
    """The file of a rotation cannot be read; what it was to do must not be guessed."""


class SeedMissingError(Exception):
    """A key that signs has no seed here: an ordinary rotation needs it."""


class SeedPresentError(Exception):
    """Every key that signs has its seed here: nothing was lost."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One rotation, the same for all logs."""

    generation: int
    """Of the new seed."""
    both_until: datetime
    old_key_lost: bool
    by: str
    """The operator's id."""

    def write(self) -> str:
        until = write_instant(self.both_until)
        return json.dumps({"both_until": until, "by": self.by, "old_key_lost": self.old_key_lost})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator asks for."""

    both_for: timedelta
    by: str
    old_key_lost: bool = False
    again: bool = False
    """Whether to rotate once more while the keys of the last rotation still sign together."""


@dataclass(slots=True)
class Outcome:
    """What a rotation did."""

    plan: Plan
    begun: bool
    """Whether it is a new one, or one that had been begun before."""
    changed: list[str] = field(default_factory=list)
    """The logs whose key was changed now; the others had been before, or were never signed."""
    alarms: dict[str, Alarm] = field(default_factory=dict)
    """Logs that are not signed at present, and why."""


class Rotation:
    """Rotates the keys of all logs; one rotation at a time, while others may go on publishing."""

    def __init__(self, ledger: Ledger, connection: Connection, signing: Signing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._connection = connection
        self._signing = signing
        self._clock = clock
        self._publisher = Publisher(ledger, connection, signing, clock)

    def rotate(self, asked: Asked) -> Outcome:
        """Finish the rotation that was begun before; when there is none, begin one and finish it.

        While the keys of the last rotation still sign together nothing is begun, unless `again` is asked for.

        Raises:
            SeedMissingError: a key that signs has no seed here, and it is not said to be lost.
            SeedPresentError: it is said to be lost, and is here.
            BrokenPlanError: the file of the last rotation is damaged.
        """
        with locked(self._signing.folder / "key_rotation.lock"):
            self._publish(self._logs())
            now, last = self._clock(), read_plan(self._signing)
            plan = self._taken_up(last, asked, now) or self._begun(last, asked, now)
            self._signing.create_generation(plan.generation)
            changed = [log_id for log_id in self._logs() if self._change_key(log_id, plan, now)]
            alarms = self._publish(self._logs())
            # Told at once and not within the hour: the new keys are then vouched for by the log of logs too.
            log_checkpoints(self._connection, now, interval=timedelta(0))
            alarms |= self._publish([LOG_OF_LOGS])
            return Outcome(plan, begun=plan is not last, changed=changed, alarms=alarms)

    def _taken_up(self, last: Plan | None, asked: Asked, now: datetime) -> Plan | None:
        """Return the last rotation when it is to be gone on with, be it that nothing is left to do."""
        if last is None:
            return None
        missing = self._is_seed_missing(now)
        if last.generation not in self._signing.generations():
            # Broken off before its seed was made, unless that seed was in use already and is lost.
            return None if missing else last
        if any(self._signs(log_id) not in {None, self._new_vkey(log_id, last)} for log_id in self._logs()):
            return last
        begins = missing or asked.again or asked.old_key_lost or last.both_until <= now
        return None if begins else last

    def _begun(self, last: Plan | None, asked: Asked, now: datetime) -> Plan:
        """Write a plan down before anything is done by it."""
        missing = self._is_seed_missing(now)
        if missing and not asked.old_key_lost:
            raise SeedMissingError
        if asked.old_key_lost and not missing:
            raise SeedPresentError
        newest = max([1, *self._signing.generations(), last.generation if last else 1])
        until = now if asked.old_key_lost else (now + asked.both_for).replace(microsecond=0)
        plan = Plan(newest + 1, until, asked.old_key_lost, asked.by)
        write_durably(_file(self._signing, plan.generation), plan.write())
        return plan

    def _publish(self, log_ids: Iterable[str]) -> dict[str, Alarm]:
        """Integrate what is stored and publish these logs; return why some are not signed."""
        ensure(self._ledger, self._connection, TABLES, lambda _: None)
        Runner(self._ledger, self._connection, all_read_models(self._ledger)).catch_up()
        alarms = {}
        for log_id in log_ids:
            try:
                self._publisher.publish(log_id)
            except Alarm as alarm:
                alarms[log_id] = alarm
        return alarms

    def _logs(self) -> list[str]:
        return [*self._ledger.consortium_ids(), LOG_OF_LOGS]

    def _is_seed_missing(self, now: datetime) -> bool:
        """Tell whether a key that is to sign one of the logs has no seed here."""
        return any(self._missing(log_id, now) for log_id in self._logs())

    def _missing(self, log_id: str, now: datetime) -> set[str]:
        keys = self._keys(log_id)
        size = tree_size(self._connection, log_id)
        return {*due(keys, size, size, now)} - self._signing.signers(log_id).keys()

    def _signs(self, log_id: str) -> str | None:
        """Name the present key of a log: by its history, or else by what signed it; None when nothing ever did."""
        keys = self._keys(log_id)
        recorded = None if log_id == LOG_OF_LOGS else self._ledger.load(log_id).statutes.log_key
        return recorded or (keys[-1].vkey if keys else None)

    def _keys(self, log_id: str) -> Keys:
        """Return the keys that the signer remembers; without a memory, those that the world was shown."""
        with told_as_alarms(log_id):
            signed = SignerMemory(self._signing.folder, log_id).read()
        if signed is not None and signed.keys:
            return signed.keys
        return tuple(map(LogKey, list(vkeys_of(self._connection, log_id))[-1:]))

    def _change_key(self, log_id: str, plan: Plan, now: datetime) -> bool:
        """Change the key of one log unless that is done; tell whether it was changed now.

        The log's memory is held meanwhile: a log that is signed for the first time is signed before this, and then its
        key changes, or after it, and then by the new key alone.
        """
        memory = SignerMemory(self._signing.folder, log_id)
        with memory.held():
            signs, new = self._signs(log_id), self._new_vkey(log_id, plan)
            if signs is None or signs == new:
                return False
            if log_id == LOG_OF_LOGS:
                self._change_remembered(memory, new, plan)
                return True
            change = KeyChange(new, plan.both_until, plan.old_key_lost, plan.by)
            return record_key_change(self._ledger, log_id, signs, change, now)

    def _change_remembered(self, memory: SignerMemory, new: str, plan: Plan) -> None:
        """Change the key of the log of logs, in the signer's memory; where that is lost, the tiles are trusted."""
        signed = memory.read()
        size = signed.size if signed else tree_size(self._connection, LOG_OF_LOGS)
        if signed is None:
            root = TiledTree(size, StoredTiles(self._connection, LOG_OF_LOGS)).root()
            signed = Signed(self._signing.origin(LOG_OF_LOGS), size, root)
        key = LogKey(new, since=size if plan.old_key_lost else size + 1)
        keys = signed.keys or self._keys(LOG_OF_LOGS)
        keys = rotated(keys, key, plan.both_until, old_key_lost=plan.old_key_lost)
        memory.write(replace(signed, keys=keys))

    def _new_vkey(self, log_id: str, plan: Plan) -> str:
        return self._signing.signer(log_id, plan.generation).verifier.write()


def read_plan(signing: Signing) -> Plan | None:
    """Return the last rotation, finished or not; None when there never was one.

    Raises:
        BrokenPlanError: its file is damaged.
    """
    files = signing.folder.iterdir() if signing.folder.is_dir() else ()
    found = [int(name[1]) for name in (PLAN_FILE.fullmatch(file.name) for file in files) if name]
    if not found:
        return None
    return parsed(_file(signing, max(found)), partial(_read, max(found)), BrokenPlanError)


def _read(generation: int, text: bytes) -> Plan:
    stored = json.loads(text)
    until = parse_instant(stored["both_until"])
    return Plan(generation, until, bool(stored["old_key_lost"]), str(stored["by"]))


def _file(signing: Signing, generation: int) -> Path:
    return signing.folder / f"rotation.{generation}.json"
