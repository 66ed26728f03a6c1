"""Conflicts of interest: delegates who declared one and did not vote, and those found afterwards to have had one.

A row holds from the day on which the conflict was recorded; the resolution's number shows from the day of the vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.decisions import voted_by
from domain.resolutions.events import ConflictDeclared, ConflictDiscovered, ResolutionAdopted, ResolutionRejected
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.resolution_register.columns import CHOICES, DRAFT, MATTER, NUMBER
from projections.voting_record.votings import groups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.resolutions.state import Draft
    from projections.bitemporal.table import Key


def _of_draft(
    fact: ConflictDeclared | ConflictDiscovered | ResolutionAdopted | ResolutionRejected,
    _entry: Entry,
    _after: Consortium,
) -> Iterator[Key]:
    yield (fact.draft_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    draft = consortium.resolutions.drafts.get(key[0])
    if draft is None:
        return
    for recorded_on, cells in (*_declared(draft), *_discovered(draft)):
        days = (recorded_on, max(recorded_on, draft.vote.voted_on) if draft.vote else recorded_on)
        for holds_from, holds_until, named in steps(days, lambda day: _named(draft, day)):
            yield Row(holds_from, holds_until, (draft.draft_id, *cells, recorded_on, *named))


def _declared(draft: Draft) -> Iterator[tuple[date, tuple[object, ...]]]:
    for ordinal, one in enumerate(draft.conflicts, 1):
        yield one.declared_on, ("declared", ordinal, one.delegate_id, one.member_id, one.reason, None, None)


def _discovered(draft: Draft) -> Iterator[tuple[date, tuple[object, ...]]]:
    for ordinal, (on, fact) in enumerate(draft.discovered, 1):
        yield on, ("discovered", ordinal, fact.delegate_id, fact.member_id, None, fact.voted, fact.finding_id)


def _named(draft: Draft, day: date) -> tuple[object, ...]:
    number = draft.decided.number if draft.decided and voted_by(draft, day) else None
    return draft.matter, number


RECUSALS = Table(
    name="recusals",
    polish="Wyłączenia i konflikty interesów",
    english="Recusals",
    columns=(
        DRAFT,
        Column("kind", Kind.WORD, "rodzaj", "kind", filtered=True, words=("declared", "discovered")),
        Column("ordinal", Kind.COUNT, "lp.", "no."),
        Column("delegate_id", Kind.ID, "delegat", "delegate", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("reason", Kind.TEXT, "powód", "reason"),
        Column("voted", Kind.WORD, "głosował", "voted", words=CHOICES),
        Column("finding_id", Kind.ID, "ustalenie", "finding", filtered=True),
        Column("recorded_on", Kind.DAY, "zapisano", "recorded on"),
        MATTER,
        NUMBER,
    ),
    key=("draft_id", "kind", "ordinal"),
    walked=True,
    touched={
        ConflictDeclared: _of_draft,
        ConflictDiscovered: _of_draft,
        ResolutionAdopted: _of_draft,
        ResolutionRejected: _of_draft,
    },
    rows=_rows,
    groups=groups,
)
