"""Opening the ledger: on a server that was named, or on the embedded database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.embedded import EmbeddedPostgres, default_home
from domain.ledger.ledger import Ledger
from domain.ledger.schema import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.cli.options import Options


@contextmanager
def opened(options: Options) -> Iterator[Ledger]:
    """Open the ledger, its tables brought up to date; close it, and stop what was started, at the end."""
    with database(options.data, options.server) as conninfo:
        migrate(conninfo)
        with Ledger.connect(conninfo) as ledger:
            yield ledger


@contextmanager
def database(home: Path | None, server: str | None) -> Iterator[str]:
    """Return the connection string of the server, or of the embedded database below `home`."""
    if server is not None:
        yield server
        return
    with EmbeddedPostgres(home or default_home()) as postgres:
        yield postgres.conninfo()
