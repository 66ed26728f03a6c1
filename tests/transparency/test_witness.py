"""Requests to a witness and its answers, byte for byte."""

from __future__ import annotations

import pytest

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, sign_checkpoint
from domain.transparency.errors import Invalid, InvalidNote, InvalidSubmission, NotSigned
from domain.transparency.keys import SignatureType, SignerKey
from domain.transparency.note import Note, Signature
from domain.transparency.witness import AddCheckpoint, open_cosignatures, parse_size, write_size

LOG = SignerKey("example.com/log", SignatureType.ED25519, bytes(32))
WITNESS = SignerKey("witness.example", SignatureType.COSIGNATURE, bytes([1] * 32))
OTHER = SignerKey("other.example", SignatureType.COSIGNATURE, bytes([2] * 32))
NOTE = sign_checkpoint(Checkpoint("example.com/log", 5, bytes(32)), LOG)
REQUEST = AddCheckpoint(3, (bytes(32), bytes([1] * 32)), NOTE)


def test_a_request_is_written_as_specified_and_read_back() -> None:
    written = REQUEST.write()
    assert written == (
        b"old 3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n\n"
        + NOTE.write()
    )
    assert AddCheckpoint.parse(written) == REQUEST
    assert AddCheckpoint.parse(AddCheckpoint(0, (), NOTE).write()).proof == ()


EXAMPLE = b"""old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

""" + (
    "— example.com/behind-the-sofa"
    " Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— example.com/behind-the-sofa"
    " opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n"
).encode()


def test_the_example_of_the_specification_is_read_and_written() -> None:
    asked = AddCheckpoint.parse(EXAMPLE)
    assert (asked.old_size, len(asked.proof), asked.checkpoint.size) == (20852014, 4, 20852163)
    assert asked.write() == EXAMPLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"old 3\n", b"old 03\n"),
        (b"old 3\n", b"old -3\n"),
        (b"old 3\n", b"old  3\n"),
        (b"old 3\n", b"Old 3\n"),
        (b"old 3\n", b"old 9223372036854775808\n"),
        (b"old 3\n", b""),
        (b"old 3\n", b"old 3\r\n"),
        (b"old 3\n", "old ٣\n".encode()),
        (b"AAA=\n", b"AAA\n"),
        (b"AAA=\n", b"AAA=\n\n"),
        (b"AAA=\n", b"AAA=\nAAAA\n"),
        (b"\n5\n", b"\n05\n"),
        (b"\n5\n", b"\n"),
    ],
)
def test_a_request_that_is_not_exactly_right_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(Invalid):
        AddCheckpoint.parse(REQUEST.write().replace(old, new, 1))


def test_more_hashes_than_any_proof_has_are_refused() -> None:
    AddCheckpoint(3, (bytes(32),) * 63, NOTE)
    with pytest.raises(InvalidSubmission):
        AddCheckpoint(3, (bytes(32),) * 64, NOTE)


@pytest.mark.parametrize("body", [b"", b"5", b"05\n", b"5\n\n", b" 5\n", b"-1\n", b"\xff\n", b"9" * 30 + b"\n"])
def test_a_size_that_is_not_exactly_one_is_refused(body: bytes) -> None:
    assert parse_size(write_size(20852014)) == 20852014
    with pytest.raises(InvalidSubmission):
        parse_size(body)


def lines(*signatures: Signature) -> bytes:
    return "".join(f"{signature.write()}\n" for signature in signatures).encode()


def test_cosignatures_of_known_witnesses_are_verified_and_others_passed_over() -> None:
    mine, strangers = cosign_checkpoint(NOTE, WITNESS, 7), cosign_checkpoint(NOTE, OTHER, 8)
    (signed,) = open_cosignatures(lines(strangers, mine), NOTE, [WITNESS.verifier])
    assert (signed.key, signed.at_seconds, signed.signature) == (WITNESS.verifier, 7, mine)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", InvalidNote),
        (b"\xff\n", InvalidNote),
        (lines(cosign_checkpoint(NOTE, WITNESS, 7))[:-1], InvalidNote),
        (lines(cosign_checkpoint(NOTE, OTHER, 7)), NotSigned),
        (lines(cosign_checkpoint(Note(NOTE.text + "more\n", NOTE.signatures), WITNESS, 7)), NotSigned),
    ],
    ids=["nothing", "bytes", "no newline", "a stranger", "another checkpoint"],
)
def test_what_is_no_cosignature_of_this_checkpoint_is_refused(body: bytes, kind: type[Invalid]) -> None:
    with pytest.raises(kind):
        open_cosignatures(body, NOTE, [WITNESS.verifier])
