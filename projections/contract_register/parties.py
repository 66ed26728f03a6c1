"""Contract parties: one row for each bond of a member, on the days on which it is bound.

A party is bound from the `effective_on` of the annex that added it, or from the contract's beginning; one that was
released stays liable for its time (`contracts.released`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.packages.events import ContractPartiesAmended, ContractSigned
from domain.values import FOREVER
from projections.bitemporal.steps import after
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry
    from projections.bitemporal.table import Key


def _of_package(fact: ContractSigned | ContractPartiesAmended, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.package_id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    (package_id,) = key
    package = consortium.packages.packages.get(package_id)
    if package is None or package.contract is None:
        return
    for party in package.contract.parties:
        bound_to = None if party.to_on == FOREVER else party.to_on
        if party.from_on <= party.to_on:
            cells = (package_id, party.member_id, party.from_on, bound_to)
            yield Row(party.from_on, after(bound_to), cells)


PARTIES = Table(
    name="parties",
    polish="Strony umów",
    english="Contract parties",
    columns=(
        Column("package_id", Kind.ID, "pakiet", "package"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("bound_from", Kind.DAY, "związany od", "bound from"),
        Column("bound_to", Kind.DAY, "związany do", "bound to"),
    ),
    key=("package_id", "member_id", "bound_from"),
    walked=True,
    touched={ContractSigned: _of_package, ContractPartiesAmended: _of_package},
    rows=_rows,
    groups=lambda consortium: ((package_id,) for package_id in consortium.packages.packages),
)
