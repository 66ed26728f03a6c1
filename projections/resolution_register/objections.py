"""Members' objections to resolutions, from the day they were lodged, and what the board answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from domain.resolutions.events import ObjectionLodged, ObjectionResolved
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table
from projections.resolution_register.columns import DRAFT, MATTER, NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.resolutions.state import Objection
    from projections.bitemporal.table import Key


def _of_objection(fact: ObjectionLodged | ObjectionResolved, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.draft_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    draft = consortium.resolutions.drafts.get(key[0])
    if draft is None:
        return
    number = draft.decided.number if draft.decided else None
    for ordinal, one in enumerate(draft.objections, 1):
        named = (draft.draft_id, ordinal, number, draft.matter, one.member_id, one.lodged_on, one.grounds)
        for holds_from, holds_until, answer in steps(_days(one), partial(_answer, one)):
            yield Row(holds_from, holds_until, (*named, *answer))


def _days(one: Objection) -> tuple[date, ...]:
    return (one.lodged_on, max(one.lodged_on, one.resolved_on or one.lodged_on))


def _answer(one: Objection, day: date) -> tuple[object, ...]:
    if one.resolved_on is None or day < one.resolved_on:
        return "open", None, None
    return one.outcome, one.resolved_on, one.note


OBJECTIONS = Table(
    name="objections",
    polish="Sprzeciwy",
    english="Objections",
    columns=(
        DRAFT,
        Column("ordinal", Kind.COUNT, "lp.", "no."),
        NUMBER,
        MATTER,
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("lodged_on", Kind.DAY, "wniesiono", "lodged on"),
        Column("grounds", Kind.TEXT, "zarzuty", "grounds"),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("open", "dismissed", "upheld")),
        Column("resolved_on", Kind.DAY, "rozpatrzono", "resolved on"),
        Column("note", Kind.TEXT, "odpowiedź", "answer"),
        Column(
            "days_open",
            Kind.COUNT,
            "dni w toku",
            "days open",
            sql="coalesce(resolved_on, %(valid_on)s::date) - lodged_on",
        ),
    ),
    key=("draft_id", "ordinal"),
    touched={ObjectionLodged: _of_objection, ObjectionResolved: _of_objection},
    rows=_rows,
    groups=lambda consortium: ((draft_id,) for draft_id in consortium.resolutions.order),
)
