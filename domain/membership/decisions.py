"""Joining, leaving, delegates, size classes and the consortium's offices."""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from domain.authority import does_not_authorise
from domain.decider import Command, Fact, Given
from domain.errors import require
from domain.guards import require_member_on, require_seat_on
from domain.membership.events import (
    AdmissionFields,
    ApplicationFields,
    ApplicationRejected,
    ChairAppointed,
    ChairFields,
    ClassificationFields,
    DelegateAppointed,
    DelegateFields,
    EndFields,
    FoundingMemberAdmitted,
    LaterAdmissionFields,
    LeaderAppointed,
    LeaderFields,
    MemberAdmitted,
    MembershipApplied,
    MembershipEnded,
    MemberSizeClassified,
    WithdrawalFields,
    WithdrawalFiled,
)

if TYPE_CHECKING:
    from datetime import date

    from domain.consortium import Consortium
    from domain.resolutions.events import ResolutionRejected

MATTER_OF_END = {"withdrawal": "withdrawal_ack", "exclusion": "exclusion"}
"""The matter of the resolution under which a membership ends, by the kind of end."""


class AdmitFoundingMember(Command, AdmissionFields):
    """Record a founder, before the first meeting."""


class ApplyForMembership(Command, ApplicationFields):
    """Ask to join."""


class AdmitMember(Command, LaterAdmissionFields):
    """Record that an applicant joined, under the resolution that names its application."""


class AppointDelegate(Command, DelegateFields):
    """Name who votes for a member from a day on."""


class ReclassifyMember(Command, ClassificationFields):
    """Record a review of a member's size; it holds from `effective_on`."""


class FileWithdrawal(Command, WithdrawalFields):
    """Give notice."""


class EndMembership(Command, EndFields):
    """End a membership on its last day."""


class AppointLeader(Command, LeaderFields):
    """Name the leader that the board elected."""


class AppointChair(Command, ChairFields):
    """Name the chair and the deputy that the board elected."""


def admit_founding_member(consortium: Consortium, given: Given[AdmitFoundingMember]) -> tuple[Fact, ...]:
    """Admit a founder.

    Raises:
        Refusal: `id-already-used` for a delegate who votes for another member; `founding-closed` once the first
            meeting was opened.

    Source: `rules.md` 7.
    """
    require(not consortium.meetings.order, "founding-closed")
    return (FoundingMemberAdmitted.of(given.command, size=_size(consortium, given.command)),)


def apply_for_membership(consortium: Consortium, given: Given[ApplyForMembership]) -> tuple[Fact, ...]:
    """Record an application.

    Raises:
        Refusal: `id-already-used` for an entity whose register number stands in an open application.
    """
    for number in ("registry_ref", "nip", "regon", "krs"):
        value = getattr(given.command, number)
        taken = value is not None and any(
            getattr(one.application, number) == value and one.status == "open"
            for one in consortium.membership.applications.values()
        )
        require(not taken, "id-already-used", place=f"/data/{number}", id=value)
    return (MembershipApplied.of(given.command),)


def admit_member(consortium: Consortium, given: Given[AdmitMember]) -> tuple[Fact, ...]:
    """Admit an applicant.

    Raises:
        Refusal: `id-already-used` for a delegate who votes for another member; `matter-does-not-fit` when the
            resolution names another application or none; `already-decided` when the application was decided before;
            `resolution-not-in-force` when the member would join before the adoption.
    """
    command = given.command
    assert given.under is not None  # noqa: S101 - checked by the authority
    draft = consortium.resolutions.drafts[given.under]
    if draft.submitted.application_id != command.application_id:
        does_not_authorise(given, matter=draft.matter)
    adopted = draft.vote is not None and draft.vote.voted_on <= command.joined_on
    require(
        adopted,
        "resolution-not-in-force",
        place="/data/joined_on",
        draft_id=given.under,
        effective_on=command.joined_on,
    )
    application = consortium.membership.applications[command.application_id]
    require(application.status == "open", "already-decided", place="/data/application_id", id=command.application_id)
    return (MemberAdmitted.of(command, size=_size(consortium, command)),)


def reject_application(consortium: Consortium, rejected: ResolutionRejected) -> tuple[Fact, ...]:
    """Follow a rejected accession that names an application which is still open. Source: `rules.md` 13."""
    application_id = rejected.application_id
    if application_id is None or consortium.membership.applications[application_id].status != "open":
        return ()
    return (ApplicationRejected(application_id=application_id, draft_id=rejected.draft_id),)


def appoint_delegate(consortium: Consortium, given: Given[AppointDelegate]) -> tuple[Fact, ...]:
    """Pass a member's vote to another delegate from a day on.

    Raises:
        Refusal: `id-already-used` for a delegate who votes for another member; `not-a-member-on-date`.
    """
    command = given.command
    require_member_on(consortium, command.member_id, command.from_on, "/data/from_on")
    return (DelegateAppointed.of(command),)


def reclassify_member(consortium: Consortium, given: Given[ReclassifyMember]) -> tuple[Fact, ...]:
    """Record a size class.

    Raises:
        Refusal: `not-a-member-on-date`; `size-differs-from-thresholds` when the statute gives the other class.
    """
    command = given.command
    require_member_on(consortium, command.member_id, given.effective_on, "/data/member_id")
    statute = consortium.statute_on(given.effective_on)
    size = statute.size.classify(command.employment_fte_x100, command.annual_revenue_gr)
    require(size == command.size, "size-differs-from-thresholds", place="/data/size", given=command.size, computed=size)
    return (MemberSizeClassified.of(command, statute_version=statute.version),)


def file_withdrawal(consortium: Consortium, given: Given[FileWithdrawal]) -> tuple[Fact, ...]:
    """Record a member's notice.

    Raises:
        Refusal: `not-a-member-on-date`; `already-decided` after an earlier notice; `notice-too-short` unless the last
            day is a quarter's end not before the end of the notice.

    Source: `rules.md` 3.
    """
    command = given.command
    require_member_on(consortium, command.member_id, command.filed_on, "/data/filed_on")
    member = consortium.membership.members[command.member_id]
    require(
        member.withdrawal is None and member.last_day is None,
        "already-decided",
        place="/data/member_id",
        id=command.member_id,
    )
    months = consortium.statute_on(command.filed_on).withdrawal.notice_months
    earliest = add_months(command.filed_on, months)
    last_day = command.effective_last_day
    require(
        last_day >= earliest and is_quarter_end(last_day),
        "notice-too-short",
        place="/data/effective_last_day",
        last_day=last_day,
        earliest=quarter_end(earliest),
    )
    return (WithdrawalFiled.of(command),)


def end_membership(consortium: Consortium, given: Given[EndMembership]) -> tuple[Fact, ...]:
    """End a membership; what it leaves behind is flagged, not refused.

    Raises:
        Refusal: `matter-does-not-fit` when the resolution is of the other kind, or about other members;
            `not-a-member-on-date`; `already-decided` for a membership that has its end; `notice-too-short` without a
            notice or before its last day.
    """
    command = given.command
    assert given.under is not None  # noqa: S101 - checked by the authority
    draft = consortium.resolutions.drafts[given.under]
    subjects = draft.submitted.subject_members
    if draft.matter != MATTER_OF_END[command.kind] or (subjects and command.member_id not in subjects):
        does_not_authorise(given, matter=draft.matter)
    require_member_on(consortium, command.member_id, command.last_day, "/data/last_day")
    member = consortium.membership.members[command.member_id]
    require(member.last_day is None, "already-decided", place="/data/member_id", id=command.member_id)
    if command.kind == "withdrawal":
        _require_notice(command, member.withdrawal)
    return (MembershipEnded.of(command),)


def _require_notice(command: EndMembership, withdrawal: WithdrawalFiled | None) -> None:
    filed = withdrawal.effective_last_day if withdrawal else None
    require(
        filed is not None and command.last_day >= filed,
        "notice-too-short",
        place="/data/last_day",
        last_day=command.last_day,
        earliest=filed,
    )


def appoint_leader(consortium: Consortium, given: Given[AppointLeader]) -> tuple[Fact, ...]:
    """Record the leader.

    Raises:
        Refusal: `not-a-member-on-date`; `matter-does-not-fit` when the board elected somebody else.
    """
    member_id = given.command.member_id
    assert given.under is not None  # noqa: S101 - checked by the authority
    subjects = consortium.resolutions.drafts[given.under].submitted.subject_members
    if subjects and member_id not in subjects:
        does_not_authorise(given, matter="leader_election")
    require_member_on(consortium, member_id, given.effective_on, "/data/member_id")
    return (LeaderAppointed.of(given.command),)


def appoint_chair(consortium: Consortium, given: Given[AppointChair]) -> tuple[Fact, ...]:
    """Record the chair and the deputy.

    Raises:
        Refusal: `no-seat-on-date` for either.
    """
    command = given.command
    require_seat_on(consortium, command.delegate_id, given.effective_on, "/data/delegate_id")
    if command.deputy_delegate_id is not None:
        require_seat_on(consortium, command.deputy_delegate_id, given.effective_on, "/data/deputy_delegate_id")
    return (ChairAppointed.of(command),)


def _size(consortium: Consortium, admission: AdmissionFields) -> str:
    rules = consortium.statute_on(admission.joined_on).size
    return rules.classify(admission.employment_fte_x100, admission.annual_revenue_gr)


def delegate_is_free(
    consortium: Consortium, given: Given[AdmitFoundingMember] | Given[AdmitMember] | Given[AppointDelegate]
) -> None:
    """Check that the delegate votes for no other member: one person, one vote, ever.

    Raises:
        Refusal: `id-already-used`.
    """
    delegate_id, member_id = given.command.delegate_id, given.command.member_id
    holder = consortium.membership.delegates.get(delegate_id, member_id)
    require(holder == member_id, "id-already-used", place="/data/delegate_id", id=delegate_id)


def add_months(day: date, months: int) -> date:
    """Return the day `months` later, the end of a shorter month clamped."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def quarter_end(day: date) -> date:
    """Return the last day of the quarter in which `day` falls."""
    month = (day.month + 2) // 3 * 3
    return day.replace(month=month, day=calendar.monthrange(day.year, month)[1])


def is_quarter_end(day: date) -> bool:
    """Tell whether `day` is the last of a quarter."""
    return day == quarter_end(day)
