"""Sentences about packages, contracts, tasks and money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.budget.events import (
    BudgetAdopted,
    ExpenditureReported,
    FundsTransferred,
    LineResplit,
    LineSplit,
    MembersSettled,
    ShareMoved,
    TrancheDistributed,
    TrancheReceived,
    UnspentReturned,
)
from domain.packages.events import (
    AllocationEnded,
    AnnexSigned,
    ContractPartiesAmended,
    ContractSigned,
    ContractTermChanged,
    JointOfferSubmitted,
    TaskAllocated,
    TaskDefined,
)
from projections.audit_trail.wording import Sentence

if TYPE_CHECKING:
    from domain.decider import Fact

WORK: Final[dict[type[Fact], Sentence]] = {
    JointOfferSubmitted: Sentence(
        "Złożono ofertę wspólną na pakiet {package_id}: {parties:ids}; reprezentant: {represented_by:member};"
        " wnioskowana dotacja {requested_grant_gr:money}, wkład własny {own_contribution_gr:money}.",
        "A joint offer for package {package_id} was submitted: {parties:ids}; represented by {represented_by:member};"
        " grant requested {requested_grant_gr:money}, own contribution {own_contribution_gr:money}.",
    ),
    ContractSigned: Sentence(
        "Podpisano {signed_on:day} umowę {contract_no} na pakiet {package_id} „{title}” ({mode:word}), od"
        " {period_from:day} do {period_to:day}; dotacja {grant_gr:money}, środki projektu {project_funds_gr:money},"
        " wkład własny {own_contribution_gr:money}; strony: {parties:ids}.",
        "Contract {contract_no} on package {package_id} “{title}” ({mode:word}) was signed on {signed_on:day}, from"
        " {period_from:day} to {period_to:day}; grant {grant_gr:money}, project funds {project_funds_gr:money}, own"
        " contribution {own_contribution_gr:money}; parties: {parties:ids}.",
    ),
    ContractPartiesAmended: Sentence(
        "Aneks nr {annex_no} z {signed_on:day} do umowy na pakiet {package_id}: strony od {effective_on:day}"
        "[; przystępują: {add:ids}][; ustępują: {remove:ids}].",
        "Annex {annex_no} of {signed_on:day} to the contract on package {package_id}: parties from {effective_on:day}"
        "[; added: {add:ids}][; removed: {remove:ids}].",
    ),
    ContractTermChanged: Sentence(
        "Aneks nr {annex_no} z {signed_on:day} do umowy na pakiet {package_id}: umowa trwa do {period_to:day}.",
        "Annex {annex_no} of {signed_on:day} to the contract on package {package_id}: the contract ends on"
        " {period_to:day}.",
    ),
    AnnexSigned: Sentence(
        "Aneks nr {annex_no} z {signed_on:day} do umowy na pakiet {package_id}: dotacja w linii {line_id} zmienia się o"
        " {grant_change_gr:money}[; udziały: {to_members:shares}].",
        "Annex {annex_no} of {signed_on:day} to the contract on package {package_id}: the grant in line {line_id}"
        " changes by {grant_change_gr:money}[; shares: {to_members:shares}].",
    ),
    TaskDefined: Sentence(
        "Określono zadanie {task_id} „{name}” w pakiecie {package_id}, od {period_from:day} do {period_to:day}.",
        "Task {task_id} “{name}” of package {package_id} was defined, from {period_from:day} to {period_to:day}.",
    ),
    TaskAllocated: Sentence(
        "Przydzielono zadanie {task_id}: {member_id:member}, {role:word}, od {valid_from:day} do {valid_to:day}"
        " (przydział {allocation_id}).",
        "Task {task_id} was allocated: {member_id:member}, {role:word}, from {valid_from:day} to {valid_to:day}"
        " (allocation {allocation_id}).",
    ),
    AllocationEnded: Sentence(
        "Zakończono przydział {allocation_id}; ostatni dzień {last_day:day}.",
        "Allocation {allocation_id} was ended; last day {last_day:day}.",
    ),
    BudgetAdopted: Sentence(
        "Przyjęto budżet pakietu {package_id} od {effective_on:day}: {lines:lines}.",
        "The budget of package {package_id} was adopted from {effective_on:day}: {lines:lines}.",
    ),
    LineSplit: Sentence(
        "Podzielono linię {line_id} od {holds_from:day}: {amounts_gr:shares}; wagi: {shares:weights}; zaokrąglanie:"
        " {rule:word}.",
        "Line {line_id} was split from {holds_from:day}: {amounts_gr:shares}; weights: {shares:weights}; rounding:"
        " {rule:word}.",
    ),
    LineResplit: Sentence(
        "Podzielono ponownie linię {line_id} od {effective_on:day}: {amounts_gr:shares}; wagi: {shares:weights};"
        " zaokrąglanie: {rule:word}[; zmienia uchwałę {amends:resolution}].",
        "Line {line_id} was split anew from {effective_on:day}: {amounts_gr:shares}; weights: {shares:weights};"
        " rounding: {rule:word}[; amends resolution {amends:resolution}].",
    ),
    ShareMoved: Sentence(
        "Przeniesiono udział w linii {line_id} od {effective_on:day}: {amount_gr:money}; oddaje: {from_member:member};"
        " przejmuje: {to_member:member}.",
        "Part of a share of line {line_id} passed on from {effective_on:day}: {amount_gr:money}; given by"
        " {from_member:member}; taken by {to_member:member}.",
    ),
    FundsTransferred: Sentence(
        "Przesunięto {amount_gr:money} z linii {from_line} do linii {to_line} w pakiecie {package_id}[; z udziałów:"
        " {from_members:shares}][; do udziałów: {to_members:shares}][; aneks nr {annex_no}].",
        "{amount_gr:money} was transferred from line {from_line} to line {to_line} of package {package_id}[; from the"
        " shares: {from_members:shares}][; to the shares: {to_members:shares}][; annex {annex_no}].",
    ),
    TrancheReceived: Sentence(
        "Lider otrzymał {effective_on:day} transzę nr {tranche_no} pakietu {package_id}: {amount_gr:money}; źródło:"
        " {source:word}; płatnik: {payer}.",
        "The leader received tranche {tranche_no} of package {package_id} on {effective_on:day}: {amount_gr:money};"
        " source: {source:word}; payer: {payer}.",
    ),
    TrancheDistributed: Sentence(
        "Rozdzielono {effective_on:day} transzę nr {tranche_no} pakietu {package_id}: {amounts_gr:shares}; źródło:"
        " {source:word}.",
        "Tranche {tranche_no} of package {package_id} was distributed on {effective_on:day}: {amounts_gr:shares};"
        " source: {source:word}.",
    ),
    MembersSettled: Sentence(
        "Rozliczono między członkami {amount_gr:money} w pakiecie {package_id}; oddaje: {from_member:member};"
        " otrzymuje: {to_member:member}; źródło: {source:word}.",
        "Members settled {amount_gr:money} of package {package_id}; given by {from_member:member}; received by"
        " {to_member:member}; source: {source:word}.",
    ),
    ExpenditureReported: Sentence(
        "Rozliczono wykonanie pakietu {package_id}[; niewykorzystane: {unspent:unspent}].",
        "The execution of package {package_id} was reported[; unspent: {unspent:unspent}].",
    ),
    UnspentReturned: Sentence(
        "Zwrócono {effective_on:day} niewykorzystaną dotację pakietu {package_id}: {amount_gr:money}; zwraca:"
        " {from_member:member}; odbiorca: {to}; termin {due_on:day}.",
        "Unspent grant of package {package_id} was returned on {effective_on:day}: {amount_gr:money}; by"
        " {from_member:member}; to: {to}; due on {due_on:day}.",
    ),
}
