"""Views for spreadsheets and reporting tools, in the schema `reports`: what tables say today, and all they ever said.

reports.members            what holds today, as known now
reports.members_history    every row with its days, and the versions from which to which it was known
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psycopg.sql import SQL, Identifier, Literal

from projections.bitemporal.definition import LIVE
from projections.bitemporal.table import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection
    from psycopg.sql import Composed

    from projections.bitemporal.table import Table

REPORTS: Final = "reports"
TODAY: Final = SQL("(now() AT TIME ZONE 'Europe/Warsaw')::date")

LAST_VERSION: Final = SQL("9223372036854775807")
"""Greater than any: whatever is known now."""


HISTORY_COLUMNS: Final = (
    Column("holds_from", Kind.DAY, "obowiązuje od", "holds from"),
    Column("holds_until", Kind.DAY, "do tego dnia już nie", "first day on which it does not hold any more"),
    Column("known_from_version", Kind.COUNT, "wiadome od wersji", "known from version"),
    Column("known_until_version", Kind.COUNT, "do tej wersji już nie", "first version as of which it was not known"),
)
"""What a view of all that was ever said has beside the table's own columns."""


def views(table: Table) -> dict[str, tuple[Column, ...]]:
    """Return the names of a table's views, with the columns of each in order."""
    first = Column("consortium_id", Kind.ID, "konsorcjum", "consortium")
    now = tuple(cell for column in table.columns for cell in _beside(column))
    stored = tuple(cell for column in table.stored for cell in _beside(column))
    return {table.name: (first, *now), f"{table.name}_history": (first, *stored, *HISTORY_COLUMNS)}


def _beside(column: Column) -> Iterator[Column]:
    """Walk a column, and the same amount in złoty beside it."""
    yield column
    if column.kind is Kind.GROSZE:
        name = column.name.removesuffix("_gr") + "_pln"
        yield Column(name, Kind.GROSZE, f"{column.polish} (zł)", f"{column.english} (PLN)")


def create_reports(connection: Connection, tables: Sequence[Table]) -> None:
    """Make the views anew over the live tables, in the transaction of `connection`.

    Whoever may look into their schema may read them.
    """
    connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(REPORTS)))
    for table in tables:
        for statement in _views(table):
            connection.execute(statement)
    made = SQL(", ").join(Identifier(REPORTS, name) for table in tables for name in views(table))
    for role in _readers(connection):
        connection.execute(SQL("GRANT SELECT ON {} TO {}").format(made, Identifier(role)))


def _readers(connection: Connection) -> list[str]:
    find = (
        "SELECT DISTINCT rolname FROM pg_namespace, aclexplode(nspacl) AS given JOIN pg_roles ON pg_roles.oid = grantee"
        " WHERE nspname = %s AND privilege_type = 'USAGE' AND rolname <> current_user ORDER BY rolname"
    )
    return [name for (name,) in connection.execute(find, [REPORTS])]


def _views(table: Table) -> Iterator[Composed]:
    history = Identifier(REPORTS, f"{table.name}_history")
    now = Identifier(REPORTS, table.name)
    source = Identifier(LIVE, table.name)
    columns = SQL(", ").join(cell for column in table.columns for cell in _cells(column))
    stored = SQL(", ").join(cell for column in table.stored for cell in _cells(column))
    yield SQL("DROP VIEW IF EXISTS {}, {}").format(now, history)
    yield SQL("CREATE VIEW {} AS SELECT consortium_id, {} FROM {} WHERE valid @> {} AND upper_inf(known)").format(
        now, columns, source, TODAY
    )
    yield SQL(
        "CREATE VIEW {} AS SELECT consortium_id, {}, lower(valid) AS holds_from, upper(valid) AS holds_until,"
        " lower(known) AS known_from_version, upper(known) AS known_until_version FROM {}"
    ).format(history, stored, source)
    title = f"{table.polish} / {table.english}"
    for name, named in views(table).items():
        yield SQL("COMMENT ON VIEW {} IS {}").format(Identifier(REPORTS, name), Literal(title))
        for column in named:
            place = Identifier(REPORTS, name, column.name)
            yield SQL("COMMENT ON COLUMN {} IS {}").format(place, Literal(f"{column.polish} / {column.english}"))


def _cells(column: Column) -> Iterator[Composed]:
    """Select a column; an amount also in złoty, which is exact in `numeric`."""
    expression = SQL("{}").format(Identifier(column.name))
    if column.sql is not None:
        text = column.sql.replace("%(valid_on)s::date", "{today}").replace("%(version)s::bigint", "{version}")
        expression = SQL("({})").format(SQL(text).format(today=TODAY, version=LAST_VERSION))
    own, *in_zloty = _beside(column)
    yield SQL("{} AS {}").format(expression, Identifier(own.name))
    for beside in in_zloty:
        yield SQL("({} / 100.0)::numeric(20, 2) AS {}").format(expression, Identifier(beside.name))
