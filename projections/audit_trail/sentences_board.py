"""Sentences about the consortium, its members, and where the board meets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.meetings.events import (
    AttendanceChanged,
    CircularVoteClosed,
    CircularVoteOpened,
    MeetingClosed,
    MeetingOpened,
)
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
from domain.statute.events import ConsortiumFounded, HistoryImported, LogKeyRotated, StatuteAmended
from projections.audit_trail.wording import Sentence

if TYPE_CHECKING:
    from domain.decider import Fact

BOARD: Final[dict[type[Fact], Sentence]] = {
    HistoryImported: Sentence(
        "Wczytano historię z istniejącego rejestru: wierszy {lines}, SHA-256 pliku {file_sha256}; wczytano"
        " {imported_at:instant}, wczytujący {imported_by}.",
        "A history was imported from an existing register: {lines} lines, SHA-256 of the file {file_sha256}; imported"
        " at {imported_at:instant} by {imported_by}.",
    ),
    LogKeyRotated: Sentence(
        "Zmieniono klucz dziennika: z {old_vkey} na {new_vkey}; oba podpisują do {both_until:instant}"
        "[; stary klucz utracono{old_key_lost:flag}].",
        "The key of the log was changed from {old_vkey} to {new_vkey}; both sign until {both_until:instant}"
        "[; the old key is lost{old_key_lost:flag}].",
    ),
    ConsortiumFounded: Sentence(
        "Zawiązano konsorcjum {consortium_id}: {name}, {town}; umowa z {agreement_date:day}, podstawa: {legal_basis}.",
        "The consortium {consortium_id} was founded: {name}, {town}; agreement of {agreement_date:day}, basis:"
        " {legal_basis}.",
    ),
    StatuteAmended: Sentence(
        "Zmieniono statut: wersja {version} obowiązuje od {effective_on:day}; zmieniono: {changes:ids}.",
        "The statute was amended: version {version} is in force from {effective_on:day}; changed: {changes:ids}.",
    ),
    MembershipApplied: Sentence(
        "Złożono wniosek o przyjęcie {application_id}: {name}.",
        "Application {application_id} for membership came in: {name}.",
    ),
    ApplicationRejected: Sentence(
        "Odrzucono wniosek o przyjęcie {application_id} w głosowaniu nad {draft_id:resolution}.",
        "Application {application_id} for membership was rejected in the vote on {draft_id:resolution}.",
    ),
    FoundingMemberAdmitted: Sentence(
        "Przyjęto członka założyciela: {name} ({member_id}), podmiot {size:word}, od {joined_on:day}, delegat"
        " {delegate_id}.",
        "A founding member was admitted: {name} ({member_id}), a {size:word} entity, from {joined_on:day}, delegate"
        " {delegate_id}.",
    ),
    MemberAdmitted: Sentence(
        "Przyjęto członka: {name} ({member_id}), podmiot {size:word}, od {joined_on:day}, delegat {delegate_id};"
        " wniosek {application_id}, deklaracja z {declaration_signed_on:day}.",
        "A member was admitted: {name} ({member_id}), a {size:word} entity, from {joined_on:day}, delegate"
        " {delegate_id}; application {application_id}, declaration of {declaration_signed_on:day}.",
    ),
    DelegateAppointed: Sentence(
        "Wyznaczono delegata {delegate_id} od {from_on:day}; członek: {member_id:member}.",
        "Delegate {delegate_id} was appointed from {from_on:day}; member: {member_id:member}.",
    ),
    MemberSizeClassified: Sentence(
        "Ustalono wielkość: {member_id:member} – {size:word} od {effective_on:day}; zatrudnienie"
        " {employment_fte_x100:hundredths} etatu, przychód roczny {annual_revenue_gr:money}.",
        "A size class was set: {member_id:member} – {size:word} from {effective_on:day}; employment"
        " {employment_fte_x100:hundredths} full-time equivalents, annual revenue {annual_revenue_gr:money}.",
    ),
    WithdrawalFiled: Sentence(
        "Złożono wypowiedzenie {filed_on:day}: {member_id:member}, ostatni dzień członkostwa {effective_last_day:day}.",
        "A notice was filed on {filed_on:day}: {member_id:member}, last day of membership {effective_last_day:day}.",
    ),
    MembershipEnded: Sentence(
        "Zakończono członkostwo: {member_id:member}, {kind:word}, ostatni dzień {last_day:day}.",
        "A membership ended: {member_id:member}, {kind:word}, last day {last_day:day}.",
    ),
    LeaderAppointed: Sentence(
        "Powołano lidera od {effective_on:day}: {member_id:member}.",
        "A leader was appointed from {effective_on:day}: {member_id:member}.",
    ),
    ChairAppointed: Sentence(
        "Powołano przewodniczącego od {effective_on:day}: {delegate_id}[, zastępca {deputy_delegate_id}].",
        "A chair was appointed from {effective_on:day}: {delegate_id}[, deputy {deputy_delegate_id}].",
    ),
    MeetingOpened: Sentence(
        "Otwarto posiedzenie {meeting_id} ({mode:word}); przewodniczy {presiding}; obecnych {present:number_of}"
        " z {seats}, kworum {quorum_required}.",
        "Meeting {meeting_id} was opened ({mode:word}); {presiding} presides; {present:number_of} of {seats} present,"
        " quorum {quorum_required}.",
    ),
    AttendanceChanged: Sentence(
        "Zmieniono listę obecności na posiedzeniu {meeting_id}: delegat {delegate_id} {present:presence}.",
        "The attendance list of meeting {meeting_id} changed: delegate {delegate_id} is {present:presence}.",
    ),
    MeetingClosed: Sentence(
        "Zamknięto posiedzenie {meeting_id}: {reason:word}; protokół: {minutes_ref}.",
        "Meeting {meeting_id} was closed: {reason:word}; minutes: {minutes_ref}.",
    ),
    CircularVoteOpened: Sentence(
        "Rozpoczęto głosowanie obiegowe {circular_id} nad {drafts:ids}, od {opens_on:day} do {closes_on:day}; sposób:"
        " {channel}.",
        "Circular vote {circular_id} on {drafts:ids} was opened, from {opens_on:day} to {closes_on:day}; channel:"
        " {channel}.",
    ),
    CircularVoteClosed: Sentence(
        "Zamknięto głosowanie obiegowe {circular_id}[; bez odpowiedzi: {no_reply:ids}][; protokół: {minutes_ref}].",
        "Circular vote {circular_id} was closed[; no reply: {no_reply:ids}][; minutes: {minutes_ref}].",
    ),
}
