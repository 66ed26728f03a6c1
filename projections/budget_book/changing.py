"""Which lines, members and packages a fact about money may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.budget.events import FundsTransferred, LineResplit, LineSplit, ShareMoved
from domain.packages.events import AnnexSigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from domain.consortium import Consortium
    from domain.decider import Entry, Fact
    from projections.bitemporal.table import Key

PostingFact = LineSplit | LineResplit | ShareMoved | FundsTransferred | AnnexSigned
POSTING_FACTS: Final[tuple[type[Fact], ...]] = (LineSplit, LineResplit, ShareMoved, FundsTransferred, AnnexSigned)


def posted(fact: PostingFact) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """Return each line of which shares change, with the members and by how much, in the order of the postings."""
    match fact:
        case LineSplit():
            return ((fact.line_id, fact.amounts_gr),)
        case LineResplit():
            return ((fact.line_id, fact.changes_gr),)
        case ShareMoved():
            return ((fact.line_id, {fact.from_member: -fact.amount_gr, fact.to_member: fact.amount_gr}),)
        case FundsTransferred():
            given_up = {member_id: -amount for member_id, amount in fact.from_members.items()}
            return (fact.from_line, given_up), (fact.to_line, fact.to_members)
        case AnnexSigned():
            return ((fact.line_id, fact.to_members),)


def of_line(fact: PostingFact, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    """Name each line."""
    return ((line_id,) for line_id, _ in posted(fact))


def of_share(fact: PostingFact, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    """Name each line with each member."""
    return ((line_id, member_id) for line_id, members in posted(fact) for member_id in members)


def of_package(fact: PostingFact, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    """Name the package of each line."""
    return ((consortium.budgets.lines[line_id].package_id,) for line_id, _ in posted(fact))


def of_package_share(fact: PostingFact, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    """Name the package of each line with each member."""
    lines = consortium.budgets.lines
    return ((lines[line_id].package_id, member_id) for line_id, members in posted(fact) for member_id in members)


def of_fund(fact: PostingFact, _entry: Entry, consortium: Consortium) -> Iterator[Key]:
    """Name package and source of each line."""
    lines = (consortium.budgets.lines[line_id] for line_id, _ in posted(fact))
    return ((line.package_id, line.source) for line in lines)


def touching(
    name_groups: Callable[[PostingFact, Entry, Consortium], Iterable[Key]],
) -> dict[type[Fact], Callable[[PostingFact, Entry, Consortium], Iterable[Key]]]:
    """Return the part of `Table.touched` for every kind of fact that changes shares."""
    return dict.fromkeys(POSTING_FACTS, name_groups)
