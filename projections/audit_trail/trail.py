"""The audit trail: one row an entry, made from the entry and never changed; a correction points at what it corrects.

An entry belongs to the trail from the day on which it was recorded, or from the day from which it holds if that is
earlier; so today's trail has every entry. The first entry comes first: whatever the two clocks, what belongs to a
trail lies closely together from there on, so that a page of it is found at once in any history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, get_args

from domain.catalogue import FACTS
from domain.records import corrected
from domain.values import Role
from projections.audit_trail.concerns import concerns
from projections.audit_trail.sentences import sentence
from projections.bitemporal.table import Column, Comparison, Filter, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry

CORRECTED_BY: Final = """
SELECT array_agg(later.version::text ORDER BY later.version) FROM read.audit_trail AS later
WHERE later.consortium_id = audit_trail.consortium_id AND later.corrects = audit_trail.version
AND later.version <= %(version)s::bigint
"""
LEAF_HASH: Final = """
SELECT encode(moments.leaf_hash, 'hex') FROM read.moments
WHERE moments.consortium_id = audit_trail.consortium_id AND moments.version = audit_trail.version
"""


def _of_entry(entry: Entry, after: Consortium) -> Iterator[Row]:
    recorded_on = entry.day
    cells = (
        entry.version,
        entry.recorded_at,
        recorded_on,
        entry.effective_on,
        entry.fact.topic,
        sentence(entry, after, "pl"),
        sentence(entry, after, "en"),
        entry.actor.role,
        entry.actor.id,
        entry.under,
        concerns(entry, after),
        corrected(after.records, entry.fact),
        entry.event_id,
    )
    yield Row(min(recorded_on, entry.effective_on), None, cells)


AUDIT_TRAIL = Table(
    name="audit_trail",
    polish="Ślad rewizyjny",
    english="Audit trail",
    columns=(
        Column("version", Kind.COUNT, "wersja", "version"),
        Column("recorded_at", Kind.INSTANT, "zapisano", "recorded at"),
        Column("recorded_on", Kind.DAY, "dzień zapisu", "recorded on", filtered=True),
        Column("effective_on", Kind.DAY, "obowiązuje od", "effective on", filtered=True),
        Column("kind", Kind.WORD, "rodzaj", "kind", filtered=True, words=tuple(FACTS)),
        Column("polish", Kind.TEXT, "treść", "sentence in Polish"),
        Column("english", Kind.TEXT, "treść po angielsku", "sentence"),
        Column("actor_role", Kind.WORD, "rola", "role", filtered=True, words=get_args(Role)),
        Column("actor_id", Kind.ID, "kto", "actor", filtered=True),
        Column("under", Kind.ID, "na podstawie", "under"),
        # Each as `noun:id`, e.g. member:M02, resolution:DR-11, task:T16, package:P1, line:P1/L2.
        Column("concerns", Kind.IDS, "czego dotyczy", "concerns", filtered=True),
        Column("corrects", Kind.COUNT, "prostuje wpis", "corrects", filtered=True),
        Column("corrected_by", Kind.IDS, "sprostowany wpisami", "corrected by", sql=CORRECTED_BY),
        Column("event_id", Kind.ID, "identyfikator wpisu", "event id"),
        Column("leaf_hash", Kind.TEXT, "skrót wpisu", "leaf hash", sql=LEAF_HASH),
    ),
    key=("version",),
    of_entry=_of_entry,
    more_filters=(
        Filter("member", "concerns", "dotyczy członka", "concerns the member", prefix="member:"),
        Filter("task", "concerns", "dotyczy zadania", "concerns the task", prefix="task:"),
        Filter("resolution", "concerns", "dotyczy uchwały (projekt)", "concerns the resolution", prefix="resolution:"),
        Filter("package", "concerns", "dotyczy pakietu", "concerns the package", prefix="package:"),
        Filter("line", "concerns", "dotyczy linii", "concerns the budget line", prefix="line:"),
        Filter("recorded_from", "recorded_on", "zapisano od dnia", "recorded on or after", Comparison.SINCE),
        Filter("recorded_to", "recorded_on", "zapisano do dnia", "recorded on or before", Comparison.UNTIL),
        Filter("effective_from", "effective_on", "obowiązuje od dnia", "effective on or after", Comparison.SINCE),
        Filter("effective_to", "effective_on", "obowiązuje do dnia", "effective on or before", Comparison.UNTIL),
    ),
)
