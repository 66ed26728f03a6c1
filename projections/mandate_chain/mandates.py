"""Everything that was done under a resolution, entry by entry; it stays what it was, also when the resolution falls.

One entry may do several things: move a share from one member to another, divide a line among all of them. Filtered by
`draft_id` the table says what a resolution caused; filtered by allocation, or by line and member, on which resolutions
that rests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from domain.values import Role
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.mandate_chain.effects import KINDS, authority_of, effects_of
from projections.resolution_register.columns import DRAFT, MATTER, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry


def _of_entry(entry: Entry, after: Consortium) -> Iterator[Row]:
    draft_id = authority_of(entry, after)
    if draft_id is None:
        return
    draft = after.resolutions.drafts[draft_id]
    number = draft.decided.number if draft.decided else None
    for ordinal, effect in enumerate(effects_of(entry, after), 1):
        what = effect[:-1]
        about = (draft_id, number, draft.matter, entry.fact.topic)
        cells = (entry.version, ordinal, *about, *what, entry.effective_on, entry.day, entry.actor.role, entry.actor.id)
        yield Row(effect.holds_from or entry.effective_on, None, cells)


MANDATES = Table(
    name="mandates",
    polish="Skutki uchwał",
    english="Mandates",
    columns=(
        Column("version", Kind.COUNT, "wersja", "version"),
        Column("ordinal", Kind.COUNT, "lp.", "no."),
        DRAFT,
        NUMBER,
        MATTER,
        Column("kind", Kind.WORD, "rodzaj wpisu", "kind of entry", filtered=True, words=KINDS),
        Column("allocation_id", Kind.ID, "przydział", "allocation", filtered=True),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("line_id", Kind.ID, "linia", "line", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("amount_gr", Kind.GROSZE, "zmiana kwoty", "change of amount"),
        Column("target_draft", Kind.ID, "dotyczy uchwały", "target resolution", filtered=True),
        Column("effective_on", Kind.DAY, "obowiązuje od", "effective on"),
        Column("recorded_on", Kind.DAY, "zapisano", "recorded on"),
        Column("actor_role", Kind.WORD, "rola", "role", words=get_args(Role)),
        Column("actor_id", Kind.ID, "kto", "actor"),
    ),
    key=("version", "ordinal"),
    of_entry=_of_entry,
)
