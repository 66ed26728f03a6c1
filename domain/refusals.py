"""Every refusal in order of precedence, with its sentence in Polish and English.

The order is that of the guards: well formed, role, existence, authority, membership on the date, party to the
contract, the rules of the noun, money; within a stage as in the scenario's table. The stages of the ledger itself
(identity and version of the command) come before all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from domain.reasons import Reason

if TYPE_CHECKING:
    from domain.errors import Refusal

Language = Literal["pl", "en"]


@dataclass(frozen=True, slots=True)
class RefusalKind:
    """A code and what it says."""

    code: str
    pl: str
    en: str
    status: int = 409
    """Of the HTTP answer, when the thing is not named by the path."""


_UNKNOWN_NOUNS: Final = {
    "consortium": ("konsorcjum", "consortium"),
    "member": ("członka", "member"),
    "delegate": ("delegata", "delegate"),
    "application": ("wniosku o przyjęcie", "application"),
    "resolution": ("projektu ani uchwały", "draft or resolution"),
    "forum": ("posiedzenia ani głosowania obiegowego", "meeting or circular vote"),
    "package": ("pakietu z umową", "package"),
    "task": ("zadania", "task"),
    "allocation": ("przydziału", "allocation"),
    "line": ("linii budżetu", "budget line"),
    "plebiscite": ("plebiscytu", "plebiscite"),
    "consultation": ("konsultacji", "consultation"),
    "resource": ("zasobu", "resource"),
    "pair": ("pary mentoringowej", "mentoring pair"),
    "finding": ("ustalenia", "finding"),
    "recommendation": ("zalecenia", "recommendation"),
    "objection": ("sprzeciwu członka", "objection of member"),
}

_KINDS: Final = (
    RefusalKind("malformed", "Nieprawidłowe dane w {place}: {reason}.", "Malformed at {place}: {reason}.", 422),
    RefusalKind(
        "idempotency-key-reused",
        "Pod tym identyfikatorem polecenia ({command_id}) zapisano już inną treść.",
        "This command id ({command_id}) was used before with other content.",
        422,
    ),
    RefusalKind(
        "stale-version",
        "Od wskazanej wersji {expected} dopisano nowe fakty; bieżąca wersja to {version}.",
        "Facts were added since version {expected}; the current version is {version}.",
        412,
    ),
    RefusalKind(
        "consortium-not-empty",
        "Konsorcjum {id} ma już historię; historię można wczytać tylko do pustego.",
        "Consortium {id} has a history already; one can be imported only into an empty consortium.",
    ),
    RefusalKind(
        "role-not-permitted",
        "Rola {role} nie może wydać polecenia {command}.",
        "Role {role} may not give {command}.",
        403,
    ),
    RefusalKind("id-already-used", "Identyfikator {id} jest już zajęty.", "The id {id} is in use already."),
    *(
        RefusalKind(f"unknown-{noun}", f"Nie ma tu {pl} o identyfikatorze {{id}}.", f"There is no {en} {{id}} here.")
        for noun, (pl, en) in _UNKNOWN_NOUNS.items()
    ),
    RefusalKind(
        "resolution-required",
        "To polecenie wymaga uchwały w sprawie: {matters}.",
        "This command needs a resolution on: {matters}.",
    ),
    RefusalKind(
        "resolution-not-expected",
        "To polecenie wydaje się bez uchwały, a wskazano {draft_id}.",
        "This command is given without a resolution, but {draft_id} is named.",
    ),
    RefusalKind("resolution-not-adopted", "Uchwały {draft_id} nie podjęto.", "Resolution {draft_id} was not adopted."),
    RefusalKind(
        "resolution-not-in-force",
        "Uchwała {draft_id} nie obowiązuje w dniu {effective_on}.",
        "Resolution {draft_id} is not in force on {effective_on}.",
    ),
    RefusalKind(
        "matter-does-not-fit",
        "Uchwała {draft_id} (sprawa: {matter}) nie upoważnia do tego polecenia.",
        "Resolution {draft_id} (matter: {matter}) does not authorise this command.",
    ),
    RefusalKind(
        "not-a-member-on-date",
        "{member_id} nie jest członkiem konsorcjum w dniu {day}.",
        "{member_id} is not a member of the consortium on {day}.",
    ),
    RefusalKind(
        "no-seat-on-date",
        "{delegate_id} nie ma mandatu w dniu {day}.",
        "{delegate_id} holds no seat on {day}.",
    ),
    RefusalKind(
        "not-a-contract-party",
        "{member_id} nie jest stroną umowy z Miastem w całym okresie od {first} do {last}.",
        "{member_id} is not party to the city contract throughout {first} to {last}.",
    ),
    RefusalKind(
        "no-quorum",
        "Brak kworum: obecnych {present} z {seats} mandatów, wymagane {required}.",
        "No quorum: {present} of {seats} seats present, {required} required.",
    ),
    RefusalKind("already-decided", "{id}: już rozstrzygnięto.", "{id} has been decided already."),
    RefusalKind(
        "ballot-kind-mismatch",
        "Rodzaj głosowania: {ballot}, wymagany: {expected}.",
        "The ballot is {ballot}; {expected} is required.",
    ),
    RefusalKind(
        "secret-ballot-names-voters",
        "Głosowanie tajne zapisuje tylko uczestników i liczby, nigdy głosów po nazwie.",
        "A secret ballot records participants and counts only, never who voted how.",
    ),
    RefusalKind(
        "recusal-required",
        "{delegate_id} ({member_id}) musi wyłączyć się od głosowania.",
        "{delegate_id} ({member_id}) must be recused from the vote.",
    ),
    RefusalKind(
        "recused-delegate-voted",
        "{delegate_id} jest wyłączony od głosowania.",
        "{delegate_id} is recused and may not vote.",
    ),
    RefusalKind(
        "circular-vote-not-allowed",
        "Statut obowiązujący w dniu {day} nie dopuszcza głosowania obiegowego.",
        "The statute in force on {day} does not allow a circular vote.",
    ),
    RefusalKind(
        "second-lead",
        "Zadanie {task_id} ma już wykonawcę wiodącego w dniu {day}.",
        "Task {task_id} has a lead on {day} already.",
    ),
    RefusalKind(
        "task-without-lead",
        "Zadanie {task_id} zostałoby bez wykonawcy wiodącego w dniu {day}.",
        "Task {task_id} would be without a lead on {day}.",
    ),
    RefusalKind(
        "budget-differs-from-contract",
        "Budżet ze źródła {source} wynosi {planned} gr, a umowa {agreed} gr.",
        "The budget for {source} is {planned} gr, the contract says {agreed} gr.",
    ),
    RefusalKind("line-already-split", "Linię {line_id} już podzielono.", "Line {line_id} has been split already."),
    RefusalKind(
        "source-mismatch",
        "Źródło {source} nie pasuje, oczekiwano: {expected}.",
        "Source {source} does not match; expected: {expected}.",
    ),
    RefusalKind(
        "transfer-limit-exceeded",
        "Linia wzrosłaby o {growth} gr wobec {adopted} gr przy przyjęciu; limit {limit_bp} punktów bazowych, potrzebny"
        " aneks.",
        "The line would grow by {growth} gr on {adopted} gr at adoption; the limit is {limit_bp} basis points, an"
        " annex is needed.",
    ),
    RefusalKind(
        "distribution-not-balanced",
        "Rozdzielono {distributed} gr, a do rozdzielenia jest {received} gr.",
        "{distributed} gr distributed, {received} gr to be distributed.",
    ),
    RefusalKind(
        "overpayment",
        "{member_id} otrzymał już {paid} gr; z {amount} gr przekroczyłby swój udział {share} gr.",
        "{member_id} was paid {paid} gr; {amount} gr more would exceed its share of {share} gr.",
    ),
    RefusalKind(
        "resolution-already-invalid",
        "Uchwała {draft_id} jest już nieważna.",
        "Resolution {draft_id} is invalid already.",
    ),
    RefusalKind(
        "resolution-already-repealed",
        "Uchwała {draft_id} jest już uchylona.",
        "Resolution {draft_id} is repealed already.",
    ),
    RefusalKind(
        "substantive-change-needs-resolution",
        "Pole {field} ({type}) nie jest omyłką pisarską; zmienia je tylko uchwała.",
        "Field {field} ({type}) is no clerical matter; only a resolution changes it.",
    ),
    RefusalKind(
        "recorded-value-differs",
        "Wskazano „{given}”, a w zapisie jest „{recorded}”.",
        "“{given}” is named, but the record says “{recorded}”.",
    ),
    RefusalKind(
        "outcome-would-change",
        "Sprostowanie zmieniłoby wynik z {recorded} na {computed}.",
        "The correction would change the outcome from {recorded} to {computed}.",
    ),
    RefusalKind(
        "notice-too-short",
        "Ostatni dzień {last_day} jest za wczesny albo nie kończy kwartału; najwcześniej {earliest}.",
        "The last day {last_day} is too early or not a quarter's end; {earliest} at the earliest.",
    ),
    RefusalKind(
        "resource-already-lent", "Zasób {resource_id} jest już wypożyczony.", "Resource {resource_id} is lent already."
    ),
    RefusalKind(
        "statute-invalid",
        "Statut jest nieprawidłowy w {where}: {reason}.",
        "The statute is invalid at {where}: {reason}.",
    ),
    RefusalKind("founding-closed", "Odbyło się już pierwsze posiedzenie.", "The first meeting was opened already."),
    RefusalKind(
        "too-few-founders",
        "Członków założycieli: {founders}, potrzeba co najmniej {needed}.",
        "{founders} founding members, at least {needed} needed.",
    ),
    RefusalKind(
        "size-differs-from-thresholds",
        "Podano wielkość {given}, a progi statutu dają {computed}.",
        "Size {given} is given; the statute's thresholds make it {computed}.",
    ),
    RefusalKind(
        "remote-meeting-not-allowed",
        "Statut nie dopuszcza posiedzeń zdalnych.",
        "The statute does not allow remote meetings.",
    ),
    RefusalKind(
        "quorum-present",
        "Kworum było: obecnych {present} z {seats}, wymagane {required}.",
        "There was a quorum: {present} of {seats} present, {required} required.",
    ),
    RefusalKind(
        "circular-vote-too-short",
        "Głosowanie obiegowe trwałoby {days} dni, wymagane co najmniej {least}.",
        "The circular vote would last {days} days, at least {least} required.",
    ),
    RefusalKind("forum-closed", "{id}: już zamknięto.", "{id} is closed already."),
    RefusalKind("voting-not-open", "Nad {draft_id} nie trwa głosowanie.", "No vote on {draft_id} is open."),
    RefusalKind("voting-already-open", "Nad {draft_id} trwa głosowanie.", "A vote on {draft_id} is open."),
    RefusalKind(
        "voter-not-present",
        "{delegate_id} nie jest na liście obecności.",
        "{delegate_id} is not on the attendance list.",
    ),
    RefusalKind("vote-missing", "Brak głosu: {delegates}.", "Votes are missing: {delegates}."),
    RefusalKind(
        "counts-differ",
        "Policzono {counted} głosów przy {took_part} uczestnikach.",
        "{counted} votes counted from {took_part} participants.",
    ),
    RefusalKind(
        "not-the-leader",
        "Reprezentuje {member_id}, a liderem jest {leader}.",
        "{member_id} represents, but the leader is {leader}.",
    ),
    RefusalKind(
        "annex-out-of-sequence",
        "Aneks nr {given}, a kolejny jest nr {expected}.",
        "Annex no. {given}; the next is no. {expected}.",
    ),
    RefusalKind(
        "outside-contract-period",
        "Poza okresem umowy od {first} do {last}.",
        "Outside the contract period {first} to {last}.",
    ),
    RefusalKind("outside-task-period", "Poza okresem od {first} do {last}.", "Outside the period {first} to {last}."),
    RefusalKind(
        "not-allocated-to-task",
        "{member_id} nie wykonuje zadania {task_id}.",
        "{member_id} does not perform task {task_id}.",
    ),
    RefusalKind(
        "weights-invalid",
        "Wagi nie mogą być ujemne, same zera ani powtarzać członka.",
        "Weights must not be negative or all zero, nor name a member twice.",
    ),
    RefusalKind(
        "leader-has-no-share",
        "Resztę bierze lider ({leader}), a nie ma udziału w linii.",
        "The leader ({leader}) takes the remainder but has no share of the line.",
    ),
    RefusalKind("line-not-split", "Linii {line_id} jeszcze nie podzielono.", "Line {line_id} has not been split yet."),
    RefusalKind(
        "transfer-not-balanced",
        "Członkowie razem {members} gr, a kwota {amount} gr.",
        "The members' parts make {members} gr, the amount is {amount} gr.",
    ),
    RefusalKind(
        "share-exceeded",
        "{member_id} ma {share} gr, a potrzeba {amount} gr.",
        "{member_id} has {share} gr, {amount} gr are needed.",
    ),
    RefusalKind(
        "tranche-exceeds-contract",
        "Wpłynęłoby {received} gr, a umowa przewiduje {contract} gr.",
        "{received} gr would have come in, the contract provides {contract} gr.",
    ),
    RefusalKind(
        "resource-not-lent",
        "Zasobu {resource_id} nie ma {member_id}.",
        "Resource {resource_id} is not lent to {member_id}.",
    ),
    RefusalKind("period-out-of-order", "{last} wypada przed {first}.", "{last} lies before {first}."),
)

REFUSALS: Final[dict[str, RefusalKind]] = {kind.code: kind for kind in _KINDS}
"""Every refusal by its code, in order of precedence."""


def sentence(refusal: Refusal, language: Language) -> str:
    """Say why, in one sentence."""
    kind = REFUSALS[refusal.code]
    template = kind.pl if language == "pl" else kind.en
    fields = {name: _said(value, language) for name, value in refusal.fields.items()}
    return template.format(place=refusal.place or "/", **fields)


def _said(value: object, language: Language) -> object:
    if isinstance(value, Reason):
        return value.say(language)
    return "–" if value is None else value
