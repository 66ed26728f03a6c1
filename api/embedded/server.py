"""One home's PostgreSQL: made, started, asked and stopped by whoever holds the home's mutex."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import pq
from psycopg.conninfo import make_conninfo

from api.embedded import places
from api.embedded.accounts import server_account
from api.embedded.binaries import find_binaries
from api.embedded.configuration import OWN_FILE, ROLE, files, initdb_options
from api.embedded.errors import EmbeddedPostgresError, one_line
from api.embedded.locks import closing, taken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from api.embedded.accounts import Account
    from api.embedded.binaries import Binaries

# Recovery after a crash replays at most max_wal_size, and an orphaned backend ends at its statement_timeout.
PATIENCE_SECONDS: Final = 300
PING_SECONDS: Final = 5
PAUSE_SECONDS: Final = 0.02

# The kernel gives no pid this high (PID_MAX_LIMIT is 2**22), and PostgreSQL takes it for a number.
NO_SUCH_PID: Final = 2**31 - 1


@dataclass(frozen=True)
class Server:
    """What can be done with the server of a home; its caller sees to it that nobody else does it at the same time."""

    home: Path
    settings: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.home / "data"

    def conninfo(self, dbname: str, role: str = ROLE) -> str:
        folder = places.socket_folder(self.home)
        return make_conninfo(host=str(folder), port=5432, user=role, dbname=dbname)

    def bring_up(self) -> None:
        """Return once the server takes connections; make and start it unless it runs.

        Raises:
            EmbeddedPostgresError: it cannot be made or started, or neither answers nor ends.
        """

        def up() -> bool:
            if (answer := self._ping()) is pq.Ping.NO_RESPONSE:
                return self._launched_unless_alive()
            return answer is pq.Ping.OK

        self._wait_until(up)

    def take_down(self) -> None:
        """Return once no process of the server lives.

        Raises:
            EmbeddedPostgresError: some process of it does not end.
        """
        self._wait_until(lambda: self._gone() or self._ping() is pq.Ping.OK)
        if not self._gone():
            account = server_account(self.home)
            with places.opened_folder(self.data, account) as data:
                words = ["-D", places.seen_through(data), "--mode=fast", "--no-wait"]
                account.run(self._binaries(account).folder / "pg_ctl", "stop", *words, descriptors=[data])
            self._wait_until(self._gone)
        places.forget_socket_folder(self.home)

    def postmaster_pid(self) -> int:
        """Read the number of the server's first process, as of its last start."""
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def _ping(self) -> pq.Ping:
        # A path that no socket can have has no server yet; libpq would not even take it.
        if not places.fit_for_a_socket(places.socket_folder(self.home)):
            return pq.Ping.NO_RESPONSE
        conninfo = make_conninfo(self.conninfo("postgres"), connect_timeout=PING_SECONDS)
        return pq.Ping(pq.PGconn.ping(conninfo.encode()))

    def _lifeline(self) -> int:
        return places.open_file(self.home, ".server", os.O_RDWR)

    def _gone(self) -> bool:
        with closing(self._lifeline()) as lifeline:
            return taken(lifeline)

    def _wait_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    pl=f"Baza danych w „{self.home}” ani nie odpowiada, ani się nie kończy; zobacz „{self._log()}”.",
                    en=f"The database in “{self.home}” neither answers nor ends; see “{self._log()}”.",
                )
            time.sleep(PAUSE_SECONDS)  # noqa: TID251 - another's server sends us nothing that we could wait for

    def _launched_unless_alive(self) -> bool:
        with closing(self._lifeline()) as lifeline:
            if not taken(lifeline):
                return False
            self._launch(lifeline)
            return True

    def _launch(self, lifeline: int) -> None:
        account = server_account(self.home)
        binaries = self._binaries(account)
        if not self.data.exists():
            self._initialise(account, binaries, lifeline)
        sockets = places.prepare_socket_folder(self.home, account)
        with places.opened_folder(self.data, account) as data, places.opened_folder(sockets, account) as socket:
            self._configure(data, account, binaries)
            _disown(data, socket, account)
            self._start(account, binaries, (data, socket, lifeline))

    def _initialise(self, account: Account, binaries: Binaries, lifeline: int) -> None:
        """Make the cluster aside and rename it when it is whole, so that a killed initdb leaves nothing half."""
        fresh = self.home / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        with places.opened_folder(fresh, account) as folder:
            words = ["-D", places.seen_through(folder), *initdb_options(binaries.major)]
            made = account.run(binaries.folder / "initdb", *words, descriptors=[folder, lifeline])
            if made.returncode != 0:
                reason = _complaint(made.stdout)
                raise EmbeddedPostgresError(
                    pl=f"Nie udało się utworzyć bazy danych w „{self.home}”: {reason}.",
                    en=f"The database in “{self.home}” could not be made: {reason}.",
                )
            standard = places.read_from(folder, "postgresql.conf") or ""
            places.write_into(folder, "postgresql.conf", f"{standard}\ninclude '{OWN_FILE}'\n", account)
            os.fsync(folder)
        fresh.rename(self.data)
        with closing(os.open(self.home, os.O_RDONLY)) as home:
            os.fsync(home)

    def _configure(self, data: int, account: Account, binaries: Binaries) -> None:
        # Root can read every file here anyway, so it may also come in at the door.
        accounts = {account.name, "root"}
        for name, text in files(self.settings, binaries.major, accounts).items():
            places.write_into(data, name, text, account)

    def _start(self, account: Account, binaries: Binaries, descriptors: tuple[int, int, int]) -> None:
        data, socket, _ = descriptors
        options = f"-c unix_socket_directories={places.seen_through(socket)}"
        words = ["-D", places.seen_through(data), "--wait", f"--timeout={PATIENCE_SECONDS}", "--options", options]
        log = places.open_file(self.home, "start.log", os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(log, "wb") as output:
            pg_ctl = binaries.folder / "pg_ctl"
            started = account.run(pg_ctl, "start", *words, descriptors=descriptors, output=output)
        if started.returncode != 0:
            log_file = self._log()
            reason = _complaint(log_file.read_text(encoding="utf-8", errors="replace"))
            raise EmbeddedPostgresError(
                pl=f"Baza danych w „{self.home}” nie uruchomiła się: {reason}; zobacz „{log_file}”.",
                en=f"The database in “{self.home}” did not start: {reason}; see “{log_file}”.",
            )

    def _binaries(self, account: Account) -> Binaries:
        if not self.data.exists():
            return find_binaries(account, None)
        try:
            major = int((self.data / "PG_VERSION").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            raise EmbeddedPostgresError(
                pl=f"Katalog „{self.data}” nie jest bazą danych PostgreSQL; wskaż inny katalog danych.",
                en=f"The folder “{self.data}” is no PostgreSQL database; choose another data folder.",
            ) from None
        return find_binaries(account, major)

    def _log(self) -> Path:
        """Name the file where the server spoke last: its own log, once it has got that far."""
        logs = [self.home / "start.log", *self.data.glob("log/*.log")]
        return max((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime_ns, default=logs[0])


def _disown(data: int, socket: int, account: Account) -> None:
    """Make the files of a killed server harmless; no process of it lives, for we hold its lifeline.

    Their pid may be a zombie's that nobody buries, or an innocent's after the machine or the container began anew, and
    PostgreSQL would refuse to start for either. The rest of the file stays: by it PostgreSQL itself looks for orphans.
    """
    _, newline, rest = (places.read_from(data, "postmaster.pid") or "").partition("\n")
    if newline:
        places.write_into(data, "postmaster.pid", f"{NO_SUCH_PID}\n{rest}", account)
    elif "postmaster.pid" in os.listdir(data):
        os.unlink("postmaster.pid", dir_fd=data)
    for name in os.listdir(socket):
        os.unlink(name, dir_fd=socket)


def _complaint(log: str) -> str:
    """Find the line that says what is wrong; programs of PostgreSQL go on talking after it."""
    lines = [line for line in log.splitlines() if line.strip()] or [""]
    grave = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "ERROR"))]
    return one_line((grave or lines)[-1])
