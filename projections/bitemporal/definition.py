"""The definition of the tables in SQL, made from their declarations.

Rows are found in three ways: the open row of a key (to close it), a page in the order of the key, and whatever holds
on a day as known at a version. The last is one GiST index over two ranges; so that one index serves thousands of
consortia, the range of versions is shifted by a number that depends on the consortium (two that share the number are
told apart by their ids). Rows that are added once and for all need no ranges: each has a first day and a version.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from psycopg.sql import SQL, Identifier, Literal

from projections.bitemporal.table import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psycopg import Connection
    from psycopg.sql import Composable, Composed

    from projections.bitemporal.table import Column, Table

LIVE: Final = "read"
"""The schema that is asked."""

TYPES: Final = {
    Kind.ID: SQL("text"),
    Kind.WORD: SQL("text"),
    Kind.TEXT: SQL("text"),
    Kind.DAY: SQL("date"),
    Kind.INSTANT: SQL("timestamptz"),
    Kind.GROSZE: SQL("bigint"),
    Kind.COUNT: SQL("bigint"),
    Kind.BASIS_POINTS: SQL("bigint"),
    Kind.FLAG: SQL("boolean"),
    Kind.IDS: SQL("text[]"),
}
TEXTS: Final = {Kind.ID, Kind.WORD, Kind.TEXT, Kind.IDS}

OF_CHANGING: Final = (
    SQL("CREATE UNIQUE INDEX ON {place} (consortium_id, {key}, lower(valid)) WHERE upper_inf(known)"),
    SQL("CREATE INDEX ON {place} (consortium_id, {key}, lower(known))"),
    SQL("CREATE INDEX ON {place} USING gist ({schema}.scoped(consortium_id, known), valid)"),
)
OF_LASTING: Final = (
    SQL("CREATE UNIQUE INDEX ON {place} (consortium_id, {key}, lower(valid))"),
    SQL("CREATE INDEX ON {place} (consortium_id, lower(valid))"),
)

COMMON: Final = SQL("""
CREATE SCHEMA {schema};
CREATE TABLE {schema}.made (fingerprint text NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE {schema}.moments (
    consortium_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    leaf_hash bytea NOT NULL,
    PRIMARY KEY (consortium_id, version)
);
CREATE INDEX ON {schema}.moments (consortium_id, recorded_at, version);
CREATE FUNCTION {schema}.scoped(consortium_id text, known int8range) RETURNS int8range
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT int8range((hashtext(consortium_id)::bigint << 32) + lower(known),
        CASE WHEN upper_inf(known) THEN (hashtext(consortium_id)::bigint << 32) + 4294967295
        ELSE (hashtext(consortium_id)::bigint << 32) + upper(known) END) $$;
CREATE FUNCTION {schema}.scoped(consortium_id text, version bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (hashtext(consortium_id)::bigint << 32) + version $$;
CREATE FUNCTION {schema}.scoped(consortium_id text, ids text[]) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT array_agg(consortium_id || '/' || id) FROM unnest(ids) AS id $$;
""")


def fingerprint(tables: Iterable[Table]) -> str:
    """Return what tells one set of tables from another: how they are made, and the revision of what they say."""
    told = hashlib.sha256(COMMON.as_string().encode())
    for table in tables:
        told.update(f"{table.name} {table.revision}\n".encode())
        told.update("".join(part.as_string() for part in statements(LIVE, table)).encode())
    return told.hexdigest()


def create(connection: Connection, schema: str, tables: Sequence[Table]) -> None:
    """Make a schema with empty tables, in the transaction of `connection`."""
    connection.execute(COMMON.format(schema=Identifier(schema)))
    for table in tables:
        for statement in statements(schema, table):
            connection.execute(statement)
    insert = SQL("INSERT INTO {}.made (fingerprint) VALUES (%s)").format(Identifier(schema))
    connection.execute(insert, [fingerprint(tables)])


def made(connection: Connection, schema: str) -> str | None:
    """Return the fingerprint of the definitions that a schema was made from; None where there is no schema."""
    there = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{schema}.made"]).fetchone()
    if there != (True,):
        return None
    row = connection.execute(SQL("SELECT fingerprint FROM {}.made").format(Identifier(schema))).fetchone()
    return str(row[0]) if row else None


def statements(schema: str, table: Table) -> Iterator[Composed]:
    """Walk the statements that make a table with its indexes and comments."""
    place = Identifier(schema, table.name)
    columns = SQL(", ").join(
        SQL("{} {}").format(Identifier(column.name), _type(column, table)) for column in table.stored
    )
    key = SQL(", ").join(map(Identifier, table.key))
    parts: dict[str, Composable] = {"place": place, "schema": Identifier(schema), "columns": columns, "key": key}
    yield SQL(
        'CREATE TABLE {place} (consortium_id text COLLATE "C" NOT NULL, {columns},'
        " valid daterange NOT NULL, known int8range NOT NULL)"
    ).format(**parts)
    for index in OF_CHANGING if table.closes else OF_LASTING:
        yield index.format(**parts)
    for column in table.stored:
        # The key's own index serves its first column.
        if column.filtered and column.name != table.key[0]:
            yield _filter_index(column).format(column=Identifier(column.name), **parts)
    yield SQL("COMMENT ON TABLE {place} IS {title}").format(title=Literal(f"{table.polish} / {table.english}"), **parts)


def _type(column: Column, table: Table) -> Composed:
    """Texts are ordered by their bytes, the same on every machine."""
    collated = SQL(' COLLATE "C"') if column.kind in TEXTS else SQL("")
    return TYPES[column.kind] + collated + (SQL(" NOT NULL") if column.name in table.key else SQL(""))


def _filter_index(column: Column) -> SQL:
    if column.kind is Kind.IDS:
        return SQL("CREATE INDEX ON {place} USING gin ({schema}.scoped(consortium_id, {column}))")
    # Nobody asks for rows without a value, and many columns seldom have one.
    return SQL("CREATE INDEX ON {place} (consortium_id, {column}, {key}) WHERE {column} IS NOT NULL")
