"""Who leads the consortium, who presides over its board, and who stands in, from which day.

The leader must be a member on the day; chair and deputy are as appointed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.membership.events import ChairAppointed, LeaderAppointed, MembershipEnded
from projections.bitemporal.steps import after, steps
from projections.bitemporal.table import Column, Kind, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from domain.consortium import Consortium
    from domain.decider import Entry
    from domain.membership.state import Membership
    from projections.bitemporal.table import Key

LEADER: Final = "leader"
CHAIR: Final = "chair"
DEPUTY: Final = "deputy"
WORDS: Final = (LEADER, CHAIR, DEPUTY)


def _of_leader(_fact: LeaderAppointed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (LEADER,)


def _of_board(_fact: ChairAppointed, _entry: Entry, _after: Consortium) -> Iterator[Key]:
    yield (CHAIR,)
    yield (DEPUTY,)


def _of_leaver(fact: MembershipEnded, _entry: Entry, after: Consortium) -> Iterator[Key]:
    if any(member_id == fact.member_id for _, member_id in after.membership.leaders):
        yield (LEADER,)


def _rows(consortium: Consortium, key: Key) -> Iterator[Row]:
    membership, office = consortium.membership, key[0]
    days = _days_of_leader(membership) if office == LEADER else {on for on, _ in membership.chairs}
    for holds_from, holds_until, cells in steps(days, lambda day: _cells(membership, office, day)):
        yield Row(holds_from, holds_until, cells)


def _days_of_leader(membership: Membership) -> Iterator[date]:
    for on, member_id in membership.leaders:
        member = membership.members[member_id]
        end = after(member.last_day)
        yield from (on, max(on, member.joined_on), *([end] if end else []))


def _cells(membership: Membership, office: str, day: date) -> tuple[object, ...] | None:
    if office == LEADER:
        leader = membership.leader_on(day)
        return (office, leader, None) if leader else None
    appointed = membership.chair_on(day)
    if appointed is None:
        return None
    delegate_id = appointed.delegate_id if office == CHAIR else appointed.deputy_delegate_id
    return (office, membership.delegates[delegate_id], delegate_id) if delegate_id else None


OFFICES = Table(
    name="offices",
    polish="Funkcje",
    english="Offices",
    columns=(
        Column("office", Kind.WORD, "funkcja", "office", words=WORDS),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("delegate_id", Kind.ID, "delegat", "delegate", filtered=True),
    ),
    key=("office",),
    touched={LeaderAppointed: _of_leader, ChairAppointed: _of_board, MembershipEnded: _of_leaver},
    rows=_rows,
    groups=lambda _consortium: ((office,) for office in WORDS),
)
