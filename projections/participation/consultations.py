"""Consultations: what is commented on and by whom, and once closed how many commented and with what result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.participation.events import ConsultationClosed, ConsultationOpened
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.participation.state import Consultation
    from projections.bitemporal.table import Key


def _touched(fact: ConsultationOpened | ConsultationClosed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.consultation_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    consultation = consortium.participation.consultations.get(key[0])
    if consultation is not None:
        opened_on = consultation.opened_on
        days = {opened_on, max(opened_on, consultation.closed_on or opened_on)}
        for holds_from, holds_until, cells in steps(days, lambda day: _cells(consultation, day)):
            yield Row(holds_from, holds_until, cells)


def _cells(consultation: Consultation, day: date) -> tuple[object, ...]:
    opened, closed_on = consultation.opened, consultation.closed_on
    closed = consultation.closed if closed_on is not None and closed_on <= day else None
    return (
        opened.consultation_id,
        opened.subject,
        opened.target_groups,
        "closed" if closed else "open",
        opened.from_,
        opened.to,
        closed.participants if closed else None,
        closed.comments if closed else None,
        closed.accepted if closed else None,
        closed.rejected if closed else None,
        closed.conclusions_ref if closed else None,
        consultation.opened_on,
        closed_on if closed else None,
    )


CONSULTATIONS = Table(
    name="consultations",
    polish="Konsultacje",
    english="Consultations",
    columns=(
        Column("consultation_id", Kind.ID, "konsultacje", "consultation"),
        Column("subject", Kind.TEXT, "przedmiot", "subject"),
        Column("target_groups", Kind.IDS, "do kogo", "target groups", filtered=True),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("open", "closed")),
        Column("from_on", Kind.DAY, "od", "from"),
        Column("to_on", Kind.DAY, "do", "to"),
        Column("participants", Kind.COUNT, "uczestnicy", "participants"),
        Column("comments", Kind.COUNT, "uwagi", "comments"),
        Column("accepted", Kind.COUNT, "uwagi uwzględnione", "accepted"),
        Column("rejected", Kind.COUNT, "uwagi odrzucone", "rejected"),
        Column("conclusions_ref", Kind.TEXT, "wnioski", "conclusions"),
        Column("opened_on", Kind.DAY, "ogłoszono", "opened on"),
        Column("closed_on", Kind.DAY, "zamknięto", "closed on"),
    ),
    key=("consultation_id",),
    touched={ConsultationOpened: _touched, ConsultationClosed: _touched},
    rows=_rows,
    groups=lambda consortium: ((consultation_id,) for consultation_id in consortium.participation.consultations),
)
