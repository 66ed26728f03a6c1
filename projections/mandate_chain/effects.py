"""What each kind of fact does under a resolution: to whose share of which line, which allocation, which member.

Amounts are changes in grosze: of a member's share where a member is named, of the line itself where none is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.budget.events import (
    BudgetAdopted,
    FundsTransferred,
    LineResplit,
    LineSplit,
    MembersSettled,
    ShareMoved,
)
from domain.membership.events import (
    ApplicationRejected,
    ChairAppointed,
    LeaderAppointed,
    MemberAdmitted,
    MembershipEnded,
    MemberSizeClassified,
)
from domain.oversight.events import ReportSubmitted
from domain.packages.events import (
    AllocationEnded,
    AnnexSigned,
    ContractPartiesAmended,
    JointOfferSubmitted,
    TaskAllocated,
)
from domain.resolutions.events import (
    ClericalErrorCorrected,
    ResolutionAmended,
    ResolutionInvalidated,
    ResolutionRepealed,
)
from domain.statute.events import StatuteAmended
from domain.support.events import MentoringStarted, ResourceRegistered
from projections.bitemporal.steps import after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry, Fact


class Effect(NamedTuple):
    """What a fact concerns; `holds_from` where that is not the entry's `effective_on`."""

    allocation_id: str | None = None
    task_id: str | None = None
    package_id: str | None = None
    line_id: str | None = None
    member_id: str | None = None
    amount_gr: int | None = None
    target_draft: str | None = None
    holds_from: date | None = None


def authority_of(entry: Entry, consortium: Consortium) -> str | None:
    """Return the draft behind an entry: mostly the one it was made under.

    What follows from an outcome rests on the draft voted on, a corrected allocation on the draft it was made under.
    """
    match entry.fact:
        case ApplicationRejected():
            return entry.fact.draft_id
        case ResolutionAmended():
            return entry.fact.by
        case ClericalErrorCorrected() if entry.fact.target.type == "allocation":
            return consortium.packages.allocations[entry.fact.target.id].under
        case _:
            return entry.under


def effects_of(entry: Entry, consortium: Consortium) -> Iterable[Effect]:
    """Compute the effects of an entry, given the consortium after it, in the order in which the fact names them."""
    compute = EFFECTS.get(type(entry.fact))
    if compute is not None:
        return compute(entry.fact, consortium)
    fact = entry.fact
    return (Effect(package_id=getattr(fact, "package_id", None), member_id=getattr(fact, "member_id", None)),)


def _of_line(consortium: Consortium, line_id: str) -> Effect:
    line = consortium.budgets.lines[line_id]
    return Effect(line_id=line_id, task_id=line.task_id, package_id=line.package_id)


def _of_shares(consortium: Consortium, line_id: str, changes: Mapping[str, int], sign: int = 1) -> Iterator[Effect]:
    line = _of_line(consortium, line_id)
    for member_id, amount in changes.items():
        yield line._replace(member_id=member_id, amount_gr=sign * amount)


def _adopted(fact: BudgetAdopted, _consortium: Consortium) -> Iterator[Effect]:
    for line in fact.lines:
        yield Effect(line_id=line.line_id, task_id=line.task_id, package_id=fact.package_id, amount_gr=line.amount_gr)


def _split(fact: LineSplit, consortium: Consortium) -> Iterator[Effect]:
    for effect in _of_shares(consortium, fact.line_id, fact.amounts_gr):
        yield effect._replace(holds_from=fact.holds_from)


def _resplit(fact: LineResplit, consortium: Consortium) -> Iterator[Effect]:
    return _of_shares(consortium, fact.line_id, fact.changes_gr)


def _moved(fact: ShareMoved, consortium: Consortium) -> Iterator[Effect]:
    return _of_shares(consortium, fact.line_id, {fact.from_member: -fact.amount_gr, fact.to_member: fact.amount_gr})


def _transferred(fact: FundsTransferred, consortium: Consortium) -> Iterator[Effect]:
    yield _of_line(consortium, fact.from_line)._replace(amount_gr=-fact.amount_gr)
    yield from _of_shares(consortium, fact.from_line, fact.from_members, -1)
    yield _of_line(consortium, fact.to_line)._replace(amount_gr=fact.amount_gr)
    yield from _of_shares(consortium, fact.to_line, fact.to_members)


def _annexed(fact: AnnexSigned, consortium: Consortium) -> Iterator[Effect]:
    yield _of_line(consortium, fact.line_id)._replace(amount_gr=fact.grant_change_gr)
    yield from _of_shares(consortium, fact.line_id, fact.to_members)


def _settled(fact: MembersSettled, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(package_id=fact.package_id, member_id=fact.from_member, amount_gr=-fact.amount_gr)
    yield Effect(package_id=fact.package_id, member_id=fact.to_member, amount_gr=fact.amount_gr)


def _allocation(consortium: Consortium, allocation_id: str) -> Effect:
    allocation = consortium.packages.allocations[allocation_id]
    task = consortium.packages.tasks[allocation.task_id]
    return Effect(allocation_id, allocation.task_id, task.package_id, member_id=allocation.member_id)


def _allocated(fact: TaskAllocated, consortium: Consortium) -> Iterator[Effect]:
    yield _allocation(consortium, fact.allocation_id)._replace(holds_from=fact.valid_from)


def _ended(fact: AllocationEnded, consortium: Consortium) -> Iterator[Effect]:
    yield _allocation(consortium, fact.allocation_id)._replace(holds_from=after(fact.last_day))


def _corrected(fact: ClericalErrorCorrected, consortium: Consortium) -> Iterator[Effect]:
    allocation = consortium.packages.allocations[fact.target.id]
    yield _allocation(consortium, fact.target.id)._replace(holds_from=allocation.valid_from)


def _offered(fact: JointOfferSubmitted, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(package_id=fact.package_id, amount_gr=fact.requested_grant_gr)
    yield from (Effect(package_id=fact.package_id, member_id=member_id) for member_id in fact.parties)


def _bound(fact: ContractPartiesAmended, _consortium: Consortium) -> Iterator[Effect]:
    for member_id in (*fact.add, *fact.remove):
        yield Effect(package_id=fact.package_id, member_id=member_id)


def _admitted(fact: MemberAdmitted, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(member_id=fact.member_id, holds_from=fact.joined_on)


def _left(fact: MembershipEnded, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(member_id=fact.member_id, holds_from=after(fact.last_day))


def _presides(fact: ChairAppointed, consortium: Consortium) -> Iterator[Effect]:
    for delegate_id in (fact.delegate_id, fact.deputy_delegate_id):
        if delegate_id is not None:
            yield Effect(member_id=consortium.membership.delegates[delegate_id])


def _paired(fact: MentoringStarted, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(member_id=fact.mentor)
    yield Effect(member_id=fact.mentee)


def _registered(fact: ResourceRegistered, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(member_id=fact.owner)


def _repealed(fact: ResolutionRepealed, _consortium: Consortium) -> Iterator[Effect]:
    yield Effect(target_draft=fact.target)


def _amended(fact: ResolutionAmended, consortium: Consortium) -> Iterator[Effect]:
    yield Effect(target_draft=fact.target, holds_from=_voted_on(consortium, fact.by))


def _invalidated(fact: ResolutionInvalidated, consortium: Consortium) -> Iterator[Effect]:
    """An invalidity holds from the vote on the void resolution. Source: `rules.md` 18."""
    yield Effect(target_draft=fact.target, holds_from=_voted_on(consortium, fact.target))


def _rejected(fact: ApplicationRejected, consortium: Consortium) -> Iterator[Effect]:
    yield Effect(holds_from=_voted_on(consortium, fact.draft_id))


def _voted_on(consortium: Consortium, draft_id: str) -> date | None:
    vote = consortium.resolutions.drafts[draft_id].vote
    return vote.voted_on if vote else None


EFFECTS: Final[dict[type[Fact], Callable[[Any, Consortium], Iterable[Effect]]]] = {
    ApplicationRejected: _rejected,
    MemberAdmitted: _admitted,
    MembershipEnded: _left,
    ChairAppointed: _presides,
    ResolutionAmended: _amended,
    ResolutionRepealed: _repealed,
    ResolutionInvalidated: _invalidated,
    ClericalErrorCorrected: _corrected,
    JointOfferSubmitted: _offered,
    ContractPartiesAmended: _bound,
    AnnexSigned: _annexed,
    TaskAllocated: _allocated,
    AllocationEnded: _ended,
    BudgetAdopted: _adopted,
    LineSplit: _split,
    LineResplit: _resplit,
    ShareMoved: _moved,
    FundsTransferred: _transferred,
    MembersSettled: _settled,
    MentoringStarted: _paired,
    ResourceRegistered: _registered,
}
OTHERS: Final[tuple[type[Fact], ...]] = (StatuteAmended, LeaderAppointed, MemberSizeClassified, ReportSubmitted)
KINDS: Final = tuple(fact.topic for fact in (*EFFECTS, *OTHERS))
"""Every kind of fact that a resolution may be behind."""
