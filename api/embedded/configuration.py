"""What the server is told: settings that keep every acknowledged word, and who may come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.ledger.roles import READER, SERVICE

if TYPE_CHECKING:
    from collections.abc import Mapping

# The owner of the database, which makes the tables.
ROLE: Final = "ledger"
# Everyone who may come in at all chooses how much it wants to be able to do.
ROLES: Final = (ROLE, SERVICE, READER)
DATABASE: Final = "ledger"

# What an acknowledged commit rests on; checked with the running server at every start.
DURABILITY: Final = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}

SETTINGS: Final = DURABILITY | {
    "cluster_name": "consortium-ledger",
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "50",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "statement_timeout": "60s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_duration_statement": "500ms",
    "log_lock_waits": "on",
    "log_line_prefix": "%m [%p] %q%a ",
    # A file for each day of the week, so the log never outgrows seven days.
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}

# For incremental base backups, where the server knows them.
SUMMARIES_SINCE_MAJOR: Final = 17
BUILTIN_LOCALE_SINCE_MAJOR: Final = 17

OWN_FILE: Final = "consortium-ledger.conf"
_WRITTEN: Final = "# Written at each start of the server.\n"


def files(settings: Mapping[str, str], major: int, accounts: set[str]) -> dict[str, str]:
    """Give the configuration files that are written into the data folder before each start.

    They are read after `postgresql.conf` and before what an operator chose with ALTER SYSTEM, which is left alone.
    `accounts` are the system's accounts that may come in, each known by its socket's peer credentials and as any of
    `ROLES`.
    """
    every = {**settings, **({"summarize_wal": "on"} if major >= SUMMARIES_SINCE_MAJOR else {})}
    return {
        OWN_FILE: _WRITTEN + "".join(f"{name} = {_quoted(value)}\n" for name, value in every.items()),
        "pg_hba.conf": _WRITTEN + "local all all peer map=own\nlocal replication all peer map=own\n",
        "pg_ident.conf": _WRITTEN
        + "".join(f'own "{account}" {role}\n' for account in sorted(accounts) for role in ROLES),
    }


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def initdb_options(major: int) -> list[str]:
    """Choose bytewise order with Unicode's upper and lower case: the same on every machine and for ever."""
    locale = ["--locale=C.UTF-8"]
    if major >= BUILTIN_LOCALE_SINCE_MAJOR:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return [
        *(f"--username={ROLE}", "--encoding=UTF8", "--data-checksums"),
        *("--auth-local=peer", "--auth-host=reject", *locale),
    ]
