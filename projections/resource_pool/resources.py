"""Resources: what a member offers for lending, from the day on which it was registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.support.events import ResourceRegistered
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    registered = consortium.support.resources.get(key[0])
    if registered is not None:
        on, fact = registered
        yield Row(on, None, (fact.resource_id, fact.name, fact.owner, fact.quantity, on))


RESOURCES = Table(
    name="resources",
    polish="Zasoby wspólne",
    english="Shared resources",
    columns=(
        Column("resource_id", Kind.ID, "zasób", "resource"),
        Column("name", Kind.TEXT, "nazwa", "name"),
        Column("owner", Kind.ID, "właściciel", "owner", filtered=True),
        Column("quantity", Kind.COUNT, "liczba sztuk", "quantity"),
        Column("registered_on", Kind.DAY, "zgłoszono", "registered on"),
    ),
    key=("resource_id",),
    touched={ResourceRegistered: lambda fact, _entry, _after: [(fact.resource_id,)]},
    rows=_rows,
    groups=lambda consortium: ((resource_id,) for resource_id in consortium.support.resources),
)
