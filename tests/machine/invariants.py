"""What must hold after every step, whatever the life was; asked of the product's own state."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from domain.consortium import replay
from domain.invariants import violations
from domain.ledger.entry import read_entry
from domain.values import FOREVER, OWN_SOURCES
from tests.oracle.votes import counts_of, outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.budget.state import Line
    from domain.consortium import Consortium
    from tests.machine.life import Life


def check(life: Life) -> None:
    consortium = life.product.consortium
    assert life.product.replayed == consortium
    check_lines(consortium, life.product.split_on)
    check_contracts(consortium)
    check_payments(consortium)
    check_leads(consortium)
    check_numbers(consortium)
    check_votes(life)


def relevant_days(line: Line) -> Iterator[date]:
    """Every day from the adoption of the line on at which anything changes."""
    first = line.changes[0].on
    days = {change.on for change in line.changes} | {posting.on for posting in line.postings}
    yield from {first} | {day for day in days if day > first}


def check_lines(consortium: Consortium, split_on: dict[str, date]) -> None:
    """No line or share below nought; once a line is divided, its shares make it up."""
    for line in consortium.budgets.lines.values():
        for day in relevant_days(line):
            assert line.amount_on(day) >= 0
            shares = line.shares_on(day)
            assert all(share >= 0 for share in shares.values())
            if line.line_id in split_on and day >= split_on[line.line_id]:
                assert sum(shares.values()) == line.amount_on(day)


def check_contracts(consortium: Consortium) -> None:
    """The lines of a package make up its contract, source by source."""
    for package_id, package in consortium.packages.packages.items():
        planned: Counter[str] = Counter()
        lines = [line for line in consortium.budgets.lines.values() if line.package_id == package_id]
        for line in lines:
            planned["own" if line.source in OWN_SOURCES else line.source] += line.amount_on(FOREVER)
        if lines and package.contract is not None:
            assert planned["city_grant"] == package.contract.grant_gr
            assert planned["project_funds"] == package.contract.signed.project_funds_gr
            assert planned["own"] == package.contract.signed.own_contribution_gr


def check_payments(consortium: Consortium) -> None:
    """What members got together is what was passed on of the tranches, to the grosz."""
    passed_on: Counter[tuple[str, str]] = Counter()
    for tranche in consortium.budgets.tranches.values():
        if tranche.distributed:
            passed_on[tranche.package_id, tranche.source] += tranche.amount_gr
    for fund, payments in consortium.budgets.payments.items():
        assert sum(amount for _, _, amount in payments) == passed_on[fund]
    assert set(passed_on) <= set(consortium.budgets.payments)


def check_leads(consortium: Consortium) -> None:
    led: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for allocation in consortium.packages.allocations.values():
        if allocation.role == "lead":
            led[allocation.task_id].append((allocation.valid_from, allocation.valid_to))
    for periods in led.values():
        days = Counter(
            first + timedelta(days=ahead) for first, last in periods for ahead in range((last - first).days + 1)
        )
        assert set(days.values()) <= {1}


def check_numbers(consortium: Consortium) -> None:
    """Numbers run from 1 without a gap in each calendar year of adoption."""
    numbers: dict[int, list[str]] = defaultdict(list)
    for draft_id in consortium.resolutions.order:
        draft = consortium.resolutions.drafts[draft_id]
        if draft.vote is not None and draft.decided is not None and draft.decided.number is not None:
            numbers[draft.vote.voted_on.year].append(draft.decided.number)
    for year, given in numbers.items():
        plain = sorted(int(number.removeprefix("U-").removesuffix(f"/{year}")) for number in given)
        assert plain == list(range(1, len(given) + 1))


def check_votes(life: Life) -> None:
    """Votes are those of seats that were not recused; they give the outcome on record."""
    for draft_id, draft in life.product.consortium.resolutions.drafts.items():
        if draft.vote is None or draft.decided is None:
            continue
        vote = life.book.drafts[draft_id]["vote"]
        assert set(draft.vote.took_part) <= set(vote["case"]["roll"])
        assert not set(draft.vote.took_part) & set(draft.vote.recused)
        assert draft.decided.seats == len(vote["case"]["roll"])
        assert draft.vote.counts.model_dump() == counts_of(vote)
        assert (draft.decided.outcome, draft.decided.tie_break_used) == outcome(vote)


def check_history(life: Life) -> None:
    """The stored bytes alone, read from the beginning, give the same state, and pass the product's own check."""
    consortium = life.product.consortium
    entries = [read_entry(topic, state) for topic, state in life.product.stored]
    assert replay(consortium.consortium_id, entries) == consortium
    assert list(violations(consortium.consortium_id, entries)) == []
