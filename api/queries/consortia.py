"""Which consortia there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg.sql import SQL, Identifier

from domain.values import write_instant
from projections.bitemporal.definition import LIVE

if TYPE_CHECKING:
    from psycopg import Connection

PAGE: Final = SQL(
    # One step down the index for each consortium, however long their histories are.
    "WITH RECURSIVE each (consortium_id) AS ("
    " (SELECT consortium_id FROM {moments} WHERE consortium_id > %(after)s ORDER BY consortium_id LIMIT 1)"
    " UNION ALL SELECT (SELECT consortium_id FROM {moments} WHERE consortium_id > each.consortium_id"
    " ORDER BY consortium_id LIMIT 1) FROM each WHERE each.consortium_id IS NOT NULL)"
    " SELECT each.consortium_id, last.version, last.recorded_at FROM each, LATERAL ("
    " SELECT version, recorded_at FROM {moments} WHERE consortium_id = each.consortium_id ORDER BY version DESC LIMIT 1"
    ") AS last WHERE each.consortium_id IS NOT NULL LIMIT %(limit)s"
)


def consortia(connection: Connection, after: str, limit: int) -> dict[str, Any]:
    """Return the consortia after an id, in order of their ids, and the cursor of the next page."""
    query = PAGE.format(moments=Identifier(LIVE, "moments"))
    rows = connection.execute(query, {"after": after.replace("\0", ""), "limit": limit + 1}).fetchall()
    told = [
        {"consortium_id": consortium_id, "version": version, "recorded_at": write_instant(recorded_at)}
        for consortium_id, version, recorded_at in rows[:limit]
    ]
    return {"rows": told, "cursor": told[-1]["consortium_id"] if len(rows) > limit else None}
