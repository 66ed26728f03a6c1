"""Sentences about support, participation, reports and control. Notes and evidence stay in the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.oversight.events import (
    AuditFindingRecorded,
    DocumentPublished,
    IndicatorReported,
    RecommendationClosed,
    RecommendationIssued,
    ReportSubmitted,
)
from domain.participation.events import ConsultationClosed, ConsultationOpened, PlebisciteClosed, PlebisciteOpened
from domain.support.events import (
    MentoringHoursLogged,
    MentoringStarted,
    ResourceLent,
    ResourceRegistered,
    ResourceReturned,
)
from projections.audit_trail.wording import Sentence

if TYPE_CHECKING:
    from domain.decider import Fact

SUPPORT: Final[dict[type[Fact], Sentence]] = {
    MentoringStarted: Sentence(
        "Rozpoczęto mentoring {pair_id} od {effective_on:day} do {until:day}: mentor {mentor:member}, podopieczny"
        " {mentee:member}; planowane godziny: {hours_planned}.",
        "Mentoring {pair_id} began, from {effective_on:day} until {until:day}: mentor {mentor:member}, mentee"
        " {mentee:member}; hours planned: {hours_planned}.",
    ),
    MentoringHoursLogged: Sentence(
        "Zapisano godziny mentoringu {pair_id} z {held_on:day}: {hours_x100:hundredths}, temat: {topic_code}.",
        "Hours of mentoring {pair_id} on {held_on:day} were logged: {hours_x100:hundredths}, topic: {topic_code}.",
    ),
    ResourceRegistered: Sentence(
        "Zgłoszono zasób wspólny {resource_id} „{name}”, sztuk {quantity}; właściciel: {owner:member}.",
        "Shared resource {resource_id} “{name}” was registered, quantity {quantity}; owner: {owner:member}.",
    ),
    ResourceLent: Sentence(
        "Wypożyczono {effective_on:day} zasób {resource_id}: {member_id:member}; termin zwrotu {due_on:day}, opłata"
        " {fee_gr:money}.",
        "Resource {resource_id} was lent on {effective_on:day}: {member_id:member}; due back on {due_on:day}, fee"
        " {fee_gr:money}.",
    ),
    ResourceReturned: Sentence(
        "Zwrócono {effective_on:day} zasób {resource_id}: {member_id:member}.",
        "Resource {resource_id} was returned on {effective_on:day}: {member_id:member}.",
    ),
    PlebisciteOpened: Sentence(
        "Ogłoszono plebiscyt {plebiscite_id} od {from_:day} do {to:day}: „{question}”; odpowiedzi: {options:quoted}.",
        "Plebiscite {plebiscite_id} was opened, from {from_:day} to {to:day}: “{question}”; options: {options:quoted}.",
    ),
    PlebisciteClosed: Sentence(
        "Policzono głosy w plebiscycie {plebiscite_id}: {counts:options}; ważnych {valid_votes}, nieważnych {invalid}"
        "[; wygrywa „{winner}”].",
        "The votes of plebiscite {plebiscite_id} were counted: {counts:options}; {valid_votes} valid, {invalid} invalid"
        "[; winner: “{winner}”].",
    ),
    ConsultationOpened: Sentence(
        "Ogłoszono konsultacje {consultation_id} od {from_:day} do {to:day}: „{subject}”; do kogo:"
        " {target_groups:ids}.",
        "Consultation {consultation_id} was opened, from {from_:day} to {to:day}: “{subject}”; addressed to:"
        " {target_groups:ids}.",
    ),
    ConsultationClosed: Sentence(
        "Zamknięto konsultacje {consultation_id}: uczestników {participants}, uwag {comments}, uwzględniono {accepted},"
        " odrzucono {rejected}; wnioski: {conclusions_ref}.",
        "Consultation {consultation_id} was closed: {participants} took part, {comments} comments, {accepted} accepted,"
        " {rejected} rejected; conclusions: {conclusions_ref}.",
    ),
    IndicatorReported: Sentence(
        "Podano wskaźnik „{indicator}” zadania {task_id} w pakiecie {package_id}: {achieved} z {target} ({unit}).",
        "Indicator “{indicator}” of task {task_id} of package {package_id} was reported: {achieved} of {target}"
        " ({unit}).",
    ),
    ReportSubmitted: Sentence(
        "Złożono sprawozdanie {kind:word} z pakietu {package_id}: {submitted_on:day}, termin {due_on:day}.",
        "The {kind:word} report on package {package_id} was submitted: {submitted_on:day}, due on {due_on:day}.",
    ),
    AuditFindingRecorded: Sentence(
        "Zapisano ustalenie kontroli {finding_id} ({severity:word}), dotyczy {subject}: {text}",
        "Audit finding {finding_id} was recorded ({severity:word}), on {subject}: {text}",
    ),
    RecommendationIssued: Sentence(
        "Wydano zalecenie {recommendation_id} do ustalenia {finding_id}, termin {due_on:day}: {text}",
        "Recommendation {recommendation_id} on finding {finding_id} was issued, due on {due_on:day}: {text}",
    ),
    RecommendationClosed: Sentence(
        "Wykonano zalecenie {recommendation_id} {effective_on:day}.",
        "Recommendation {recommendation_id} was met on {effective_on:day}.",
    ),
    DocumentPublished: Sentence(
        "Opublikowano {published_on:day} dokument „{document}”, miejsce: {channel}[; posiedzenie lub głosowanie"
        " {meeting_id}].",
        "Document “{document}” was published on {published_on:day}, channel: {channel}[; forum {meeting_id}].",
    ),
}
