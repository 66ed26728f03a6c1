"""What a departure, an invalidity or a smaller share left open, for the board to decide.

Source: `rules.md` 17 and 18.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from domain.answers.courses import NOTHING, Course, Ground, Obligation
from domain.values import FIRST_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.answers.courses import Key
    from domain.consortium import Consortium

PAID: Final = ("city_grant", "project_funds")
"""The sources of which a member is paid its share."""


def _payments(consortium: Consortium, key: Key) -> list[tuple[date, int]]:
    """Return what a member was paid of a source of a package, by day, in the order recorded."""
    package_id, source, member_id = key
    paid = consortium.budgets.payments.get((package_id, source), ())
    return [(on, amount) for on, paid_to, amount in paid if paid_to == member_id]


def _overpayment(consortium: Consortium, key: Key) -> Course:
    package_id, source, member_id = key
    payments = _payments(consortium, key)
    if not payments:
        return NOTHING
    postings = [
        (posting.on, posting.amount_gr)
        for line in consortium.budgets.lines_of(package_id)
        if line.source == source
        for posting in line.postings
        if posting.member_id == member_id
    ]

    def on_day(day: date) -> Obligation | None:
        paid = sum(amount for on, amount in payments if on <= day)
        excess = paid - sum(amount for on, amount in postings if on <= day)
        if not paid or excess <= 0:
            return None
        return Obligation(
            kind="overpayment", package_id=package_id, member_id=member_id, source=source, amount_gr=excess
        )

    return Course({on for on, _ in (*payments, *postings)}, on_day)


def _orphaned_allocation(consortium: Consortium, key: Key) -> Course:
    """Flag what is performed under a resolution that turned out invalid."""
    allocation = consortium.packages.allocations.get(key[0])
    if allocation is None or not _invalid(consortium, allocation.under):
        return NOTHING
    owed = Obligation(
        kind="orphaned_allocation",
        package_id=consortium.packages.tasks[allocation.task_id].package_id,
        member_id=allocation.member_id,
        task_id=allocation.task_id,
        allocation_id=allocation.allocation_id,
        draft_id=allocation.under,
    )
    days = (allocation.valid_from, allocation.valid_to + timedelta(days=1))
    return Course(days, lambda day: owed if allocation.covers(day) else None)


def _orphaned_shares(consortium: Consortium, key: Key) -> Course:
    """Flag shares that changed under a resolution that turned out invalid, from the first change on."""
    line_id, draft_id = key
    line = consortium.budgets.lines.get(line_id)
    if line is None or not _invalid(consortium, draft_id):
        return NOTHING
    first = min((posting.on for posting in line.postings if posting.under == draft_id), default=None)
    if first is None:
        return NOTHING
    owed = Obligation(
        kind="orphaned_shares",
        package_id=line.package_id,
        task_id=line.task_id,
        line_id=line_id,
        draft_id=draft_id,
        source=line.source,
    )
    return Course((first,), lambda day: owed if first <= day else None)


def _invalid(consortium: Consortium, draft_id: str | None) -> bool:
    draft = consortium.resolutions.drafts.get(draft_id) if draft_id else None
    return draft is not None and draft.invalid


def _outlived(consortium: Consortium, key: Key) -> Course:
    """Flag an allocation that outlives a membership or, if not that, a contract party; on any day up to its end."""
    one = consortium.packages.allocations.get(key[0])
    if one is None or one.valid_to < one.valid_from:
        return NOTHING
    task = consortium.packages.tasks[one.task_id]
    contract, last_day = consortium.packages.contract_of(task), leaves_after(consortium, one.member_id)
    outlives = last_day is not None and last_day < one.valid_to
    bound = contract is None or contract.is_party_throughout(one.member_id, one.valid_from, one.valid_to)
    if bound and not outlives:
        return NOTHING
    owed = Obligation(
        kind="outlived_allocation" if outlives else "unbound_allocation",
        due_on=last_day if outlives else None,
        package_id=task.package_id,
        member_id=one.member_id,
        task_id=one.task_id,
        allocation_id=one.allocation_id,
    )
    return Course((FIRST_DAY, one.valid_to + timedelta(days=1)), lambda day: owed if day <= one.valid_to else None)


def shares_of(consortium: Consortium, member_id: str) -> Iterator[Key]:
    """Walk the packages and sources in which a member may have a share that it is paid: where it performs a task."""
    packages = consortium.packages
    allocated = (packages.allocations[one] for one in packages.of_member.get(member_id, ()))
    for package_id in dict.fromkeys(packages.tasks[one.task_id].package_id for one in allocated):
        yield from ((package_id, source, member_id) for source in PAID)


def _share_of_leaving(consortium: Consortium, key: Key) -> Course:
    """Flag what a member that leaves has been shared beyond its last day and not been paid, on any day."""
    package_id, source, member_id = key
    last_day = leaves_after(consortium, member_id)
    if last_day is None:
        return NOTHING
    beyond = last_day + timedelta(days=1)
    lines = (line for line in consortium.budgets.lines_of(package_id) if line.source == source)
    share, payments = sum(line.least_share(member_id, beyond) for line in lines), _payments(consortium, key)

    def on_day(day: date) -> Obligation | None:
        left = share - sum(amount for on, amount in payments if on <= day)
        if left <= 0:
            return None
        return Obligation(
            kind="share_of_leaving",
            due_on=last_day,
            package_id=package_id,
            member_id=member_id,
            source=source,
            amount_gr=left,
        )

    return Course({FIRST_DAY, *(on for on, _ in payments)}, on_day)


def leaves_after(consortium: Consortium, member_id: str) -> date | None:
    """Return the last day of a member that leaves: as decided, or as in its notice."""
    member = consortium.membership.members[member_id]
    noticed = member.withdrawal.effective_last_day if member.withdrawal else None
    return member.last_day or noticed


LOOSE_ENDS: Final[dict[str, Ground]] = {
    "overpayment": Ground(
        lambda consortium: dict.fromkeys(
            (*fund, member_id) for fund, paid in consortium.budgets.payments.items() for _, member_id, _ in paid
        ),
        _overpayment,
    ),
    "orphaned_allocation": Ground(
        lambda consortium: ((allocation_id,) for allocation_id in consortium.packages.allocations),
        _orphaned_allocation,
    ),
    "orphaned_shares": Ground(
        lambda consortium: (
            (line_id, draft_id) for draft_id, lines in consortium.budgets.posted_under.items() for line_id in lines
        ),
        _orphaned_shares,
    ),
    "outlived_allocation": Ground(
        lambda consortium: ((allocation_id,) for allocation_id in consortium.packages.allocations),
        _outlived,
    ),
    "share_of_leaving": Ground(
        lambda consortium: (
            key for member_id in consortium.membership.members for key in shares_of(consortium, member_id)
        ),
        _share_of_leaving,
    ),
}
