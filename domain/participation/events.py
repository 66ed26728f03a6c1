"""Facts about the plebiscite and consultations. No voter and no author of a comment is ever recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from domain.decider import Fact, Fields
from domain.values import (
    Count,
    Day,
    Id,
    KnownConsultation,
    KnownPlebiscite,
    New,
    Options,
    SummedCount,
    TargetGroups,
    Text,
)

if TYPE_CHECKING:
    from datetime import date


def _require_in_order(first: date, last: date) -> None:
    if last < first:
        raise PydanticCustomError("out_of_order", "to lies before from")


class PlebisciteFields(Fields):
    """A question to the residents; its options are frozen."""

    plebiscite_id: Annotated[Id, New("plebiscite")]
    question: Text
    options: Options
    from_: Annotated[Day, Field(alias="from")]
    to: Day

    @model_validator(mode="after")
    def _in_order(self) -> PlebisciteFields:
        _require_in_order(self.from_, self.to)
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


class ConsultationFields(Fields):
    """What the residents and those concerned may comment on, and for how long."""

    consultation_id: Annotated[Id, New("consultation")]
    subject: Text
    target_groups: TargetGroups
    from_: Annotated[Day, Field(alias="from")]
    to: Day

    @model_validator(mode="after")
    def _in_order(self) -> ConsultationFields:
        _require_in_order(self.from_, self.to)
        return self


class ConsultationOpened(Fact, ConsultationFields):
    """Comments are asked for."""

    topic: ClassVar[str] = "consultation.opened.v1"


class ConsultationClosingFields(Fields):
    """How many took part and commented, and what became of the comments; some may be left undecided."""

    consultation_id: KnownConsultation
    participants: Count
    comments: Count
    accepted: Count
    rejected: Count
    conclusions_ref: Text

    @model_validator(mode="after")
    def _at_most_all_are_decided(self) -> ConsultationClosingFields:
        if self.accepted + self.rejected > self.comments:
            raise PydanticCustomError("more_than_made", "more comments are decided than were made")
        return self


class ConsultationClosed(Fact, ConsultationClosingFields):
    """The comments were summarised and conclusions drawn."""

    topic: ClassVar[str] = "consultation.closed.v1"
