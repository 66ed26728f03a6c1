"""Recommendations: what the auditor asks for by a day, and whether it was met in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.oversight.events import RecommendationClosed, RecommendationIssued
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.oversight.state import Recommendation
    from projections.bitemporal.table import Key


def _touched(fact: RecommendationIssued | RecommendationClosed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.recommendation_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    one = consortium.oversight.recommendations.get(key[0])
    if one is None:
        return
    days = {one.issued_on, max(one.issued_on, one.closed_on or one.issued_on)}
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(one, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(one: Recommendation, day: date) -> tuple[object, ...]:
    closed = one.closed_on is not None and one.closed_on <= day
    return (
        one.issued.recommendation_id,
        one.issued.finding_id,
        "closed" if closed else "open",
        one.issued.text,
        one.issued_on,
        one.issued.due_on,
        one.closed_on if closed else None,
        one.evidence if closed else None,
    )


RECOMMENDATIONS = Table(
    name="recommendations",
    polish="Zalecenia",
    english="Recommendations",
    columns=(
        Column("recommendation_id", Kind.ID, "zalecenie", "recommendation"),
        Column("finding_id", Kind.ID, "ustalenie", "finding", filtered=True),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("open", "closed")),
        Column("text", Kind.TEXT, "treść", "text"),
        Column("issued_on", Kind.DAY, "wydano", "issued on"),
        Column("due_on", Kind.DAY, "termin", "due on"),
        Column("closed_on", Kind.DAY, "wykonano", "closed on"),
        Column("evidence", Kind.TEXT, "dowód", "evidence"),
        # Nobody knows yet of what is open and not late.
        Column(
            "on_time",
            Kind.FLAG,
            "w terminie",
            "on time",
            sql="CASE WHEN coalesce(closed_on, %(valid_on)s::date) > due_on THEN false"
            " WHEN closed_on IS NOT NULL THEN true END",
        ),
        Column(
            "days_late",
            Kind.COUNT,
            "dni po terminie",
            "days late",
            sql="greatest(0, coalesce(closed_on, %(valid_on)s::date) - due_on)",
        ),
    ),
    key=("recommendation_id",),
    touched={RecommendationIssued: _touched, RecommendationClosed: _touched},
    rows=_rows,
    groups=lambda consortium: ((one,) for one in consortium.oversight.recommendations),
)
