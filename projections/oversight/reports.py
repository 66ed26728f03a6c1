"""Reports to the city, numbered in the order in which they were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.oversight.events import ReportSubmitted
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    number, reports = int(key[0]), consortium.oversight.reports
    if number <= len(reports):
        on, report = reports[number - 1]
        on_time = report.submitted_on <= report.due_on
        days_late = max(0, (report.submitted_on - report.due_on).days)
        cells = (number, report.package_id, report.kind, report.due_on, report.submitted_on, on_time, days_late)
        yield Row(on, None, cells)


REPORTS = Table(
    name="reports",
    polish="Sprawozdania",
    english="Reports",
    columns=(
        Column("report_no", Kind.COUNT, "nr", "no."),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("kind", Kind.WORD, "rodzaj", "kind", filtered=True, words=("partial", "final")),
        Column("due_on", Kind.DAY, "termin", "due on"),
        Column("submitted_on", Kind.DAY, "złożono", "submitted on"),
        Column("on_time", Kind.FLAG, "w terminie", "on time"),
        Column("days_late", Kind.COUNT, "dni po terminie", "days late"),
    ),
    key=("report_no",),
    touched={ReportSubmitted: lambda _fact, _entry, after: [(str(len(after.oversight.reports)),)]},
    rows=_rows,
    groups=lambda consortium: ((str(number),) for number in range(1, len(consortium.oversight.reports) + 1)),
)
