"""A rotation in a process of its own, which is killed before a line that was not reached before."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import domain.ledger.rotation
import projections.transparency.rotation
import projections.transparency.signing
from tests.keys.deployment import deployed

if TYPE_CHECKING:
    from types import FrameType

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["pytest", __name__])

WATCHED: Final = {
    domain.ledger.rotation.__file__: {"record_key_change"},
    projections.transparency.rotation.__file__: {"rotate", "_change_key", "_change_remembered"},
    projections.transparency.signing.__file__: {"create_generation", "write_durably"},
}
"""What changes anything, by file: the names of its functions."""

ONE_HOUR = timedelta(hours=1)


def rotate_until(database: str, folder: Path, at: datetime, line: int) -> int | None:
    """Rotate, and be killed before the line of this number, counted from 1 as lines are first reached; None: killed."""
    process = FORKING.Process(target=_rotate, args=(database, str(folder), at, line))
    process.start()
    process.join()
    return None if process.exitcode == -signal.SIGKILL else process.exitcode


def _rotate(database: str, folder: str, at: datetime, line: int) -> None:
    with deployed(database, Path(folder)) as deployment:
        deployment.now = at
        reached: set[tuple[str, int]] = set()

        def trace(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ANN401 - as the interpreter calls it
            code = frame.f_code
            if code.co_name not in WATCHED.get(code.co_filename, ()):
                return None
            if event == "line":
                reached.add((code.co_filename, frame.f_lineno))
                if len(reached) == line:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        deployment.rotate(ONE_HOUR, again=True)
