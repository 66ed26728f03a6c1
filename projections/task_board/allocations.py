"""Allocations: who performs which task, on the days of the allocation as corrected.

What was allocated under a resolution that turned out invalid stays, flagged; so does what outlives a membership or a
contract party (`domain.answers.loose_ends`). Source: `rules.md` 18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.answers.loose_ends import LOOSE_ENDS
from domain.answers.tasks import number_of
from domain.membership.events import MembershipEnded, WithdrawalFiled
from domain.packages.events import AllocationEnded, ContractPartiesAmended, TaskAllocated
from domain.resolutions.events import ClericalErrorCorrected, ResolutionInvalidated
from projections.bitemporal.steps import after
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.packages.state import Allocation
    from projections.bitemporal.table import Key

ORPHANED: Final = LOOSE_ENDS["orphaned_allocation"].course
OUTLIVED: Final = LOOSE_ENDS["outlived_allocation"].course


def _of_allocation(fact: TaskAllocated | AllocationEnded, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (fact.allocation_id,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "allocation":
        yield (fact.target.id,)


def _of_member(fact: WithdrawalFiled | MembershipEnded, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    """Name the allocations that last beyond the day by the notice or by the decision, whichever is earlier."""
    member = consortium.membership.members[fact.member_id]
    last_days = [] if member.last_day is None else [member.last_day]
    if member.withdrawal is not None:
        last_days.append(member.withdrawal.effective_last_day)
    return (
        (one.allocation_id,) for one in _allocations_of(consortium, fact.member_id) if one.valid_to > min(last_days)
    )


def _of_parties(fact: ContractPartiesAmended, entry: Entry, consortium: Consortium) -> Iterator[Key]:
    tasks = consortium.packages.tasks
    for member_id in (*fact.add, *fact.remove):
        for one in _allocations_of(consortium, member_id):
            if one.valid_to >= entry.effective_on and tasks[one.task_id].package_id == fact.package_id:
                yield (one.allocation_id,)


def _allocations_of(consortium: Consortium, member_id: str) -> Iterator[Allocation]:
    packages = consortium.packages
    return (packages.allocations[one] for one in packages.of_member.get(member_id, ()))


def _of_invalidity(fact: ResolutionInvalidated, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    return ((one,) for one in consortium.packages.allocated_under.get(fact.target, ()))


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    one = consortium.packages.allocations.get(key[0])
    if one is None or one.valid_to < one.valid_from:
        return
    outlived = OUTLIVED(consortium, key).on(one.valid_from)
    cells = (
        one.allocation_id,
        one.task_id,
        consortium.packages.tasks[one.task_id].package_id,
        one.member_id,
        one.role,
        one.valid_from,
        one.valid_to,
        one.under,
        number_of(consortium, one.under),
        ORPHANED(consortium, key).on(one.valid_from) is not None,
        outlived.kind if outlived else None,
    )
    yield Row(one.valid_from, after(one.valid_to), cells)


ALLOCATIONS = Table(
    name="allocations",
    polish="Przydziały zadań",
    english="Allocations of tasks",
    columns=(
        Column("allocation_id", Kind.ID, "przydział", "allocation"),
        Column("task_id", Kind.ID, "zadanie", "task", filtered=True),
        Column("package_id", Kind.ID, "pakiet", "package", filtered=True),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("role", Kind.WORD, "rola", "role", filtered=True, words=("lead", "partner")),
        Column("valid_from", Kind.DAY, "od", "from"),
        Column("valid_to", Kind.DAY, "do", "to"),
        Column("draft_id", Kind.ID, "projekt uchwały", "draft", filtered=True),
        Column("number", Kind.TEXT, "uchwała", "resolution"),
        Column("orphaned", Kind.FLAG, "osierocony po nieważności uchwały", "orphaned by an invalidity", filtered=True),
        Column(
            "outlived",
            Kind.WORD,
            "trwa po odejściu członka albo bez umowy",
            "outlives the membership or the contract party",
            filtered=True,
            words=("outlived_allocation", "unbound_allocation"),
        ),
    ),
    key=("allocation_id",),
    touched={
        TaskAllocated: _of_allocation,
        AllocationEnded: _of_allocation,
        ClericalErrorCorrected: _of_correction,
        WithdrawalFiled: _of_member,
        MembershipEnded: _of_member,
        ContractPartiesAmended: _of_parties,
        ResolutionInvalidated: _of_invalidity,
    },
    rows=_rows,
    groups=lambda consortium: ((allocation_id,) for allocation_id in consortium.packages.allocations),
)
