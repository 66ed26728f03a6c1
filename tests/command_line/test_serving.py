"""The installed command as it serves: tables built at its start, logs as lines of JSON, and a good end."""

from __future__ import annotations

import json
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.command_line.conftest import REGISTER
from tests.command_line.test_processes import PROGRAM, environment, run
from tests.http.following import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUILDING = "Building the tables of answers from the entries."
CONSORTIUM = "hajnowka-odnowa"


@contextmanager
def serving(data: Path, said: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve, and give the process and its port; what it says on standard error is kept in a file."""
    command = [str(PROGRAM), "serve", "--json", "--port", "0", "--data", str(data), "--lang", "en"]
    with (
        said.open("w") as errors,
        subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        url = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")["url"]
        try:
            yield process, int(url.rsplit(":", 1)[1])
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def test_serving_builds_missing_tables_once_and_ends_while_a_stream_is_open(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("import", str(REGISTER), "--data", str(data))
    for building in (True, False):
        said = tmp_path / f"said-{building}"
        with serving(data, said) as (process, port):
            stream = Stream(port, CONSORTIUM, 356)
            entries = stream.entries()
            assert next(entries)[0] == 357
            process.send_signal(signal.SIGTERM)
            # To its end, which the server made: whole chunks, and no broken connection.
            assert [version for version, _ in entries] in ([], [358])
            stream.close()
        told, *logged = [line for line in said.read_text(encoding="utf-8").splitlines() if "signing seed" not in line]
        assert (told == BUILDING) is building
        requests = [json.loads(line) for line in (logged if building else [told, *logged])]
        assert [line["route"] for line in requests] == ["/consortia/{consortium_id}/events"]
        assert requests[0]["status"] == 200
    assert '"compared": true' in run("rebuild", "--json", "--data", str(data))
