"""Signed notes: those of others verify here, and what is not exactly a note is refused."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.errors import InvalidKey, InvalidNote, NotSigned
from domain.transparency.keys import SignatureType, SignerKey, VerifierKey
from domain.transparency.note import (
    MAX_NOTE_BYTES,
    MAX_SIGNATURES,
    Note,
    Signature,
    cosign,
    open_note,
    parse_signatures,
    sign,
)
from tests.transparency.strategies import PATIENT, damaged, key_names, signers, texts, witnesses
from tests.transparency.vectors import load

CASES = load("signed-notes/cases.json")
MALFORMED = load("signed-notes/malformed.json")
SIGNING = load("signed-notes/signing.json")["cases"]

LOG = SignerKey("ledger.example/tlog/one", SignatureType.ED25519, bytes(range(32)))
CITY = SignerKey("city.example", SignatureType.COSIGNATURE, bytes(range(1, 33)))
OTHER = SignerKey("other.example", SignatureType.ED25519, bytes(range(2, 34)))
TEXT = "one\n\ntwo\n"

signatures = st.builds(Signature, key_names, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
notes = st.builds(
    Note,
    texts,
    st.lists(signatures, min_size=1, max_size=5, unique_by=lambda one: (one.name, one.key_id)).map(tuple),
)


def known(case: dict[str, Any]) -> list[VerifierKey]:
    return [VerifierKey.parse(vkey) for vkey in case["vkeys"]]


def test_there_are_38_notes_of_which_36_verify() -> None:
    assert [len(CASES), sum(case["expect_verify"] for case in CASES)] == [38, 36]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_note_of_others_verifies_or_does_not_as_they_say(case: dict[str, Any]) -> None:
    data = case["note"].encode()
    assert Note.parse(data).write() == data
    if case["expect_verify"]:
        opened = open_note(data, known(case))
        assert {signed.key for signed in opened.signed} == set(known(case))
        assert data.startswith(opened.text.encode() + b"\n")
    else:
        with pytest.raises(NotSigned):
            open_note(data, known(case))


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["kind"] == "cosignature"], ids=lambda case: case["name"]
)
def test_a_cosignature_of_others_has_the_time_it_was_made(case: dict[str, Any]) -> None:
    opened = open_note(case["note"].encode(), known(case))
    assert [signed.at_seconds for signed in opened.signed] == [1_767_139_200]


@pytest.mark.parametrize("case", [case for case in CASES if case["expect_verify"]], ids=lambda case: case["name"])
def test_a_note_with_another_text_does_not_verify(case: dict[str, Any]) -> None:
    note = Note.parse(case["note"].encode())
    with pytest.raises(NotSigned):
        open_note(replace(note, text=f"{note.text}more\n").write(), known(case))


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case["why"])
def test_notes_that_others_refuse_are_refused(case: dict[str, str]) -> None:
    with pytest.raises(InvalidNote):
        open_note(b64decode(case["note_b64"]), [VerifierKey.parse(case["vkey"])])


@pytest.mark.parametrize("case", SIGNING, ids=lambda case: case["source"])
def test_a_text_is_signed_with_the_line_that_others_write(case: dict[str, str]) -> None:
    signature = sign(case["text"], SignerKey.parse(case["skey"]))
    assert f"{signature.write()}\n" == case["line"]
    assert Note(case["text"], (signature,)).write().decode() == f"{case['text']}\n{case['line']}"


@PATIENT
@given(texts, signers, witnesses, st.integers(0, 2**63 - 1))
def test_what_is_signed_is_opened(text: str, log: SignerKey, witness: SignerKey, at: int) -> None:
    note = Note(text, (sign(text, log), cosign(text, witness, at)))
    opened = open_note(note.write(), [log.verifier, witness.verifier])
    assert opened.text == text
    assert [(signed.key, signed.at_seconds) for signed in opened.signed] == [
        (log.verifier, None),
        (witness.verifier, at),
    ]
    assert opened.unknown == ()


@PATIENT
@given(notes)
def test_a_note_reads_back(note: Note) -> None:
    assert Note.parse(note.write()) == note


@PATIENT
@given(damaged(notes.map(Note.write)) | st.binary() | st.text().map(str.encode))
def test_bytes_are_read_only_if_they_would_be_written_so(data: bytes) -> None:
    try:
        note = Note.parse(data)
    except InvalidNote:
        return
    assert note.write() == data


@PATIENT
@given(damaged(st.just(Note(TEXT, (sign(TEXT, LOG), cosign(TEXT, CITY, 5))).write())))
def test_a_damaged_note_is_refused_unless_what_is_believed_is_unharmed(data: bytes) -> None:
    try:
        opened = open_note(data, [LOG.verifier, CITY.verifier])
    except InvalidNote:
        return
    assert opened.text == TEXT
    assert {signed.signature for signed in opened.signed} <= {sign(TEXT, LOG), cosign(TEXT, CITY, 5)}


def test_signatures_of_unknown_keys_are_kept_and_ignored() -> None:
    stranger = Signature(OTHER.name, OTHER.verifier.key_id, b"no signature at all")
    note = Note(TEXT, (stranger, sign(TEXT, LOG)))
    opened = open_note(note.write(), [LOG.verifier])
    assert [signed.key for signed in opened.signed] == [LOG.verifier]
    assert opened.unknown == (stranger,)
    assert opened.note.write() == note.write()


def test_a_key_is_known_by_its_name_and_its_key_id_together() -> None:
    named_alike = Signature(LOG.name, OTHER.verifier.key_id, bytes(64))
    numbered_alike = Signature(OTHER.name, LOG.verifier.key_id, bytes(64))
    note = Note(TEXT, (named_alike, numbered_alike, sign(TEXT, LOG)))
    assert open_note(note.write(), [LOG.verifier]).unknown == (named_alike, numbered_alike)
    with pytest.raises(NotSigned, match="No key that is known"):
        open_note(Note(TEXT, (named_alike, numbered_alike)).write(), [LOG.verifier])


def test_a_bad_signature_of_a_known_key_refuses_the_note_whoever_else_signed() -> None:
    bad = Signature(OTHER.name, OTHER.verifier.key_id, bytes(64))
    note = Note(TEXT, (sign(TEXT, LOG), bad))
    assert open_note(note.write(), [LOG.verifier]).unknown == (bad,)
    with pytest.raises(NotSigned, match=r"other\.example"):
        open_note(note.write(), [LOG.verifier, OTHER.verifier])


def test_a_cosignature_is_not_verified_with_the_same_key_of_a_log() -> None:
    as_log = replace(CITY, kind=SignatureType.ED25519)
    note = Note(TEXT, (cosign(TEXT, CITY, 5),))
    with pytest.raises(NotSigned):
        open_note(note.write(), [as_log.verifier])
    relabelled = replace(cosign(TEXT, CITY, 5), key_id=as_log.verifier.key_id)
    with pytest.raises(NotSigned):
        open_note(Note(TEXT, (relabelled,)).write(), [as_log.verifier])


def test_no_key_at_all_opens_no_note() -> None:
    with pytest.raises(NotSigned):
        open_note(Note(TEXT, (sign(TEXT, LOG),)).write(), [])


def test_one_key_may_be_known_twice() -> None:
    note = Note(TEXT, (sign(TEXT, LOG),)).write()
    assert len(open_note(note, [LOG.verifier, LOG.verifier]).signed) == 1


def test_two_keys_are_never_known_as_one() -> None:
    # Found by counting: of so many keys, two are likely to have four bytes of SHA-256 in common.
    one, other = (VerifierKey("a", SignatureType.ED25519, count.to_bytes(32, "big")) for count in (65_227, 67_083))
    assert one.key_id == other.key_id
    with pytest.raises(InvalidKey, match="Two different keys"):
        open_note(Note(TEXT, (sign(TEXT, LOG),)).write(), [LOG.verifier, one, other])


def lines(count: int) -> tuple[Signature, ...]:
    return tuple(Signature(f"key{number}", b"\x00\x00\x00\x01", b"x") for number in range(count))


def test_a_hundred_signatures_are_accepted_and_one_more_is_not() -> None:
    note = Note(TEXT, (*lines(MAX_SIGNATURES - 1), sign(TEXT, LOG)))
    assert len(open_note(note.write(), [LOG.verifier]).unknown) == 99
    with pytest.raises(InvalidNote, match="more than 100"):
        Note(TEXT, lines(101))
    with pytest.raises(InvalidNote, match="more than 100"):
        Note.parse(note.write() + b"\xe2\x80\x94 another AAAAAQE=\n")


def test_a_note_may_be_long_but_not_endless() -> None:
    short = Note(TEXT, lines(1))
    text = "x" * (MAX_NOTE_BYTES - len(short.write()) + len(TEXT) - 1) + "\n"
    note = Note(text, lines(1))
    assert len(note.write()) == MAX_NOTE_BYTES
    assert Note.parse(note.write()) == note
    with pytest.raises(InvalidNote, match="longer than"):
        Note(f"x{text}", lines(1))
    with pytest.raises(InvalidNote, match="longer than"):
        Note.parse(b"x" + note.write())


def test_two_signatures_of_one_key_are_refused() -> None:
    once = sign(TEXT, LOG)
    for second in (once, replace(once, signature=bytes(64))):
        with pytest.raises(InvalidNote, match="same key"):
            Note(TEXT, (once, second))
        with pytest.raises(InvalidNote, match="same key"):
            Note.parse(Note(TEXT, (once,)).write() + f"{second.write()}\n".encode())
        with pytest.raises(InvalidNote, match="same key"):
            Note(TEXT, (once,)).with_signatures([second])


def test_signatures_are_added_behind_those_that_are_there() -> None:
    note = Note(TEXT, (sign(TEXT, LOG),)).with_signatures([cosign(TEXT, CITY, 7)])
    assert [signature.name for signature in note.signatures] == [LOG.name, CITY.name]
    assert len(open_note(note.write(), [LOG.verifier, CITY.verifier]).signed) == 2


@pytest.mark.parametrize("text", ["", "one", "\n\n ", "a\tb\n", "a\r\n", "\x00\n", "\ud800\n"])
def test_a_text_that_no_note_can_have_is_neither_written_nor_signed(text: str) -> None:
    with pytest.raises(InvalidNote):
        Note(text, lines(1))
    with pytest.raises(InvalidNote):
        sign(text, LOG)
    with pytest.raises(InvalidNote):
        cosign(text, CITY, 0)


@pytest.mark.parametrize("text", ["\n", "\n\n", "a\n\n", "\n\na\n\n\n", f"{sign(TEXT, LOG).write()}\n"])
def test_a_text_may_have_empty_lines_anywhere_and_lines_like_signatures(text: str) -> None:
    note = Note(text, (sign(text, LOG),))
    assert open_note(note.write(), [LOG.verifier]).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\n\n",
        b"one\n",
        b"one\n\n",
        b"one\n\n\n",
        b"one\n\xe2\x80\x94 a AAAAAQE=\n",
        b"one\n\n\xe2\x80\x94 a AAAAAQE=",
        b"one\n\n\xe2\x80\x94 a AAAAAQE=\n ",
        b"one\n\n\xe2\x80\x94 a AAAAAQE=\n\n",
        b"one\r\n\r\n\xe2\x80\x94 a AAAAAQE=\r\n",
        b"\xef\xbf\n\n\xe2\x80\x94 a AAAAAQE=\n",
        b"\xed\xa0\x80\n\n\xe2\x80\x94 a AAAAAQE=\n",
        b"\xc0\x80\n\n\xe2\x80\x94 a AAAAAQE=\n",
    ],
)
def test_bytes_that_are_no_note_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidNote):
        Note.parse(data)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "\N{EM DASH}",
        "\N{EM DASH} ",
        "\N{EM DASH} a",
        "\N{EM DASH} a ",
        "\N{EM DASH} AAAAAQE=",
        "\N{EM DASH}  a AAAAAQE=",
        "\N{EM DASH} a  AAAAAQE=",
        "\N{EM DASH} a AAAAAQE= ",
        "\N{EM DASH} a b AAAAAQE=",
        "\N{EM DASH} a+b AAAAAQE=",
        "\N{EM DASH} a\u2003b AAAAAQE=",
        "\N{EM DASH} a AAAAAQE",
        "\N{EM DASH} a AAAAAQF=",
        "\N{EM DASH} a AAAAAQ==",
        "\N{EM DASH} a AAAA",
        "\N{EN DASH} a AAAAAQE=",
        "- a AAAAAQE=",
        " \N{EM DASH} a AAAAAQE=",
    ],
)
def test_a_line_that_is_no_signature_is_refused(line: str) -> None:
    with pytest.raises(InvalidNote):
        Signature.parse(line)
    with pytest.raises(InvalidNote):
        parse_signatures(f"{line}\n")


def test_signature_lines_are_read_as_a_witness_returns_them() -> None:
    some = (cosign(TEXT, CITY, 7), sign(TEXT, LOG))
    assert parse_signatures("".join(f"{one.write()}\n" for one in some)) == some
    for wrong in ("", "\n", some[0].write()):
        with pytest.raises(InvalidNote):
            parse_signatures(wrong)


@pytest.mark.parametrize(("key_id", "signature"), [(b"", b"x"), (b"123", b"x"), (b"12345", b"x"), (b"1234", b"")])
def test_a_signature_has_a_key_id_and_something_behind_it(key_id: bytes, signature: bytes) -> None:
    with pytest.raises(InvalidNote):
        Signature("a", key_id, signature)
