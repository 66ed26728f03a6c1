"""Checkpoints: read exactly as written, signed by the log and by it alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, open_checkpoint, sign_checkpoint
from domain.transparency.encoding import write_base64
from domain.transparency.errors import InvalidCheckpoint, InvalidKey, InvalidNote, NotSigned
from domain.transparency.keys import SignatureType, SignerKey, VerifierKey, derive_signer
from domain.transparency.note import Note, Signature, sign
from domain.transparency.tree import EMPTY_ROOT
from tests.transparency.strategies import PATIENT, damaged, hashes, integers, lines, texts
from tests.transparency.vectors import load

BODIES = load("signed-notes/checkpoint-bodies.json")["cases"]
SIGNED = [case for case in load("signed-notes/cases.json") if case["kind"] != "note"]

ORIGIN = "ledger.example/tlog/hajnowka"
LOG, NEXT = derive_signer(bytes(32), ORIGIN), derive_signer(bytes(31) + b"\x01", ORIGIN)
CITY = SignerKey("city.example", SignatureType.COSIGNATURE, bytes(range(32)))
HEAD = Checkpoint(ORIGIN, 5, bytes(range(32)))

checkpoints = st.builds(
    Checkpoint,
    lines.filter(lambda line: len(line.encode()) <= 255),
    integers.filter(bool),
    hashes,
    st.lists(lines, max_size=3).map(tuple),
) | st.builds(Checkpoint, lines, st.just(0), st.just(EMPTY_ROOT))


@pytest.mark.parametrize("case", BODIES, ids=lambda case: repr(case["body"]))
def test_a_text_of_others_is_a_checkpoint_or_not(case: dict[str, Any]) -> None:
    if case["strict_ok"]:
        assert Checkpoint.parse(case["body"]).write() == case["body"]
    else:
        with pytest.raises(InvalidCheckpoint):
            Checkpoint.parse(case["body"])


@pytest.mark.parametrize("case", SIGNED, ids=lambda case: case["name"])
def test_every_signed_checkpoint_of_others_is_read(case: dict[str, Any]) -> None:
    note = Note.parse(case["note"].encode())
    assert Checkpoint.parse(note.text).write() == note.text


@pytest.mark.parametrize(
    "case", [case for case in SIGNED if case["kind"] == "checkpoint"], ids=lambda case: case["name"]
)
def test_a_signed_checkpoint_of_others_opens_for_its_origin_alone(case: dict[str, Any]) -> None:
    data, keys = case["note"].encode(), [VerifierKey.parse(vkey) for vkey in case["vkeys"]]
    origin = Checkpoint.parse(Note.parse(data).text).origin
    if case["expect_verify"]:
        assert open_checkpoint(data, origin, keys).checkpoint.origin == origin
        with pytest.raises(InvalidCheckpoint, match="not of"):
            open_checkpoint(data, f"{origin}2", keys)
    else:
        with pytest.raises(NotSigned):
            open_checkpoint(data, origin, keys)


@PATIENT
@given(checkpoints)
def test_a_checkpoint_reads_back(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.write()) == checkpoint


def text_bytes(checkpoint: Checkpoint) -> bytes:
    return checkpoint.write().encode()


@PATIENT
@given(texts | st.text() | damaged(checkpoints.map(text_bytes)).map(lambda data: data.decode(errors="replace")))
def test_a_text_is_read_only_if_it_would_be_written_so(text: str) -> None:
    try:
        checkpoint = Checkpoint.parse(text)
    except InvalidCheckpoint:
        return
    assert checkpoint.write() == text


ROOT = write_base64(bytes(range(32)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a",
        f"a\n1\n{ROOT}",
        f"a\n1\n{ROOT}\n\n",
        f"a\n1\n{ROOT}\nx\n\n",
        f"a\n1\n{ROOT}\n\nx\n",
        f"a\n1\n{ROOT}\nx",
        f"\n1\n{ROOT}\n",
        f"a\n\n{ROOT}\n",
        f"a\n01\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n1 \n{ROOT}\n",
        f"a\n{2**63}\n{ROOT}\n",
        f"a\n\N{ARABIC-INDIC DIGIT ONE}\n{ROOT}\n",
        f"a\n1\n{ROOT} \n",
        f"a\n1\n{ROOT[:-1]}\n",
        f"a\n1\n{write_base64(bytes(31))}\n",
        f"a\n1\n{write_base64(bytes(33))}\n",
        "a\n1\n\n",
        f"a\n0\n{ROOT}\n",
        f"a\r\n1\r\n{ROOT}\r\n",
        f"a\x00\n1\n{ROOT}\n",
        f"\ud800\n1\n{ROOT}\n",
        f"{'a' * 256}\n1\n{ROOT}\n",
        f"{'ó' * 128}\n1\n{ROOT}\n",
    ],
)
def test_a_text_that_is_not_exactly_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InvalidCheckpoint):
        Checkpoint.parse(text)


def test_the_origin_may_be_any_line_of_255_bytes() -> None:
    for origin in ("go.sum database tree", "a+b", "ó" * 127 + "a"):
        assert Checkpoint.parse(f"{origin}\n1\n{ROOT}\n").origin == origin


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 1, bytes(32), ()),
        ("a\nb", 1, bytes(32), ()),
        ("a", -1, bytes(32), ()),
        ("a", 2**63, bytes(32), ()),
        ("a", 1, bytes(31), ()),
        ("a", 0, bytes(32), ()),
        ("a", 1, bytes(32), ("",)),
        ("a", 1, bytes(32), ("x\n",)),
    ],
)
def test_no_checkpoint_is_made_that_could_not_be_read(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    with pytest.raises(InvalidCheckpoint):
        Checkpoint(origin, size, root, extensions)


@PATIENT
@given(checkpoints)
def test_a_signed_checkpoint_opens(checkpoint: Checkpoint) -> None:
    note = sign_checkpoint(checkpoint, LOG)
    opened = open_checkpoint(note.write(), checkpoint.origin, [LOG.verifier])
    assert opened.checkpoint == checkpoint
    assert [signed.key for signed in opened.signed] == [LOG.verifier]


def test_while_a_key_is_replaced_both_sign_and_either_is_enough() -> None:
    data = sign_checkpoint(HEAD, LOG, NEXT).write()
    for keys in ([LOG.verifier], [NEXT.verifier], [LOG.verifier, NEXT.verifier]):
        opened = open_checkpoint(data, ORIGIN, keys)
        assert {signed.key for signed in opened.signed} == set(keys)


def test_no_checkpoint_is_signed_by_nobody_or_twice() -> None:
    with pytest.raises(InvalidNote):
        sign_checkpoint(HEAD)
    with pytest.raises(InvalidNote):
        sign_checkpoint(HEAD, LOG, LOG)
    with pytest.raises(InvalidKey):
        sign_checkpoint(HEAD, CITY)


def test_witnesses_cosign_and_do_not_speak_for_the_log() -> None:
    note = sign_checkpoint(HEAD, LOG)
    cosigned = note.with_signatures([cosign_checkpoint(note, CITY, 1_700_000_000)])
    opened = open_checkpoint(cosigned.write(), ORIGIN, [LOG.verifier], [CITY.verifier])
    assert [signed.at_seconds for signed in opened.signed] == [None, 1_700_000_000]
    alone = Note(note.text, (cosign_checkpoint(note, CITY, 1),))
    with pytest.raises(NotSigned, match="itself did not"):
        open_checkpoint(alone.write(), ORIGIN, [LOG.verifier], [CITY.verifier])


def test_a_bad_cosignature_of_a_known_witness_refuses_the_checkpoint() -> None:
    note = sign_checkpoint(HEAD, LOG).with_signatures([Signature(CITY.name, CITY.verifier.key_id, bytes(72))])
    assert open_checkpoint(note.write(), ORIGIN, [LOG.verifier]).opened.unknown == note.signatures[1:]
    with pytest.raises(NotSigned, match=r"city\.example"):
        open_checkpoint(note.write(), ORIGIN, [LOG.verifier], [CITY.verifier])


def test_a_witness_cosigns_nothing_but_checkpoints() -> None:
    text = "five hundred\n"
    with pytest.raises(InvalidCheckpoint):
        cosign_checkpoint(Note(text, (sign(text, LOG),)), CITY, 1)


def test_a_signed_note_that_is_no_checkpoint_does_not_open_as_one() -> None:
    text = f"{ORIGIN}\nfive\n{ROOT}\n"
    with pytest.raises(InvalidCheckpoint, match="five"):
        open_checkpoint(Note(text, (sign(text, LOG),)).write(), ORIGIN, [LOG.verifier])
