"""Long histories of a consortium that the rules allow, as the rows of the event store, in version order.

A history is that of Hajnówka, which comes with the product, gone on with by one season after another (`seasons.py`),
each command read, decided, written down and evolved as in the product, only without a database. So a history of any
size begins like every longer one, and only the longest that was asked for is kept, in a folder of the user's own.

    rows("hajnowka-odnowa", 200_000)      200,000 rows, made in some minutes or read from the folder
    load(conninfo, rows)                  straight into the table of a migrated ledger, by COPY
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import psycopg
from eventsourcing.persistence import StoredEvent

from bench.seasons import Season
from domain.consortium import Consortium
from domain.decider import Actor
from domain.ledger.entry import topic_of
from domain.ledger.submission import Step, Submission, decide_submission
from domain.requests import read_command, read_history_line, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bench.seasons import Who
    from domain.requests import Request

ROOT: Final = Path(__file__).parents[1]
REGISTER: Final = ROOT / "api" / "demo" / "hajnowka.jsonl"
KEPT_FROM: Final = 1000
"""Entries; shorter histories are made in no time."""
NAMESPACE: Final = UUID("3b1c06a2-95f1-5c8e-8f0e-0d9a4d1f6c57")
"""Of the command ids."""


def rows(consortium_id: str, size: int) -> Iterator[StoredEvent]:
    """Walk the first `size` rows of a consortium's history."""
    if size < KEPT_FROM:
        return islice(_made(consortium_id), size)
    return islice(_kept(consortium_id, size), size)


def load(conninfo: str, stored: Iterable[StoredEvent]) -> None:
    """Put rows into an empty stream of a migrated ledger, whole or not at all; read models are not told."""
    table = "public.ledger_events (originator_id, originator_version, topic, state)"
    with psycopg.connect(conninfo) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
            copy.set_types(["text", "int8", "text", "bytea"])
            for row in stored:
                copy.write_row((row.originator_id, row.originator_version, row.topic, row.state))
        cursor.execute("ANALYZE public.ledger_events")


class _Life:
    """A consortium that is told one command after another, a minute apart."""

    def __init__(self, consortium_id: str) -> None:
        self.consortium = Consortium(consortium_id)
        self._now: datetime | None = None
        self._commands = count(1)
        self._rows: list[StoredEvent] = []

    def pass_until(self, moment: datetime) -> None:
        self._now = max(moment, self._now or moment)

    def give(self, who: Who, command: str, data: dict[str, Any], *, under: str | None = None) -> None:
        assert self._now is not None  # noqa: S101 - a season begins with its morning
        self._now += timedelta(minutes=1)
        role, identity = who
        actor = Actor.model_validate({"role": role, "id": identity})
        asked = read_command(command, data)
        self._submit(Step(self._next_id(), asked, actor, self._now.date(), under), self._now)

    def tell(self, request: Request, recorded_at: datetime) -> None:
        """Give a command as a line of a register has it."""
        self._now = recorded_at
        step = Step(self._next_id(), request.command, request.actor, request.effective_on, request.under)
        self._submit(step, recorded_at)

    def lived(self) -> list[StoredEvent]:
        """Hand over what happened since this was asked last."""
        happened, self._rows = self._rows, []
        return happened

    def _next_id(self) -> str:
        return str(uuid5(NAMESPACE, f"{self.consortium.consortium_id}/{next(self._commands)}"))

    def _submit(self, step: Step, at: datetime) -> None:
        decision = decide_submission(self.consortium, Submission(self.consortium.consortium_id, (step,), at=at), at)
        self.consortium = decision.consortium
        self._rows += decision.rows


def _made(consortium_id: str) -> Iterator[StoredEvent]:
    """Live without end."""
    life = _Life(consortium_id)
    for line in REGISTER.read_bytes().splitlines():
        document = read_json(line)
        if document["command"] == "FoundConsortium":
            document["data"]["consortium_id"] = consortium_id
        read = read_history_line(document)
        life.tell(read.request, read.recorded_at)
        yield from life.lived()
    for number in count():
        Season(life, number).live()
        yield from life.lived()


def _kept(consortium_id: str, size: int) -> Iterator[StoredEvent]:
    """Read what was made once, a line a row, or make it; canonical JSON has no line endings."""
    file = _folder() / f"{consortium_id}-{_digest()}.jsonl"
    if not _has_lines(file, size):
        made = file.with_suffix(f".{os.getpid()}")
        with made.open("wb") as lines:
            lines.writelines(row.state + b"\n" for row in islice(_made(consortium_id), size))
        made.replace(file)
    with file.open("rb") as lines:
        for version, line in enumerate(lines, 1):
            state = line[:-1]
            yield StoredEvent(consortium_id, version, topic_of(state), state)


def _has_lines(file: Path, size: int) -> bool:
    if not file.exists():
        return False
    with file.open("rb") as lines:
        return sum(1 for _ in islice(lines, size)) == size


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"consortium-ledger-bench-{os.geteuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        message = f"{folder} belongs to somebody else"
        raise PermissionError(message)
    return folder


def _digest() -> str:
    """Tell histories apart by what made them; whether the rules still allow them is for `verification` to find."""
    digest = sha256()
    for file in (REGISTER, Path(__file__), Path(__file__).with_name("seasons.py")):
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
