"""The embedded database as a process uses it: joined or started, shared with others, stopped by the last."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import psycopg
from psycopg import sql

from api.embedded import places
from api.embedded.configuration import DATABASE, DURABILITY, ROLE, SETTINGS
from api.embedded.errors import EmbeddedPostgresError, told_to_a_person
from api.embedded.locks import closing, exclusive, share, taken
from api.embedded.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType


class EmbeddedPostgres:
    """A PostgreSQL that lives in `home`, for any number of processes at once.

    An object belongs to one thread, and a process that forks shares its hold with its children.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        # One name for one home, because the place of the socket follows from it.
        self._server = Server(home.resolve(), SETTINGS | dict(settings or {}))
        self._mutex: int | None = None
        self._users: int | None = None

    @property
    def home(self) -> Path:
        return self._server.home

    def conninfo(self, dbname: str = DATABASE, role: str = ROLE) -> str:
        """Give the libpq connection string of a database, as one of `ROLES`, good from `start` to `stop`."""
        return self._server.conninfo(dbname, role)

    def postmaster_pid(self) -> int:
        return self._server.postmaster_pid()

    def start(self) -> str:
        """Join the running server, or make and start it; return what `conninfo` gives.

        Started already, it is looked after: a server that was killed since is started again, at the same address.

        Raises:
            EmbeddedPostgresError: there is none to be had, or one that would not keep what it acknowledged; nothing is
                held then.
        """
        with told_to_a_person(self.home):
            try:
                self._join()
            except BaseException:
                self.stop()
                raise
        return self.conninfo()

    def stop(self) -> bool:
        """Leave the server, and stop it unless somebody else uses it; say whether it stopped.

        Raises:
            EmbeddedPostgresError: it does not end. It is left all the same.
        """
        held = (self._mutex, self._users)
        self._mutex = self._users = None
        with told_to_a_person(self.home), ExitStack() as opened:
            for descriptor in held:
                if descriptor is not None:
                    opened.enter_context(closing(descriptor))
            return self._stopped_by_the_last(*held)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _join(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._mutex is None:
            self._mutex = places.open_file(self.home, ".mutex", os.O_RDWR)
        if self._users is None:
            self._users = places.open_file(self.home, ".users", os.O_RDWR)
        with exclusive(self._mutex):
            self._server.bring_up()
            share(self._users)
            with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
                self._require_durability(connection)
                _create_database(connection)

    def _stopped_by_the_last(self, mutex: int | None, users: int | None) -> bool:
        if mutex is None or users is None:
            return False
        with exclusive(mutex):
            if not taken(users):
                return False
            self._server.take_down()
            return True

    def _require_durability(self, connection: psycopg.Connection[tuple[str, str]]) -> None:
        """Refuse a server that may forget what it acknowledged, whoever told it so and where."""
        query = "SELECT name, setting FROM pg_settings WHERE name = ANY (%s) ORDER BY name"
        settings = connection.execute(query, [list(DURABILITY)]).fetchall()
        weak = ", ".join(f"{name} = {setting}" for name, setting in settings if setting != DURABILITY[name])
        if weak:
            raise EmbeddedPostgresError(
                pl=f"Baza danych w „{self.home}” mogłaby zgubić potwierdzony zapis ({weak}); włącz te ustawienia.",
                en=f"The database in “{self.home}” could lose what it acknowledged ({weak}); turn these settings on.",
            )


def _create_database(connection: psycopg.Connection[tuple[str, str]]) -> None:
    if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
