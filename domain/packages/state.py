"""Packages, their contracts and parties; tasks and who performs them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from immutables import Map

from domain.packages.events import (
    AllocationEnded,
    AnnexSigned,
    ContractPartiesAmended,
    ContractSigned,
    ContractTermChanged,
    JointOfferSubmitted,
    TaskAllocated,
    TaskDefined,
)
from domain.states import Grown, replace, with_added, with_grown
from domain.values import FOREVER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.decider import Entry
    from domain.values import PerformerRole

PackageFact = (
    JointOfferSubmitted
    | ContractSigned
    | ContractPartiesAmended
    | ContractTermChanged
    | AnnexSigned
    | TaskDefined
    | TaskAllocated
    | AllocationEnded
)


@dataclass(frozen=True)
class Party:
    """A member bound by the contract from a day, to a day."""

    member_id: str
    from_on: date
    to_on: date = FOREVER


@dataclass(frozen=True)
class Contract:
    """A city contract as amended."""

    signed: ContractSigned
    title: str
    contract_no: str
    effective_on: date
    parties: tuple[Party, ...]
    terms: tuple[tuple[date, date], ...]
    """From which day which end of the contract, in the order recorded."""
    grants: tuple[tuple[date, int], ...]
    """Changes of the city grant in grosze, by day; the first is the contract's own."""
    last_annex_no: int = 0

    @property
    def period_to(self) -> date:
        """The end of the contract as last agreed."""
        return self.terms[-1][1]

    def period_to_on(self, day: date) -> date:
        """Return the end of the contract as agreed by `day`."""
        return next((end for since, end in reversed(self.terms) if since <= day), self.terms[0][1])

    @property
    def grant_gr(self) -> int:
        """The city grant with every annex known."""
        return sum(change for _, change in self.grants)

    def is_party_on(self, member_id: str, day: date) -> bool:
        """Tell whether the member is bound on `day`."""
        return any(party.member_id == member_id and party.from_on <= day <= party.to_on for party in self.parties)

    def is_party_throughout(self, member_id: str, first: date, last: date) -> bool:
        """Tell whether one bond of the member, or several that follow on each other, covers the whole period."""
        spans = sorted((p.from_on, p.to_on) for p in self.parties if p.member_id == member_id)
        for start, end in spans:
            if start <= first <= end:
                if last <= end:
                    return True
                first = end.fromordinal(end.toordinal() + 1)
        return False


@dataclass(frozen=True)
class Package:
    """Several services in one commission."""

    package_id: str
    offer: JointOfferSubmitted | None = None
    contract: Contract | None = None


@dataclass(frozen=True)
class Task:
    """One service, the unit of allocation and of budget."""

    task_id: str
    package_id: str
    name: str
    period_from: date
    period_to: date
    allocations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allocation:
    """Who performs a task, as corrected; an end moves `valid_to`."""

    allocation_id: str
    task_id: str
    member_id: str
    role: PerformerRole
    valid_from: date
    valid_to: date
    under: str | None

    def covers(self, day: date) -> bool:
        """Tell whether the member performs the task on `day`."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True)
class Packages:
    """Every package, task and allocation by its id."""

    packages: Map[str, Package] = field(default_factory=Map)
    tasks: Map[str, Task] = field(default_factory=Map)
    allocations: Map[str, Allocation] = field(default_factory=Map)
    of_member: Map[str, Grown[str]] = field(default_factory=Map)
    """Allocation ids of a member, in the order recorded."""
    allocated_under: Map[str, tuple[str, ...]] = field(default_factory=Map)
    """Allocation ids by the draft that authorised them, in the order recorded."""

    def contract_of(self, task: Task) -> Contract | None:
        """Return the contract under which the task is performed."""
        return self.packages[task.package_id].contract

    def of_task(self, task_id: str) -> Iterator[Allocation]:
        """Walk the allocations of a task in the order recorded."""
        return (self.allocations[allocation_id] for allocation_id in self.tasks[task_id].allocations)

    def performs_ever(self, member_id: str, task_id: str) -> bool:
        """Tell whether the member performs the task on some day of it, as known."""
        return any(one.member_id == member_id and one.valid_from <= one.valid_to for one in self.of_task(task_id))

    def performs_on(self, member_id: str, task_id: str, day: date) -> bool:
        """Tell whether the member performs the task on `day`."""
        return any(one.member_id == member_id and one.covers(day) for one in self.of_task(task_id))


def evolve(state: Packages, fact: PackageFact, entry: Entry) -> Packages:
    """Return the packages after `fact`."""
    match fact:
        case TaskDefined():
            task = Task(fact.task_id, fact.package_id, fact.name, fact.period_from, fact.period_to)
            return replace(state, tasks=state.tasks.set(fact.task_id, task))
        case TaskAllocated():
            return _allocate(state, fact, entry.under)
        case AllocationEnded():
            ended = replace(state.allocations[fact.allocation_id], valid_to=fact.last_day)
            return replace(state, allocations=state.allocations.set(fact.allocation_id, ended))
        case _:
            package = _evolve_package(state.packages.get(fact.package_id, Package(fact.package_id)), fact, entry)
            return replace(state, packages=state.packages.set(fact.package_id, package))


def _allocate(state: Packages, fact: TaskAllocated, under: str | None) -> Packages:
    allocation = Allocation(
        allocation_id=fact.allocation_id,
        task_id=fact.task_id,
        member_id=fact.member_id,
        role=fact.role,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        under=under,
    )
    task = state.tasks[fact.task_id]
    task = replace(task, allocations=(*task.allocations, fact.allocation_id))
    return replace(
        state,
        tasks=state.tasks.set(task.task_id, task),
        allocations=state.allocations.set(fact.allocation_id, allocation),
        of_member=with_grown(state.of_member, fact.member_id, fact.allocation_id),
        allocated_under=with_added(state.allocated_under, under, fact.allocation_id)
        if under
        else state.allocated_under,
    )


def _evolve_package(
    package: Package,
    fact: JointOfferSubmitted | ContractSigned | ContractPartiesAmended | ContractTermChanged | AnnexSigned,
    entry: Entry,
) -> Package:
    match fact:
        case JointOfferSubmitted():
            return replace(package, offer=fact)
        case ContractSigned():
            return replace(package, contract=_sign(fact, entry.effective_on))
        case ContractPartiesAmended() | ContractTermChanged() | AnnexSigned():
            assert package.contract is not None  # noqa: S101 - only a contract can be amended
            return replace(package, contract=_amend(package.contract, fact, entry.effective_on))
        case _:
            assert_never(fact)


def _sign(fact: ContractSigned, effective_on: date) -> Contract:
    bound_from = min(fact.signed_on, fact.period_from, effective_on)
    return Contract(
        signed=fact,
        title=fact.title,
        contract_no=fact.contract_no,
        effective_on=effective_on,
        parties=tuple(Party(member_id, bound_from) for member_id in fact.parties),
        terms=((effective_on, fact.period_to),),
        grants=((effective_on, fact.grant_gr),),
    )


def _amend(
    contract: Contract, fact: ContractPartiesAmended | ContractTermChanged | AnnexSigned, effective_on: date
) -> Contract:
    contract = replace(contract, last_annex_no=fact.annex_no)
    match fact:
        case ContractTermChanged():
            return replace(contract, terms=(*contract.terms, (effective_on, fact.period_to)))
        case AnnexSigned():
            return replace(contract, grants=(*contract.grants, (effective_on, fact.grant_change_gr)))
        case ContractPartiesAmended():
            day_before = effective_on.fromordinal(effective_on.toordinal() - 1)
            kept = tuple(
                replace(party, to_on=min(party.to_on, day_before)) if party.member_id in fact.remove else party
                for party in contract.parties
            )
            added = tuple(Party(member_id, effective_on) for member_id in fact.add)
            return replace(contract, parties=(*kept, *added))


def correct_package(state: Packages, package_id: str, field_name: str, value: str) -> Packages:
    """Return the packages with a clerical error in a contract's record put right."""
    package = state.packages[package_id]
    assert package.contract is not None  # noqa: S101 - only a contract's fields can be corrected
    contract = (
        replace(package.contract, title=value)
        if field_name == "title"
        else replace(package.contract, contract_no=value)
    )
    return replace(state, packages=state.packages.set(package_id, replace(package, contract=contract)))


def correct_task(state: Packages, task_id: str, value: str) -> Packages:
    """Return the packages with a task's name put right."""
    return replace(state, tasks=state.tasks.set(task_id, replace(state.tasks[task_id], name=value)))


def correct_allocation(state: Packages, allocation_id: str, field_name: str, value: date) -> Packages:
    """Return the packages with a day of an allocation put right."""
    allocation = state.allocations[allocation_id]
    corrected = (
        replace(allocation, valid_from=value) if field_name == "valid_from" else replace(allocation, valid_to=value)
    )
    return replace(state, allocations=state.allocations.set(allocation_id, corrected))
