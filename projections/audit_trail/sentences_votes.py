"""Sentences about drafts, votes, resolutions and corrections. Grounds and notes stay in the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.resolutions.events import (
    ClericalErrorCorrected,
    ConflictDeclared,
    ConflictDiscovered,
    DraftSubmitted,
    DraftWithdrawn,
    ObjectionLodged,
    ObjectionResolved,
    ResolutionAdopted,
    ResolutionAmended,
    ResolutionInvalidated,
    ResolutionRejected,
    ResolutionRepealed,
    VoteCast,
    VoteRecordCorrected,
    VoteRecorded,
    VotingClosed,
    VotingOpened,
)
from projections.audit_trail.wording import Sentence

if TYPE_CHECKING:
    from domain.decider import Fact

VOTES: Final[dict[type[Fact], Sentence]] = {
    DraftSubmitted: Sentence(
        "Złożono projekt uchwały {draft_id} „{title}”; sprawa: {matter:word}; podstawa prawna: {legal_basis}[; dotyczy:"
        " {subject_members:ids}][; wniosek {application_id}][; dotyczy uchwały {target_draft:resolution}].",
        "Draft resolution {draft_id} “{title}” came in; matter: {matter:word}; legal basis: {legal_basis}[; subjects:"
        " {subject_members:ids}][; application {application_id}][; on resolution {target_draft:resolution}].",
    ),
    DraftWithdrawn: Sentence(
        "Wycofano projekt uchwały {draft_id}.",
        "Draft resolution {draft_id} was withdrawn.",
    ),
    ConflictDeclared: Sentence(
        "Wyłączono od głosowania nad {draft_id} delegata {delegate_id}; członek: {member_id:member}.",
        "Delegate {delegate_id} was recused from the vote on {draft_id}; member: {member_id:member}.",
    ),
    VotingOpened: Sentence(
        "Otwarto głosowanie nad {draft_id} na forum {forum}; uprawnionych {roll:number_of} z {seats:number_of}, statut"
        " w wersji {statute_version}.",
        "The vote on {draft_id} was opened in {forum}; {roll:number_of} of {seats:number_of} seats may vote, statute"
        " version {statute_version}.",
    ),
    VoteCast: Sentence(
        "Oddano głos nad {draft_id}: delegat {delegate_id} {vote:word}[; za członka {on_behalf_of}][; SHA-256 dokumentu"
        " {source_sha256}].",
        "A vote was cast on {draft_id}: delegate {delegate_id} {vote:word}[; on behalf of {on_behalf_of}][; SHA-256 of"
        " the document {source_sha256}].",
    ),
    VoteRecorded: Sentence(
        "Zapisano głosowanie {ballot:word} nad {draft_id} na forum {forum} z {voted_on:day}: {counts:counts}; obecnych"
        " {present:number_of} z {seats:number_of}[; wyłączeni: {recused:ids}].",
        "The {ballot:word} vote on {draft_id} in {forum} of {voted_on:day} was recorded: {counts:counts};"
        " {present:number_of} of {seats:number_of} present[; recused: {recused:ids}].",
    ),
    VotingClosed: Sentence(
        "Zamknięto głosowanie nad {draft_id} na forum {forum} z {voted_on:day}: {counts:counts}; obecnych"
        " {present:number_of} z {seats:number_of}[; wyłączeni: {recused:ids}].",
        "The vote on {draft_id} in {forum} of {voted_on:day} was closed: {counts:counts}; {present:number_of} of"
        " {seats:number_of} present[; recused: {recused:ids}].",
    ),
    ResolutionAdopted: Sentence(
        "Podjęto uchwałę nr {number} ({draft_id}); większość: {majority:word}; oddano głosów {cast}, obecnych {present}"
        " z {seats}[; rozstrzygnął głos przewodniczącego{tie_break_used:flag}].",
        "Resolution {number} ({draft_id}) was adopted; majority: {majority:word}; {cast} votes cast, {present} of"
        " {seats} present[; the casting vote decided{tie_break_used:flag}].",
    ),
    ResolutionRejected: Sentence(
        "Odrzucono projekt uchwały {draft_id}[ pod numerem {number}]; większość: {majority:word}; oddano głosów {cast},"
        " obecnych {present} z {seats}[; wniosek {application_id}].",
        "Draft resolution {draft_id} was rejected[ under number {number}]; majority: {majority:word}; {cast} votes"
        " cast, {present} of {seats} present[; application {application_id}].",
    ),
    ResolutionAmended: Sentence(
        "Uchwałę {target:resolution} zmieniono uchwałą {by:resolution}.",
        "Resolution {target:resolution} was amended by {by:resolution}.",
    ),
    ResolutionRepealed: Sentence(
        "Uchylono uchwałę {target:resolution} od {effective_on:day}.",
        "Resolution {target:resolution} was repealed from {effective_on:day}.",
    ),
    ResolutionInvalidated: Sentence(
        "Stwierdzono nieważność uchwały {target:resolution}: {effect:word}[; ustalenie {finding_id}].",
        "Resolution {target:resolution} was declared invalid: {effect:word}[; finding {finding_id}].",
    ),
    ClericalErrorCorrected: Sentence(
        "Sprostowano omyłkę: {target.type:word} {target.id}, {field:word}: zamiast „{recorded}” ma być „{correct}”;"
        " podstawa: {basis}.",
        "A clerical error was corrected: {target.type:word} {target.id}, {field:word}: instead of “{recorded}” it reads"
        " “{correct}”; basis: {basis}.",
    ),
    VoteRecordCorrected: Sentence(
        "Sprostowano zapis głosowania nad {draft_id:resolution}: delegat {delegate_id} zamiast „{recorded:word}” ma"
        " „{correct:word}”; razem {counts:counts}; podstawa: {basis}.",
        "The record of the vote on {draft_id:resolution} was corrected: delegate {delegate_id} instead of"
        " “{recorded:word}” has “{correct:word}”; together {counts:counts}; basis: {basis}.",
    ),
    ObjectionLodged: Sentence(
        "Wniesiono sprzeciw wobec {draft_id:resolution}: {member_id:member}.",
        "An objection to {draft_id:resolution} was lodged: {member_id:member}.",
    ),
    ObjectionResolved: Sentence(
        "Rozpatrzono sprzeciw wobec {draft_id:resolution}: {member_id:member} – {outcome:word}.",
        "The objection to {draft_id:resolution} was answered: {member_id:member} – {outcome:word}.",
    ),
    ConflictDiscovered: Sentence(
        "Ujawniono konflikt interesów w głosowaniu nad {draft_id:resolution}: {member_id:member}, delegat"
        " {delegate_id}, głos: {voted:word}[; ustalenie {finding_id}].",
        "A conflict of interest in the vote on {draft_id:resolution} was discovered: {member_id:member}, delegate"
        " {delegate_id}, vote: {voted:word}[; finding {finding_id}].",
    ),
}
