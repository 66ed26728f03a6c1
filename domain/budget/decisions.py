"""Lines, shares, moves and transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from domain.authority import does_not_authorise
from domain.budget.apportionment import largest_remainder, leader_takes_remainder
from domain.budget.events import (
    BudgetAdopted,
    BudgetFields,
    FundsTransferred,
    LineResplit,
    LineSplit,
    MoveFields,
    ResplitFields,
    ShareMoved,
    SplitFields,
    TransferFields,
)
from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.guards import require_member_on, require_party_throughout
from domain.values import FOREVER, OWN_SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from domain.budget.state import Line
    from domain.consortium import Consortium
    from domain.packages.state import Contract


class AdoptBudget(Command, BudgetFields):
    """Adopt the lines of a package's budget."""


class SplitLine(Command, SplitFields):
    """Divide a line among members for the first time."""


class ResplitLine(Command, ResplitFields):
    """Divide a line anew from `effective_on`."""


class MoveSplit(Command, MoveFields):
    """Move part of a share to another member."""


class TransferBetweenLines(Command, TransferFields):
    """Shift money between two lines of one source."""


def adopt_budget(consortium: Consortium, given: Given[AdoptBudget]) -> tuple[Fact, ...]:
    """Adopt a budget that, source by source, makes up the contract.

    Raises:
        Refusal: `budget-differs-from-contract`, also when a second budget would bring too much.
    """
    command = given.command
    contract = consortium.packages.packages[command.package_id].contract
    assert contract is not None  # noqa: S101 - known packages are those under contract
    _require_contract_amounts(consortium, command, contract)
    return (BudgetAdopted.of(command),)


def tasks_of_package(consortium: Consortium, given: Given[AdoptBudget]) -> None:
    """Check that every line's task is one of the package's.

    Raises:
        Refusal: `unknown-task`.
    """
    for index, line in enumerate(given.command.lines):
        fits = consortium.packages.tasks[line.task_id].package_id == given.command.package_id
        require(fits, "unknown-task", place=f"/data/lines/{index}/task_id", id=line.task_id)


def lines_of_package(consortium: Consortium, given: Given[TransferBetweenLines]) -> None:
    """Check that both lines are the package's.

    Raises:
        Refusal: `unknown-line`.
    """
    for name, line_id in (("from_line", given.command.from_line), ("to_line", given.command.to_line)):
        fits = consortium.budgets.lines[line_id].package_id == given.command.package_id
        require(fits, "unknown-line", place=f"/data/{name}", id=line_id)


def _require_contract_amounts(consortium: Consortium, command: AdoptBudget, contract: Contract) -> None:
    agreed = {
        "city_grant": contract.grant_gr,
        "project_funds": contract.signed.project_funds_gr,
        "own_contribution": contract.signed.own_contribution_gr,
    }
    planned = dict.fromkeys(agreed, 0)
    adopted = [(line.source, line.amount_on(FOREVER)) for line in consortium.budgets.lines_of(command.package_id)]
    for line_source, amount in [*adopted, *((line.source, line.amount_gr) for line in command.lines)]:
        planned["own_contribution" if line_source in OWN_SOURCES else line_source] += amount
    for source, amount in agreed.items():
        require(
            planned[source] == amount,
            "budget-differs-from-contract",
            place="/data/lines",
            source=source,
            planned=planned[source],
            agreed=amount,
        )


def split_line(consortium: Consortium, given: Given[SplitLine]) -> tuple[Fact, ...]:
    """Divide a line.

    Raises:
        Refusal: `matter-does-not-fit` for a line of others' money under a decision on own contribution;
            `not-a-member-on-date` for an own-contribution line; `line-already-split`; `not-allocated-to-task`;
            `weights-invalid`; `leader-has-no-share` where the leader takes the remainder.

    Source: `rules.md` 15 and 19.
    """
    command, line = given.command, consortium.budgets.lines[given.command.line_id]
    assert given.under is not None  # noqa: S101 - checked by the authority
    matter = consortium.resolutions.drafts[given.under].matter
    if matter == "own_contribution" and line.source not in OWN_SOURCES:
        does_not_authorise(given, matter=matter)
    _require_own_members(consortium, command, line, given.effective_on)
    require(line.split_on is None, "line-already-split", place="/data/line_id", line_id=line.line_id)
    _require_performers(consortium, command, line)
    holds_from = max(given.effective_on, *(change.on for change in line.changes))
    rule, amounts = divide(consortium, command, line.amount_on(holds_from), given.effective_on)
    return (LineSplit.of(command, rule=rule, amounts_gr=amounts, holds_from=holds_from),)


def resplit_line(consortium: Consortium, given: Given[ResplitLine]) -> tuple[Fact, ...]:
    """Divide anew what the line holds on `effective_on`; changes dated later stay on top.

    Who was already paid more than the new share is flagged, not refused.

    Raises:
        Refusal: `matter-does-not-fit` when the resolution amends another; `not-a-member-on-date` for an
            own-contribution line; `line-not-split`; `not-allocated-to-task`; `weights-invalid`; `leader-has-no-share`;
            `share-exceeded` when a later change would leave a share below zero.
    """
    command, line = given.command, consortium.budgets.lines[given.command.line_id]
    assert given.under is not None  # noqa: S101 - checked by the authority
    target = consortium.resolutions.drafts[given.under].submitted.target_draft
    if command.amends not in {None, target}:
        does_not_authorise(given, matter="budget_split")
    _require_own_members(consortium, command, line, given.effective_on)
    before = line.shares_on(given.effective_on)
    require(line.split_by(given.effective_on), "line-not-split", place="/data/line_id", line_id=line.line_id)
    _require_performers(consortium, command, line)
    rule, amounts = divide(consortium, command, line.amount_on(given.effective_on), given.effective_on)
    changes = {m: amounts.get(m, 0) - before.get(m, 0) for m in sorted({*amounts, *before})}
    for member_id, change in changes.items():
        _require_share(line, member_id, -change, given.effective_on, "/data/shares")
    return (LineResplit.of(command, rule=rule, amounts_gr=amounts, changes_gr=changes),)


def move_split(consortium: Consortium, given: Given[MoveSplit]) -> tuple[Fact, ...]:
    """Move part of a share from `effective_on`.

    Raises:
        Refusal: those of `check_move`.
    """
    check_move(consortium, given.command, given.effective_on, "/data")
    return (ShareMoved.of(given.command),)


def check_move(consortium: Consortium, move: MoveFields, on: date, place: str) -> None:
    """Check a move of part of a share.

    Raises:
        Refusal: `not-a-member-on-date` or `not-a-contract-party` for the receiver; `not-allocated-to-task` unless it
            performs the task from that day; `line-not-split`; `share-exceeded`.

    Source: `rules.md` 15.
    """
    line = consortium.budgets.lines[move.line_id]
    require_member_on(consortium, move.to_member, on, f"{place}/to_member")
    if line.source not in OWN_SOURCES:
        contract = consortium.packages.packages[line.package_id].contract
        require_party_throughout(contract, move.to_member, on, on, f"{place}/to_member")
    if line.source not in OWN_SOURCES and not consortium.packages.performs_on(move.to_member, line.task_id, on):
        refuse("not-allocated-to-task", place=f"{place}/to_member", member_id=move.to_member, task_id=line.task_id)
    require(line.split_by(on), "line-not-split", place=f"{place}/line_id", line_id=line.line_id)
    _require_share(line, move.from_member, move.amount_gr, on, f"{place}/amount_gr")


def transfer_between_lines(consortium: Consortium, given: Given[TransferBetweenLines]) -> tuple[Fact, ...]:
    """Shift money between two lines of one source, within the contract's limit or with an annex.

    Raises:
        Refusal: `source-mismatch`; `transfer-limit-exceeded`; `line-not-split`; `not-allocated-to-task`;
            `transfer-not-balanced`; `share-exceeded`; `annex-out-of-sequence`.

    Source: `rules.md` 15 and 16.
    """
    command = given.command
    source, target = (consortium.budgets.lines[line_id] for line_id in (command.from_line, command.to_line))
    require(
        source.source == target.source,
        "source-mismatch",
        place="/data/to_line",
        source=target.source,
        expected=source.source,
    )
    _require_within_limit(consortium, command, target)
    _require_balanced(command, given.effective_on, source, target)
    for member_id in command.to_members:
        _require_performer(consortium, member_id, target, f"/data/to_members/{member_id}")
    for member_id, amount in command.from_members.items():
        _require_share(source, member_id, amount, given.effective_on, f"/data/from_members/{member_id}")
    left = source.least_amount(given.effective_on)
    require(
        left >= command.amount_gr,
        "share-exceeded",
        place="/data/amount_gr",
        member_id=source.line_id,
        share=left,
        amount=command.amount_gr,
    )
    return (FundsTransferred.of(command),)


def _require_within_limit(consortium: Consortium, command: TransferBetweenLines, target: Line) -> None:
    """Check the growth of the receiving line against its amount at adoption, in whole numbers."""
    contract = consortium.packages.packages[command.package_id].contract
    assert contract is not None  # noqa: S101 - a line exists only under a contract
    if command.annex_no is not None:
        last = contract.last_annex_no + 1
        require(
            command.annex_no <= last,
            "annex-out-of-sequence",
            place="/data/annex_no",
            given=command.annex_no,
            expected=last,
        )
        return
    limit = contract.signed.line_increase_limit_bp
    growth = target.growth_gr + command.amount_gr
    require(
        growth * 10_000 <= target.adopted_gr * limit,
        "transfer-limit-exceeded",
        place="/data/amount_gr",
        growth=growth,
        adopted=target.adopted_gr,
        limit_bp=limit,
    )


def _require_balanced(command: TransferBetweenLines, on: date, source: Line, target: Line) -> None:
    """Check that on both sides the members' parts make up the amount, and that an undivided line names none."""
    for name, line, members in (
        ("from_members", source, command.from_members),
        ("to_members", target, command.to_members),
    ):
        takes = line.takes_shares_on(on, members)
        require(takes, "line-not-split", place=f"/data/{name}", line_id=line.line_id)
        total = sum(members.values())
        require(
            line.split_on is None or total == command.amount_gr,
            "transfer-not-balanced",
            place=f"/data/{name}",
            amount=command.amount_gr,
            members=total,
        )


def divide(
    consortium: Consortium, split: SplitFields, amount_gr: int, on: date, place: str = "/data"
) -> tuple[Literal["largest_remainder", "leader_takes_remainder"], Mapping[str, int]]:
    """Divide by the statute's rule of rounding; `place` is where the split stands in what was asked.

    Raises:
        Refusal: `weights-invalid` or `leader-has-no-share`.
    """
    members = [share.member_id for share in split.shares]
    weights = [share.weight for share in split.shares]
    sound = min(weights) >= 0 and any(weights) and len(set(members)) == len(members)
    require(sound, "weights-invalid", place=f"{place}/shares")
    rule = consortium.statute_on(on).rounding
    if rule == "largest_remainder":
        return rule, dict(zip(members, largest_remainder(amount_gr, weights), strict=True))
    leader = consortium.membership.leader_on(on)
    if leader not in members or not weights[members.index(leader)]:
        refuse("leader-has-no-share", place=f"{place}/shares", leader=leader)
    divided = leader_takes_remainder(amount_gr, weights, members.index(leader))
    return rule, dict(zip(members, divided, strict=True))


def _require_own_members(consortium: Consortium, split: SplitFields, line: Line, on: date) -> None:
    if line.source in OWN_SOURCES:
        for index, share in enumerate(split.shares):
            require_member_on(consortium, share.member_id, on, f"/data/shares/{index}/member_id")


def _require_performers(consortium: Consortium, split: SplitFields, line: Line) -> None:
    for index, share in enumerate(split.shares):
        _require_performer(consortium, share.member_id, line, f"/data/shares/{index}/member_id")


def _require_performer(consortium: Consortium, member_id: str, line: Line, place: str) -> None:
    performs = line.source in OWN_SOURCES or consortium.packages.performs_ever(member_id, line.task_id)
    require(performs, "not-allocated-to-task", place=place, member_id=member_id, task_id=line.task_id)


def _require_share(line: Line, member_id: str, amount_gr: int, on: date, place: str) -> None:
    """Check that taking `amount_gr` leaves the member's share at zero or above on every day from `on` on."""
    share = line.least_share(member_id, on)
    require(share >= amount_gr, "share-exceeded", place=place, member_id=member_id, share=share, amount=amount_gr)
