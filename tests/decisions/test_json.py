"""JSON is read strictly: what it may hold and we do not is refused at its place, in two languages."""

from __future__ import annotations

import json

import pytest

from domain.requests import read_json
from tests.decisions.malformed import expect, refusal

WHOLE = ("liczby niecałkowite są niedozwolone", "numbers must be whole")
TOO_LARGE = ("liczba całkowita poza zakresem ±(2^53 − 1)", "the integer is beyond ±(2^53 − 1)")
NO_NUMBER = ("to nie jest liczba", "this is not a number")
TWICE = ("klucz powtarza się", "the key stands twice")
BROKEN = ("niepoprawny Unicode", "invalid Unicode")
DEEP = ("zagnieżdżenie głębsze niż 16", "nested deeper than 16")
NO_UTF8 = ("to nie jest tekst UTF-8", "this is not UTF-8 text")


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        (b"1.5", "", WHOLE),
        (b"-0.0", "", WHOLE),
        (b"1e5", "", WHOLE),
        (b'{"a": [1, 2.0]}', "/a/1", WHOLE),
        (b'{"data": {"amount_gr": 1E400}}', "/data/amount_gr", WHOLE),
        (b"NaN", "", NO_NUMBER),
        (b"[1, Infinity]", "/1", NO_NUMBER),
        (b'{"a": -Infinity}', "/a", NO_NUMBER),
        (b"9007199254740992", "", TOO_LARGE),
        (b"-9007199254740992", "", TOO_LARGE),
        (b'{"a": 9007199254740993}', "/a", TOO_LARGE),
        (b"1" * 1000, "", TOO_LARGE),
        (b'{"a": {"b": -' + b"9" * 5000 + b"}}", "/a/b", TOO_LARGE),
        (b'{"a": 1, "a": 1}', "/a", TWICE),
        (b'{"a": 1, "b": [{"c": 1}, {"c": 1, "c": 2}]}', "/b/1/c", TWICE),
        (b'{"a": {"x": 1.5}, "a": 2}', "/a", TWICE),
        (b'"\\ud800"', "", BROKEN),
        (b'{"a": ["\\udfff\\ud800"]}', "/a/0", BROKEN),
        (b'{"\\ud83d": 1}', "", BROKEN),
        (b'{"a": {"x\\udc00": {"b": 1.5}}}', "/a", BROKEN),
        (b'{"a~b/c": 1.5}', "/a~0b~1c", WHOLE),
        (b"[" * 17 + b"]" * 17, "/0" * 16, DEEP),
        (b'{"a":' * 17 + b"1" + b"}" * 17, "/a" * 16, DEEP),
        (b"[" * 100_000 + b"]" * 100_000, "", DEEP),
        (b'{"a":' * 100_000, "", DEEP),
        (b"[" * 100_000, "", DEEP),
        (b'"\xff"', "", NO_UTF8),
        (b'"\xc0\x80"', "", NO_UTF8),
        (b'"\xed\xa0\x80"', "", NO_UTF8),
        (b'"\xf4\x90\x80\x80"', "", NO_UTF8),
    ],
)
def test_what_json_may_hold_and_we_do_not_is_refused_at_its_place(
    text: bytes, place: str, reason: tuple[str, str]
) -> None:
    expect(refusal(read_json, text), place, *reason)


@pytest.mark.parametrize(
    ("text", "character"),
    [
        (b"", 1),
        (b"  ", 3),
        (b"nul", 1),
        (b'{"a": 1', 8),
        (b'{"a": 1,}', 9),
        (b"[1,]", 4),
        (b'{"a": 1} x', 10),
        (b"{'a': 1}", 2),
        (b'"a\nb"', 3),
        (b'"\x00"', 2),
        (b"007", 2),
        (b"+1", 1),
        (b"\xef\xbb\xbf{}", 1),
    ],
)
def test_what_is_no_json_is_refused_with_the_character_at_which_it_breaks(text: bytes, character: int) -> None:
    polish, english = "to nie jest poprawny JSON (znak {})", "this is not valid JSON (character {})"
    expect(refusal(read_json, text), "", polish.format(character), english.format(character))


def test_text_that_was_decoded_already_is_read_as_strictly() -> None:
    expect(refusal(read_json, '"\ud800"'), "", *BROKEN)
    assert read_json('{"a": "zażółć 😀"}') == {"a": "zażółć 😀"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"9007199254740991", 2**53 - 1),
        (b"-9007199254740991", 1 - 2**53),
        (b"-0", 0),
        (b'{"a": [true, false, null, "\\u0105\\ud83d\\ude00"]}', {"a": [True, False, None, "ą😀"]}),
        (b"[" * 16 + b"]" * 16, json.loads("[" * 16 + "]" * 16)),
        (b' \t\r\n{"a":1}\r\n', {"a": 1}),
    ],
)
def test_what_is_inside_the_bounds_is_read(text: bytes, value: object) -> None:
    assert read_json(text) == value
