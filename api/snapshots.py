"""Reading the database for a request: a small pool of connections, and one read-only snapshot a request."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from psycopg import Connection, IsolationLevel
from psycopg_pool import ConnectionPool

from projections.bitemporal.asking import PLANNING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

    from psycopg.rows import TupleRow

POOL_SIZE: Final = 8
"""More requests than these wait in turn."""

WAIT_SECONDS: Final = 5
"""How long a request waits for a connection before the database counts as not answering."""

QUERY_SECONDS: Final = 30
"""How long one query of a request may take."""


class Snapshots:
    """Connections that only read; a broken one is replaced before it is handed out."""

    def __init__(self, conninfo: str, query_seconds: float = QUERY_SECONDS) -> None:
        self._query_seconds = query_seconds
        self._pool: ConnectionPool[Connection[TupleRow]] = ConnectionPool(
            conninfo,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=WAIT_SECONDS,
            open=False,
            configure=self._only_reads,
            check=ConnectionPool.check_connection,
            name="snapshots",
        )

    def __enter__(self) -> Self:
        self._pool.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    @contextmanager
    def snapshot(self) -> Iterator[Connection[TupleRow]]:
        """Read within one transaction, so that what is read belongs together.

        Raises:
            psycopg.OperationalError: the database does not answer; the pool's own `PoolTimeout` is one, and
                `psycopg.errors.QueryCanceled`, when a query takes too long, another.
        """
        with self._pool.connection() as connection:
            yield connection

    def _only_reads(self, connection: Connection[TupleRow]) -> None:
        milliseconds = str(int(self._query_seconds * 1000))
        connection.execute("SELECT set_config('statement_timeout', %s, false)", [milliseconds])
        connection.execute(PLANNING)
        connection.commit()
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
