"""Tables that are made and brought up to date by `migrate`, never by a process that serves.

Each step is a file `schema-<version>.sql`, never changed once released; a table holds a row for each one taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg
from psycopg.sql import SQL, Identifier

from domain.ledger.faults import WrongSchema, told_as_faults

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Schema:
    """The steps of one package, up to the version that this program needs."""

    package: str
    """Where the files of the steps lie."""
    name: str
    """Of the tables together, to keep two processes from taking the same step."""
    table: str
    """In the schema `public`: the steps taken."""
    version: int

    def migrate(self, conninfo: str) -> None:
        """Bring a database up to `version`, in one transaction; any number of processes may call it at once.

        Raises:
            WrongSchema: the database is newer than this program.
            LedgerUnavailable: the database does not answer.
        """
        with told_as_faults(), psycopg.connect(conninfo) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"consortium-ledger {self.name}"])
            found = self.found(connection)
            if found > self.version:
                raise WrongSchema(found=found, needed=self.version)
            note = SQL("INSERT INTO {} (version) VALUES (%s)").format(Identifier("public", self.table))
            for version in range(found + 1, self.version + 1):
                connection.execute(self._step(version))
                connection.execute(note, [version])

    def found(self, connection: Connection) -> int:
        """Return the last step taken, 0 for none."""
        if connection.execute("SELECT to_regclass(%s)", [f"public.{self.table}"]).fetchone() == (None,):
            return 0
        last = SQL("SELECT max(version) FROM {}").format(Identifier("public", self.table))
        row = connection.execute(last).fetchone()
        return (row[0] if row else None) or 0

    def require(self, conninfo: str) -> None:
        """Make sure that a database is one for this program.

        Raises:
            WrongSchema: it was not migrated, or is newer than this program.
            LedgerUnavailable: the database does not answer.
        """
        with told_as_faults(), psycopg.connect(conninfo) as connection:
            found = self.found(connection)
        if found != self.version:
            raise WrongSchema(found=found, needed=self.version)

    def _step(self, version: int) -> LiteralString:
        text: LiteralString = (files(self.package) / f"schema-{version}.sql").read_text(encoding="utf-8")
        return text


LEDGER: Final = Schema(__package__, "schema", "ledger_schema", 2)
"""The tables of the ledger."""
