"""Following the chain both ways: from an effect to the resolution and the votes behind it, and from a resolution on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from projections.bitemporal.asking import Asked, ask
from projections.mandate_chain.mandates import MANDATES
from projections.resolution_register.resolutions import RESOLUTIONS
from projections.voting_record.recusals import RECUSALS
from projections.voting_record.votes import VOTES
from projections.voting_record.votings import VOTINGS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from psycopg import Connection

    from projections.bitemporal.table import Table

Record = dict[str, Any]
"""A row by column, as `ask` returns it."""


MOST_ROWS: Final = 10_000
"""Of one table in a walk; half a chain would be none."""


class TooManyRowsError(Exception):
    """More than `MOST_ROWS` rows rest on what is asked about."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """A resolution, its vote, and effects that rest on them."""

    resolution: Record | None
    """None where no such draft was known."""
    voting: Record | None
    """None where it was not voted on."""
    votes: tuple[Record, ...]
    """By delegate; none of a secret ballot."""
    recusals: tuple[Record, ...]
    effects: tuple[Record, ...]
    """Rows of `mandates`, in the order recorded."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is asked about: an allocation, or a line, of all its members or of one."""

    allocation_id: str | None = None
    line_id: str | None = None
    member_id: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """From where the chain is looked at."""

    connection: Connection
    consortium_id: str
    valid_on: date
    version: int
    """What was known: the version of the consortium."""

    def rows(self, table: Table, valid_on: date, **filters: str) -> list[Record]:
        """Return every row of a day that has these values.

        Raises:
            TooManyRowsError: there are more than `MOST_ROWS`.
        """
        asked = Asked(self.consortium_id, valid_on, self.version, filters=filters, limit=MOST_ROWS + 1)
        rows = ask(self.connection, table, asked)
        if len(rows) > MOST_ROWS:
            raise TooManyRowsError
        return rows


def walk_back(walk: Walk, sought: Sought) -> tuple[Mandate, ...]:
    """Return the resolutions on which an allocation or an amount rests on the day, in the order of their effects.

    With a line and a member these are what changed the member's share and what changed the line as a whole.
    """
    named = {"allocation_id": sought.allocation_id, "line_id": sought.line_id}
    if not any(named.values()):
        named = {"member_id": sought.member_id}
    effects = walk.rows(MANDATES, walk.valid_on, **{name: value for name, value in named.items() if value})
    concerned = [one for one in effects if sought.member_id in {None, one["member_id"]} or one["member_id"] is None]
    drafts = dict.fromkeys(one["draft_id"] for one in concerned)
    return tuple(_mandate(walk, draft_id, concerned) for draft_id in drafts)


def walk_forth(walk: Walk, draft_id: str) -> Mandate:
    """Return a resolution with its vote and everything that it caused by the day."""
    return _mandate(walk, draft_id, walk.rows(MANDATES, walk.valid_on, draft_id=draft_id))


def _mandate(walk: Walk, draft_id: str, effects: Iterable[Record]) -> Mandate:
    """Look at the resolution on the day asked for, or where that is earlier on the day its first effect was recorded.

    What is recorded late holds on days on which the board had not voted yet.
    """
    caused = tuple(one for one in effects if one["draft_id"] == draft_id)
    day = max([walk.valid_on, *(one["recorded_on"] for one in caused[:1])])
    resolution, voting = walk.rows(RESOLUTIONS, day, draft_id=draft_id), walk.rows(VOTINGS, day, draft_id=draft_id)
    return Mandate(
        resolution=resolution[0] if resolution else None,
        voting=voting[0] if voting else None,
        votes=tuple(walk.rows(VOTES, day, draft_id=draft_id)),
        recusals=tuple(walk.rows(RECUSALS, day, draft_id=draft_id)),
        effects=caused,
    )
