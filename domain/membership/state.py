"""Members, their delegates and size classes, by day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, assert_never

from immutables import Map

from domain.membership.events import (
    ApplicationRejected,
    ChairAppointed,
    DelegateAppointed,
    FoundingMemberAdmitted,
    LeaderAppointed,
    MemberAdmitted,
    MembershipApplied,
    MembershipEnded,
    MemberSizeClassified,
    WithdrawalFiled,
)
from domain.states import replace
from domain.values import FOREVER, Size, latest_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.decider import Entry

MembershipFact = (
    MembershipApplied
    | ApplicationRejected
    | FoundingMemberAdmitted
    | MemberAdmitted
    | DelegateAppointed
    | MemberSizeClassified
    | WithdrawalFiled
    | MembershipEnded
    | LeaderAppointed
    | ChairAppointed
)


@dataclass(frozen=True)
class Application:
    """An application and what became of it."""

    application: MembershipApplied
    applied_on: date
    status: Literal["open", "admitted", "rejected"] = "open"
    draft_id: str | None = None
    """The resolution that decided it."""
    decided_on: date | None = None
    """The day of joining, or of the vote that rejected it."""
    member_id: str | None = None


@dataclass(frozen=True)
class Member:
    """A legal person bound by the consortium agreement."""

    member_id: str
    name: str
    registry_ref: str | None
    joined_on: date
    delegates: tuple[tuple[date, str], ...]
    """From which day who votes; in the order recorded."""
    sizes: tuple[tuple[date, Size], ...]
    """From which day which class; in the order recorded."""
    last_day: date | None = None
    end_kind: str | None = None
    withdrawal: WithdrawalFiled | None = None

    def belongs_on(self, day: date) -> bool:
        """Tell whether the membership holds on `day`."""
        return self.joined_on <= day <= (self.last_day or FOREVER)

    def belongs_throughout(self, first: date, last: date) -> bool:
        """Tell whether the membership holds on every day from `first` to `last`."""
        return self.belongs_on(first) and self.belongs_on(last)

    def delegate_on(self, day: date) -> str | None:
        """Return who votes for the member on `day`; None when it has no seat."""
        return latest_on(self.delegates, day) if self.belongs_on(day) else None

    def size_on(self, day: date) -> Size:
        """Return the size class on `day`; before joining, the class at admission."""
        return latest_on(self.sizes, day) or self.sizes[0][1]


@dataclass(frozen=True)
class Membership:
    """Everybody who ever belonged or asked to."""

    applications: Map[str, Application] = field(default_factory=Map)
    members: Map[str, Member] = field(default_factory=Map)
    delegates: Map[str, str] = field(default_factory=Map)
    """Delegate to the one member it votes for."""
    leaders: tuple[tuple[date, str], ...] = ()
    chairs: tuple[tuple[date, ChairAppointed], ...] = ()
    founders: int = 0

    def on(self, day: date) -> Iterator[Member]:
        """Walk the members of `day`, in order of their ids."""
        return (member for _, member in sorted(self.members.items()) if member.belongs_on(day))

    def seats_on(self, day: date) -> dict[str, str]:
        """Return delegate to member for every seat of `day`."""
        held = ((member.delegate_on(day), member.member_id) for member in self.on(day))
        return {delegate: member_id for delegate, member_id in held if delegate}

    def leader_on(self, day: date) -> str | None:
        """Return the leader of `day`, who must still be a member."""
        leader = latest_on(self.leaders, day)
        return leader if leader and self.members[leader].belongs_on(day) else None

    def chair_on(self, day: date) -> ChairAppointed | None:
        """Return the chair and deputy appointed for `day`."""
        return latest_on(self.chairs, day)


def evolve(state: Membership, fact: MembershipFact, entry: Entry) -> Membership:
    """Return the membership after `fact`."""
    match fact:
        case MembershipApplied() | ApplicationRejected():
            return replace(state, applications=_evolve_application(state.applications, fact, entry))
        case FoundingMemberAdmitted():
            return replace(_admit(state, fact), founders=state.founders + 1)
        case MemberAdmitted():
            admitted = replace(
                state.applications[fact.application_id],
                status="admitted",
                draft_id=entry.under,
                decided_on=fact.joined_on,
                member_id=fact.member_id,
            )
            return replace(_admit(state, fact), applications=state.applications.set(fact.application_id, admitted))
        case LeaderAppointed():
            return replace(state, leaders=(*state.leaders, (entry.effective_on, fact.member_id)))
        case ChairAppointed():
            return replace(state, chairs=(*state.chairs, (entry.effective_on, fact)))
        case DelegateAppointed() | MemberSizeClassified() | WithdrawalFiled() | MembershipEnded():
            return _evolve_member(state, fact, entry)
        case _:
            assert_never(fact)


def _evolve_application(
    applications: Map[str, Application], fact: MembershipApplied | ApplicationRejected, entry: Entry
) -> Map[str, Application]:
    if isinstance(fact, MembershipApplied):
        return applications.set(fact.application_id, Application(fact, entry.effective_on))
    rejected = replace(
        applications[fact.application_id], status="rejected", draft_id=fact.draft_id, decided_on=entry.day
    )
    return applications.set(fact.application_id, rejected)


def _admit(state: Membership, fact: FoundingMemberAdmitted | MemberAdmitted) -> Membership:
    member = Member(
        member_id=fact.member_id,
        name=fact.name,
        registry_ref=fact.registry_ref,
        joined_on=fact.joined_on,
        delegates=((fact.joined_on, fact.delegate_id),),
        sizes=((fact.joined_on, fact.size),),
    )
    return replace(
        state,
        members=state.members.set(fact.member_id, member),
        delegates=state.delegates.set(fact.delegate_id, fact.member_id),
    )


def _evolve_member(
    state: Membership, fact: DelegateAppointed | MemberSizeClassified | WithdrawalFiled | MembershipEnded, entry: Entry
) -> Membership:
    member, delegates = state.members[fact.member_id], state.delegates
    match fact:
        case DelegateAppointed():
            member = replace(member, delegates=(*member.delegates, (fact.from_on, fact.delegate_id)))
            delegates = delegates.set(fact.delegate_id, fact.member_id)
        case MemberSizeClassified():
            member = replace(member, sizes=(*member.sizes, (entry.effective_on, fact.size)))
        case WithdrawalFiled():
            member = replace(member, withdrawal=fact)
        case MembershipEnded():
            member = replace(member, last_day=fact.last_day, end_kind=fact.kind)
    return replace(state, members=state.members.set(fact.member_id, member), delegates=delegates)


def correct_member(state: Membership, member_id: str, field_name: str, value: str) -> Membership:
    """Return the membership with a clerical error in a member's record put right."""
    match field_name:
        case "name":
            member = replace(state.members[member_id], name=value)
        case _:
            member = replace(state.members[member_id], registry_ref=value)
    return replace(state, members=state.members.set(member_id, member))
