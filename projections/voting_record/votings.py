"""Every vote that was taken, with the arithmetic behind its outcome, judged by the statute and the seats of its day.

A vote in progress shows once it is closed. Corrections show on every day, once they are known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.resolutions.chamber import Attendance, quorum_of
from domain.resolutions.events import (
    ClericalErrorCorrected,
    ResolutionAdopted,
    ResolutionRejected,
    VoteRecordCorrected,
)
from domain.resolutions.tally import is_tie, needed
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.resolution_register.columns import (
    BALLOT,
    COUNTED,
    DRAFT,
    FORUM,
    MAJORITY,
    MATTER,
    NUMBER,
    OUTCOME,
    VOTED_ON,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.resolutions.state import Decided, Draft, Vote
    from projections.bitemporal.table import Key

Cells = tuple[object, ...]


def of_vote(
    fact: ResolutionAdopted | ResolutionRejected | VoteRecordCorrected, _entry: Entry, _after: Consortium
) -> Iterator[Key]:
    """Name the draft that was voted on: a vote counts as taken once its outcome is recorded, in the same command."""
    yield (fact.draft_id,)


def groups(consortium: Consortium) -> Iterator[Key]:
    """Name every draft, whether voted on or not."""
    return ((draft_id,) for draft_id in consortium.resolutions.order)


def vote_of(consortium: Consortium, draft_id: str) -> tuple[Draft, Vote, Decided] | None:
    """Return a draft with its vote and outcome; None before there are both."""
    draft = consortium.resolutions.drafts.get(draft_id)
    if draft is None or draft.vote is None or draft.decided is None:
        return None
    return draft, draft.vote, draft.decided


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "resolution":
        yield (fact.target.id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    taken = vote_of(consortium, key[0])
    if taken is None:
        return
    draft, vote, decided = taken
    in_meeting = vote.forum in consortium.meetings.meetings
    cells = (
        vote.voted_on,
        draft.draft_id,
        decided.number,
        draft.matter,
        draft.title,
        vote.forum,
        "meeting" if in_meeting else "circular_vote",
        vote.ballot,
        vote.judged_on,
        decided.statute_version,
        *_quorum(consortium, vote, decided, in_meeting=in_meeting),
        *_arithmetic(vote, decided),
        decided.outcome,
        vote.present,
        vote.took_part,
        vote.recused,
        vote.chair,
        vote.deputy,
    )
    yield Row(vote.voted_on, None, cells)


def _quorum(consortium: Consortium, vote: Vote, decided: Decided, *, in_meeting: bool) -> Cells:
    version = decided.statute_version
    statute = next(one.statute for one in consortium.statutes.versions if one.statute.version == version)
    there = frozenset(vote.present if in_meeting else vote.took_part)
    recused = frozenset(vote.recused) & (there if in_meeting else vote.seats.keys())
    present, required = quorum_of(statute, Attendance(in_meeting, decided.seats, there, recused))
    return decided.seats, decided.present, present, required


def _arithmetic(vote: Vote, decided: Decided) -> Cells:
    counts, first = vote.counts, vote.counts_as_first_recorded
    return (
        decided.majority,
        *(counts.for_, counts.against, counts.abstain, counts.cast),
        *(first.for_, first.against, first.abstain),
        needed(decided.majority, counts, decided.seats),
        is_tie(decided.majority, counts),
        decided.tie_break_used,
    )


VOTINGS = Table(
    name="votings",
    polish="Głosowania",
    english="Votings",
    columns=(
        VOTED_ON,
        DRAFT,
        NUMBER,
        MATTER,
        Column("title", Kind.TEXT, "tytuł", "title"),
        FORUM,
        Column("forum_kind", Kind.WORD, "tryb", "kind of forum", words=("meeting", "circular_vote")),
        BALLOT,
        Column("judged_on", Kind.DAY, "oceniane na dzień", "judged on"),
        Column("statute_version", Kind.COUNT, "wersja statutu", "statute version"),
        Column("seats", Kind.COUNT, "mandaty", "seats"),
        Column("present", Kind.COUNT, "obecni", "present"),
        Column("quorum_present", Kind.COUNT, "obecni do kworum", "counted to the quorum"),
        Column("quorum_required", Kind.COUNT, "wymagane kworum", "quorum required"),
        MAJORITY,
        *COUNTED,
        Column("needed", Kind.COUNT, "potrzeba za", "needed for"),
        Column("tie", Kind.FLAG, "remis", "tie"),
        Column("tie_break_used", Kind.FLAG, "głos rozstrzygający", "tie break used"),
        OUTCOME,
        Column("attending", Kind.IDS, "lista obecnych", "attending"),
        Column("took_part", Kind.IDS, "głosowali", "took part"),
        Column("recused", Kind.IDS, "wyłączeni", "recused"),
        Column("chair", Kind.ID, "przewodniczący", "chair"),
        Column("deputy", Kind.ID, "zastępca", "deputy"),
    ),
    key=("voted_on", "draft_id"),
    walked=True,
    touched={
        ResolutionAdopted: of_vote,
        ResolutionRejected: of_vote,
        VoteRecordCorrected: of_vote,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=groups,
)
