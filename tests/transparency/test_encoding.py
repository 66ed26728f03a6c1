"""Decimals and base64 are read in the one form that is written, and in no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.encoding import MAX_INTEGER, is_line, is_text, parse_base64, parse_decimal, write_base64
from tests.transparency.strategies import PATIENT, integers


@PATIENT
@given(integers)
def test_a_decimal_reads_back(number: int) -> None:
    assert parse_decimal(str(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "00",
        "01",
        "-0",
        "-1",
        "+1",
        "1 ",
        " 1",
        "1\n",
        "1_0",
        "1.0",
        "1e3",
        "0x1",
        "\N{ARABIC-INDIC DIGIT ONE}",
        "\N{SUPERSCRIPT TWO}",
        str(MAX_INTEGER + 1),
        "9" * 19,
        "1" * 5000,
    ],
)
def test_any_other_decimal_is_refused(text: str) -> None:
    assert parse_decimal(text) is None


@PATIENT
@given(st.binary())
def test_base64_reads_back(data: bytes) -> None:
    assert parse_base64(write_base64(data)) == data


@pytest.mark.parametrize(
    "text",
    [
        "YQ",
        "YQ=",
        "YQ===",
        "YR==",
        "YWK=",
        "YQ==\n",
        " YQ==",
        "Y Q==",
        "YQ==YQ==",
        "_-8=",
        "=",
        "Y",
        "é===",
        "\ud800AAA",
    ],
)
def test_base64_with_stray_bits_or_characters_is_refused(text: str) -> None:
    assert parse_base64(text) is None


@PATIENT
@given(st.text())
def test_base64_is_read_only_if_it_would_be_written_so(text: str) -> None:
    data = parse_base64(text)
    assert data is None or write_base64(data) == text


@pytest.mark.parametrize("control", [chr(code) for code in range(0x20) if code != 0x0A] + ["\ud800", "\udfff"])
def test_no_note_holds_control_characters_or_half_a_surrogate_pair(control: str) -> None:
    assert not is_text(f"a{control}b\n")
    assert not is_line(f"a{control}b")


@pytest.mark.parametrize("fine", ["\x7f", "\x85", "\u2028", "\N{EM DASH}", "zażółć", "\N{PILE OF POO}"])
def test_a_note_may_hold_all_other_characters(fine: str) -> None:
    assert is_text(f"a{fine}b\n")
    assert is_line(f"a{fine}b")


def test_a_line_is_not_empty_and_not_two() -> None:
    assert not is_line("")
    assert not is_line("one\ntwo")
    assert not is_line("one\n")
