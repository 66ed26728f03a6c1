"""Offers, contracts, annexes, tasks and allocations."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.decider import Command, Fact, Given
from domain.errors import require
from domain.guards import require_member_throughout, require_members_on, require_party_throughout
from domain.packages.events import (
    AllocationEnded,
    AllocationEndFields,
    AllocationFields,
    AnnexFields,
    AnnexSigned,
    ContractFields,
    ContractPartiesAmended,
    ContractSigned,
    ContractTermChanged,
    JointOfferSubmitted,
    OfferFields,
    PartiesFields,
    TaskAllocated,
    TaskDefined,
    TaskFields,
    TermFields,
)
from domain.packages.state import Allocation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from domain.consortium import Consortium
    from domain.packages.state import Contract, Task


class SubmitJointOffer(Command, OfferFields):
    """Record a joint offer to the city."""


class SignContract(Command, ContractFields):
    """Record a contract with the city."""


class AmendContractParties(Command, PartiesFields):
    """Record an annex on the parties; they change from `effective_on`."""


class ChangeContractTerm(Command, TermFields):
    """Record an annex on the end of the contract."""


class SignAnnex(Command, AnnexFields):
    """Record an annex on the grant, with the line and the shares it changes."""


class DefineTask(Command, TaskFields):
    """Add a task to a package under contract."""


class AllocateTask(Command, AllocationFields):
    """Entrust a task to a member."""


class EndAllocation(Command, AllocationEndFields):
    """Set the last day of an allocation."""


def submit_joint_offer(consortium: Consortium, given: Given[SubmitJointOffer]) -> tuple[Fact, ...]:
    """Record a joint offer.

    Raises:
        Refusal: `not-a-member-on-date`; `not-the-leader`.
    """
    command = given.command
    require_members_on(consortium, command.parties, given.effective_on, "/data/parties")
    leader = consortium.membership.leader_on(given.effective_on)
    require(
        command.represented_by == leader,
        "not-the-leader",
        place="/data/represented_by",
        member_id=command.represented_by,
        leader=leader,
    )
    return (JointOfferSubmitted.of(command),)


def sign_contract(consortium: Consortium, given: Given[SignContract]) -> tuple[Fact, ...]:
    """Record the contract, with or without an offer before it.

    Raises:
        Refusal: `not-a-member-on-date` for a party on `signed_on`.
    """
    command = given.command
    require_members_on(consortium, command.parties, command.signed_on, "/data/parties")
    return (ContractSigned.of(command),)


def amend_contract_parties(consortium: Consortium, given: Given[AmendContractParties]) -> tuple[Fact, ...]:
    """Change the parties from `effective_on`; who is removed stays liable to that date.

    Raises:
        Refusal: `not-a-member-on-date` for one added; `not-a-contract-party` for one removed;
            `id-already-used` for one added that is bound already; `annex-out-of-sequence`.
    """
    command, on = given.command, given.effective_on
    contract = contract_of(consortium, command.package_id)
    require_members_on(consortium, command.add, on, "/data/add")
    for index, member_id in enumerate(command.remove):
        bound = contract.is_party_on(member_id, on)
        require(bound, "not-a-contract-party", place=f"/data/remove/{index}", member_id=member_id, first=on, last=on)
    for index, member_id in enumerate(command.add):
        bound = contract.is_party_on(member_id, on)
        require(not bound, "id-already-used", place=f"/data/add/{index}", id=member_id)
    _require_next_annex(contract, command.annex_no)
    return (ContractPartiesAmended.of(command),)


def change_contract_term(consortium: Consortium, given: Given[ChangeContractTerm]) -> tuple[Fact, ...]:
    """Change the end of the contract; what outlives it is flagged, not refused.

    Raises:
        Refusal: `annex-out-of-sequence`; `outside-contract-period` for an end before the beginning.
    """
    command = given.command
    contract = contract_of(consortium, command.package_id)
    _require_next_annex(contract, command.annex_no)
    _require_inside_contract(contract, contract.signed.period_from, None, command.period_to, "/data/period_to")
    return (ContractTermChanged.of(command),)


def sign_annex(consortium: Consortium, given: Given[SignAnnex]) -> tuple[Fact, ...]:
    """Change the grant, one line and its shares together.

    Raises:
        Refusal: `source-mismatch` unless the city grant pays the line; `annex-out-of-sequence`;
            `not-allocated-to-task`; `line-not-split`; `transfer-not-balanced` unless the members' changes make up the
            line's; `share-exceeded`; `tranche-exceeds-contract` when more was received than would be left.
    """
    command = given.command
    contract = contract_of(consortium, command.package_id)
    line = consortium.budgets.lines[command.line_id]
    require(
        line.source == "city_grant", "source-mismatch", place="/data/line_id", source=line.source, expected="city_grant"
    )
    _require_next_annex(contract, command.annex_no)
    for member_id in command.to_members:
        performs = consortium.packages.performs_ever(member_id, line.task_id)
        require(
            performs,
            "not-allocated-to-task",
            place=f"/data/to_members/{member_id}",
            member_id=member_id,
            task_id=line.task_id,
        )
    takes = line.takes_shares_on(given.effective_on, command.to_members)
    require(takes, "line-not-split", place="/data/to_members", line_id=line.line_id)
    changed = sum(command.to_members.values())
    require(
        line.split_on is None or changed == command.grant_change_gr,
        "transfer-not-balanced",
        place="/data/to_members",
        amount=command.grant_change_gr,
        members=changed,
    )
    _require_enough_left(consortium, given, contract)
    return (AnnexSigned.of(command),)


def _require_enough_left(consortium: Consortium, given: Given[SignAnnex], contract: Contract) -> None:
    """Check that a decrease leaves no share, line or grant below zero or below what came in already."""
    command, line = given.command, consortium.budgets.lines[given.command.line_id]
    for member_id, change in command.to_members.items():
        share = line.least_share(member_id, given.effective_on)
        require(
            share + change >= 0,
            "share-exceeded",
            place=f"/data/to_members/{member_id}",
            member_id=member_id,
            share=share,
            amount=-change,
        )
    require(
        line.least_amount(given.effective_on) + command.grant_change_gr >= 0,
        "share-exceeded",
        place="/data/grant_change_gr",
        member_id=line.line_id,
        share=line.least_amount(given.effective_on),
        amount=-command.grant_change_gr,
    )
    received, left = (
        consortium.budgets.received_gr(command.package_id, "city_grant"),
        (contract.grant_gr + command.grant_change_gr),
    )
    require(
        received <= left, "tranche-exceeds-contract", place="/data/grant_change_gr", received=received, contract=left
    )


def define_task(consortium: Consortium, given: Given[DefineTask]) -> tuple[Fact, ...]:
    """Add a task.

    Raises:
        Refusal: `outside-contract-period`.
    """
    command = given.command
    contract = contract_of(consortium, command.package_id)
    _require_inside_contract(contract, command.period_from, contract.period_to, command.period_to, "/data/period_to")
    return (TaskDefined.of(command),)


def allocate_task(consortium: Consortium, given: Given[AllocateTask]) -> tuple[Fact, ...]:
    """Entrust a task to a member for a period.

    Raises:
        Refusal: `not-a-member-on-date` and `not-a-contract-party` unless on every day of it; `second-lead`;
            `outside-task-period`.

    Source: `rules.md` 14.
    """
    fact = allocated(consortium, given.command)
    allocation = as_allocation(given.command, given.under)
    check_performer(consortium, allocation, "/data/member_id")
    check_leads(consortium, given.command.task_id, [allocation], "/data/valid_from")
    check_task_period(consortium, allocation, "/data/valid_from")
    return (fact,)


def end_allocation(consortium: Consortium, given: Given[EndAllocation]) -> tuple[Fact, ...]:
    """End an allocation; a lead ends only together with a successor, in one step (`ReallocateTask`).

    Raises:
        Refusal: `task-without-lead`; `outside-task-period` for a day outside the allocation.
    """
    ended = as_ended(consortium, given.command)
    check_leads(consortium, ended.task_id, [ended], "/data/last_day")
    require_inside_allocation(consortium, given.command, "/data/last_day")
    return (AllocationEnded.of(given.command),)


def as_allocation(fields: AllocationFields, under: str | None) -> Allocation:
    """Return the allocation that the fields describe."""
    return Allocation(
        allocation_id=fields.allocation_id,
        task_id=fields.task_id,
        member_id=fields.member_id,
        role=fields.role,
        valid_from=fields.valid_from,
        valid_to=fields.valid_to,
        under=under,
    )


def allocated(consortium: Consortium, fields: AllocationFields) -> TaskAllocated:
    """Return the fact, with the member's size on the first day."""
    size = consortium.membership.members[fields.member_id].size_on(fields.valid_from)
    return TaskAllocated.model_validate({**fields.model_dump(), "member_size_at_decision": size})


def as_ended(consortium: Consortium, end: AllocationEndFields) -> Allocation:
    """Return the allocation as it stands after its end was set."""
    return replace(consortium.packages.allocations[end.allocation_id], valid_to=end.last_day)


def require_inside_allocation(consortium: Consortium, end: AllocationEndFields, place: str) -> None:
    """Check that an end shortens the allocation and leaves it at least a day.

    Raises:
        Refusal: `outside-task-period`.
    """
    now = consortium.packages.allocations[end.allocation_id]
    inside = now.valid_from <= end.last_day <= now.valid_to
    require(inside, "outside-task-period", place=place, first=now.valid_from, last=now.valid_to)


def check_performer(consortium: Consortium, allocation: Allocation, place: str) -> None:
    """Check the member and the contract for the whole period of an allocation.

    Raises:
        Refusal: `not-a-member-on-date` or `not-a-contract-party`.
    """
    first, last = allocation.valid_from, allocation.valid_to
    require_member_throughout(consortium, allocation.member_id, first, last, place)
    contract = consortium.packages.contract_of(consortium.packages.tasks[allocation.task_id])
    require_party_throughout(contract, allocation.member_id, first, last, place)


def check_task_period(consortium: Consortium, allocation: Allocation, place: str) -> None:
    """Check that an allocation stays inside its task's period.

    Raises:
        Refusal: `outside-task-period`.
    """
    task = consortium.packages.tasks[allocation.task_id]
    inside = task.period_from <= allocation.valid_from and allocation.valid_to <= task.period_to
    require(inside, "outside-task-period", place=place, first=task.period_from, last=task.period_to)


def check_leads(consortium: Consortium, task_id: str, changed: list[Allocation], place: str) -> None:
    """Check the leads of a task after a step that changes or adds allocations.

    At most one lead a day; and from the first lead on, a day of the task that had a lead before the step must have
    one after it.

    Raises:
        Refusal: `second-lead` or `task-without-lead`.

    Source: `rules.md` 14.
    """
    before = {one.allocation_id: one for one in consortium.packages.of_task(task_id)}
    after = {**before, **{one.allocation_id: one for one in changed}}
    leads = sorted(_spans(after.values()))
    for (_, end), (start, _) in pairwise(leads):
        require(end < start, "second-lead", place=place, task_id=task_id, day=start)
    first = leads[0][0] if leads else None
    gap = _uncovered(_within(consortium.packages.tasks[task_id], _spans(before.values()), first), leads)
    require(gap is None, "task-without-lead", place=place, task_id=task_id, day=gap)


def _spans(allocations: Iterable[Allocation]) -> list[tuple[date, date]]:
    return [
        (one.valid_from, one.valid_to) for one in allocations if one.role == "lead" and one.valid_from <= one.valid_to
    ]


def _within(task: Task, spans: list[tuple[date, date]], first: date | None) -> list[tuple[date, date]]:
    begin = max(task.period_from, first or task.period_from)
    clipped = [(max(start, begin), min(end, task.period_to)) for start, end in spans]
    return [(start, end) for start, end in clipped if start <= end]


def _uncovered(needed: list[tuple[date, date]], spans: list[tuple[date, date]]) -> date | None:
    """Return the first day of `needed` that no span covers; spans are in order and do not overlap."""
    for first, last in sorted(needed):
        day = first
        for start, end in spans:
            if start <= day <= end:
                day = end + timedelta(days=1)
        if day <= last:
            return day
    return None


def contract_of(consortium: Consortium, package_id: str) -> Contract:
    """Return the contract of a known package: known are those under contract, an offer alone is not one yet."""
    contract = consortium.packages.packages[package_id].contract
    assert contract is not None  # noqa: S101 - `domain.references` has looked
    return contract


def line_of_package(consortium: Consortium, given: Given[SignAnnex]) -> None:
    """Check that the line is one of the package's.

    Raises:
        Refusal: `unknown-line`.
    """
    line = consortium.budgets.lines[given.command.line_id]
    fits = line.package_id == given.command.package_id
    require(fits, "unknown-line", place="/data/line_id", id=line.line_id)


def _require_next_annex(contract: Contract, annex_no: int) -> None:
    expected = contract.last_annex_no + 1
    require(annex_no == expected, "annex-out-of-sequence", place="/data/annex_no", given=annex_no, expected=expected)


def _require_inside_contract(
    contract: Contract, first: date, contract_end: date | None, last: date, place: str
) -> None:
    begins = contract.signed.period_from
    inside = begins <= first <= last and (contract_end is None or last <= contract_end)
    require(inside, "outside-contract-period", place=place, first=begins, last=contract_end or contract.period_to)
