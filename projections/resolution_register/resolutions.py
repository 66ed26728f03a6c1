"""Every draft in the order recorded, and the resolution that it became: status, vote, and what later happened to it.

Votes, conflicts and amendments show from the day on which they were recorded, a repeal in the status from its own day,
an invalidity from the day of the vote. Corrections show on every day, once they are known.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from domain.answers.decisions import recused_on, status_on, voted_by
from domain.resolutions.events import (
    ClericalErrorCorrected,
    ConflictDeclared,
    ConflictDiscovered,
    DraftSubmitted,
    DraftWithdrawn,
    ResolutionAdopted,
    ResolutionAmended,
    ResolutionInvalidated,
    ResolutionRejected,
    ResolutionRepealed,
    VoteRecordCorrected,
)
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Row, Table
from projections.resolution_register.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.resolutions.state import Draft
    from projections.bitemporal.table import Key

Cells = tuple[object, ...]


def _of_draft(
    fact: DraftSubmitted
    | DraftWithdrawn
    | ConflictDeclared
    | ConflictDiscovered
    | ResolutionAdopted
    | ResolutionRejected
    | VoteRecordCorrected,
    _entry: Entry,
    _after: Consortium,
) -> Iterator[Key]:
    yield (fact.draft_id,)


def _of_target(
    fact: ResolutionAmended | ResolutionRepealed | ResolutionInvalidated, _entry: Entry, _after: Consortium
) -> Iterator[Key]:
    yield (fact.target,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "resolution":
        yield (fact.target.id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    draft = consortium.resolutions.drafts.get(key[0])
    if draft is None:
        return
    amending = [consortium.resolutions.drafts[by] for by in draft.amended_by]
    always = _always(consortium, draft)
    for holds_from, holds_until, cells in steps(_days(draft, amending), lambda day: _changing(draft, amending, day)):
        yield Row(holds_from, holds_until, (*always, *cells))


def _days(draft: Draft, amending: list[Draft]) -> Iterator[date]:
    """Walk the days on which something changes, none of them before the draft was recorded."""
    yield draft.submitted_on
    days = chain(
        (conflict.declared_on for conflict in draft.conflicts),
        (on for on, _ in draft.discovered),
        (one.vote.voted_on for one in (draft, *amending) if one.vote),
        (on for on in (draft.withdrawn_on, draft.repeal and draft.repeal.effective_on) if on),
    )
    yield from (max(day, draft.submitted_on) for day in days)


def _always(consortium: Consortium, draft: Draft) -> Cells:
    """Compute what the record says on every day."""
    submitted, repeal = draft.submitted, draft.repeal
    return (
        draft.ordinal,
        draft.draft_id,
        draft.matter,
        draft.title,
        submitted.title,
        draft.legal_basis,
        submitted.legal_basis,
        draft.corrected_on,
        submitted.subject_members,
        submitted.application_id,
        submitted.target_draft,
        submitted.body_ref,
        draft.proposer.role,
        draft.proposer.id,
        draft.submitted_on,
        draft.effective_on,
        repeal.effective_on if repeal else None,
        repeal.by if repeal else None,
        _number(consortium, repeal.by if repeal else None),
        draft.invalidated_by,
        _number(consortium, draft.invalidated_by),
    )


def _number(consortium: Consortium, draft_id: str | None) -> str | None:
    draft = consortium.resolutions.drafts.get(draft_id) if draft_id else None
    return draft.decided.number if draft and draft.decided else None


def _changing(draft: Draft, amending: list[Draft], day: date) -> Cells:
    """Compute what the record says of one day."""
    status, status_from = status_on(draft, day)
    amended_by = [one for one in amending if voted_by(one, day)]
    return (
        status,
        status_from,
        tuple(one.draft_id for one in amended_by),
        tuple(one.decided.number for one in amended_by if one.decided and one.decided.number),
        any(on <= day for on, _ in draft.discovered),
        recused_on(draft, day),
        *(_vote(draft) if voted_by(draft, day) else NO_VOTE),
    )


def _vote(draft: Draft) -> Cells:
    vote, decided = draft.vote, draft.decided
    assert vote is not None  # noqa: S101 - the caller has looked
    assert decided is not None  # noqa: S101 - at both
    counts, first = vote.counts, vote.counts_as_first_recorded
    return (
        *(decided.number, decided.outcome, decided.majority),
        *(vote.ballot, vote.forum, vote.voted_on),
        *(decided.seats, decided.present, decided.tie_break_used),
        *(counts.for_, counts.against, counts.abstain, counts.cast),
        *(first.for_, first.against, first.abstain),
    )


NO_VOTE = (None,) * 16

RESOLUTIONS = Table(
    name="resolutions",
    polish="Uchwały",
    english="Resolutions",
    columns=COLUMNS,
    key=("ordinal",),
    walked=True,
    touched={
        DraftSubmitted: _of_draft,
        DraftWithdrawn: _of_draft,
        ConflictDeclared: _of_draft,
        ConflictDiscovered: _of_draft,
        ResolutionAdopted: _of_draft,
        ResolutionRejected: _of_draft,
        VoteRecordCorrected: _of_draft,
        ResolutionAmended: _of_target,
        ResolutionRepealed: _of_target,
        ResolutionInvalidated: _of_target,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=lambda consortium: ((draft_id,) for draft_id in consortium.resolutions.order),
)
