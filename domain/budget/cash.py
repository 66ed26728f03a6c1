"""Tranches, settlements between members, execution and return."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from domain.budget.events import (
    DistributedFields,
    ExecutionFields,
    ExpenditureReported,
    MembersSettled,
    ReceivedFields,
    ReturnFields,
    SettlementFields,
    TrancheDistributed,
    TrancheReceived,
    UnspentReturned,
)
from domain.decider import Command, Fact, Given
from domain.errors import require
from domain.values import FOREVER, OWN_SOURCES

if TYPE_CHECKING:
    from datetime import date

    from domain.budget.state import Budgets
    from domain.consortium import Consortium


class Payment(NamedTuple):
    """What a member is about to get."""

    package_id: str
    source: str
    member_id: str
    amount_gr: int
    on: date


class ReceiveTranche(Command, ReceivedFields):
    """Record an instalment that the leader received."""


class DistributeTranche(Command, DistributedFields):
    """Pass an instalment on to the members, whole."""


class SettleBetweenMembers(Command, SettlementFields):
    """Record that one member handed money to another."""


class RecordExecution(Command, ExecutionFields):
    """Report what was not spent."""


class ReturnUnspentGrant(Command, ReturnFields):
    """Record that unspent grant was given back."""


def receive_tranche(consortium: Consortium, given: Given[ReceiveTranche]) -> tuple[Fact, ...]:
    """Record an instalment.

    Raises:
        Refusal: `id-already-used` for a number received before; `source-mismatch` for what members bring themselves;
            `tranche-exceeds-contract` when more would come in than was agreed.
    """
    command = given.command
    key = (command.package_id, command.source, command.tranche_no)
    fresh = key not in consortium.budgets.tranches
    require(fresh, "id-already-used", place="/data/tranche_no", id=command.tranche_no)
    _require_paid_source(command.source)
    agreed = _agreed_gr(consortium, command.package_id, command.source)
    received = consortium.budgets.received_gr(command.package_id, command.source) + command.amount_gr
    require(received <= agreed, "tranche-exceeds-contract", place="/data/amount_gr", received=received, contract=agreed)
    return (TrancheReceived.of(command),)


def distribute_tranche(consortium: Consortium, given: Given[DistributeTranche]) -> tuple[Fact, ...]:
    """Pass an instalment on, to the grosz, once.

    Raises:
        Refusal: `source-mismatch` for what members bring themselves; `distribution-not-balanced`, also for an
            instalment not received or passed on before; `overpayment`.
    """
    command = given.command
    _require_paid_source(command.source)
    tranche = consortium.budgets.tranches.get((command.package_id, command.source, command.tranche_no))
    received = 0 if tranche is None or tranche.distributed else tranche.amount_gr
    distributed = sum(command.amounts_gr.values())
    require(
        distributed == received != 0,
        "distribution-not-balanced",
        place="/data/amounts_gr",
        distributed=distributed,
        received=received,
    )
    for member_id, amount in command.amounts_gr.items():
        if not amount:
            continue
        payment = Payment(command.package_id, command.source, member_id, amount, given.effective_on)
        _require_due(consortium.budgets, payment, f"/data/amounts_gr/{member_id}")
    return (TrancheDistributed.of(command),)


def settle_between_members(consortium: Consortium, given: Given[SettleBetweenMembers]) -> tuple[Fact, ...]:
    """Record a settlement: nobody hands on more than it was paid, or receives more than its share.

    Raises:
        Refusal: `source-mismatch` for what members bring themselves; `overpayment`; `share-exceeded`.
    """
    command = given.command
    _require_paid_source(command.source)
    payment = Payment(command.package_id, command.source, command.to_member, command.amount_gr, given.effective_on)
    _require_due(consortium.budgets, payment, "/data/to_member")
    paid = consortium.budgets.paid_gr(command.package_id, command.source, command.from_member)
    require(
        command.amount_gr <= paid,
        "share-exceeded",
        place="/data/amount_gr",
        member_id=command.from_member,
        share=paid,
        amount=command.amount_gr,
    )
    return (MembersSettled.of(command),)


def record_execution(consortium: Consortium, given: Given[RecordExecution]) -> tuple[Fact, ...]:
    """Report spending.

    Raises:
        Refusal: `share-exceeded` when more is unspent than was shared out on any day from then on, as known.
    """
    for index, item in enumerate(given.command.unspent):
        share = consortium.budgets.lines[item.line_id].least_share(item.member_id, given.effective_on)
        require(
            item.amount_gr <= share,
            "share-exceeded",
            place=f"/data/unspent/{index}/amount_gr",
            member_id=item.member_id,
            share=share,
            amount=item.amount_gr,
        )
    return (ExpenditureReported.of(given.command),)


def reports_its_own(given: Given[RecordExecution]) -> bool:
    """Tell whether a member reports on nobody's share but its own."""
    return given.actor.role != "member" or all(one.member_id == given.actor.id for one in given.command.unspent)


def lines_of_package(consortium: Consortium, given: Given[RecordExecution]) -> None:
    """Check that every line is one of the package's.

    Raises:
        Refusal: `unknown-line`.
    """
    for index, item in enumerate(given.command.unspent):
        fits = consortium.budgets.lines[item.line_id].package_id == given.command.package_id
        require(fits, "unknown-line", place=f"/data/unspent/{index}/line_id", id=item.line_id)


def return_unspent_grant(consortium: Consortium, given: Given[ReturnUnspentGrant]) -> tuple[Fact, ...]:
    """Record a return: no more than was reported unspent and not yet returned.

    Raises:
        Refusal: `share-exceeded`.
    """
    command, budgets = given.command, consortium.budgets
    unspent = budgets.unspent_grant(command.package_id, FOREVER).get(command.from_member, 0)
    left = unspent - budgets.returned_gr(command.package_id, command.from_member)
    require(
        command.amount_gr <= left,
        "share-exceeded",
        place="/data/amount_gr",
        member_id=command.from_member,
        share=left,
        amount=command.amount_gr,
    )
    return (UnspentReturned.of(command),)


def _require_due(budgets: Budgets, payment: Payment, place: str) -> None:
    """Check that a payment stays within the least of the member's shares from its day on. Source: `rules.md` 17."""
    member_id, amount_gr = payment.member_id, payment.amount_gr
    paid = budgets.paid_gr(payment.package_id, payment.source, member_id)
    due = budgets.least_due(payment.package_id, payment.source, member_id, payment.on)
    require(
        paid + amount_gr <= due,
        "overpayment",
        place=place,
        member_id=member_id,
        paid=paid,
        amount=amount_gr,
        share=due,
    )


def _require_paid_source(source: str) -> None:
    require(
        source not in OWN_SOURCES,
        "source-mismatch",
        place="/data/source",
        source=source,
        expected="city_grant, project_funds",
    )


def _agreed_gr(consortium: Consortium, package_id: str, source: str) -> int:
    contract = consortium.packages.packages[package_id].contract
    assert contract is not None  # noqa: S101 - known packages are those under contract
    return contract.grant_gr if source == "city_grant" else contract.signed.project_funds_gr
