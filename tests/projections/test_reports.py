"""The views for spreadsheets, as the reader's login sees them: what is asked for today, and nothing else."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from domain.ledger.ledger import Ledger
from domain.ledger.roles import READER, SERVICE
from domain.values import day_of
from projections.bitemporal.asking import Asked, ask
from projections.bitemporal.rebuilding import ensure, rebuild
from projections.bitemporal.reports import views
from projections.bitemporal.table import Kind
from projections.preparation import prepare
from projections.questions import TABLES
from projections.read_models import all_read_models
from projections.runner import Runner
from tests.clusters import cloned_database
from tests.ledger.scenario import HAJNOWKA, history
from tests.ledger.sessions import wait_until_somebody_waits
from tests.projections.dumps import dump

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import LiteralString

    from api.embedded import EmbeddedPostgres
    from projections.bitemporal.table import Table


@pytest.fixture(scope="module")
def owner(cluster: EmbeddedPostgres) -> Iterator[str]:
    """The scenario, recorded and taken in by the service's login."""
    with cloned_database(cluster) as owner:
        prepare(owner)
        taken_in(as_login(owner, SERVICE))
        yield owner


@pytest.fixture
def reader(owner: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(as_login(owner, READER)) as reader:
        yield reader


def as_login(conninfo: str, user: str) -> str:
    return make_conninfo(conninfo, user=user, options="")


def taken_in(conninfo: str) -> None:
    with Ledger.connect(conninfo) as ledger, psycopg.connect(conninfo, autocommit=True) as connection:
        ledger.append(history())
        Runner(ledger, connection, all_read_models(ledger)).catch_up()


def read(connection: psycopg.Connection, view: str) -> list[dict[str, object]]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(SQL("SELECT * FROM {}").format(Identifier("reports", view))).fetchall()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_view_is_the_answer_for_today(owner: str, reader: psycopg.Connection, table: Table) -> None:
    with psycopg.connect(owner) as connection:
        asked = Asked(HAJNOWKA, day_of(datetime.now(UTC)), len(history()), limit=None)
        answer = ask(connection, table, asked)
    names = [column.name for column in table.columns]
    seen = [{name: row[name] for name in names} for row in read(reader, table.name)]
    assert sorted(map(repr, seen)) == sorted(map(repr, answer))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_view_has_the_columns_that_are_declared_with_their_headings(
    owner: str, reader: psycopg.Connection, table: Table
) -> None:
    for name, columns in views(table).items():
        with reader.cursor() as cursor:
            cursor.execute(SQL("SELECT * FROM {}").format(Identifier("reports", name)))
            assert [column.name for column in cursor.description or ()] == [column.name for column in columns]
        with psycopg.connect(owner) as connection:
            place = SQL("reports.{}").format(Identifier(name)).as_string()
            told = connection.execute(
                "SELECT col_description(%s::regclass, attnum) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum",
                [place, place],
            ).fetchall()
        assert [heading for (heading,) in told] == [f"{column.polish} / {column.english}" for column in columns]


def test_amounts_are_there_in_grosze_and_in_zloty(reader: psycopg.Connection) -> None:
    for table in TABLES:
        amounts = [column.name for column in table.stored if column.kind is Kind.GROSZE]
        for row in read(reader, f"{table.name}_history"):
            for name in amounts:
                grosze, zloty = row[name], row[f"{name.removesuffix('_gr')}_pln"]
                assert (zloty is None) is (grosze is None)
                assert zloty is None or (zloty * 100 == grosze and -zloty.as_tuple().exponent == 2)  # type: ignore[operator, attr-defined] # an amount is an int and a Decimal


def test_a_history_has_every_row_with_both_clocks(owner: str, reader: psycopg.Connection) -> None:
    with psycopg.connect(owner) as connection:
        stored = dump(connection)
    for table in TABLES:
        rows = read(reader, f"{table.name}_history")
        assert len(rows) == len(stored[table.name])
        assert all(row["known_from_version"] for row in rows)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT FROM read.members",
        "SELECT FROM public.ledger_events",
        "SELECT FROM transparency.checkpoints",
        "SELECT FROM public.read_models_progress",
        "SELECT read.scoped('x', 1)",
        "INSERT INTO reports.members (member_id) VALUES ('M99')",
        "UPDATE reports.members SET name = ''",
        "DELETE FROM reports.members_history",
        "DROP VIEW reports.members",
        "CREATE VIEW reports.mine AS SELECT 1",
        "CREATE TABLE reports.mine ()",
        "CREATE TABLE public.mine ()",
        "CREATE SCHEMA mine",
        "SET ROLE " + SERVICE,
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_the_reader_is_refused_everything_else(reader: psycopg.Connection, statement: LiteralString) -> None:
    with pytest.raises(InsufficientPrivilege):
        reader.execute(statement)


def test_the_reader_sees_only_views_of_reports(reader: psycopg.Connection) -> None:
    seen = reader.execute(
        "SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE relkind IN ('r', 'v', 'm', 'p') AND has_schema_privilege(relnamespace, 'USAGE')"
        " AND has_table_privilege(pg_class.oid, 'SELECT') AND nspname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    assert sorted(seen) == sorted(("reports", name) for table in TABLES for name in views(table))


def test_the_reader_still_reads_after_a_rebuilding_by_the_service_or_the_owner(
    owner: str, reader: psycopg.Connection
) -> None:
    for login in (as_login(owner, SERVICE), owner):
        with Ledger.connect(login) as ledger, psycopg.connect(login, autocommit=True) as connection:
            assert set((rebuild(ledger, connection, TABLES, lambda _: None) or {"": 1}).values()) == {0}
            assert connection.execute("SELECT current_user").fetchone() == (conninfo_to_dict(login)["user"],)
            found = connection.execute("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'read'")
            assert found.fetchone() == (SERVICE,)
        assert read(reader, "members_history")
        # Whoever does not end what it began to read is in the way of the next rebuilding.
        reader.rollback()


def test_tables_that_the_owner_made_give_way_to_those_of_the_service(database: str) -> None:
    prepare(database, make_roles=False)
    taken_in(database)
    service = as_login(database, SERVICE)
    prepare(database)
    with Ledger.connect(service) as ledger, psycopg.connect(service, autocommit=True) as connection:
        assert ensure(ledger, connection, TABLES, lambda _: None)
        assert not ensure(ledger, connection, TABLES, lambda _: None)
    # A second time nothing is taken away.
    prepare(database)
    with psycopg.connect(as_login(database, READER)) as reader:
        assert read(reader, "members_history")


@pytest.fixture
def modest_owner(cluster: EmbeddedPostgres, database: str) -> Iterator[str]:
    """Own a database, and nothing else in the cluster, by a login that may make no roles."""
    # That makes the logins of the cluster.
    prepare(database)
    name = f"modest_{secrets.token_hex(6)}"
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(SQL("CREATE ROLE {}").format(Identifier(name)))
        connection.execute(SQL("CREATE DATABASE {0} TEMPLATE template0 OWNER {0}").format(Identifier(name)))
        yield make_conninfo(cluster.conninfo(name), options=f"-c role={name}")
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        connection.execute(SQL("DROP ROLE {}").format(Identifier(name)))


def test_on_a_server_of_ones_own_an_owner_without_more_rights_is_enough(modest_owner: str) -> None:
    prepare(modest_owner)
    service, reader = as_login(modest_owner, SERVICE), as_login(modest_owner, READER)
    taken_in(service)
    prepare(modest_owner)
    with Ledger.connect(service) as ledger, psycopg.connect(service, autocommit=True) as connection:
        assert rebuild(ledger, connection, TABLES, lambda _: None) is not None
    with psycopg.connect(reader) as connection:
        assert read(connection, "members_history")


def test_a_login_to_which_the_tables_do_not_belong_is_refused_before_any_work(database: str) -> None:
    prepare(database)
    taken_in(database)
    service = as_login(database, SERVICE)
    with Ledger.connect(service) as ledger, psycopg.connect(service, autocommit=True) as connection:
        taken = list[int]()
        with pytest.raises(InsufficientPrivilege, match="permission denied to set role"):
            rebuild(ledger, connection, TABLES, taken.append)
        assert taken == []
        # What `migrate` is for.
        prepare(database)
        assert rebuild(ledger, connection, TABLES, taken.append) is None


def test_a_reader_that_ends_what_it_reads_lets_the_switch_through(owner: str, reader: psycopg.Connection) -> None:
    service = as_login(owner, SERVICE)
    assert read(reader, "members")
    with (
        Ledger.connect(service) as ledger,
        psycopg.connect(service, autocommit=True) as connection,
        ThreadPoolExecutor() as building,
    ):
        built = building.submit(rebuild, ledger, connection, TABLES, lambda _: None)
        wait_until_somebody_waits(owner, "wait_event_type = 'Lock' AND wait_event = 'relation'")
        assert not built.done()
        reader.rollback()
        assert built.result() is not None
    assert read(reader, "members")
