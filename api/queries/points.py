"""The two clocks of a question: the day asked about, and how much of the history was known.

`valid_on` is a day in Warsaw, today where it is not given. What was known is given as an instant, `known_at`, or
exactly as a `version`; all that is known now where neither is given. What is fixed on both clocks is answered the same
for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.parameters import day_in_query, instant_in_query, number_in_query
from api.problems import NOT_KNOWN_YET, NOT_YET, PARAMETERS_CLASH, Problem
from api.refused import Refused
from api.slashes import in_path
from domain.errors import Refusal
from domain.values import MAX_INTEGER, day_of
from projections.bitemporal.asking import moment_at, moment_of

if TYPE_CHECKING:
    from datetime import date

    from fastapi import Request
    from psycopg import Connection

    from projections.bitemporal.asking import Moment


@dataclass(frozen=True, slots=True)
class Point:
    """A point on both clocks, in the history of one consortium."""

    consortium_id: str
    valid_on: date
    moment: Moment
    day_given: bool
    instant_given: bool
    version_given: bool

    @property
    def fixed(self) -> bool:
        """Whether the question says both, so that its answer can never change.

        An instant after the last entry is not fixed yet: one recorded before it may still be taken in.
        """
        past = self.moment.version < self.moment.head
        return self.day_given and (self.version_given or (self.instant_given and past))

    def tag(self, form: str = "") -> str:
        """Return the entity tag of an answer: the version, the day where the question left it to today, the form."""
        day = "" if self.day_given else f".{self.valid_on}"
        return f'"{self.moment.version}{day}{form}"'


def point_asked(request: Request, connection: Connection, prefix: str = "") -> Point:
    """Read the clocks from the query and find what was known.

    Raises:
        Problem: `malformed-value`, `parameters-clash`, `not-yet`, `not-known-yet`, `unknown-consortium`.
    """
    consortium_id = in_path(request, "consortium_id")
    day = day_in_query(request, f"{prefix}valid_on")
    instant = instant_in_query(request, f"{prefix}known_at")
    version = number_in_query(request, f"{prefix}version", 1, MAX_INTEGER)
    if instant is not None and version is not None:
        raise Problem(PARAMETERS_CLASH, parameter=f"{prefix}known_at", other=f"{prefix}version")
    now = datetime.now(UTC)
    if instant is not None and instant > now:
        raise Problem(NOT_YET, parameter=f"{prefix}known_at")
    moment = _moment(connection, consortium_id, instant, version)
    return Point(consortium_id, day or day_of(now), moment, day is not None, instant is not None, version is not None)


def _moment(connection: Connection, consortium_id: str, instant: datetime | None, version: int | None) -> Moment:
    head = moment_at(connection, consortium_id, None)
    if head is None:
        raise Refused(Refusal("unknown-consortium", id=consortium_id))
    if version is not None:
        found = moment_of(connection, consortium_id, version)
    else:
        found = head if instant is None else moment_at(connection, consortium_id, instant)
    if found is None:
        raise Problem(NOT_KNOWN_YET, head=head.version)
    return found
