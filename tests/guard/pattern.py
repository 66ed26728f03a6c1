"""A published history with all that belongs to it, to be copied and then spoilt."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from domain.ledger.following import entries_after
from domain.ledger.ledger import Ledger
from domain.ledger.rotation import KeyChange, record_key_change
from domain.transparency.checkpoint import cosign_checkpoint
from domain.transparency.keys import SignatureType, SignerKey
from domain.transparency.note import Note, Signed
from projections.preparation import prepare
from projections.transparency.audit.auditing import opened_audit
from projections.transparency.cosignatures import Due, store
from projections.transparency.signing import Signing
from tests.clusters import cloned_database
from tests.guard.keepers import Keeping
from tests.ledger.scenario import HAJNOWKA, history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from domain.decider import Entry
    from projections.transparency.audit.finding import Finding

WITNESS = SignerKey("witness.example", SignatureType.COSIGNATURE, bytes(range(32)))

SIZES = (100, 256, 300, 357)
"""At which the pattern was published; then its keys were rotated, which is one entry more."""


@dataclass(frozen=True)
class Published:
    """A database with a published history, and the signer's folder that belongs to it."""

    name: str
    conninfo: str
    signing: Signing

    def findings(self) -> list[Finding]:
        found: list[Finding] = []
        with opened_audit(self.conninfo, self.signing, found.append) as audit:
            for log_id in audit.log_ids():
                audit.audit(log_id, lambda _: None)
        return found

    def spoil(self, *statements: LiteralString) -> None:
        """Do what only the owner can do, with every trigger and every constraint out of the way."""
        with psycopg.connect(self.conninfo) as connection:
            for schema, table in connection.execute(TABLES).fetchall():
                disable = SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(Identifier(schema, table))
                connection.execute(disable)
            for statement in statements:
                # `{one}` narrows a statement down to the log of the consortium.
                one = SQL(" WHERE consortium_id = {}").format(HAJNOWKA)
                assert connection.execute(SQL(statement).format(one=one)).rowcount != 0, statement


TABLES = (
    "SELECT table_schema, table_name FROM information_schema.tables"
    " WHERE table_schema IN ('public', 'transparency') AND table_type = 'BASE TABLE' ORDER BY 1, 2"
)


@contextmanager
def published(
    cluster: EmbeddedPostgres, folder: Path, upto: int = SIZES[-1], entries: Sequence[Entry] | None = None
) -> Iterator[Published]:
    """Make a history of some size, integrated and published step by step, its keys rotated at the end."""
    signing = Signing(folder, "example.com")
    signing.create_seed()
    with cloned_database(cluster) as conninfo:
        prepare(conninfo)
        with Ledger.connect(conninfo, pool_size=1) as ledger, psycopg.connect(conninfo, autocommit=True) as connection:
            ledger.append((entries or history())[:upto])
            keeping = Keeping(ledger, connection, signing)
            for size in (size for size in SIZES if size <= upto):
                keeping.keep(entries_after(ledger, keeping.runner.position())[: size - keeping.runner.position()])
            cosign(connection, folder)
            if upto == SIZES[-1]:
                rotate(ledger, signing)
                keeping.keep(entries_after(ledger, keeping.runner.position()))
        yield Published(str(psycopg.conninfo.conninfo_to_dict(conninfo)["dbname"]), conninfo, signing)


def cosign(
    connection: psycopg.Connection, folder: Path, only: int | None = None, at_seconds: int = 1_700_000_000
) -> None:
    """Keep what a witness says of each checkpoint, or of those of one size."""
    rows = connection.execute(
        "SELECT consortium_id, size, note FROM transparency.checkpoints"
        " WHERE size > 0 AND size = coalesce(%s, size) ORDER BY consortium_id, size",
        [only],
    )
    for log_id, size, data in rows.fetchall():
        note = Note.parse(bytes(data))
        line = cosign_checkpoint(note, WITNESS, at_seconds)
        signed = Signed(WITNESS.verifier, line)
        store(connection, folder, Due(log_id, size, note, 0), signed)


def rotate(ledger: Ledger, signing: Signing) -> None:
    """Record another key for the consortium's log; the old one goes on signing beside it."""
    signing.create_generation(2)
    old, new = (signing.signer(HAJNOWKA, generation).verifier.write() for generation in (1, 2))
    now = datetime.now(UTC)
    record_key_change(ledger, HAJNOWKA, old, KeyChange(new, now + timedelta(days=30), old_key_lost=False, by="op"), now)


@contextmanager
def copied(cluster: EmbeddedPostgres, pattern: Published, folder: Path) -> Iterator[Published]:
    name = f"copy_{secrets.token_hex(6)}"
    shutil.copytree(pattern.signing.folder, folder / "signer")
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
        names = {"copy": Identifier(name), "pattern": Identifier(pattern.name)}
        connection.execute(SQL("CREATE DATABASE {copy} TEMPLATE {pattern} STRATEGY file_copy").format(**names))
        try:
            yield Published(name, cluster.conninfo(name), Signing(folder / "signer", "example.com"))
        finally:
            connection.execute(SQL("DROP DATABASE {copy} WITH (FORCE)").format(**names))
