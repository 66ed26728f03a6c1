"""Logs as folders, signed by keys of the test's own, and a plain file server for them on loopback."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from api.command_line import main
from domain.consortium import Consortium, evolve
from domain.ledger.mapper import row_of
from domain.ledger.migration import History
from domain.transparency.bundle import bundles, join
from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.keys import derive_signer
from domain.transparency.tile import WIDTH
from domain.transparency.tiled_tree import TilesInHand, grow
from domain.transparency.tree import leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from click.testing import Result

    from domain.requests import HistoryLine
    from domain.transparency.keys import SignerKey
    from domain.transparency.note import Signature

REGISTER = Path(__file__).parents[1] / "scenario" / "hajnowka" / "commands.jsonl"
CONSORTIUM = "hajnowka-odnowa"
ORIGIN = f"example.com/tlog/{CONSORTIUM}"
KEY = derive_signer(bytes(32), ORIGIN)
OTHER_KEY = derive_signer(bytes([7] * 32), ORIGIN)
"""Of the same name, as after a change of the key, or as somebody makes who has not the seed."""


@cache
def scenario() -> tuple[bytes, ...]:
    """The stored bytes of the scenario's entries, decided without a database."""
    history = History.measure(REGISTER, imported_by="op", imported_at=datetime(2026, 1, 1, tzinfo=UTC))
    rows: list[Any] = []
    consortium: Consortium | None = None
    for _, line in history._read():
        if consortium is None:
            consortium = _begun(history, line, rows)
        consortium = history._take(consortium, line, rows)
    return tuple(row.state for row in rows)


def _begun(history: History, line: HistoryLine, rows: list[Any]) -> Consortium:
    row, entry = row_of(history._first_entry(CONSORTIUM, line))
    rows.append(row)
    return evolve(Consortium(CONSORTIUM), entry)


@dataclass
class LogFolder:
    """A log in a folder, and whoever can sign for it."""

    folder: Path
    origin: str = ORIGIN
    keys: tuple[SignerKey, ...] = (KEY,)
    sizes: list[int] = field(default_factory=list)

    def publish(self, entries: Sequence[bytes], *cosignatures: Signature) -> bytes:
        """Write every file of a log of these entries, whatever was there before, and return the checkpoint."""
        leaves = [leaf_hash(entry) for entry in entries]
        for tile, data in grow(0, leaves, TilesInHand({})).items():
            self.write(tile.path, data)
        for bundle in bundles(len(entries)):
            begin = bundle.index * WIDTH
            self.write(bundle.path, join(entries[begin : begin + bundle.width]))
        note = sign_checkpoint(Checkpoint(self.origin, len(entries), root_of(leaves)), *self.keys)
        data = note.with_signatures(cosignatures).write() if cosignatures else note.write()
        self.write("checkpoint", data)
        self.write(f"checkpoint.d/{len(entries)}", data)
        self.sizes = sorted({*self.sizes, len(entries)})
        self.write("checkpoints", "".join(f"{size}\n" for size in self.sizes).encode())
        return data

    def write_vkeys(self, *keys: SignerKey) -> None:
        self.write("vkeys", "".join(f"{key.verifier.write()}\n" for key in keys).encode())

    def write(self, path: str, data: bytes) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def log_folder(folder: Path, entries: Sequence[bytes], **more: Any) -> LogFolder:  # noqa: ANN401 - the fields of a log
    """Write a log and its list of keys."""
    log = LogFolder(folder, **more)
    log.publish(entries)
    log.write_vkeys(*log.keys)
    return log


class _QuietHandler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_QuietHandler, directory=str(folder))) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def audit(*words: str | Path, status: int = 0) -> Result:
    """Give a command and expect this exit status."""
    result = CliRunner(env={"CONSORTIUM_LEDGER_LANG": "en"}).invoke(main, [str(word) for word in words])
    assert result.exit_code == status, (result.output, result.stderr, result.exception)
    return result


def audit_json(*words: str | Path, status: int = 0) -> Any:  # noqa: ANN401 - any JSON document
    return json.loads(audit(*words, "--json", status=status).stdout)


REWRITTEN = 2
"""The index of the entry that `rewritten` changes."""


def rewritten() -> list[bytes]:
    """The history with the revenue of a member changed in one entry, and every rule still kept."""
    entries = list(scenario())
    told, made_up = b'"annual_revenue_gr":241000000', b'"annual_revenue_gr":251000000'
    assert entries[REWRITTEN].count(told) == 1
    entries[REWRITTEN] = entries[REWRITTEN].replace(told, made_up)
    return entries
