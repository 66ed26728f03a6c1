"""The shape of a decision: `decide(state, given) -> facts`, `evolve(state, entry) -> state`.

After Jérémie Chassaing's *Functional Event Sourcing Decider*: time and actor are handed in, a decision only returns
facts or raises a `Refusal`, and evolving never fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.values import Id, Role, day_of

if TYPE_CHECKING:
    from datetime import date, datetime


class Fields(BaseModel):
    """A set of named values that is wholly valid or does not exist."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Fact(Fields):
    """Something that was decided or happened, in the past tense; never changed once recorded."""

    topic: ClassVar[str]
    """The name on disk, `noun.what-happened.v1`: ours for ever."""

    @classmethod
    def of(cls, command: Fields, **more: object) -> Self:
        """Make the fact from the command's fields of the same names, and `more`."""
        shared = {field: getattr(command, field) for field in cls.model_fields if field in type(command).model_fields}
        return cls(**{**shared, **more})


class Command(Fields):
    """Something that somebody asks for, in the imperative."""


class Actor(Fields):
    """Who gave a command: a role and an opaque id, never a person's name."""

    role: Role
    id: Id


C_co = TypeVar("C_co", bound=Command, covariant=True)


@dataclass(frozen=True, slots=True)
class Given(Generic[C_co]):
    """A command together with everything around it that a rule may look at."""

    command: C_co
    actor: Actor
    effective_on: date
    """From when it holds in the world (day in Warsaw)."""
    recorded_at: datetime
    """When the ledger learned it (UTC instant)."""
    under: str | None
    """The draft that authorises it."""

    @property
    def day(self) -> date:
        """The day in Warsaw on which the ledger learned it."""
        return day_of(self.recorded_at)


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact at its place in the history of a consortium."""

    consortium_id: str
    version: int
    """From 1, without a gap; version - 1 is the leaf index of the transparency log."""
    event_id: str
    command_id: str
    recorded_at: datetime
    effective_on: date
    actor: Actor
    under: str | None
    fact: Fact

    @property
    def day(self) -> date:
        """The day in Warsaw on which the ledger learned it."""
        return day_of(self.recorded_at)

    @property
    def originator_id(self) -> str:
        """The stream, in the words of the event store."""
        return self.consortium_id

    @property
    def originator_version(self) -> int:
        """The place in the stream, in the words of the event store."""
        return self.version
