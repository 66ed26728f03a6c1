"""A real PostgreSQL of one's own, started when nobody named a server.

    <home>/data        the database cluster; belongs to the account that the server runs as, mode 0700
    <home>/sock        the folder of its socket, or a link to one where this path will not do
    <home>/start.log   what the last start said; afterwards the server writes to data/log, seven days of it
    <home>/.mutex      held while someone starts or stops the server
    <home>/.users      held, shared, by each process that uses it; the last to leave stops it
    <home>/.server     held by every process of the server itself

All three locks belong to the kernel (`flock`), so a killed process lets go of its own and no list of pids can go stale.
Whoever holds `.server` knows that no process of an earlier server lives, whatever `postmaster.pid` says.

The server is given its folders as open descriptors, `/proc/self/fd/N`. So it runs below folders that its account may
not enter, and nobody's permissions are touched. PostgreSQL refuses to run as root; root's server runs as the owner of
the data or of the home, or else as the account in `CONSORTIUM_LEDGER_PG_ACCOUNT`, `postgres` or `nobody`.

The programs come from the folder in `CONSORTIUM_LEDGER_PG_BIN`, or from a wheel, or from the system. Linux only.
"""

from api.embedded.errors import EmbeddedPostgresError
from api.embedded.places import default_home
from api.embedded.supervisor import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "default_home"]
