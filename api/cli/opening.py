"""Opening the ledger: on a server that was named, or on the embedded database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from api.embedded import EmbeddedPostgres, default_home
from domain.ledger.ledger import Ledger
from domain.ledger.schema import migrate
from projections.schema import migrate as migrate_read_models
from projections.transparency.signing import Signing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.cli.options import Options


@contextmanager
def opened(options: Options) -> Iterator[Ledger]:
    """Open the ledger, its tables brought up to date; close it, and stop what was started, at the end."""
    with opened_with_conninfo(options) as (ledger, _):
        yield ledger


@contextmanager
def opened_with_conninfo(options: Options) -> Iterator[tuple[Ledger, str]]:
    """Open the ledger, and return the connection string beside it."""
    with database(options.data, options.server) as conninfo:
        migrate(conninfo)
        migrate_read_models(conninfo)
        with Ledger.connect(conninfo) as ledger:
            yield ledger, conninfo


def signing_of(options: Options, host: str) -> Signing:
    """Return the keys' folder, beside the embedded database and never in it, and make the seed on first use."""
    folder = (options.data or default_home()) / "signer"
    signing = Signing(folder, host)
    if signing.create_seed():
        polish = f"Utworzono klucz podpisujący w {folder}; zrób jego kopię poza bazą danych."
        english = f"A signing seed was made in {folder}; back it up apart from the database."
        click.echo(polish if options.language == "pl" else english, err=True)
    return signing


@contextmanager
def database(home: Path | None, server: str | None) -> Iterator[str]:
    """Return the connection string of the server, or of the embedded database below `home`."""
    if server is not None:
        yield server
        return
    with EmbeddedPostgres(home or default_home()) as postgres:
        yield postgres.conninfo()
