"""What is given to the ledger and what its giver holds afterwards; deciding it on a consortium's state is pure.

A command is known by its `command_id`. Its entries' ids are derived from that and from its content, so the same command
given again is recognised by the first of them (`docs/decisions/0003-command-identity.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from domain.consortium import Consortium, evolve
from domain.decide import decide
from domain.decider import Actor, Command, Entry, Given
from domain.errors import Refusal, require
from domain.ledger.canonical import NotCanonical, canonical
from domain.ledger.mapper import row_of
from domain.reasons import malformed
from domain.statute.decisions import FoundConsortium

if TYPE_CHECKING:
    from datetime import date, datetime

    from eventsourcing.persistence import StoredEvent


@dataclass(frozen=True, slots=True)
class Step:
    """One command with its id (a UUID in its usual lower-case form) and what surrounds it."""

    command_id: str
    command: Command
    actor: Actor
    effective_on: date
    under: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """Commands to one consortium that are recorded all together or not at all."""

    consortium_id: str
    steps: tuple[Step, ...]
    expected_version: int | None = None
    """The version on which the giver made up its mind; None when any will do."""
    at: datetime | None = None
    """The edge's clock when it came in; None for the writer's own."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof to the giver of a command that its entries are stored, and where."""

    command_id: str
    first_version: int
    last_version: int
    position: int
    """Of the last entry: who has read on to it has read them all."""
    recorded_at: datetime
    replayed: bool
    """Whether it was found recorded already: it had been given before, or its commit was not heard of."""


class StepRefused(Refusal):
    """A refusal, with the place of the command that caused it among the steps."""

    def __init__(self, refusal: Refusal, step: int) -> None:
        super().__init__(refusal.code, place=refusal.place, **refusal.fields)
        self.step: Final = step
        """From 0."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One step decided: the versions of its entries."""

    command_id: str
    first_version: int
    last_version: int
    replayed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A submission decided: where it leaves the consortium, and what is to be stored for that."""

    consortium: Consortium
    entries: tuple[Entry, ...]
    rows: tuple[StoredEvent, ...]
    """The entries, written down."""
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a submission would do: nothing of it is stored."""

    before: Consortium
    decision: Decision


def decide_submission(consortium: Consortium, submission: Submission, now: datetime) -> Decision:
    """Decide every step on the state that the one before left.

    Raises:
        StepRefused: `malformed`; `idempotency-key-reused`; `stale-version`, unless all of it was recorded before; and
            whatever the commands' own rules refuse.
    """
    state, entries, rows, outcomes = consortium, [], [], []
    for number, step in enumerate(submission.steps):
        try:
            made, outcome = _decide_step(state, submission, step, now, consortium.version)
            for row, entry in map(row_of, made):
                rows.append(row)
                entries.append(entry)
                state = evolve(state, entry)
        except NotCanonical as fault:
            raise StepRefused(Refusal("malformed", place=fault.place, reason=fault.reason), number) from fault
        except Refusal as refusal:
            raise StepRefused(refusal, number) from refusal
        outcomes.append(outcome)
    return Decision(state, tuple(entries), tuple(rows), tuple(outcomes))


def _decide_step(
    state: Consortium, submission: Submission, step: Step, now: datetime, version: int
) -> tuple[list[Entry], Outcome]:
    identity = _Identity(submission.consortium_id, step)
    earlier = state.receipts.get(step.command_id)
    if earlier is not None:
        known = earlier.first_event_id == identity.event_id(0)
        require(known, "idempotency-key-reused", place="/command_id", command_id=step.command_id)
        return [], Outcome(step.command_id, earlier.first_version, earlier.last_version, replayed=True)
    expected = submission.expected_version
    require(expected in {None, version}, "stale-version", expected=expected, version=version)
    made = _entries(state, step, identity, submission.at or now)
    return made, Outcome(step.command_id, state.version + 1, state.version + len(made), replayed=False)


def _entries(state: Consortium, step: Step, identity: _Identity, now: datetime) -> list[Entry]:
    if isinstance(step.command, FoundConsortium) and step.command.consortium_id != state.consortium_id:
        malformed("/data/consortium_id", "other_consortium", expected=state.consortium_id)
    # The clock may go backwards, history not.
    recorded_at = max(now.astimezone(UTC), state.recorded_at or now)
    given = Given(step.command, step.actor, step.effective_on, recorded_at, step.under)
    return [
        Entry(
            consortium_id=state.consortium_id,
            version=state.version + 1 + number,
            event_id=identity.event_id(number),
            command_id=step.command_id,
            recorded_at=recorded_at,
            effective_on=step.effective_on,
            actor=step.actor,
            under=step.under,
            fact=fact,
        )
        for number, fact in enumerate(decide(state, given))
    ]


class _Identity:
    """What a command is known by: its id and a digest of all that its giver said."""

    def __init__(self, consortium_id: str, step: Step) -> None:
        self._namespace = _uuid(step.command_id)
        content = {
            "actor": step.actor.model_dump(mode="json"),
            "command": type(step.command).__name__,
            "consortium_id": consortium_id,
            # A field that is added later, with a default, changes nothing for commands from before.
            "data": step.command.model_dump(mode="json", exclude_defaults=True),
            "effective_on": step.effective_on.isoformat(),
            "under": step.under,
        }
        self._digest = sha256(canonical(content)).hexdigest()

    def event_id(self, number: int) -> str:
        """Name the command's entry of this number, from 0."""
        return str(uuid5(self._namespace, f"{self._digest}/{number}"))


def _uuid(command_id: str) -> UUID:
    try:
        parsed = UUID(command_id)
    except ValueError:
        malformed("/command_id", "string_pattern_mismatch")
    if str(parsed) != command_id:
        malformed("/command_id", "string_pattern_mismatch")
    return parsed
