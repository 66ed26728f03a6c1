"""What the service's login may do with the record, and that it may do nothing else."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, LiteralString

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from domain.ledger.faults import UnfitRole, WrongSchema
from domain.ledger.ledger import Ledger
from domain.ledger.roles import READER, SERVICE, Roles, is_restricted, may_migrate
from domain.ledger.writer import Writer
from projections.preparation import prepare, require_prepared
from projections.read_models import all_read_models
from projections.runner import Runner
from projections.transparency.publisher import Publisher
from tests.ledger.scenario import HAJNOWKA, clock, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres
    from projections.transparency.signing import Signing

TABLES = (
    "SELECT table_schema, table_name FROM information_schema.tables"
    " WHERE table_schema IN ('public', 'transparency') AND table_type = 'BASE TABLE' ORDER BY 1, 2"
)
# What may change in place, and only so far as a trigger lets it.
GROWING = {
    ("public", "read_models_progress", "position"),
    ("transparency", "tiles", "hashes"),
    ("transparency", "trees", "size"),
}
COLUMNS = (
    "SELECT table_schema, table_name, column_name FROM information_schema.columns"
    " WHERE table_schema IN ('public', 'transparency') AND is_identity = 'NO' ORDER BY 1, 2, 3"
)


@pytest.fixture
def published(ledger: Ledger, service: str, signing: Signing) -> str:
    """A database in which everything was integrated and published, by the service."""
    with psycopg.connect(service, autocommit=True) as connection:
        Runner(ledger, connection, all_read_models(ledger)).catch_up()
        Publisher(ledger, connection, signing).publish(HAJNOWKA)
    return service


def asked(conninfo: str, question: LiteralString) -> list[tuple[str, ...]]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(question).fetchall()


def refused(conninfo: str, statement: LiteralString, *name: str) -> None:
    """Make sure that a statement is refused, on the table of this name where it has a place for one."""
    with psycopg.connect(conninfo) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(SQL(statement).format(*[Identifier(*name)] if name else []))


def test_the_whole_product_works_under_the_service_login(service: str, signing: Signing) -> None:
    with Ledger.connect(service) as ledger, psycopg.connect(service, autocommit=True) as connection:
        with Writer(ledger, clock) as writer:
            for each in submissions():
                writer.submit(each).result()
        runner = Runner(ledger, connection, all_read_models(ledger))
        assert runner.catch_up() == ledger.last_position()
        Publisher(ledger, connection, signing).publish(HAJNOWKA)
        assert connection.execute("SELECT max(size) FROM transparency.checkpoints").fetchone() == (357,)
    assert is_restricted(service)
    assert not may_migrate(service)


def test_there_are_tables_to_be_protected(published: str) -> None:
    assert {("public", "ledger_events"), ("transparency", "tiles")} <= set(asked(published, TABLES))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}",
        "DELETE FROM {} WHERE false",
        "TRUNCATE {}",
        "DROP TABLE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN more integer",
        "ALTER TABLE {} OWNER TO " + SERVICE,
        "CREATE TRIGGER t BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE r AS ON INSERT TO {} DO INSTEAD NOTHING",
        "GRANT ALL ON {} TO PUBLIC",
        "CREATE INDEX ON {} ((1))",
    ],
)
def test_the_service_can_neither_take_away_nor_rebuild_any_table(published: str, statement: LiteralString) -> None:
    for schema, table in asked(published, TABLES):
        if statement.startswith("GRANT"):
            # No error, as SQL has it, but nobody gets anything.
            with psycopg.connect(published) as connection:
                before = connection.execute("SELECT relacl::text FROM pg_class ORDER BY oid").fetchall()
                connection.execute(SQL(statement).format(Identifier(schema, table)))
                assert connection.execute("SELECT relacl::text FROM pg_class ORDER BY oid").fetchall() == before
        else:
            refused(published, statement, schema, table)


def test_the_service_can_change_no_column_but_those_that_only_grow(published: str) -> None:
    for schema, table, column in asked(published, COLUMNS):
        update = SQL("UPDATE {} SET {column} = {column}").format(Identifier(schema, table), column=Identifier(column))
        with psycopg.connect(published) as connection:
            if (schema, table, column) in GROWING:
                connection.execute(update)
            else:
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(update)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transparency.trees SET size = size - 1",
        "UPDATE transparency.tiles SET hashes = substring(hashes FOR 32)",
        "UPDATE transparency.tiles SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)",
        "SET session_replication_role = replica",
        "SET ROLE ledger",
        "SET SESSION AUTHORIZATION ledger",
        "SELECT setval('ledger_events_notification_id_seq', 1)",
        "ALTER SEQUENCE ledger_events_notification_id_seq RESTART",
        "INSERT INTO ledger_events (notification_id) VALUES (1000000)",
        "INSERT INTO ledger_schema (version) VALUES (99)",
        "INSERT INTO read_models_schema (version) VALUES (99)",
        "INSERT INTO ledger_events (topic) VALUES ('') ON CONFLICT (notification_id) DO UPDATE SET state = ''",
        "CREATE TABLE public.mine ()",
        "CREATE TABLE transparency.mine ()",
        "CREATE OR REPLACE FUNCTION transparency.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "DROP FUNCTION ledger_events_append",
        "DROP SCHEMA transparency CASCADE",
        "CREATE ROLE another",
        "SELECT pg_read_file('PG_VERSION')",
        "COPY ledger_events TO PROGRAM 'true'",
        "LOCK TABLE ledger_events IN ACCESS EXCLUSIVE MODE",
    ],
)
def test_the_service_is_refused(published: str, statement: LiteralString) -> None:
    refused(published, statement)


def test_the_login_cannot_be_left_for_a_mightier_one(published: str) -> None:
    with psycopg.connect(published, autocommit=True) as connection:
        connection.execute("RESET ROLE")
        connection.execute("RESET SESSION AUTHORIZATION")
        connection.execute("DISCARD ALL")
        assert connection.execute("SELECT session_user, current_user").fetchone() == (SERVICE, SERVICE)


@pytest.mark.parametrize("replication_role", ["origin", "replica"])
def test_even_the_owner_changes_no_evidence_before_disabling_a_trigger(
    owner: str, published: str, replication_role: str
) -> None:
    growing = {(schema, table) for schema, table, _ in GROWING}
    for schema, table, column in asked(published, COLUMNS):
        names = {"table": Identifier(schema, table), "column": Identifier(column)}
        changes = ["DELETE FROM {table}", "TRUNCATE {table}"]
        changes += [] if (schema, table) in growing else ["UPDATE {table} SET {column} = {column}"]
        for change in changes:
            with psycopg.connect(owner) as connection:
                connection.execute("SELECT set_config('session_replication_role', %s, false)", [replication_role])
                with pytest.raises(InsufficientPrivilege, match="is refused"):
                    connection.execute(SQL(change).format(**names))


def test_every_trigger_fires_in_a_session_that_only_replicates_too(published: str) -> None:
    with psycopg.connect(published) as connection:
        weak = connection.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgenabled <> 'A'"
            " AND relnamespace IN ('public'::regnamespace, 'transparency'::regnamespace)"
        ).fetchall()
    assert weak == []


def test_the_reader_sees_nothing_but_what_is_made_for_it(published: str, reader: str) -> None:
    for schema, table in asked(published, TABLES):
        refused(reader, "SELECT FROM {}", schema, table)


def test_the_reader_gets_the_views_of_reports(owner: str, reader: str) -> None:
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE VIEW reports.sizes AS SELECT count(*) AS entries FROM ledger_events")
    prepare(owner)
    with psycopg.connect(reader) as connection:
        assert connection.execute("SELECT entries FROM reports.sizes").fetchone() == (0,)
    refused(reader, "DROP VIEW reports.sizes")


def test_the_service_makes_and_drops_schemas_of_its_own(service: str) -> None:
    with psycopg.connect(service) as connection:
        connection.execute("CREATE SCHEMA read_next")
        connection.execute("CREATE TABLE read_next.members ()")
        connection.execute("ALTER SCHEMA read_next RENAME TO read")
        connection.execute("DROP SCHEMA read CASCADE")


def test_rights_that_somebody_added_are_taken_back(owner: str, service: str) -> None:
    with psycopg.connect(owner) as connection:
        connection.execute(SQL("GRANT ALL ON ledger_events, transparency.tiles TO {}").format(Identifier(SERVICE)))
        connection.execute("GRANT ALL ON ledger_events TO PUBLIC")
    prepare(owner)
    refused(service, "ALTER TABLE ledger_events DISABLE TRIGGER ALL")
    refused(service, "DELETE FROM ledger_events")
    assert is_restricted(service)


def test_preparing_again_changes_nothing(owner: str) -> None:
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relacl IS NOT NULL ORDER BY 1"
    before = asked(owner, rights)
    prepare(owner)
    assert asked(owner, rights) == before
    require_prepared(owner)


def test_the_owner_is_no_service(owner: str) -> None:
    with pytest.raises(UnfitRole, match="ledger: may do everything"):
        prepare(owner, Roles(service="ledger"))


@pytest.fixture
def modest_owner(cluster: EmbeddedPostgres) -> Iterator[str]:
    """Own a database, and nothing else in the cluster, by a login that may make no roles."""
    name = f"modest_{secrets.token_hex(6)}"
    with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(SQL("CREATE ROLE {}").format(Identifier(name)))
        connection.execute(SQL("CREATE DATABASE {0} TEMPLATE template0 OWNER {0}").format(Identifier(name)))
        yield make_conninfo(cluster.conninfo(name), options=f"-c role={name}")
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
        connection.execute(SQL("DROP ROLE {}").format(Identifier(name)))


def test_an_owner_without_more_rights_prepares_a_database(owner: str, modest_owner: str) -> None:
    # `owner` made the logins in the cluster.
    prepare(modest_owner)
    database = psycopg.conninfo.conninfo_to_dict(modest_owner)["dbname"]
    service = make_conninfo(owner, dbname=database, user=SERVICE)
    require_prepared(service)
    refused(service, "DELETE FROM ledger_events")


def test_an_owner_that_may_make_no_roles_is_told_which_one_is_missing(modest_owner: str) -> None:
    with pytest.raises(UnfitRole, match="nobody_made_this: missing"):
        prepare(modest_owner, Roles(service="nobody_made_this"))
    prepare(modest_owner, Roles(service="nobody_made_this"), make_roles=False)
    require_prepared(modest_owner)


def test_a_service_may_not_migrate_and_is_told_so_by_the_schema(cluster: EmbeddedPostgres, owner: str) -> None:
    service = make_conninfo(owner, user=SERVICE)
    with psycopg.connect(owner) as connection:
        connection.execute("ALTER TABLE read_models_schema DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM read_models_schema WHERE version = 2")
    with pytest.raises(WrongSchema, match="version 1, this program needs 2"):
        require_prepared(service)
    assert not may_migrate(service)
    assert cluster.conninfo(role=READER).count(READER) == 1
