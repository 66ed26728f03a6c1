"""A process that uses a home's database: it says which server it got, and leaves at the end of its input."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from api.embedded import EmbeddedPostgres
from tests.house.tree import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Member:
    """The process as its parent sees it."""

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.member", str(home)],
            cwd=TOP,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def postmaster_pid(self) -> int:
        """Wait until the process has its server; to be asked once."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def leave(self) -> None:
        self._process.communicate()

    def die(self, blow: signal.Signals) -> None:
        self._process.send_signal(blow)
        self._process.communicate()


@contextmanager
def members(number: int, home: Path) -> Iterator[list[Member]]:
    started = [Member(home) for _ in range(number)]
    try:
        yield started
    finally:
        for member in started:
            member.die(signal.SIGKILL)


def main() -> None:
    with EmbeddedPostgres(Path(sys.argv[1])) as postgres:
        print(postgres.postmaster_pid(), flush=True)  # noqa: T201 - the parent reads it
        sys.stdin.read()


if __name__ == "__main__":
    main()
