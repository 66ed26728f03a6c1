"""Founding a consortium and amending its statute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue

from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.reasons import Reason
from domain.statute.events import ConsortiumFounded, FoundingFields, StatuteAmended
from domain.statute.rules import merge_patch, read_statute
from domain.values import Ordinal

if TYPE_CHECKING:
    from domain.consortium import Consortium


class FoundConsortium(Command, FoundingFields):
    """Record the agreement and the first statute."""


class AmendStatute(Command):
    """Put a new version of the statute in force from `effective_on`."""

    version: Ordinal
    changes: dict[str, JsonValue]
    """A merge patch (RFC 7396) on the version before."""


def found_consortium(consortium: Consortium, given: Given[FoundConsortium]) -> tuple[Fact, ...]:
    """Found the consortium, once.

    Raises:
        Refusal: `id-already-used`; `statute-invalid` with the place of the error.
    """
    command = given.command
    require(not consortium.founded, "id-already-used", place="/data/consortium_id", id=command.consortium_id)
    statute = read_statute(command.statute, "/data/statute")
    if statute.version != 1:
        _wrong_version("/data/statute/version", statute.version, 1)
    return (ConsortiumFounded.of(command),)


def amend_statute(consortium: Consortium, given: Given[AmendStatute]) -> tuple[Fact, ...]:
    """Amend the statute: the changes are merged into the last version and the result is validated whole.

    Raises:
        Refusal: `statute-invalid`: the version does not follow, or comes into force before the one it follows, or
            the result does not read as a statute.
    """
    command, last = given.command, consortium.statutes.versions[-1]
    expected = last.statute.version + 1
    if command.version != expected or command.changes.get("version", expected) != expected:
        _wrong_version("/data/version", command.version, expected)
    require(
        given.effective_on >= last.effective_on,
        "statute-invalid",
        place="/effective_on",
        where="/effective_on",
        reason=Reason("earlier_than_last", {"day": last.effective_on}),
    )
    merged = merge_patch(last.statute.model_dump(mode="json"), {**command.changes, "version": expected})
    statute = read_statute(merged, "/data/changes")
    return (StatuteAmended.of(command, statute=statute.model_dump(mode="json")),)


def _wrong_version(place: str, given: int, expected: int) -> None:
    reason = Reason("version_order", {"given": given, "expected": expected})
    refuse("statute-invalid", place=place, where="/version", reason=reason)
