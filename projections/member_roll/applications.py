"""Who asked to join, from the day of the application on, and what the board made of it.

An application is admitted from the day of joining and rejected from the day of the vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.membership.events import ApplicationRejected, MemberAdmitted, MembershipApplied
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.membership.state import Application
    from projections.bitemporal.table import Key


def _of_application(
    fact: MembershipApplied | ApplicationRejected | MemberAdmitted, _entry: Entry, _after: Consortium
) -> Iterator[Key]:
    yield (fact.application_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    one = consortium.membership.applications.get(key[0])
    if one is None:
        return
    days = {one.applied_on, one.decided_on or one.applied_on}
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(one, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(one: Application, day: date) -> tuple[object, ...] | None:
    if day < one.applied_on:
        return None
    decided = one.decided_on is not None and one.decided_on <= day
    fact = one.application
    return (
        fact.application_id,
        fact.name,
        fact.legal_form,
        fact.employment_fte_x100,
        fact.annual_revenue_gr,
        fact.operates_units,
        fact.registry_ref,
        fact.nip,
        fact.regon,
        fact.krs,
        one.applied_on,
        *((one.status, one.decided_on, one.draft_id, one.member_id) if decided else ("open", None, None, None)),
    )


APPLICATIONS = Table(
    name="applications",
    polish="Wnioski o przyjęcie",
    english="Applications",
    columns=(
        Column("application_id", Kind.ID, "wniosek", "application"),
        Column("name", Kind.TEXT, "nazwa", "name"),
        Column("legal_form", Kind.ID, "forma prawna", "legal form", filtered=True),
        Column("employment_fte_x100", Kind.COUNT, "zatrudnienie (setne etatu)", "employment (hundredths of FTE)"),
        Column("annual_revenue_gr", Kind.GROSZE, "przychód roczny", "annual revenue"),
        Column("operates_units", Kind.IDS, "prowadzi jednostki", "operates units"),
        Column("registry_ref", Kind.ID, "wpis w rejestrze", "registry reference"),
        Column("nip", Kind.ID, "NIP", "NIP"),
        Column("regon", Kind.ID, "REGON", "REGON"),
        Column("krs", Kind.ID, "KRS", "KRS"),
        Column("applied_on", Kind.DAY, "złożony", "applied on"),
        Column("status", Kind.WORD, "stan", "status", filtered=True, words=("open", "admitted", "rejected")),
        Column("decided_on", Kind.DAY, "rozstrzygnięty od", "decided from"),
        Column("draft_id", Kind.ID, "rozstrzygnięty uchwałą", "decided by resolution", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
    ),
    key=("application_id",),
    touched={
        MembershipApplied: _of_application,
        ApplicationRejected: _of_application,
        MemberAdmitted: _of_application,
    },
    rows=_rows,
    groups=lambda consortium: ((application_id,) for application_id in consortium.membership.applications),
)
