"""What was put to the vote where: drafts sent round with a circular vote, drafts voted on at a sitting.

No agenda of a sitting is recorded before it; its items show from the opening of their votes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.meetings.events import CircularVoteOpened
from domain.resolutions.events import ResolutionAdopted, ResolutionRejected, VoteRecorded, VotingOpened
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.resolution_register.columns import DRAFT, FORUM, MATTER, NUMBER, OUTCOME, VOTED_ON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.resolutions.state import Draft
    from projections.bitemporal.table import Key


def _of_circular(fact: CircularVoteOpened, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    return ((fact.circular_id, draft_id) for draft_id in fact.drafts)


def _of_opening(fact: VotingOpened | VoteRecorded, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield fact.forum, fact.draft_id


def _of_outcome(fact: ResolutionAdopted | ResolutionRejected, _entry: Entry, after: Consortium) -> Iterator[Key]:
    vote = after.resolutions.drafts[fact.draft_id].vote
    if vote is not None:
        yield vote.forum, fact.draft_id


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    forum, draft_id = key
    draft = consortium.resolutions.drafts.get(draft_id)
    begun = _begun(consortium, forum, draft) if draft else None
    if draft is None or begun is None:
        return
    named = (forum, draft_id, draft.matter, begun)
    days = (begun, max(begun, draft.vote.voted_on) if draft.vote else begun)
    for holds_from, holds_until, outcome in steps(days, lambda day: _outcome(draft, forum, day)):
        yield Row(holds_from, holds_until, (*named, *outcome))


def _begun(consortium: Consortium, forum: str, draft: Draft) -> date | None:
    """Return the day on which a draft came before a forum."""
    circular = consortium.meetings.circular_votes.get(forum)
    if circular is not None:
        return circular.opened_on if draft.draft_id in circular.opened.drafts else None
    vote = draft.live.opened if draft.live else draft.vote
    return vote.judged_on if vote and vote.forum == forum else None


def _outcome(draft: Draft, forum: str, day: date) -> tuple[object, ...]:
    vote, decided = draft.vote, draft.decided
    if vote is None or decided is None or vote.forum != forum or day < vote.voted_on:
        return None, None, None
    return vote.voted_on, decided.outcome, decided.number


def _groups(consortium: Consortium) -> Iterator[Key]:
    for circular_id, circular in consortium.meetings.circular_votes.items():
        yield from ((circular_id, draft_id) for draft_id in circular.opened.drafts)
    for draft_id, draft in consortium.resolutions.drafts.items():
        forum = draft.live.opened.forum if draft.live else draft.vote.forum if draft.vote else None
        if forum is not None and forum in consortium.meetings.meetings:
            yield forum, draft_id


AGENDA_ITEMS = Table(
    name="agenda_items",
    polish="Porządek obrad",
    english="Agenda items",
    columns=(FORUM, DRAFT, MATTER, Column("put_on", Kind.DAY, "pod obrady", "put on"), VOTED_ON, OUTCOME, NUMBER),
    key=("forum", "draft_id"),
    walked=True,
    touched={
        CircularVoteOpened: _of_circular,
        VotingOpened: _of_opening,
        VoteRecorded: _of_opening,
        ResolutionAdopted: _of_outcome,
        ResolutionRejected: _of_outcome,
    },
    rows=_rows,
    groups=_groups,
)
