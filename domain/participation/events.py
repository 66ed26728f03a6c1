"""Facts about the plebiscite. No voter is ever recorded."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.decider import Fact, Fields
from domain.values import Count, Day, Id, KnownPlebiscite, New, Options, SummedCount, Text


class PlebisciteFields(Fields):
    """A question to the residents; its options are frozen."""

    plebiscite_id: Annotated[Id, New("plebiscite")]
    question: Text
    options: Options
    from_: Annotated[Day, Field(alias="from")]
    to: Day

    @model_validator(mode="after")
    def _in_order(self) -> PlebisciteFields:
        if self.to < self.from_:
            raise PydanticCustomError("out_of_order", "to lies before from")
        return self


class PlebisciteOpened(Fact, PlebisciteFields):
    """Residents are asked."""

    topic: ClassVar[str] = "plebiscite.opened.v1"


class OptionVotes(Fields):
    """Votes for one option."""

    option: Text
    votes: Count


class PlebisciteClosingFields(Fields):
    """The count."""

    plebiscite_id: KnownPlebiscite
    counts: tuple[OptionVotes, ...]
    invalid: Count


class PlebisciteClosed(Fact, PlebisciteClosingFields):
    """The votes were counted; `winner` is None when two options lead together."""

    topic: ClassVar[str] = "plebiscite.closed.v1"

    winner: Text | None
    valid_votes: SummedCount
