"""Contracts with the city: one row for each period in which terms, grant and parties stay the same.

A contract stands in the register from its `effective_on` for ever; whether it runs on the day asked is `phase`.
Source of the liability: art. 14 ust. 5 of the act on public benefit, art. 445 of the act on public procurement.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from domain.packages.events import (
    AnnexSigned,
    ContractPartiesAmended,
    ContractSigned,
    ContractTermChanged,
)
from domain.resolutions.events import ClericalErrorCorrected
from domain.values import FOREVER
from projections.bitemporal.steps import steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.packages.state import Contract
    from projections.bitemporal.table import Key

MODES = ("opp_supporting", "opp_entrusting", "pzp", "regranting", "other")
PHASE = (
    "CASE WHEN %(valid_on)s::date < period_from THEN 'awaited'"
    " WHEN %(valid_on)s::date > period_to THEN 'ended' ELSE 'running' END"
)


def _of_package(
    fact: ContractSigned | ContractPartiesAmended | ContractTermChanged | AnnexSigned,
    _entry: Entry,
    _after: Consortium,
) -> Iterator[Key]:
    yield (fact.package_id,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "contract":
        yield (fact.target.id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    package = consortium.packages.packages.get(key[0])
    contract = package.contract if package else None
    if contract is None:
        return
    days = {max(day, contract.effective_on) for day in _changing(contract)}
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(contract, day)):
        yield Row(holds_from, holds_until, cells)


def _changing(contract: Contract) -> Iterator[date]:
    yield from (on for on, _ in (*contract.terms, *contract.grants))
    for party in contract.parties:
        yield party.from_on
        if party.to_on != FOREVER:
            yield party.to_on + timedelta(days=1)


def _cells(contract: Contract, day: date) -> tuple[object, ...]:
    signed, period_to = contract.signed, contract.period_to_on(day)
    bound = {one.member_id for one in contract.parties if one.from_on <= day <= one.to_on}
    earlier = {one.member_id for one in contract.parties if one.from_on <= one.to_on < day}
    return (
        signed.package_id,
        contract.title,
        contract.contract_no,
        signed.mode,
        signed.signed_on,
        signed.period_from,
        period_to,
        signed.grant_gr,
        sum(change for on, change in contract.grants if on <= day),
        signed.project_funds_gr,
        signed.own_contribution_gr,
        tuple(sorted(bound)),
        tuple(sorted(earlier - bound)),
        signed.line_increase_limit_bp,
        signed.report_due_days,
        period_to + timedelta(days=signed.report_due_days),
        signed.return_due_days,
        period_to + timedelta(days=signed.return_due_days),
    )


CONTRACTS = Table(
    name="contracts",
    polish="Umowy z Miastem",
    english="Contracts with the city",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("title", Kind.TEXT, "tytuł", "title"),
        Column("contract_no", Kind.TEXT, "numer umowy", "contract number"),
        Column("mode", Kind.WORD, "tryb zlecenia", "mode of commissioning", filtered=True, words=MODES),
        Column("signed_on", Kind.DAY, "podpisana", "signed on"),
        Column("period_from", Kind.DAY, "od", "from"),
        Column("period_to", Kind.DAY, "do", "to"),
        Column("signed_grant_gr", Kind.GROSZE, "dotacja w dniu podpisania", "grant as signed"),
        Column("grant_gr", Kind.GROSZE, "dotacja z aneksami", "grant with annexes"),
        Column("project_funds_gr", Kind.GROSZE, "środki projektu", "project funds"),
        Column("own_contribution_gr", Kind.GROSZE, "wkład własny", "own contribution"),
        Column("parties", Kind.IDS, "odpowiadają solidarnie", "jointly and severally liable", filtered=True),
        Column("released", Kind.IDS, "zwolnieni, odpowiadają za swój czas", "released, liable for their time"),
        Column("line_increase_limit_bp", Kind.BASIS_POINTS, "limit przesunięć", "transfer limit"),
        Column("report_due_days", Kind.COUNT, "dni na sprawozdanie", "days for the report"),
        Column("report_due_on", Kind.DAY, "termin sprawozdania końcowego", "final report due on"),
        Column("return_due_days", Kind.COUNT, "dni na zwrot", "days for the return"),
        Column("return_due_on", Kind.DAY, "termin zwrotu dotacji", "return of grant due on"),
        Column("phase", Kind.WORD, "stan", "phase", sql=PHASE, words=("awaited", "running", "ended")),
    ),
    key=("package_id",),
    touched={
        ContractSigned: _of_package,
        ContractPartiesAmended: _of_package,
        ContractTermChanged: _of_package,
        AnnexSigned: _of_package,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=lambda consortium: ((package_id,) for package_id in consortium.packages.packages),
)
