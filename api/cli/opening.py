"""Opening the ledger: on a server that was named, or on the embedded database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from api.embedded import EmbeddedPostgres, default_home
from domain.ledger.faults import WrongSchema
from domain.ledger.ledger import Ledger
from domain.ledger.roles import SERVICE, is_restricted, may_migrate
from projections.preparation import prepare, require_prepared
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
    """Open the ledger, and return the connection string beside it: that of the restricted login where there is one."""
    with database(options.data, options.server) as doors:
        bring_up_to_date(doors)
        with Ledger.connect(doors.service) as ledger:
            yield ledger, doors.service


class Doors(NamedTuple):
    """The connection strings of one database."""

    owner: str
    """Who makes the tables; on a named server whoever was named."""
    service: str
    """Who may read and add entries; on a named server whoever was named."""


def bring_up_to_date(doors: Doors) -> None:
    """Make or change tables where the login may; nothing is tried where they are those of this program.

    Raises:
        WrongSchema: they are not, and this login may not change them, or they are newer.
        LedgerUnavailable: the database does not answer.
    """
    if doors.owner != doors.service:
        prepare(doors.owner)
        return
    try:
        require_prepared(doors.owner)
    except WrongSchema as fault:
        if fault.found > fault.needed or not may_migrate(doors.owner):
            raise
        prepare(doors.owner, make_roles=False)


def warn_of_too_many_rights(options: Options, conninfo: str) -> None:
    """Say on standard error that only the triggers protect the record from this login, when that is so."""
    if not is_restricted(conninfo):
        polish = "Ten login może zmieniać tabele; do pracy ciągłej użyj roli z `consortium-ledger migrate`."
        english = "This login may change tables; to serve, use the role made by `consortium-ledger migrate`."
        click.echo(polish if options.language == "pl" else english, err=True)


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
def database(home: Path | None, server: str | None) -> Iterator[Doors]:
    """Return the connection strings of the server, or of the embedded database below `home`."""
    if server is not None:
        yield Doors(server, server)
        return
    with EmbeddedPostgres(home or default_home()) as postgres:
        yield Doors(postgres.conninfo(), postgres.conninfo(role=SERVICE))
