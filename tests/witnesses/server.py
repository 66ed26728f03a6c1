"""A small witness that keeps state and verifies everything, by C2SP tlog-witness, on loopback."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, open_checkpoint
from domain.transparency.errors import Invalid, InvalidProof, NotSigned
from domain.transparency.keys import SignatureType, SignerKey
from domain.transparency.proof import verify_growth
from domain.transparency.tree import EMPTY_ROOT
from domain.transparency.witness import SIZE_TYPE, AddCheckpoint, write_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.transparency.keys import VerifierKey
    from domain.transparency.note import Note

TIME = 1_700_000_000


class Reply(NamedTuple):
    status: int
    body: bytes = b""
    media_type: str = "text/plain"


@dataclass
class WitnessState:
    """What a witness knows: the keys of logs by origin, and the last head of each that it cosigned."""

    key: SignerKey
    logs: dict[str, list[VerifierKey]]
    heads: dict[str, Checkpoint] = field(default_factory=dict)
    answered: list[int] = field(default_factory=list)
    open: Event = field(default_factory=Event)
    """Cleared: the witness takes requests and answers none."""
    changed: Condition = field(default_factory=Condition)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.open.set()

    def add_checkpoint(self, body: bytes) -> Reply:
        with self.lock:
            return self._judge(body)

    def _judge(self, body: bytes) -> Reply:
        try:
            asked = AddCheckpoint.parse(body)
            head = asked.checkpoint
            if head.origin not in self.logs:
                return Reply(404)
            open_checkpoint(asked.note.write(), head.origin, self.logs[head.origin])
        except NotSigned:
            return Reply(403)
        except Invalid as error:
            return Reply(400, str(error).encode())
        return self._consider(asked, head)

    def _consider(self, asked: AddCheckpoint, head: Checkpoint) -> Reply:
        if asked.old_size > head.size:
            return Reply(400)
        before = self.heads.get(head.origin, Checkpoint(head.origin, 0, EMPTY_ROOT))
        if asked.old_size != before.size or (head.size == before.size and head.root != before.root):
            return Reply(409, write_size(before.size), SIZE_TYPE)
        try:
            verify_growth(before.size, head.size, before.root, head.root, asked.proof)
        except InvalidProof:
            return Reply(422)
        self.heads[head.origin] = head
        lines = [self._stranger(asked.note), cosign_checkpoint(asked.note, self.key, TIME).write()]
        return Reply(200, "".join(f"{line}\n" for line in lines).encode())

    def _stranger(self, note: Note) -> str:
        """A signature line of a key that nobody knows, which clients must pass over."""
        other = SignerKey("stranger.example", SignatureType.COSIGNATURE, bytes([99] * 32))
        return cosign_checkpoint(note, other, TIME).write()

    def note_answer(self, status: int) -> None:
        with self.changed:
            self.answered.append(status)
            self.changed.notify_all()

    def wait_for_answers(self, count: int) -> list[int]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.answered) >= count, timeout=60)
            return list(self.answered)


@contextmanager
def witness_at_work(state: WitnessState) -> Iterator[str]:
    """Serve a witness; give its submission prefix."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.open.wait(timeout=60)
            reply = state.add_checkpoint(body) if self.path == "/some/prefix/add-checkpoint" else Reply(405)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
            state.note_answer(reply.status)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/some/prefix"
        finally:
            state.open.set()
            server.shutdown()
            thread.join()
