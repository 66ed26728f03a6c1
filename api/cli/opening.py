"""Opening the ledger: on a server that was named, or on the embedded database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click
import psycopg

from api.cli.endings import Ending
from api.embedded import EmbeddedPostgres, default_home
from domain.ledger.faults import WrongSchema, told_as_faults
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
    """Open the ledger to read what is stored; close it, and stop what was started, at the end.

    Raises:
        Ending: there is no database.
    """
    with opened_with_conninfo(options, make=False) as (ledger, _):
        yield ledger


@contextmanager
def opened_with_conninfo(options: Options, *, make: bool = True) -> Iterator[tuple[Ledger, str]]:
    """Open the ledger, and return the connection string beside it: that of the restricted login where there is one.

    Raises:
        Ending: there is no database, and none is to be made.
    """
    with database(options, make=make) as doors:
        bring_up_to_date(doors)
        with Ledger.connect(doors.service) as ledger:
            yield ledger, doors.service


def require_database(options: Options) -> None:
    """Refuse a folder that has no database, where none is to be made: most likely its name is mistyped.

    Raises:
        Ending: no server is named, and the folder has none.
    """
    home = home_of(options)
    if options.server is None and not (home / "data").exists():
        polish = f"W folderze {home} nie ma bazy danych; wskaż inny przez --data."
        raise Ending(polish, f"There is no database in the folder {home}; name another by --data.")


def home_of(options: Options) -> Path:
    """Return the data folder: the one that was named, or the usual one."""
    return options.data or default_home()


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


def signing_of(options: Options, host: str, conninfo: str | None = None) -> Signing:
    """Return the keys' folder, beside the embedded database and never in it, and make the seed on first use.

    Where `conninfo` leads to checkpoints, something was signed before, whatever became of the folder.
    """
    folder = home_of(options) / "signer"
    signing = Signing(folder, host)
    if signing.create_seed(signed_before=conninfo is not None and _has_checkpoints(conninfo)):
        polish = f"Utworzono klucz podpisujący w {folder}; zrób jego kopię poza bazą danych."
        english = f"A signing seed was made in {folder}; back it up apart from the database."
        click.echo(polish if options.language == "pl" else english, err=True)
    return signing


def _has_checkpoints(conninfo: str) -> bool:
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        return connection.execute("SELECT FROM transparency.checkpoints LIMIT 1").fetchone() is not None


@contextmanager
def database(options: Options, *, make: bool = True) -> Iterator[Doors]:
    """Return the connection strings of the server, or of the embedded database, which is made where there is none.

    Raises:
        Ending: there is none, and none is to be made.
    """
    if not make:
        require_database(options)
    if options.server is not None:
        yield Doors(options.server, options.server)
        return
    with EmbeddedPostgres(home_of(options)) as postgres:
        yield Doors(postgres.conninfo(), postgres.conninfo(role=SERVICE))
