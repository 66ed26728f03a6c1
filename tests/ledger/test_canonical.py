"""Canonical bytes: what RFC 8785 says, for all that the profile allows, and a typed error for all else."""

from __future__ import annotations

import json
from typing import Any, get_args
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.canonical import FIELD_NAME, ID, MAX_BYTES, MAX_DEPTH, NotCanonical, canonical, is_canonical
from domain.values import MAX_INTEGER, Id

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\t")).map(
    lambda text: normalize("NFC", text)
)
integers = st.integers(-MAX_INTEGER, MAX_INTEGER)
field_names = st.from_regex(FIELD_NAME, fullmatch=True)
ids = st.from_regex(ID, fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner) | st.dictionaries(field_names, inner) | st.dictionaries(ids, inner),
    max_leaves=12,
)


@given(values)
def test_within_the_profile_the_bytes_are_those_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type] # the strategy makes only what JSON holds


@given(values)
def test_the_bytes_read_back_as_the_value(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(texts)
def test_a_text_that_the_commands_take_can_be_written(text: str) -> None:
    assert json.loads(canonical({"text": text})) == {"text": text}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1.0, "float"),
        (float("nan"), "float"),
        (float("inf"), "float"),
        (MAX_INTEGER + 1, "integer_too_large"),
        (-MAX_INTEGER - 1, "integer_too_large"),
        ("e\u0301", "not_nfc"),
        ("\u212b", "not_nfc"),
        ("\x00", "control_characters"),
        ("\r\n", "control_characters"),
        ("\x1f", "control_characters"),
        ("\x7f", "control_characters"),
        ("\x85", "control_characters"),
        ("\ud800", "control_characters"),
        (b"bytes", "not_allowed"),
        ((1, 2), "not_allowed"),
        ({1, 2}, "not_allowed"),
        (object(), "not_allowed"),
    ],
)
def test_what_lies_outside_the_profile_is_refused_with_its_place(value: object, kind: str) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"votes": {"DEL-01": [True, {"deep": value}]}, "zone": "Podlasie"})
    assert (refused.value.place, refused.value.reason.kind) == ("/votes/DEL-01/1/deep", kind)


@pytest.mark.parametrize("key", ["", "Ż", "_a", "a b", "x" * 65 + "-", None, 1])
def test_a_key_that_is_neither_a_field_name_nor_an_id_is_refused(key: object) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"data": {"fine": 1, key: 2}})
    assert refused.value.place == f"/data/{key}"
    assert refused.value.reason.kind == "string_pattern_mismatch"


def test_ids_here_are_the_ids_of_the_domain() -> None:
    assert get_args(Id)[1].pattern == f"^{ID.pattern}$"


def test_sixteen_containers_are_deep_enough() -> None:
    assert canonical(nested(MAX_DEPTH)) == b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    with pytest.raises(NotCanonical) as refused:
        canonical(nested(MAX_DEPTH + 1))
    assert refused.value.reason.kind == "too_deep"
    assert refused.value.place == "/0" * MAX_DEPTH


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def test_what_holds_itself_is_too_deep() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotCanonical):
        canonical(endless)


def test_sixty_thousand_bytes_are_long_enough() -> None:
    assert len(canonical("ż" * (MAX_BYTES // 2 - 1))) == MAX_BYTES
    with pytest.raises(NotCanonical) as refused:
        canonical("ż" * (MAX_BYTES // 2))
    assert (refused.value.place, refused.value.reason.kind) == ("", "entry_too_large")


def test_the_error_says_where_and_why() -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical({"share": 0.5})
    assert str(refused.value) == "at /share: numbers must be whole"


def written_back(text: bytes) -> bool:
    """Whether writing what the bytes say gives the same bytes."""
    try:
        return canonical(json.loads(text)) == text
    except (ValueError, RecursionError, NotCanonical):
        return False


@given(values)
def test_what_was_written_is_known_as_canonical(value: object) -> None:
    assert is_canonical(canonical(value))


@given(values, st.data())
def test_bytes_are_known_as_canonical_exactly_when_they_would_be_written_so(value: object, data: st.DataObject) -> None:
    text = bytearray(canonical(value))
    place = data.draw(st.integers(0, len(text)))
    replaced, by = (
        data.draw(st.integers(0, 2)),
        data.draw(st.sampled_from(b'"\\{}[],:0123456789.eE-+ \ntfnul/\x7f\xc4a')),
    )
    text[place : place + replaced] = bytes([by])
    assert is_canonical(bytes(text)) == written_back(bytes(text))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b" 1",
        b"1 ",
        b"1.0",
        b"1e2",
        b"-0",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a":{"c":1,"b":1}}',
        b'[{"b":1,"a":1}]',
        b'{"a": 1}',
        b'{"A b":1}',
        b'{"":1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\x7f"',
        b'"\xff"',
        '"e\u0301"'.encode(),
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b"[" * 5000 + b"]" * 5000,
        b'"' + b"a" * MAX_BYTES + b'"',
    ],
)
def test_bytes_of_any_other_form_are_not_canonical(text: bytes) -> None:
    assert not is_canonical(text)
    assert not written_back(text)
