"""The guards "membership on the date" and "party to the contract"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import require

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium
    from domain.packages.state import Contract


def require_member_on(consortium: Consortium, member_id: str, day: date, place: str) -> None:
    """Check that a known member belongs on `day`.

    Raises:
        Refusal: `not-a-member-on-date`.
    """
    belongs = consortium.membership.members[member_id].belongs_on(day)
    require(belongs, "not-a-member-on-date", place=place, member_id=member_id, day=day)


def require_members_on(consortium: Consortium, member_ids: tuple[str, ...], day: date, place: str) -> None:
    """Check that every one of the known members belongs on `day`.

    Raises:
        Refusal: `not-a-member-on-date`, for the first that does not.
    """
    for index, member_id in enumerate(member_ids):
        require_member_on(consortium, member_id, day, f"{place}/{index}")


def require_seat_on(consortium: Consortium, delegate_id: str, day: date, place: str) -> None:
    """Check that a known delegate votes for a member on `day`.

    Raises:
        Refusal: `no-seat-on-date`.
    """
    member_id = consortium.membership.delegates[delegate_id]
    holds = consortium.membership.members[member_id].delegate_on(day) == delegate_id
    require(holds, "no-seat-on-date", place=place, delegate_id=delegate_id, day=day)


def require_member_throughout(consortium: Consortium, member_id: str, first: date, last: date, place: str) -> None:
    """Check that a known member belongs on every day from `first` to `last`, as known.

    Raises:
        Refusal: `not-a-member-on-date`, naming the day that is not covered.
    """
    member = consortium.membership.members[member_id]
    day = last if member.belongs_on(first) else first
    require(member.belongs_throughout(first, last), "not-a-member-on-date", place=place, member_id=member_id, day=day)


def require_party_throughout(contract: Contract | None, member_id: str, first: date, last: date, place: str) -> None:
    """Check that the contract binds the member on every day from `first` to `last`, as known.

    Raises:
        Refusal: `not-a-contract-party`.
    """
    bound = contract is not None and contract.is_party_throughout(member_id, first, last)
    require(bound, "not-a-contract-party", place=place, member_id=member_id, first=first, last=last)
