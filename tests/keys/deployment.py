"""A deployment with consortia, a signer and a clock that stands where a test puts it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg

from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from domain.log_keys import key_history
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.keys import VerifierKey
from domain.transparency.note import Note
from projections.read_models import all_read_models
from projections.runner import Runner
from projections.transparency.keyring import vkeys_of
from projections.transparency.publisher import Publisher
from projections.transparency.rotation import Asked, Rotation
from projections.transparency.signing import Signing
from tests.ledger.scenario import application, clock, give, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from domain.log_keys import Rotation as KeyRotation
    from domain.transparency.checkpoint import OpenCheckpoint
    from projections.transparency.rotation import Outcome

HOST = "example.com"
FIRST, SECOND = "konsorcjum-jeden", "konsorcjum-dwa"
BEGIN = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
NINETY_DAYS = timedelta(days=90)


@dataclass
class Deployment:
    """One database and one signer's folder, as one process sees them."""

    ledger: Ledger
    connection: psycopg.Connection
    signing: Signing
    now: datetime = BEGIN

    def clock(self) -> datetime:
        return self.now

    @property
    def publisher(self) -> Publisher:
        return Publisher(self.ledger, self.connection, self.signing, self.clock)

    def found(self, *consortium_ids: str) -> None:
        with Writer(self.ledger, clock) as writer:
            for consortium_id in consortium_ids:
                give(writer, submissions(consortium_id)[:1])

    def grow(self, consortium_id: str) -> None:
        """Record one more entry and publish it."""
        with Writer(self.ledger, clock) as writer:
            give(writer, [application(consortium_id)])
        self.publish(consortium_id)

    def publish(self, *log_ids: str) -> None:
        Runner(self.ledger, self.connection, all_read_models(self.ledger)).catch_up()
        for log_id in log_ids:
            self.publisher.publish(log_id)

    def rotate(self, both_for: timedelta = NINETY_DAYS, *, lost: bool = False, again: bool = False) -> Outcome:
        asked = Asked(both_for, "op-1", old_key_lost=lost, again=again)
        return Rotation(self.ledger, self.connection, self.signing, self.clock).rotate(asked)

    def history(self, consortium_id: str) -> tuple[KeyRotation, ...]:
        return key_history(self.ledger.entries(consortium_id))

    def vkeys(self, log_id: str) -> list[str]:
        return list(vkeys_of(self.connection, log_id))

    def sizes(self, log_id: str) -> list[int]:
        rows = self.connection.execute(
            "SELECT size FROM transparency.checkpoints WHERE consortium_id = %s ORDER BY number", [log_id]
        )
        return [size for (size,) in rows]

    def note(self, log_id: str, size: int) -> bytes:
        row = self.connection.execute(
            "SELECT note FROM transparency.checkpoints WHERE consortium_id = %s AND size = %s", [log_id, size]
        ).fetchone()
        assert row is not None
        return bytes(row[0])

    def opened(self, log_id: str, size: int, *vkeys: str) -> OpenCheckpoint:
        keys = [VerifierKey.parse(vkey) for vkey in vkeys]
        return open_checkpoint(self.note(log_id, size), self.signing.origin(log_id), keys)

    def signed_by(self, log_id: str, size: int) -> list[int]:
        """Name the generations whose keys signed a checkpoint, in the order of their signatures."""
        signers = {self.signing.signer(log_id, one).verifier.key_id: one for one in self.signing.generations()}
        return [signers[one.key_id] for one in Note.parse(self.note(log_id, size)).signatures]

    def last_signed_by(self, log_id: str) -> list[int]:
        return self.signed_by(log_id, self.sizes(log_id)[-1])


@contextmanager
def deployed(database: str, folder: Path) -> Iterator[Deployment]:
    """Join a deployment whose database is prepared, and make its seed if it has none."""
    signing = Signing(folder, HOST)
    signing.create_seed()
    with Ledger.connect(database) as ledger, psycopg.connect(database, autocommit=True) as connection:
        yield Deployment(ledger, connection, signing)
