"""Bringing an existing register into an empty consortium, with its own dates, all of it or nothing.

The first entry says so (`HistoryImported`): it carries the file's SHA-256 and when it was brought, on the server's
clock, while the entries after it carry the `recorded_at` of their lines. Each line's command id is derived from the
SHA-256 and its number, so the same file again is a replay.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from pydantic import ValidationError

from domain.consortium import Consortium, evolve
from domain.decider import Actor, Entry
from domain.errors import Refusal
from domain.ledger.faults import Conflict
from domain.ledger.mapper import row_of
from domain.ledger.submission import Step, Submission, decide_submission
from domain.reasons import first_error, malformed
from domain.requests import read_history_line, read_json
from domain.statute.decisions import FoundConsortium
from domain.statute.events import HistoryImported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO, NoReturn

    from eventsourcing.persistence import StoredEvent

    from domain.ledger.ledger import Ledger
    from domain.requests import HistoryLine

MAX_LINE: Final = 65_536
"""Bytes of one line, its ending not counted; longer ones are refused without being read to the end."""

NOBODY: Final = "-"
"""Stands for the consortium of a file that does not begin with a founding; every line of it is refused."""

_NAMESPACE: Final = UUID("6e0f3c1e-51f1-5e0a-9d5b-0b7b6a5f2d11")
"""Of the command ids derived from imported lines."""


class LineRefused(Exception):  # noqa: N818 - an outcome of the rules, not an error of the program
    """A line that the rules forbid; nothing of the file is recorded."""

    def __init__(self, line: int, refusal: Refusal) -> None:
        super().__init__(line, refusal)
        self.line: Final = line
        """From 1."""
        self.refusal: Final = refusal


@dataclass(frozen=True, slots=True)
class History:
    """A file with a register: who brings it and when, and what it measures."""

    file: Path
    imported_by: str
    imported_at: datetime
    file_sha256: str
    lines: int

    @classmethod
    def measure(cls, file: Path, imported_by: str, imported_at: datetime) -> History:
        """Read the file once, to know its SHA-256 and its number of lines.

        Raises:
            OSError: it cannot be read.
        """
        digest, lines = sha256(), 0
        with file.open("rb") as stream:
            for chunk in iter(lambda: stream.readline(MAX_LINE), b""):
                digest.update(chunk)
                lines += chunk.endswith(b"\n")
            # A last line without an ending is a line as well.
            lines += bool(stream.tell()) and not chunk.endswith(b"\n")
        return cls(file, imported_by, imported_at, digest.hexdigest(), lines)

    def bring_into(self, ledger: Ledger, *, dry_run: bool = False, advance: Callable[[], None] = lambda: None) -> str:
        """Decide every line and store all entries in one transaction; with `dry_run` store nothing.

        Returns the id of the consortium.

        Raises:
            LineRefused: the first line that is malformed or that a rule forbids; `consortium-not-empty` for the first
                line when the consortium has another history.
        """
        rows: list[StoredEvent] = []
        consortium: Consortium | None = None
        for number, line in self._read():
            try:
                if consortium is None:
                    consortium, known = self._begin(ledger, line, rows)
                    if known:
                        return consortium.consortium_id
                consortium = self._take(consortium, line, rows)
            except Refusal as refusal:
                raise LineRefused(number, refusal) from refusal
            advance()
        if consortium is None:
            _refuse_first("blank_line")
        if not dry_run:
            self._store(ledger, consortium, rows)
        return consortium.consortium_id

    def _read(self) -> Iterator[tuple[int, HistoryLine]]:
        """Read line by line, each checked against the one before."""
        before: HistoryLine | None = None
        with self.file.open("rb") as stream:
            for number, text in enumerate(iter(lambda: stream.readline(MAX_LINE + 2), b""), 1):
                try:
                    line = _line(text, stream)
                    self._check_order(number, line, before)
                except Refusal as refusal:
                    raise LineRefused(number, refusal) from refusal
                yield number, line
                before = line

    def _check_order(self, number: int, line: HistoryLine, before: HistoryLine | None) -> None:
        if line.seq != number:
            malformed("/seq", "sequence", expected=number)
        if before is not None and line.recorded_at < before.recorded_at:
            malformed("/recorded_at", "decreasing")
        if line.recorded_at > self.imported_at:
            malformed("/recorded_at", "in_the_future")

    def _begin(self, ledger: Ledger, line: HistoryLine, rows: list[StoredEvent]) -> tuple[Consortium, bool]:
        """Return the consortium to which the file belongs, and whether this very file is its history already."""
        command = line.request.command
        consortium_id = command.consortium_id if isinstance(command, FoundConsortium) else NOBODY
        if self._is_history_of(ledger, consortium_id):
            return Consortium(consortium_id), True
        if next(ledger.entries(consortium_id, 0, 1), None) is not None:
            raise Refusal("consortium-not-empty", place="/data/consortium_id", id=consortium_id)
        entry = self._first_entry(consortium_id, line)
        if consortium_id != NOBODY:
            row, entry = row_of(entry)
            rows.append(row)
        return evolve(Consortium(consortium_id), entry), False

    def _is_history_of(self, ledger: Ledger, consortium_id: str) -> bool:
        """Tell whether the consortium's history began with this very file."""
        first = next(ledger.entries(consortium_id, 0, 1), None)
        imported = first.fact if first is not None else None
        return isinstance(imported, HistoryImported) and imported.file_sha256 == self.file_sha256

    def _first_entry(self, consortium_id: str, line: HistoryLine) -> Entry:
        command_id = uuid5(_NAMESPACE, f"{self.file_sha256}/0")
        try:
            fact = HistoryImported(
                file_sha256=self.file_sha256,
                lines=self.lines,
                imported_by=self.imported_by,
                imported_at=self.imported_at,
            )
            actor = Actor(role="operator", id=self.imported_by)
        except ValidationError as error:
            place, reason = first_error(error)
            raise Refusal("malformed", place=place, reason=reason) from None
        return Entry(
            consortium_id=consortium_id,
            version=1,
            event_id=str(uuid5(command_id, self.file_sha256)),
            command_id=str(command_id),
            recorded_at=line.recorded_at,
            effective_on=line.request.effective_on,
            actor=actor,
            under=None,
            fact=fact,
        )

    def _take(self, consortium: Consortium, line: HistoryLine, rows: list[StoredEvent]) -> Consortium:
        request = line.request
        command_id = str(uuid5(_NAMESPACE, f"{self.file_sha256}/{line.seq}"))
        step = Step(command_id, request.command, request.actor, request.effective_on, request.under)
        submission = Submission(consortium.consortium_id, (step,), at=line.recorded_at)
        decision = decide_submission(consortium, submission, line.recorded_at)
        rows += decision.rows
        return decision.consortium

    def _store(self, ledger: Ledger, consortium: Consortium, rows: list[StoredEvent]) -> None:
        try:
            ledger.append_rows(rows)
        except Conflict as conflict:
            # When the reply to the commit is lost, what stands there is what we brought.
            if self._is_history_of(ledger, consortium.consortium_id):
                return
            refusal = Refusal("consortium-not-empty", place="/data/consortium_id", id=consortium.consortium_id)
            raise LineRefused(1, refusal) from conflict


def _line(text: bytes, stream: BinaryIO) -> HistoryLine:
    """Read one line, which ends in LF or CRLF.

    Raises:
        Refusal: `malformed`.
    """
    body = text.removesuffix(b"\n").removesuffix(b"\r")
    if len(body) > MAX_LINE:
        _skip_rest(text, stream)
        malformed("", "line_too_long", limit=MAX_LINE)
    if not body.strip():
        malformed("", "blank_line")
    return read_history_line(read_json(body))


def _skip_rest(text: bytes, stream: BinaryIO) -> None:
    while text and not text.endswith(b"\n"):
        text = stream.readline(MAX_LINE)


def _refuse_first(kind: str) -> NoReturn:
    try:
        malformed("", kind)
    except Refusal as refusal:
        raise LineRefused(1, refusal) from refusal
