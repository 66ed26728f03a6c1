"""Tranches: one row for each instalment, from the day on which it was received, until and since it was passed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.loose_ends import PAID
from domain.budget.events import TrancheDistributed, TrancheReceived
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.budget.state import Tranche
    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key

WAITING = "CASE WHEN status = 'received' THEN %(valid_on)s::date - received_on END"


def _of_tranche(fact: TrancheReceived | TrancheDistributed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield fact.package_id, fact.source, str(fact.tranche_no)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    package_id, source, tranche_no = key
    tranche = consortium.budgets.tranches.get((package_id, source, int(tranche_no)))
    if tranche is None:
        return
    passed_on = max(tranche.distributed_on or tranche.received_on, tranche.received_on)
    for holds_from, holds_until, cells in steps({tranche.received_on, passed_on}, lambda day: _cells(tranche, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(tranche: Tranche, day: date) -> tuple[object, ...]:
    distributed_on = tranche.distributed_on
    if distributed_on is not None and distributed_on > day:
        distributed_on = None
    return (
        tranche.package_id,
        tranche.source,
        tranche.tranche_no,
        tranche.amount_gr,
        tranche.payer,
        tranche.received_on,
        "distributed" if distributed_on else "received",
        distributed_on,
    )


TRANCHES = Table(
    name="tranches",
    polish="Transze",
    english="Tranches",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("source", Kind.WORD, "źródło", "source", filtered=True, words=PAID),
        Column("tranche_no", Kind.COUNT, "numer transzy", "tranche number"),
        Column("amount_gr", Kind.GROSZE, "kwota", "amount"),
        Column("payer", Kind.TEXT, "płatnik", "payer"),
        Column("received_on", Kind.DAY, "wpłynęła", "received on"),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("received", "distributed")),
        Column("distributed_on", Kind.DAY, "przekazana członkom", "distributed on"),
        Column("days_waiting", Kind.COUNT, "dni do przekazania", "days since received, undistributed", sql=WAITING),
    ),
    key=("package_id", "source", "tranche_no"),
    walked=True,
    touched={TrancheReceived: _of_tranche, TrancheDistributed: _of_tranche},
    rows=_rows,
    groups=lambda consortium: (
        (package_id, source, str(tranche_no)) for package_id, source, tranche_no in consortium.budgets.tranches
    ),
)
