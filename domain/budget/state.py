"""Lines and shares as signed postings by day, and what was received and paid.

A balance on a day is the sum of the postings up to it, so their order does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, assert_never

from immutables import Map

from domain.budget.events import (
    BudgetAdopted,
    ExpenditureReported,
    FundsTransferred,
    LineResplit,
    LineSplit,
    MembersSettled,
    ShareMoved,
    TrancheDistributed,
    TrancheReceived,
    UnspentReturned,
)
from domain.packages.events import AnnexSigned
from domain.states import Grown, replace, with_added, with_grown
from domain.values import latest_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from domain.decider import Entry
    from domain.values import Source

BudgetFact = (
    BudgetAdopted
    | LineSplit
    | LineResplit
    | ShareMoved
    | FundsTransferred
    | AnnexSigned
    | TrancheReceived
    | TrancheDistributed
    | MembersSettled
    | ExpenditureReported
    | UnspentReturned
)


@dataclass(frozen=True)
class Posting:
    """A change of one member's share of one line."""

    on: date
    member_id: str
    amount_gr: int
    under: str | None
    """The draft that authorised it."""


class Posted(NamedTuple):
    """Changes of several members' shares at once."""

    amounts_gr: Mapping[str, int]
    on: date
    under: str | None


@dataclass(frozen=True)
class LineChange:
    """A change of a line's amount."""

    on: date
    amount_gr: int
    counts_against_limit: bool


@dataclass(frozen=True)
class Line:
    """A budget line: its amount and its shares, by day."""

    line_id: str
    package_id: str
    task_id: str
    source: Source
    changes: tuple[LineChange, ...]
    """The first is the amount at adoption."""
    postings: tuple[Posting, ...] = ()
    split_on: date | None = None
    """From which day it is divided."""
    cost_kind: str | None = None
    budget_year: int | None = None

    def split_by(self, day: date) -> bool:
        """Tell whether the line is divided on `day`."""
        return self.split_on is not None and self.split_on <= day

    def takes_shares_on(self, day: date, shares: Mapping[str, int]) -> bool:
        """Tell whether a change on `day` fits: with shares on a divided line, without on one never divided."""
        return self.split_by(day) or (self.split_on is None and not shares)

    @property
    def adopted_gr(self) -> int:
        """The amount at adoption, base of the transfer limit."""
        return self.changes[0].amount_gr

    @property
    def growth_gr(self) -> int:
        """What transfers without an annex brought to the line since adoption."""
        return sum(change.amount_gr for change in self.changes if change.counts_against_limit)

    def amount_on(self, day: date) -> int:
        """Return the line's amount on `day`."""
        return sum(change.amount_gr for change in self.changes if change.on <= day)

    def least_amount(self, day: date) -> int:
        """Return the smallest amount the line has on any day from `day` on; nothing before its adoption."""
        return lowest(((change.on, change.amount_gr) for change in self.changes), day)

    def shares_on(self, day: date) -> dict[str, int]:
        """Return each member's share on `day`, zero shares left out."""
        shares: dict[str, int] = {}
        for posting in self.postings:
            if posting.on <= day:
                shares[posting.member_id] = shares.get(posting.member_id, 0) + posting.amount_gr
        return {member_id: amount for member_id, amount in shares.items() if amount}

    def least_share(self, member_id: str, day: date) -> int:
        """Return the smallest share the member has on any day from `day` on, as known."""
        return lowest(((p.on, p.amount_gr) for p in self.postings if p.member_id == member_id), day)


@dataclass(frozen=True)
class Tranche:
    """An instalment received, and whether it was passed on."""

    package_id: str
    tranche_no: int
    source: Source
    amount_gr: int
    received_on: date
    payer: str
    distributed_on: date | None = None

    @property
    def distributed(self) -> bool:
        """Whether it was passed on, on whichever day."""
        return self.distributed_on is not None


@dataclass(frozen=True)
class Budgets:
    """Every line by its id, and the cash."""

    lines: Map[str, Line] = field(default_factory=Map)
    of_package: Map[str, tuple[str, ...]] = field(default_factory=Map)
    """Line ids of a package, in the order adopted."""
    tranches: Map[tuple[str, str, int], Tranche] = field(default_factory=Map)
    received: Map[tuple[str, str], int] = field(default_factory=Map)
    """Package and source to the grosze of its tranches together."""
    payments: Map[tuple[str, str], tuple[tuple[date, str, int], ...]] = field(default_factory=Map)
    """By package and source: day, member, grosze paid; what one hands to another is negative for the one."""
    unspent: Map[tuple[str, str, str], tuple[tuple[date, int], ...]] = field(default_factory=Map)
    """By package, line and member: from which day, how much; a later report replaces the earlier."""
    executed: Map[str, date] = field(default_factory=Map)
    """Package to the day of its first report of execution."""
    reported: Map[str, tuple[tuple[str, str], ...]] = field(default_factory=Map)
    """Package to the line and member of each unspent share that was reported, in the order first reported."""
    returns: Map[str, tuple[tuple[date, UnspentReturned], ...]] = field(default_factory=Map)
    """By package, in the order recorded."""
    posted_under: Map[str, tuple[str, ...]] = field(default_factory=Map)
    """Line ids by the draft under which shares of them changed, in the order recorded."""
    shared_with: Map[str, Grown[str]] = field(default_factory=Map)
    """Package ids by member that ever had a share in one, in the order recorded."""

    def lines_of(self, package_id: str) -> Iterator[Line]:
        """Walk a package's lines in the order adopted."""
        return (self.lines[line_id] for line_id in self.of_package.get(package_id, ()))

    def received_gr(self, package_id: str, source: str) -> int:
        """Return everything received of a source for a package, as known."""
        return self.received.get((package_id, source), 0)

    def paid_gr(self, package_id: str, source: str, member_id: str) -> int:
        """Return what a member was paid of a source, net of settlements, as known."""
        payments = self.payments.get((package_id, source), ())
        return sum(amount for _, paid_to, amount in payments if paid_to == member_id)

    def least_due(self, package_id: str, source: str, member_id: str, day: date) -> int:
        """Return the least of a member's shares of a source together on any day from `day` on, as known."""
        return lowest(
            (
                (posting.on, posting.amount_gr)
                for line in self.lines_of(package_id)
                if line.source == source
                for posting in line.postings
                if posting.member_id == member_id
            ),
            day,
        )

    def returned_gr(self, package_id: str, member_id: str) -> int:
        """Return how much unspent grant a member gave back, as known."""
        return sum(fact.amount_gr for _, fact in self.returns.get(package_id, ()) if fact.from_member == member_id)

    def unspent_grant(self, package_id: str, day: date) -> dict[str, int]:
        """Return member to what it reported, by `day`, as unspent of the city grant."""
        unspent: dict[str, int] = {}
        for line_id, member_id in sorted(self.reported.get(package_id, ())):
            amount = latest_on(self.unspent[package_id, line_id, member_id], day) or 0
            if self.lines[line_id].source == "city_grant" and amount:
                unspent[member_id] = unspent.get(member_id, 0) + amount
        return unspent


def lowest(changes: Iterable[tuple[date, int]], day: date) -> int:
    """Return the lowest running balance on any day from `day` on, given changes in any order."""
    by_day: dict[date, int] = {}
    for on, amount in changes:
        key = max(on, day)
        by_day[key] = by_day.get(key, 0) + amount
    balance = by_day.pop(day, 0)
    least = balance
    for _, amount in sorted(by_day.items()):
        balance += amount
        least = min(least, balance)
    return least


def evolve(state: Budgets, fact: BudgetFact, entry: Entry) -> Budgets:
    """Return the budgets after `fact`."""
    match fact:
        case BudgetAdopted():
            return _adopt(state, fact, entry.effective_on)
        case LineSplit() | LineResplit() | ShareMoved() | FundsTransferred() | AnnexSigned():
            return _evolve_lines(state, fact, entry.effective_on, entry.under)
        case _:
            return _evolve_cash(state, fact, entry.effective_on)


def _evolve_lines(
    state: Budgets,
    fact: LineSplit | LineResplit | ShareMoved | FundsTransferred | AnnexSigned,
    on: date,
    under: str | None,
) -> Budgets:
    match fact:
        case LineSplit():
            state = _post(state, fact.line_id, Posted(fact.amounts_gr, fact.holds_from, under))
            divided = replace(state.lines[fact.line_id], split_on=fact.holds_from)
            return replace(state, lines=state.lines.set(fact.line_id, divided))
        case LineResplit():
            return _post(state, fact.line_id, Posted(fact.changes_gr, on, under))
        case ShareMoved():
            moved = {fact.from_member: -fact.amount_gr, fact.to_member: fact.amount_gr}
            return _post(state, fact.line_id, Posted(moved, on, under))
        case FundsTransferred():
            limited = fact.annex_no is None
            state = _change(state, fact.from_line, LineChange(on, -fact.amount_gr, counts_against_limit=False))
            given_up = {member_id: -amount for member_id, amount in fact.from_members.items()}
            state = _post(state, fact.from_line, Posted(given_up, on, under))
            state = _change(state, fact.to_line, LineChange(on, fact.amount_gr, limited))
            return _post(state, fact.to_line, Posted(fact.to_members, on, under))
        case AnnexSigned():
            state = _change(state, fact.line_id, LineChange(on, fact.grant_change_gr, counts_against_limit=False))
            return _post(state, fact.line_id, Posted(fact.to_members, on, under))


def _evolve_cash(
    state: Budgets,
    fact: TrancheReceived | TrancheDistributed | MembersSettled | ExpenditureReported | UnspentReturned,
    on: date,
) -> Budgets:
    match fact:
        case TrancheReceived():
            tranche = Tranche(fact.package_id, fact.tranche_no, fact.source, fact.amount_gr, on, fact.payer)
            together = state.received_gr(fact.package_id, fact.source) + fact.amount_gr
            received = state.received.set((fact.package_id, fact.source), together)
            return replace(state, tranches=state.tranches.set(_key(fact), tranche), received=received)
        case TrancheDistributed():
            passed_on = replace(state.tranches[_key(fact)], distributed_on=on)
            state = replace(state, tranches=state.tranches.set(_key(fact), passed_on))
            return _pay(state, fact.package_id, fact.source, on, fact.amounts_gr)
        case MembersSettled():
            handed = {fact.from_member: -fact.amount_gr, fact.to_member: fact.amount_gr}
            return _pay(state, fact.package_id, fact.source, on, handed)
        case ExpenditureReported():
            return _report(state, fact, on)
        case UnspentReturned():
            return replace(state, returns=with_added(state.returns, fact.package_id, (on, fact)))
        case _:
            assert_never(fact)


def _report(state: Budgets, fact: ExpenditureReported, on: date) -> Budgets:
    unspent, reported = state.unspent, state.reported
    for item in fact.unspent:
        key = (fact.package_id, item.line_id, item.member_id)
        if key not in unspent:
            reported = with_added(reported, fact.package_id, (item.line_id, item.member_id))
        unspent = with_added(unspent, key, (on, item.amount_gr))
    first = min(on, state.executed.get(fact.package_id, on))
    return replace(state, unspent=unspent, reported=reported, executed=state.executed.set(fact.package_id, first))


def _key(fact: TrancheReceived | TrancheDistributed) -> tuple[str, str, int]:
    return fact.package_id, fact.source, fact.tranche_no


def _adopt(state: Budgets, fact: BudgetAdopted, on: date) -> Budgets:
    lines = state.lines
    for line in fact.lines:
        first = LineChange(on, line.amount_gr, counts_against_limit=False)
        adopted_line = Line(
            line_id=line.line_id,
            package_id=fact.package_id,
            task_id=line.task_id,
            source=line.source,
            changes=(first,),
            cost_kind=line.cost_kind,
            budget_year=line.budget_year,
        )
        lines = lines.set(line.line_id, adopted_line)
    adopted = tuple(line.line_id for line in fact.lines)
    earlier = state.of_package.get(fact.package_id, ())
    return replace(state, lines=lines, of_package=state.of_package.set(fact.package_id, (*earlier, *adopted)))


def _change(state: Budgets, line_id: str, change: LineChange) -> Budgets:
    line = state.lines[line_id]
    return replace(state, lines=state.lines.set(line_id, replace(line, changes=(*line.changes, change))))


def _post(state: Budgets, line_id: str, posted: Posted) -> Budgets:
    line = state.lines[line_id]
    postings = tuple(
        Posting(posted.on, member_id, amount, posted.under)
        for member_id, amount in sorted(posted.amounts_gr.items())
        if amount
    )
    line = replace(line, postings=(*line.postings, *postings))
    under, posted_under = posted.under, state.posted_under
    if postings and under and line_id not in posted_under.get(under, ()):
        posted_under = with_added(posted_under, under, line_id)
    shared_with = state.shared_with
    for posting in postings:
        if not _shares_in(state, line.package_id, posting.member_id):
            shared_with = with_grown(shared_with, posting.member_id, line.package_id)
    return replace(state, lines=state.lines.set(line_id, line), posted_under=posted_under, shared_with=shared_with)


def _shares_in(state: Budgets, package_id: str, member_id: str) -> bool:
    """Look at the package's own lines: the packages in which a member ever shared are many more."""
    return any(posting.member_id == member_id for line in state.lines_of(package_id) for posting in line.postings)


def _pay(state: Budgets, package_id: str, source: str, on: date, amounts: Mapping[str, int]) -> Budgets:
    paid = state.payments.get((package_id, source), ())
    added = tuple((on, member_id, amount) for member_id, amount in sorted(amounts.items()) if amount)
    return replace(state, payments=state.payments.set((package_id, source), (*paid, *added)))
