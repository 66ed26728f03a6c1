"""Findings: what the city's control stated, from the day on which it was recorded; never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.oversight.events import AuditFindingRecorded
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    recorded = consortium.oversight.findings.get(key[0])
    if recorded is not None:
        on, finding = recorded
        yield Row(on, None, (finding.finding_id, finding.subject, finding.severity, finding.text, on))


FINDINGS = Table(
    name="findings",
    polish="Ustalenia kontroli",
    english="Findings",
    columns=(
        Column("finding_id", Kind.ID, "ustalenie", "finding"),
        Column("subject", Kind.ID, "czego dotyczy", "subject", filtered=True),
        Column("severity", Kind.WORD, "waga", "severity", filtered=True, words=("material", "irregularity", "remark")),
        Column("text", Kind.TEXT, "treść", "text"),
        Column("recorded_on", Kind.DAY, "zapisano", "recorded on"),
    ),
    key=("finding_id",),
    touched={AuditFindingRecorded: lambda fact, _entry, _after: [(fact.finding_id,)]},
    rows=_rows,
    groups=lambda consortium: ((finding_id,) for finding_id in consortium.oversight.findings),
)
