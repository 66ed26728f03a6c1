"""The logins beside the owner's, and giving them their rights.

    owner       makes the tables and gives the rights; needed for `migrate` alone
    service     reads entries and adds entries, and keeps the read models
    reader      looks at the views that are meant for it

A login of its own cannot be left by `RESET ROLE`, as one taken by `SET ROLE` can.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg
from psycopg.errors import DuplicateObject, InsufficientPrivilege, UniqueViolation
from psycopg.sql import SQL, Identifier

from domain.ledger.faults import UnfitRole, told_as_faults

if TYPE_CHECKING:
    from psycopg import Connection

SERVICE: Final = "consortium_ledger_service"
READER: Final = "consortium_ledger_reader"

_UNLIMITED: Final = """
    SELECT rolsuper OR rolcreaterole OR rolreplication OR EXISTS (
        SELECT FROM pg_class WHERE oid = 'public.ledger_events'::regclass AND pg_has_role(role.oid, relowner, 'MEMBER')
    ) FROM pg_roles AS role WHERE rolname = %s
"""


@dataclass(frozen=True, slots=True)
class Roles:
    """The names of the logins in one cluster."""

    service: str = SERVICE
    reader: str = READER


def exist(conninfo: str, roles: Roles) -> bool:
    """Tell whether both logins are there.

    Raises:
        LedgerUnavailable: the database does not answer.
    """
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        return all(_found(connection, role) is not None for role in (roles.service, roles.reader))


def grant(conninfo: str, roles: Roles, *grants: LiteralString) -> None:
    """Make the logins that are missing, without a password, and give rights, all in one transaction.

    `grants` are SQL with the places `{service}` and `{reader}`. Any number of processes may call it at once.

    Raises:
        UnfitRole: a login is missing and this one may not make it, or nothing can be refused to it.
        LedgerUnavailable: the database does not answer.
    """
    names = {"service": Identifier(roles.service), "reader": Identifier(roles.reader)}
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('consortium-ledger grants'))")
        for role in (roles.service, roles.reader):
            _require_fit(connection, role)
        database = Identifier(connection.info.dbname)
        connection.execute(SQL("GRANT CONNECT ON DATABASE {} TO {service}, {reader}").format(database, **names))
        # For schemas of its own, which hold what is worked out again at will; whatever is evidence stays the owner's.
        connection.execute(SQL("GRANT CREATE ON DATABASE {} TO {service}").format(database, **names))
        for text in grants:
            connection.execute(SQL(text).format(**names))


def is_restricted(conninfo: str) -> bool:
    """Tell whether this login is refused a change of history by its rights, and not by the triggers alone.

    Raises:
        LedgerUnavailable: the database does not answer.
    """
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        asked = "SELECT has_table_privilege('public.ledger_events', 'UPDATE, DELETE, TRUNCATE, TRIGGER')"
        return connection.execute(asked).fetchone() == (False,)


def may_migrate(conninfo: str) -> bool:
    """Tell whether this login may make tables and schemas here.

    Raises:
        LedgerUnavailable: the database does not answer.
    """
    with told_as_faults(), psycopg.connect(conninfo) as connection:
        asked = (
            "SELECT has_schema_privilege('public', 'CREATE') AND has_database_privilege(current_database(), 'CREATE')"
        )
        return connection.execute(asked).fetchone() == (True,)


def _require_fit(connection: Connection, role: str) -> None:
    if _found(connection, role) is None:
        _create(connection, role)
    if _found(connection, role) is not False:
        raise UnfitRole(role, missing=False)


def _found(connection: Connection, role: str) -> bool | None:
    """Tell whether nothing can be refused to a login; None when there is no such login."""
    row = connection.execute(_UNLIMITED, [role]).fetchone()
    return bool(row[0]) if row else None


def _create(connection: Connection, role: str) -> None:
    # Logins belong to the whole cluster, and another database of it may be prepared at this moment.
    with suppress(DuplicateObject, UniqueViolation):
        try:
            with connection.transaction():
                connection.execute(SQL("CREATE ROLE {} LOGIN").format(Identifier(role)))
        except InsufficientPrivilege as error:
            raise UnfitRole(role, missing=True) from error
