"""What a statute says, as data that is valid as a whole or refused with the place of the error."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from domain.decider import Fields
from domain.errors import refuse
from domain.reasons import first_error
from domain.values import Ballot, BasisPoints, Flag, Grosze, Majority, Matter, Ordinal, Size, Text

Fraction = Annotated[int, Field(strict=True, ge=1, le=1000)]
Months = Annotated[int, Field(strict=True, ge=0, le=24)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
TieMajority = Literal["simple", "absolute"]
"""Only these two can be missed by an equality of votes."""


class Agreement(Fields):
    """The six parts that a consortium agreement must have.

    Source: art. 15b of the act on social co-operatives.
    """

    purpose: Text
    duties: Text
    duration: Text
    parties_and_representation: Text
    admission_exclusion_withdrawal: Text
    benefits_and_burdens: Text


class Quorum(Fields):
    """A fraction of the seats that must be there."""

    num: Fraction
    den: Fraction
    rule: Literal["at_least", "more_than"]
    base: Literal["seats"]

    @model_validator(mode="after")
    def _at_most_everybody(self) -> Quorum:
        limit = self.den if self.rule == "at_least" else self.den - 1
        if self.num > limit:
            raise PydanticCustomError("quorum_beyond_all", "the quorum asks for more than all the seats")
        return self

    def required(self, seats: int) -> int:
        """Return the smallest number present that makes a quorum of `seats`; at least one."""
        if self.rule == "at_least":
            return max(1, -(-seats * self.num // self.den))
        return seats * self.num // self.den + 1


class MeetingQuorum(Quorum):
    """The quorum of a meeting."""

    recused_counts_as_present: Flag


class CircularQuorum(Quorum):
    """The quorum of a circular vote."""

    counts: Literal["returned_and_recused", "returned"]


class CircularVoteRules(Fields):
    """Whether and how the board may vote without meeting."""

    allowed: Flag
    min_days: Days | None = None
    quorum: CircularQuorum | None = None
    objection_voids: Flag = False

    @model_validator(mode="after")
    def _complete_when_allowed(self) -> CircularVoteRules:
        if self.allowed and (self.min_days is None or self.quorum is None):
            raise PydanticCustomError(
                "circular_incomplete", "a circular vote that is allowed needs min_days and quorum"
            )
        return self


class CastingVote(Fields):
    """In which ties the chair's vote decides."""

    majorities: tuple[TieMajority, ...] = ("simple",)
    ballots: tuple[Literal["open"], ...] = ("open",)


class Recusal(Fields):
    """When a delegate of an interested member may not vote."""

    matters: tuple[Matter, ...]
    individual_if_subjects_below_half_of_seats: Literal[True]


class Numbering(Fields):
    """How adopted resolutions are numbered: gapless within a calendar year."""

    pattern: Text
    restart: Literal["yearly"]
    rejected_get_number: Flag

    @model_validator(mode="after")
    def _names_both(self) -> Numbering:
        rest = self.pattern.replace("{n}", "", 1).replace("{year}", "", 1)
        if len(self.pattern) - len(rest) != len("{n}{year}") or "{" in rest or "}" in rest:
            raise PydanticCustomError("number_pattern", "the pattern needs n and year once each")
        return self

    def number(self, n: int, year: int) -> str:
        """Write the official number."""
        return self.pattern.replace("{n}", str(n)).replace("{year}", str(year))


class WithdrawalRules(Fields):
    """How a member leaves by its own notice."""

    notice_months: Months
    effective: Literal["end_of_quarter"]


class SizeRules(Fields):
    """Small is under both thresholds; anything else is large."""

    small_fte_x100_lt: Annotated[int, Field(strict=True, ge=1, le=10**9)]
    small_revenue_gr_lt: Grosze
    review_month_day: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]

    def classify(self, employment_fte_x100: int, annual_revenue_gr: int) -> Size:
        """Return the size class: small only when below both thresholds."""
        small = employment_fte_x100 < self.small_fte_x100_lt and annual_revenue_gr < self.small_revenue_gr_lt
        return "small" if small else "large"


class TransferRules(Fields):
    """The consortium's own limit; what binds a transfer is the limit of the city contract."""

    line_increase_limit_bp: BasisPoints
    base: Literal["line_amount_at_adoption_cumulative"]


def _every_matter(majorities: dict[Matter, Majority]) -> dict[Matter, Majority]:
    missing = [matter for matter in get_args(Matter) if matter not in majorities]
    if missing:
        context = {"matters": ", ".join(missing)}
        raise PydanticCustomError("matter_without_majority", "no majority for: {matters}", context)
    return majorities


class Statute(Fields):
    """One version of the rules in force."""

    version: Ordinal
    seats: Literal["one_delegate_per_member"]
    quorum: MeetingQuorum
    majorities: Annotated[dict[Matter, Majority], AfterValidator(_every_matter)]
    secret_ballot_matters: tuple[Matter, ...]
    tie_break: Literal["rejected", "chair_casting_vote"]
    casting_vote: CastingVote = CastingVote()
    circular_vote: CircularVoteRules
    remote_meetings: Flag = False
    recusal: Recusal
    numbering: Numbering
    withdrawal: WithdrawalRules
    size: SizeRules
    small_pes_share_min_bp: BasisPoints
    rounding: Literal["largest_remainder", "leader_takes_remainder"]
    transfer: TransferRules

    def ballot(self, matter: str) -> Ballot:
        """Return the kind of ballot that `matter` asks for."""
        return "secret" if matter in self.secret_ballot_matters else "open"


def read_statute(document: object, place: str) -> Statute:
    """Read a statute, whole; `place` is where the command says it.

    Raises:
        Refusal: `statute-invalid` with the place of the first error.
    """
    try:
        return Statute.model_validate(document)
    except ValidationError as error:
        where, reason = first_error(error)
        refuse("statute-invalid", place=place + where, where=where or "/", reason=reason)


def merge_patch(document: object, patch: object) -> object:
    """Apply a merge patch: null removes, objects merge, anything else replaces.

    Source: RFC 7396, section 2.
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
