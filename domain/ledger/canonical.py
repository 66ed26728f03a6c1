r"""The one way to write a value down: canonical JSON (RFC 8785) within a profile.

Profile: keys are field names, or ids where a map is keyed by them; integers within ±(2^53 − 1) and no other numbers;
strings in NFC without control characters but newline and tab; at most 16 containers deep; at most 60,000 bytes.

Within it the standard library already writes what RFC 8785 asks for, and quickly: keys are ASCII, so their order by
code point (ours) is the order by UTF-16 unit (RFC 8785, 3.2.3), and the only escapes that can occur are `\"`, `\\`,
`\n` and `\t`, which both write alike (3.2.2.2).
"""

from __future__ import annotations

import re
from functools import lru_cache
from json import JSONEncoder
from typing import TYPE_CHECKING, Final
from unicodedata import is_normalized

from pydantic_core import from_json, to_json

from domain.reasons import Reason, pointer
from domain.values import MAX_INTEGER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NoReturn

MAX_DEPTH: Final = 16
MAX_BYTES: Final = 60_000

FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
# The pattern of `domain.values.Id`.
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}", re.ASCII)
UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
ESCAPED: Final = re.compile(r"(?:[^\\]|\\[\"\\nt])*+")
"""JSON with no escapes but those that can occur."""

_encode: Final = JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode


class NotCanonical(Exception):  # noqa: N818 - named for what the value is
    """A value that the profile does not allow, with its place (a JSON pointer, RFC 6901) and the reason."""

    def __init__(self, place: str, reason: Reason) -> None:
        super().__init__(place, reason)
        self.place: Final = place
        self.reason: Final = reason

    def __str__(self) -> str:
        return f"at {self.place or '/'}: {self.reason.say('en')}"


def canonical(value: object) -> bytes:
    """Write a value made of dicts, lists, strings, integers, booleans and None.

    Raises:
        NotCanonical: the value is outside the profile.
    """
    _check(value, 1)
    written = _encode(value).encode()
    if len(written) > MAX_BYTES:
        _fail("entry_too_large", limit=MAX_BYTES)
    return written


def is_canonical(written: bytes) -> bool:
    """Tell whether these bytes are what `canonical` writes of what they say, many times faster than by writing it.

    The second writer keeps keys in the order read and numbers in their own form: with it blanks, other escapes, other
    forms of a number and a key twice come out otherwise; texts, order, names and range are looked at.
    """
    try:
        value = from_json(written)
    except ValueError:
        return False
    same = len(written) <= MAX_BYTES and to_json(value) == written
    return same and _texts_fit(written.decode()) and _all_fit((value,), 1)


def _texts_fit(document: str) -> bool:
    """Judge all texts together: quotation marks part them, which combine with nothing."""
    if "\\" in document and not ESCAPED.fullmatch(document):
        return False
    # What is printable holds nothing that cannot be written.
    if document.isprintable():
        return document.isascii() or is_normalized("NFC", document)
    return not _text_fault(document)


def _all_fit(items: Iterable[object], depth: int) -> bool:
    for item in items:
        if isinstance(item, str):
            continue
        if isinstance(item, dict):
            fits = depth <= MAX_DEPTH and _names_fit((*item,)) and _all_fit(item.values(), depth + 1)
        elif isinstance(item, list):
            fits = depth <= MAX_DEPTH and _all_fit(item, depth + 1)
        else:
            # Both truth values lie within the range; what is left is nothing, or a number that is not whole.
            fits = -MAX_INTEGER <= item <= MAX_INTEGER if isinstance(item, int) else item is None
        if not fits:
            return False
    return True


@lru_cache(maxsize=10_000)
def _names_fit(names: tuple[str, ...]) -> bool:
    """Judge the names of an object together: entries of one kind have the same."""
    return all(map(_is_name, names)) and names == tuple(sorted(names))


def _check(value: object, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            _fail("integer_too_large")
    elif isinstance(value, dict):
        _check_names(value)
        _check_each(value.items(), depth)
    elif isinstance(value, list):
        _check_each(enumerate(value), depth)
    else:
        _fail("float" if isinstance(value, float) else "not_allowed")


def _check_each(items: Iterable[tuple[object, object]], depth: int) -> None:
    if depth > MAX_DEPTH:
        _fail("too_deep", limit=MAX_DEPTH)
    for key, item in items:
        # Nearly every value is such a text; for it the next lines would come to the same, slowly.
        if type(item) is str and item.isascii() and item.isprintable():
            continue
        try:
            _check(item, depth + 1)
        except NotCanonical as fault:
            # The place is put together on the way out, so that a value without fault pays nothing for it.
            raise NotCanonical(pointer(key) + fault.place, fault.reason) from None


def _check_text(text: str) -> None:
    fault = _text_fault(text)
    if fault is not None:
        _fail(fault)


def _text_fault(text: str) -> str | None:
    if UNWRITABLE.search(text):
        return "control_characters"
    return None if is_normalized("NFC", text) else "not_nfc"


def _check_names(names: Iterable[object]) -> None:
    for name in names:
        if not _is_name(name):
            raise NotCanonical(pointer(name), Reason("string_pattern_mismatch"))


@lru_cache(maxsize=10_000)
def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(FIELD_NAME.fullmatch(name) or ID.fullmatch(name))


def _fail(kind: str, **context: object) -> NoReturn:
    raise NotCanonical("", Reason(kind, context))
