"""Why something is not well formed, in Polish and English.

Kinds are those of pydantic's errors that can occur here, and our own for what our types and the reading of JSON refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from domain.errors import Refusal

if TYPE_CHECKING:
    from typing import NoReturn

    from pydantic import ValidationError

    from domain.refusals import Language

REASONS: Final[dict[str, tuple[str, str]]] = {
    # the text of a line or a body
    "not_utf8": ("to nie jest tekst UTF-8", "this is not UTF-8 text"),
    "not_json": ("to nie jest poprawny JSON (znak {column})", "this is not valid JSON (character {column})"),
    "not_an_object": ("oczekiwano obiektu JSON", "a JSON object is expected"),
    "blank_line": ("pusty wiersz", "a blank line"),
    "line_too_long": ("wiersz dłuższy niż {limit} bajtów", "the line is longer than {limit} bytes"),
    "no_final_newline": ("ostatni wiersz urywa się bez znaku końca", "the last line breaks off without a line ending"),
    "duplicate_key": ("klucz powtarza się", "the key stands twice"),
    "float": ("liczby niecałkowite są niedozwolone", "numbers must be whole"),
    "not_a_number": ("to nie jest liczba", "this is not a number"),
    "integer_too_large": ("liczba całkowita poza zakresem ±(2^53 − 1)", "the integer is beyond ±(2^53 − 1)"),
    "too_deep": ("zagnieżdżenie głębsze niż {limit}", "nested deeper than {limit}"),
    "entry_too_large": ("zapis byłby większy niż {limit} bajtów", "the entry would be larger than {limit} bytes"),
    "sequence": ("oczekiwano numeru {expected}", "number {expected} is expected"),
    "decreasing": ("wcześniejsze niż w wierszu poprzednim", "earlier than in the line before"),
    "in_the_future": ("chwila w przyszłości", "an instant in the future"),
    "unknown_command": ("nieznane polecenie", "unknown command"),
    "other_than_in_address": ("w adresie jest {expected}", "the address says {expected}"),
    "other_consortium": ("to inne konsorcjum niż {expected}", "this is not consortium {expected}"),
    # fields
    "missing": ("brak wymaganego pola", "a required field is missing"),
    "extra_forbidden": ("nieznane pole", "unknown field"),
    "string_type": ("oczekiwano tekstu", "a text is expected"),
    "string_too_short": ("tekst nie może być pusty", "the text must not be empty"),
    "string_too_long": ("tekst dłuższy niż {max_length} znaków", "the text is longer than {max_length} characters"),
    "string_pattern_mismatch": ("niedozwolona postać tekstu", "the text is not of the allowed form"),
    "string_unicode": ("niepoprawny Unicode", "invalid Unicode"),
    "int_type": ("oczekiwano liczby całkowitej", "a whole number is expected"),
    "int_parsing_size": ("liczba poza zakresem", "the number is out of range"),
    "greater_than_equal": ("najmniejsza dozwolona wartość to {ge}", "the least allowed value is {ge}"),
    "less_than_equal": ("największa dozwolona wartość to {le}", "the greatest allowed value is {le}"),
    "bool_type": ("oczekiwano true albo false", "true or false is expected"),
    "literal_error": ("dozwolone: {expected}", "allowed: {expected}"),
    "tuple_type": ("oczekiwano listy", "a list is expected"),
    "list_type": ("oczekiwano listy", "a list is expected"),
    "dict_type": ("oczekiwano obiektu", "an object is expected"),
    "model_type": ("oczekiwano obiektu", "an object is expected"),
    "too_short": ("za mało pozycji", "too few items"),
    "none_required": ("oczekiwano null", "null is expected"),
    "control_characters": (
        "tekst zawiera znaki sterujące albo niepoprawne",
        "the text holds control characters or lone surrogates",
    ),
    "not_nfc": ("tekst nie jest w postaci NFC", "the text is not in Unicode normalisation form C"),
    "date_format": ("datę zapisuje się RRRR-MM-DD, i musi istnieć", "a date is written YYYY-MM-DD, and must exist"),
    "date_range": ("data poza zakresem {first}–{last}", "the date is outside {first}–{last}"),
    "instant_format": (
        "chwilę zapisuje się RRRR-MM-DDTgg:mm:ss+gg:mm",
        "an instant is written YYYY-MM-DDThh:mm:ss+hh:mm",
    ),
    "number_checksum": ("niepoprawny numer {kind}", "not a valid {kind} number"),
    "named_twice": ("lista wymienia coś dwa razy", "the list names something twice"),
    "out_of_order": ("koniec przed początkiem", "the end lies before the beginning"),
    "more_than_made": ("rozstrzygnięto więcej uwag, niż zgłoszono", "more comments are decided than were made"),
    "same_on_both_sides": ("po obu stronach to samo", "the same stands on both sides"),
    "nothing_to_do": ("nie ma nic do zrobienia", "there is nothing to do"),
    "text_required": ("oczekiwano tekstu", "a text is expected"),
    "source_required": (
        "za kogo i skrót SHA-256 źródła są wymagane",
        "on whose behalf and the source's SHA-256 are required",
    ),
    # the statute
    "quorum_beyond_all": ("kworum większe niż wszystkie mandaty", "the quorum asks for more than all the seats"),
    "matter_without_majority": ("brak większości dla: {matters}", "no majority for: {matters}"),
    "circular_incomplete": (
        "dopuszczone głosowanie obiegowe wymaga min_days i quorum",
        "a circular vote that is allowed needs min_days and quorum",
    ),
    "number_pattern": ("wzór numeru musi zawierać raz {{n}} i {{year}}", "the pattern needs {{n}} and {{year}} once"),
    "version_order": ("wersja {given}, oczekiwano {expected}", "version {given}, expected {expected}"),
    "earlier_than_last": (
        "poprzednia wersja obowiązuje dopiero od {day}",
        "the version before is in force only from {day}",
    ),
    "not_allowed": ("niedozwolona wartość", "the value is not allowed"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A kind of `REASONS` and what it speaks of."""

    kind: str
    context: dict[str, Any] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """Say it."""
        polish, english = REASONS.get(self.kind, REASONS["not_allowed"])
        return (polish if language == "pl" else english).format(**self.context)


def malformed(place: str, kind: str, **context: object) -> NoReturn:
    """Refuse what is not well formed.

    Raises:
        Refusal: `malformed` at `place`, always.
    """
    raise Refusal("malformed", place=place, reason=Reason(kind, context))


def pointer(*steps: object) -> str:
    """Write a JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def first_error(error: ValidationError) -> tuple[str, Reason]:
    """Return the place of the first error, as a JSON pointer, and its reason."""
    first = error.errors(include_url=False, include_input=False)[0]
    steps = [step for step in first["loc"] if step != "[key]"]
    context = dict(first.get("ctx", {}))
    if first["type"] == "literal_error":
        context["expected"] = context["expected"].replace(" or ", ", ").replace("'", "")
    return pointer(*steps), Reason(first["type"], context)
