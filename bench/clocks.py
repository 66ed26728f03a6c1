"""The processor's clock of this process and of the server that works for it, which does not run while others have it.

A wait for the disk does not show on it, and neither does what both do at the same time count only once.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection

PROCESSES: Final = Path("/proc")
TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
PARENT: Final = 1
"""Where the parent stands in what the kernel tells of a process, behind its name; then what it used itself, in its
own and in the kernel's code, and what those of its children used that have ended."""
OWN: Final = slice(11, 13)
ENDED: Final = slice(13, 15)


def processor_clock(connection: Connection) -> Callable[[], float]:
    """Return a clock, in seconds, of this process and all of the server at the other end; on Linux only."""
    (server,) = (int(told[PARENT]) for told in _told(str(connection.info.backend_pid)))

    def seconds() -> float:
        (root,) = _told(str(server))
        children = (told for folder in PROCESSES.glob("[0-9]*") for told in _told(folder.name))
        of_children = (sum(map(int, told[OWN])) for told in children if int(told[PARENT]) == server)
        ticks = sum(map(int, root[OWN])) + sum(map(int, root[ENDED])) + sum(of_children)
        return process_time() + ticks * TICK

    return seconds


def _told(process: str) -> Iterator[list[str]]:
    with suppress(FileNotFoundError, ProcessLookupError):
        # The name stands in brackets and may have any character in it.
        yield (PROCESSES / process / "stat").read_text().rpartition(")")[2].split()
