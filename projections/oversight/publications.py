"""Publications: documents made public, numbered in the order in which they were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.oversight.events import DocumentPublished
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from projections.bitemporal.table import Key


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    number, publications = int(key[0]), consortium.oversight.publications
    if number <= len(publications):
        on, one = publications[number - 1]
        yield Row(on, None, (number, one.document, one.channel, one.published_on, one.meeting_id, one.note))


PUBLICATIONS = Table(
    name="publications",
    polish="Publikacje",
    english="Publications",
    columns=(
        Column("publication_no", Kind.COUNT, "nr", "no."),
        Column("document", Kind.TEXT, "dokument", "document"),
        Column("channel", Kind.ID, "miejsce publikacji", "channel", filtered=True),
        Column("published_on", Kind.DAY, "opublikowano", "published on"),
        Column("meeting_id", Kind.ID, "posiedzenie lub głosowanie obiegowe", "forum", filtered=True),
        Column("note", Kind.TEXT, "uwagi", "note"),
    ),
    key=("publication_no",),
    touched={DocumentPublished: lambda _fact, _entry, after: [(str(len(after.oversight.publications)),)]},
    rows=_rows,
    groups=lambda consortium: ((str(number),) for number in range(1, len(consortium.oversight.publications) + 1)),
)
