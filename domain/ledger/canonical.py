r"""The one way to write a value down: canonical JSON (RFC 8785) within a profile.

Profile: keys are field names, or ids where a map is keyed by them; integers within ±(2^53 − 1) and no other numbers;
strings in NFC without control characters but newline and tab; at most 16 containers deep; at most 60,000 bytes.

`rfc8785` writes. Whether bytes are so written `orjson` tells, many times faster, since within the profile both write
alike: keys are ASCII, so their order by byte (`orjson`'s) is the order by UTF-16 unit (RFC 8785, 3.2.3), integers have
one form (3.2.2.3), and the only escapes that can occur are `\"`, `\\`, `\n` and `\t` (3.2.2.2).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast
from unicodedata import is_normalized

import orjson
import rfc8785

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

WRITING: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
PLAIN: Final = bytes(range(0x20, 0x7F)).replace(b"\\", b"")
"""Bytes of printable ASCII that begin no escape."""


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
    written = rfc8785.dumps(cast("Any", value))
    if len(written) > MAX_BYTES:
        _fail("entry_too_large", limit=MAX_BYTES)
    return written


def is_canonical(written: bytes) -> bool:
    """Tell whether these bytes are what `canonical` writes of what they say, many times faster than by writing it."""
    return has_canonical_form(written) and _all_fit(orjson.loads(written))


def has_canonical_form(written: bytes) -> bool:
    """Tell whether these bytes have the one form there is of what they say.

    What they say may lie outside the profile still by its names, its depth or a fraction. None of that passes for an
    entry, whose types allow no such thing; so whoever reads them as one needs no more than this.
    """
    try:
        # Blanks, other escapes, other forms of a number, and a key twice or out of order come out otherwise, and an
        # integer out of range not at all.
        same = orjson.dumps(orjson.loads(written), option=WRITING) == written
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return False
    return same and len(written) <= MAX_BYTES and _texts_fit(written)


def _texts_fit(written: bytes) -> bool:
    """Judge all texts together: quotation marks part them, which combine with nothing."""
    special = written.translate(None, PLAIN)
    # Below U+0300 nothing combines with what stands before it.
    if not special or (b"\\" not in special and (text := special.decode()).isprintable() and max(text) < "\u0300"):
        return True
    document = written.decode()
    if b"\\" in special and not ESCAPED.fullmatch(document):
        return False
    return not _text_fault(document)


def _all_fit(value: object) -> bool:
    """Look at each container, those of one depth together."""
    containers: list[Any] = [[value]]
    for _ in range(1 + MAX_DEPTH):
        within: list[Any] = []
        for container in containers:
            if type(container) is dict:
                if not _names_fit((*container,)):
                    return False
                items: Iterable[object] = container.values()
            else:
                items = container
            for item in items:
                kind = type(item)
                if kind is str:
                    continue
                if kind is dict or kind is list:
                    within.append(item)
                elif kind is float:
                    return False
        if not within:
            return True
        containers = within
    return False


@lru_cache(maxsize=10_000)
def _names_fit(names: tuple[str, ...]) -> bool:
    """Judge the names of an object together: entries of one kind have the same."""
    return all(map(_is_name, names))


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
