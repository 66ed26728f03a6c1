"""The roll: one row for each member and period in which nothing of it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.membership.events import (
    DelegateAppointed,
    FoundingMemberAdmitted,
    MemberAdmitted,
    MembershipEnded,
    MemberSizeClassified,
    WithdrawalFiled,
)
from domain.resolutions.events import ClericalErrorCorrected
from projections.bitemporal.steps import after, steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.membership.state import Member
    from projections.bitemporal.table import Key


def _of_member(
    fact: FoundingMemberAdmitted
    | MemberAdmitted
    | DelegateAppointed
    | MemberSizeClassified
    | WithdrawalFiled
    | MembershipEnded,
    _entry: Entry,
    _after: Consortium,
) -> Iterator[Key]:
    yield (fact.member_id,)


def _of_correction(fact: ClericalErrorCorrected, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    if fact.target.type == "member":
        yield (fact.target.id,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    member = consortium.membership.members.get(key[0])
    if member is None:
        return
    end = after(member.last_day)
    changing = {member.joined_on, *(day for day, _ in member.delegates), *(day for day, _ in member.sizes)}
    days = {max(day, member.joined_on) for day in changing} | ({end} if end else set())
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(member, day)):
        yield Row(holds_from, holds_until, cells)


def _cells(member: Member, day: date) -> tuple[object, ...] | None:
    if not member.belongs_on(day):
        return None
    notice = member.withdrawal.effective_last_day if member.withdrawal else None
    return (
        member.member_id,
        member.name,
        member.registry_ref,
        member.size_on(day),
        member.delegate_on(day),
        member.joined_on,
        member.last_day,
        notice,
    )


MEMBERS = Table(
    name="members",
    polish="Członkowie",
    english="Members",
    columns=(
        Column("member_id", Kind.ID, "członek", "member"),
        Column("name", Kind.TEXT, "nazwa", "name"),
        Column("registry_ref", Kind.ID, "wpis w rejestrze", "registry reference"),
        Column("size", Kind.WORD, "wielkość", "size class", filtered=True, words=("small", "large")),
        Column("delegate_id", Kind.ID, "delegat", "delegate", filtered=True),
        Column("joined_on", Kind.DAY, "przystąpił", "joined on"),
        Column("last_day", Kind.DAY, "ostatni dzień", "last day"),
        Column("notice_last_day", Kind.DAY, "ostatni dzień według wypowiedzenia", "last day by notice"),
    ),
    key=("member_id",),
    touched={
        FoundingMemberAdmitted: _of_member,
        MemberAdmitted: _of_member,
        DelegateAppointed: _of_member,
        MemberSizeClassified: _of_member,
        WithdrawalFiled: _of_member,
        MembershipEnded: _of_member,
        ClericalErrorCorrected: _of_correction,
    },
    rows=_rows,
    groups=lambda consortium: ((member_id,) for member_id in consortium.membership.members),
)
