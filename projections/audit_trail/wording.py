"""Filling a sentence with what an entry says: `{field:form}`, and `[…]` that falls away where a field in it is empty.

A field is one of the fact, else one of the entry; the form says how it is written, see `FORMS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Literal

from domain.values import write_instant
from projections.audit_trail.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from domain.budget.events import BudgetLine, Unspent
    from domain.consortium import Consortium
    from domain.decider import Entry, Fact
    from domain.participation.events import OptionVotes
    from domain.resolutions.events import Counts

Language = Literal["pl", "en"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a kind of fact says, to be filled."""

    pl: str
    en: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a sentence, and what is known when it is written."""

    consortium: Consortium
    language: Language

    @property
    def place(self) -> int:
        """Where the language stands among two."""
        return 0 if self.language == "pl" else 1


def filled(sentence: Sentence, entry: Entry, reader: Reader) -> str:
    """Write a sentence of an entry in the reader's language."""
    written: list[str] = []
    for optional, slots, end in _made(getattr(sentence, reader.language), type(entry.fact)):
        if optional and any(_is_empty(value_of(entry)) for _, value_of, _ in slots):
            continue
        for text, value_of, write in slots:
            written += (text, write(value_of(entry), reader))
        written.append(end)
    return "".join(written)


Slot = tuple[str, "Callable[[Entry], Any]", "Callable[[Any, Reader], str]"]
"""The text before a field, how to find the field, and how to write it."""


@cache
def _made(template: str, kind: type[Fact]) -> tuple[tuple[bool, tuple[Slot, ...], str], ...]:
    """Make ready the pieces of a template for one kind of fact: whether it may fall away, its slots, the text after."""
    pieces = []
    for optional, parts in _pieces(template):
        slots = tuple((text, _finder(name, kind), FORMS[form]) for text, name, form in parts if name)
        pieces.append((optional, slots, "".join(text for text, name, _ in parts if not name)))
    return tuple(pieces)


def _finder(name: str, kind: type[Fact]) -> Callable[[Entry], Any]:
    of_fact = name.split(".", maxsplit=1)[0] in kind.model_fields
    return attrgetter(f"fact.{name}" if of_fact else name)


Part = tuple[str, str, str]
"""A text, then the name and form of the field after it; both empty after the last text."""


@cache
def _pieces(template: str) -> tuple[tuple[bool, tuple[Part, ...]], ...]:
    pieces = []
    for number, text in enumerate(template.replace("]", "[").split("[")):
        parts = tuple((before, name or "", form or "") for before, name, form, _ in Formatter().parse(text))
        pieces.append((number % 2 == 1, parts))
    return tuple(pieces)


def fields_of(template: str) -> tuple[tuple[str, str], ...]:
    """Return the fields that a template names, with their forms."""
    return tuple((name, form) for _, parts in _pieces(template) for _, name, form in parts if name)


def _is_empty(value: object) -> bool:
    return value is None or value is False or value == "" or (isinstance(value, tuple | dict) and not value)


def money(grosze: int, language: Language) -> str:
    """Write an amount as people do: `1 234,56 zł`, `PLN 1,234.56`; an amount below nothing with a minus."""
    zloty, rest = divmod(abs(grosze), 100)
    sign = "−" if grosze < 0 else ""
    if language == "pl":
        return f"{sign}{zloty:,},{rest:02} zł".replace(",", " ", f"{zloty:,}".count(","))
    return f"{sign}PLN {zloty:,}.{rest:02}"


def resolution(draft_id: str, reader: Reader) -> str:
    """Name a draft, by its number as well where it has one."""
    draft = reader.consortium.resolutions.drafts.get(draft_id)
    number = draft.decided.number if draft and draft.decided else None
    return f"{number} ({draft_id})" if number else draft_id


def _member(member_id: str, reader: Reader) -> str:
    member = reader.consortium.membership.members.get(member_id)
    return f"{member.name} ({member_id})" if member else member_id


def _word(word: str, reader: Reader) -> str:
    return WORDS[word][reader.place]


def _shares(amounts: Mapping[str, int], reader: Reader) -> str:
    return ", ".join(f"{member_id} {money(amount, reader.language)}" for member_id, amount in amounts.items())


def _lines(lines: Sequence[BudgetLine], reader: Reader) -> str:
    return ", ".join(
        f"{line.line_id} ({_word(line.source, reader)}) {money(line.amount_gr, reader.language)}" for line in lines
    )


def _unspent(unspent: Sequence[Unspent], reader: Reader) -> str:
    return ", ".join(f"{one.line_id} {one.member_id} {money(one.amount_gr, reader.language)}" for one in unspent)


def _counts(counts: Counts, reader: Reader) -> str:
    if reader.language == "pl":
        return f"za {counts.for_}, przeciw {counts.against}, wstrzymało się {counts.abstain}"
    return f"{counts.for_} for, {counts.against} against, {counts.abstain} abstained"


def _quoted(text: str, reader: Reader) -> str:
    return f"„{text}”" if reader.language == "pl" else f"“{text}”"


def _options(counts: Sequence[OptionVotes], reader: Reader) -> str:
    return ", ".join(f"{_quoted(one.option, reader)} {one.votes}" for one in counts)


def _hundredths(number: int, reader: Reader) -> str:
    return f"{number // 100}{',' if reader.language == 'pl' else '.'}{number % 100:02}"


_PRESENCE: Final = {True: ("obecny", "present"), False: ("nieobecny", "absent")}

FORMS: Final[dict[str, Callable[[Any, Reader], str]]] = {
    "": lambda value, _reader: str(value),
    "day": lambda day, _reader: day.isoformat(),
    "instant": lambda instant, _reader: write_instant(instant),
    "ids": lambda ids, _reader: ", ".join(ids) or "–",
    "number_of": lambda several, _reader: str(len(several)),
    "quoted": lambda texts, reader: ", ".join(_quoted(text, reader) for text in texts),
    "word": _word,
    "member": _member,
    "resolution": resolution,
    "money": lambda grosze, reader: money(grosze, reader.language),
    "shares": _shares,
    "lines": _lines,
    "unspent": _unspent,
    "weights": lambda shares, _reader: ", ".join(f"{one.member_id} {one.weight}" for one in shares),
    "counts": _counts,
    "options": _options,
    "hundredths": _hundredths,
    "presence": lambda present, reader: _PRESENCE[present][reader.place],
    "flag": lambda _flag, _reader: "",
}
"""How a value is written. `flag` writes nothing: it only decides whether the text around it stays."""
