"""Where a benchmark works: a log as a folder of files, and a ledger on a PostgreSQL of its own."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from api.embedded import EmbeddedPostgres
from domain.ledger.ledger import Ledger
from domain.transparency.bundle import bundles, join
from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.keys import derive_signer
from domain.transparency.tile import WIDTH
from domain.transparency.tiled_tree import TilesInHand, grow
from domain.transparency.tree import leaf_hash, root_of
from projections.preparation import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection

    from domain.transparency.keys import SignerKey

HOST: Final = "bench.example"


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder, and remove it afterwards."""
    made = Path(tempfile.mkdtemp(prefix="consortium-ledger-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def database() -> Iterator[str]:
    """Give the connection string of a migrated, empty database on a server that nobody else uses."""
    with folder() as home, EmbeddedPostgres(home / "postgres") as cluster:
        conninfo = cluster.conninfo()
        prepare(conninfo)
        yield conninfo


@contextmanager
def copied(conninfo: str) -> Iterator[str]:
    """Copy a database to which nobody is connected; the copy goes with its server."""
    name, copy = conninfo_to_dict(conninfo)["dbname"], f"copy_{secrets.token_hex(6)}"
    with psycopg.connect(make_conninfo(conninfo, dbname="postgres"), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(copy), Identifier(str(name))))
    yield make_conninfo(conninfo, dbname=copy)


@contextmanager
def connected(conninfo: str) -> Iterator[tuple[Ledger, Connection]]:
    with Ledger.connect(conninfo) as ledger, psycopg.connect(conninfo, autocommit=True) as connection:
        yield ledger, connection


def write_log(root: Path, consortium_id: str, entries: Sequence[bytes]) -> SignerKey:
    """Write every file of a published log, and return the key that signed it."""
    leaves = [leaf_hash(entry) for entry in entries]
    for tile, data in grow(0, leaves, TilesInHand({})).items():
        _write(root / tile.path, data)
    for bundle in bundles(len(entries)):
        begin = bundle.index * WIDTH
        _write(root / bundle.path, join(entries[begin : begin + bundle.width]))
    origin = f"{HOST}/tlog/{consortium_id}"
    signer = derive_signer(bytes(32), origin)
    checkpoint = Checkpoint(origin, len(entries), root_of(leaves))
    _write(root / "checkpoint", sign_checkpoint(checkpoint, signer).write())
    return signer


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
