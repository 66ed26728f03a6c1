"""How each delegate voted in an open ballot, as corrected and as first recorded; of a secret ballot there is nothing.

Who took part in a secret ballot stands in `votings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.resolutions.events import ResolutionAdopted, ResolutionRejected, VoteRecordCorrected
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.resolution_register.columns import CHOICES, DRAFT, FORUM, MATTER, NUMBER, VOTED_ON
from projections.voting_record.votings import groups, of_vote, vote_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    taken = vote_of(consortium, key[0])
    if taken is None:
        return
    draft, vote, decided = taken
    about = (decided.number, draft.matter, vote.forum, vote.voted_on)
    first = vote.votes_as_first_recorded or {}
    for delegate_id, choice in (vote.votes or {}).items():
        cells = (draft.draft_id, delegate_id, vote.seats.get(delegate_id), choice, first.get(delegate_id), *about)
        yield Row(vote.voted_on, None, cells)


VOTES = Table(
    name="votes",
    polish="Głosy",
    english="Votes",
    columns=(
        DRAFT,
        Column("delegate_id", Kind.ID, "delegat", "delegate", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("vote", Kind.WORD, "głos", "vote", filtered=True, words=CHOICES),
        Column("vote_as_first_recorded", Kind.WORD, "głos, jak zapisano", "vote, as first recorded", words=CHOICES),
        NUMBER,
        MATTER,
        FORUM,
        VOTED_ON,
    ),
    key=("draft_id", "delegate_id"),
    walked=True,
    touched={ResolutionAdopted: of_vote, ResolutionRejected: of_vote, VoteRecordCorrected: of_vote},
    rows=_rows,
    groups=groups,
)
