"""The library's infrastructure, reached by any connection string that libpq knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eventsourcing.postgres import PostgresFactory
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from domain.ledger.recorder import OneTripRecorder

if TYPE_CHECKING:
    from eventsourcing.utils import Environment

CONNINFO: Final = "CONNINFO"

POOL_WAIT_SECONDS: Final = 2
"""How long a caller waits for a connection before the ledger counts as unavailable."""

RECONNECT_SECONDS: Final = 1
"""How long one attempt to come back goes on; the next caller starts another."""

MANNERS: Final = {
    "fallback_application_name": "consortium-ledger",
    "connect_timeout": 5,
    # A server that vanished without a word is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


def settings(conninfo: str, *, pool_size: int) -> dict[str, str]:
    """Write the settings of the library for a service: tables are there already, the pool is as large as it gets."""
    return {
        CONNINFO: conninfo,
        "PERSISTENCE_MODULE": f"{ConninfoFactory.__module__}:{ConninfoFactory.__qualname__}",
        "CREATE_TABLE": "no",
        "ORIGINATOR_ID_TYPE": "text",
        "POSTGRES_POOL_SIZE": str(pool_size),
        "POSTGRES_MAX_OVERFLOW": "0",
        "POSTGRES_CONNECT_TIMEOUT": str(POOL_WAIT_SECONDS),
        # Asked for by the library; the connection string says it all.
        "POSTGRES_DBNAME": "",
        "POSTGRES_HOST": "",
        "POSTGRES_USER": "",
        "POSTGRES_PASSWORD": "",
    }


class ConninfoFactory(PostgresFactory):
    """Connects by a whole connection string, where the library knows five parts of one."""

    application_recorder_class = OneTripRecorder

    def __init__(self, env: Environment) -> None:
        super().__init__(env)
        pool = self.datastore.pool
        pool.kwargs = {**MANNERS, **conninfo_to_dict(env[CONNINFO]), "row_factory": dict_row}
        pool.reconnect_timeout = RECONNECT_SECONDS
