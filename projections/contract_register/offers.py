"""Joint offers: one row for each, from the day on which it was made; an offer never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.answers.tasks import number_of
from domain.packages.events import JointOfferSubmitted
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry


def _offered(entry: Entry, consortium: Consortium) -> Iterator[Row]:
    fact = entry.fact
    if isinstance(fact, JointOfferSubmitted):
        cells = (
            fact.package_id,
            fact.parties,
            fact.represented_by,
            fact.requested_grant_gr,
            fact.own_contribution_gr,
            entry.effective_on,
            entry.under,
            number_of(consortium, entry.under),
            entry.version,
        )
        yield Row(entry.effective_on, None, cells)


OFFERS = Table(
    name="offers",
    polish="Oferty wspólne",
    english="Joint offers",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("parties", Kind.IDS, "oferenci", "offered by", filtered=True),
        Column("represented_by", Kind.ID, "reprezentowani przez", "represented by"),
        Column("requested_grant_gr", Kind.GROSZE, "wnioskowana dotacja", "grant asked for"),
        Column("own_contribution_gr", Kind.GROSZE, "wkład własny", "own contribution"),
        Column("offered_on", Kind.DAY, "złożona", "offered on"),
        Column("draft_id", Kind.ID, "projekt uchwały", "draft", filtered=True),
        Column("number", Kind.TEXT, "uchwała", "resolution"),
        Column("version", Kind.COUNT, "wpis", "entry"),
    ),
    key=("package_id",),
    of_entry=_offered,
)
