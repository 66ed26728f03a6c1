"""What a request says of itself in its headers: its key, the version it was made up on, who gives it and when.

Source: the IETF draft on the Idempotency-Key header; RFC 9110, section 13.1.1 (If-Match).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from pydantic import TypeAdapter, ValidationError

from api.problems import (
    ACTOR_MISSING,
    KEY_MALFORMED,
    KEY_MISSING,
    MALFORMED_HEADER,
    VERSION_REQUIRED,
    WRITES_NEED_ACCOUNTS,
    Problem,
)
from domain.decider import Actor
from domain.values import Instant

if TYPE_CHECKING:
    from fastapi import Request

KEY: Final = "idempotency-key"
ROLE: Final = "ledger-actor-role"
ACTOR: Final = "ledger-actor-id"
CLOCK: Final = "ledger-clock"

_KEYS: Final = UUID("5f6a52a3-6a0d-5e0b-8a2e-2f0c0f5a7c11")
"""The namespace of command ids that are derived from keys of another form."""

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_VERSION: Final = re.compile(r'"(0|[1-9][0-9]{0,15})(?:\.[0-9a-z.-]{1,20})?"')
"""An entity tag of an answer: the version, and what else tells one answer from another."""
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


@dataclass(frozen=True, slots=True)
class Writes:
    """How commands may be given."""

    development: bool = False
    """Whether a request states who gives it and when; only ever on a loopback address."""
    version_required: bool = False
    """Whether a command must say on which version it was made up."""


def command_id(request: Request) -> str:
    """Return the id of the command: the key itself where it is a UUID, else derived from it.

    Raises:
        Problem: `idempotency-key-missing`, `idempotency-key-malformed`.
    """
    key, *others = [text.strip() for text in request.headers.getlist(KEY)] or [""]
    if not key:
        raise Problem(KEY_MISSING)
    if others:
        raise Problem(KEY_MALFORMED)
    bare = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not _KEY.fullmatch(bare):
        raise Problem(KEY_MALFORMED)
    try:
        return str(UUID(bare))
    except ValueError:
        return str(uuid5(_KEYS, bare))


def part_of(batch: str, place: int) -> str:
    """Return the id of a batch's command by its place, from 0."""
    return str(uuid5(UUID(batch), str(place)))


def expected_version(request: Request, writes: Writes) -> int | None:
    """Return the version that `If-Match` names; None where any will do.

    Raises:
        Problem: `precondition-required`, `malformed-header`.
    """
    header = request.headers.get("if-match")
    if header is None:
        if writes.version_required:
            raise Problem(VERSION_REQUIRED)
        return None
    if header == "*":
        return None
    found = _VERSION.fullmatch(header)
    if not found:
        raise Problem(MALFORMED_HEADER, header="If-Match", form='"357"')
    return int(found[1])


def actor(request: Request, writes: Writes) -> Actor:
    """Return who gives the command.

    Raises:
        Problem: `writes-need-accounts`, `actor-missing`.
    """
    if not writes.development:
        raise Problem(WRITES_NEED_ACCOUNTS)
    try:
        return Actor.model_validate({"role": request.headers.get(ROLE), "id": request.headers.get(ACTOR)})
    except ValidationError as error:
        raise Problem(ACTOR_MISSING) from error


def clock(request: Request) -> datetime | None:
    """Return the instant that stands for now; None for the server's own clock.

    Raises:
        Problem: `malformed-header`: no instant, or one that is still to come.
    """
    stated = request.headers.get(CLOCK)
    if stated is None:
        return None
    try:
        instant = _INSTANT.validate_python(stated.strip())
    except ValidationError as error:
        raise Problem(MALFORMED_HEADER, header="Ledger-Clock", form="2019-03-01T17:00:00+01:00") from error
    if instant > datetime.now(UTC):
        raise Problem(MALFORMED_HEADER, header="Ledger-Clock", form="2019-03-01T17:00:00+01:00")
    return instant
