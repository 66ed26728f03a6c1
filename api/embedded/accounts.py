"""Which account the server runs as, and how a program is run as that account."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from api.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROOT = 0


@dataclass(frozen=True)
class Account:
    """An account of the system, by whose name PostgreSQL knows who comes in."""

    uid: int
    gid: int
    name: str

    def run(
        self, program: Path, *words: str, descriptors: Sequence[int] = (), output: IO[bytes] | int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, giving it the descriptors under the numbers they have here.

        The program stands in a session of its own, so Ctrl-C at a terminal reaches only us. It starts in `/`, for its
        account may not be allowed to enter where we are. Of the environment it gets nothing.
        """
        other = self.uid != os.geteuid()
        return subprocess.run(  # noqa: S603 - the programs are PostgreSQL's own, found by `binaries`
            [os.fspath(program), *words],
            check=False,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"LC_ALL": "C", "PATH": os.defpath},
            start_new_session=True,
            pass_fds=descriptors,
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
        )


def server_account(home: Path) -> Account:
    """Root hands its server over to the owner of the data, or of the home, or to an account kept for such things.

    Raises:
        EmbeddedPostgresError: the account has no name, or root finds none to hand over to.
    """
    if os.geteuid() != ROOT:
        return _account_of(os.geteuid())
    owners = (place.stat().st_uid for place in (home / "data", home) if place.exists())
    owner = next((uid for uid in owners if uid != ROOT), None)
    return _unprivileged_account() if owner is None else _account_of(owner)


def _account_of(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedPostgresError(
            pl=f"Konto o numerze {uid} nie ma nazwy w systemie, a PostgreSQL jej wymaga.",
            en=f"The account numbered {uid} has no name on this system, and PostgreSQL needs one.",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _unprivileged_account() -> Account:
    chosen = os.environ.get("CONSORTIUM_LEDGER_PG_ACCOUNT")
    names = [chosen] if chosen else ["postgres", "nobody"]
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in names:
        if name in known and known[name].pw_uid != ROOT:
            return Account(known[name].pw_uid, known[name].pw_gid, name)
    raise EmbeddedPostgresError(
        pl=f"PostgreSQL nie działa jako root, a żadnego z kont nie można użyć: {', '.join(names)}.",
        en=f"PostgreSQL does not run as root, and none of these accounts can be used: {', '.join(names)}.",
    )
