"""Keys: their names, their texts, their signatures, and their derivation from a seed."""

from __future__ import annotations

import hmac
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.encoding import write_base64
from domain.transparency.errors import InvalidKey
from domain.transparency.keys import SignatureType, SignerKey, VerifierKey, derive_signer, is_key_name
from tests.transparency.strategies import PATIENT, damaged, hashes, key_names, signers, witnesses
from tests.transparency.vectors import load

KEYS = load("signed-notes/bad-vkeys.json")
SIGNING = load("signed-notes/signing.json")["cases"]
ORIGIN = "ledger.example/tlog/hajnowka"


@pytest.mark.parametrize("vkey", KEYS["good"])
def test_verifier_keys_of_others_are_read(vkey: str) -> None:
    assert VerifierKey.parse(vkey).write() == vkey


@pytest.mark.parametrize("bad", KEYS["bad"], ids=lambda bad: bad["why"])
def test_verifier_keys_that_others_refuse_are_refused(bad: dict[str, str]) -> None:
    with pytest.raises(InvalidKey):
        VerifierKey.parse(bad["vkey"])


def test_no_part_of_a_verifier_key_is_one() -> None:
    vkey = KEYS["good"][0]
    parts = {vkey[begin:end] for begin in range(len(vkey)) for end in range(begin, len(vkey) + 1)} - {vkey}
    for part in parts:
        with pytest.raises(InvalidKey):
            VerifierKey.parse(part)


def test_no_verifier_key_with_one_byte_raised_is_one() -> None:
    vkey = KEYS["good"][0]
    for at, character in enumerate(vkey):
        with pytest.raises(InvalidKey):
            VerifierKey.parse(vkey[:at] + chr(ord(character) + 1) + vkey[at + 1 :])


@pytest.mark.parametrize("case", SIGNING, ids=lambda case: case["source"])
def test_a_signer_key_of_others_signs_as_theirs_does(case: dict[str, str]) -> None:
    signer = SignerKey.parse(case["skey"])
    assert signer.write() == case["skey"]
    assert signer.verifier.write() == case["vkey"]


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a+b", "+", "a\nb", "a\tb", "a\x00", "\x1f", "a\x85", "a\u2003", "\ud800"]
)
def test_a_name_with_spaces_or_pluses_names_no_key(name: str) -> None:
    assert not is_key_name(name)
    with pytest.raises(InvalidKey, match="cannot name a key"):
        VerifierKey(name, SignatureType.ED25519, bytes(32))
    with pytest.raises(InvalidKey, match="cannot name a key"):
        SignerKey(name, SignatureType.ED25519, bytes(32))
    with pytest.raises(InvalidKey, match="cannot name a key"):
        derive_signer(bytes(32), name)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidKey, match="bytes long"):
        VerifierKey("a", SignatureType.ED25519, bytes(length))
    with pytest.raises(InvalidKey, match="bytes long"):
        SignerKey("a", SignatureType.ED25519, bytes(length))
    with pytest.raises(InvalidKey, match="bytes long"):
        derive_signer(bytes(length), "a")


def test_a_key_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(InvalidKey, match="0x06"):
        VerifierKey.parse("a+00000000+BgAA")


def test_a_key_id_in_capitals_is_refused() -> None:
    name, identity, key = KEYS["good"][0].split("+", 2)
    with pytest.raises(InvalidKey):
        VerifierKey.parse(f"{name}+{identity.upper()}+{key}")


def test_a_key_of_one_type_is_not_that_of_another() -> None:
    log = SignerKey("a", SignatureType.ED25519, bytes(32)).verifier
    witness = SignerKey("a", SignatureType.COSIGNATURE, bytes(32)).verifier
    assert log.public == witness.public
    assert log.key_id != witness.key_id


@PATIENT
@given(signers | witnesses)
def test_keys_read_back(signer: SignerKey) -> None:
    assert SignerKey.parse(signer.write()) == signer
    assert VerifierKey.parse(signer.verifier.write()) == signer.verifier


def vkey_bytes(signer: SignerKey) -> bytes:
    return signer.verifier.write().encode()


def skey_bytes(signer: SignerKey) -> bytes:
    return signer.write().encode()


@PATIENT
@given(st.text() | damaged(signers.map(vkey_bytes)).map(lambda data: data.decode(errors="replace")))
def test_a_verifier_key_is_read_only_if_it_would_be_written_so(text: str) -> None:
    try:
        key = VerifierKey.parse(text)
    except InvalidKey:
        return
    assert key.write() == text


@PATIENT
@given(st.text() | damaged(signers.map(skey_bytes)).map(lambda data: data.decode(errors="replace")))
def test_a_signer_key_is_read_only_if_it_would_be_written_so(text: str) -> None:
    try:
        key = SignerKey.parse(text)
    except InvalidKey:
        return
    assert key.write() == text


@PATIENT
@given(signers, st.binary(), st.binary(max_size=80))
def test_a_log_knows_its_own_signature_and_no_other(signer: SignerKey, text: bytes, other: bytes) -> None:
    signature = signer.sign(text)
    assert signer.verifier.verifies(text, signature)
    assert not signer.verifier.verifies(text + b"\n", signature)
    assert not signer.verifier.verifies(text, signature + b"\x00")
    assert not signer.verifier.verifies(text, signature[:-1])
    assert not signer.verifier.verifies(text, other)


@PATIENT
@given(witnesses, st.binary(), st.integers(0, 2**63 - 1), st.binary(max_size=80))
def test_a_cosignature_is_over_the_time_and_the_text(signer: SignerKey, text: bytes, at: int, other: bytes) -> None:
    signature = signer.cosign(text, at)
    assert len(signature) == 72
    assert signer.verifier.verifies(text, signature)
    assert not signer.verifier.verifies(text + b"\n", signature)
    assert not signer.verifier.verifies(text, (at ^ 1).to_bytes(8, "big") + signature[8:])
    assert not signer.verifier.verifies(text, signature[8:])
    assert not signer.verifier.verifies(text, other)


@PATIENT
@given(hashes, st.binary(min_size=64, max_size=64))
def test_whatever_32_bytes_are_shown_as_a_public_key_no_exception_leaks(public: bytes, signature: bytes) -> None:
    # Some bytes are a point of small order, under which any text may verify: whoever publishes such a key might as well
    # publish the private one.
    assert VerifierKey("a", SignatureType.ED25519, public).verifies(b"text", signature) in {True, False}


def test_a_log_makes_no_cosignature_and_a_witness_nothing_else() -> None:
    log = SignerKey("a", SignatureType.ED25519, bytes(32))
    witness = SignerKey("a", SignatureType.COSIGNATURE, bytes(32))
    with pytest.raises(InvalidKey, match="makes no cosignatures"):
        log.cosign(b"text", 0)
    with pytest.raises(InvalidKey, match="makes cosignatures only"):
        witness.sign(b"text")


@pytest.mark.parametrize("at_seconds", [-1, 2**63])
def test_a_time_that_no_cosignature_can_carry_is_refused(at_seconds: int) -> None:
    with pytest.raises(InvalidKey, match="is no time"):
        SignerKey("a", SignatureType.COSIGNATURE, bytes(32)).cosign(b"text", at_seconds)


def test_a_cosignature_beyond_the_last_time_is_not_verified() -> None:
    verifier = SignerKey("a", SignatureType.COSIGNATURE, bytes(32)).verifier
    assert not verifier.verifies(b"text", b"\xff" * 72)


@PATIENT
@given(signers)
def test_a_private_key_is_never_shown(signer: SignerKey) -> None:
    assert write_base64(signer.private)[4:] not in repr(signer)
    assert signer.private.hex() not in repr(signer)
    assert repr(signer.private) not in repr(signer)


def test_a_refused_signer_key_is_not_repeated_in_the_refusal() -> None:
    skey = SignerKey("a", SignatureType.ED25519, bytes(range(32))).write()
    for broken in (skey[:-1], skey.replace("+a+", "+b+"), skey.replace("PRIVATE", "private"), f"{skey} "):
        with pytest.raises(InvalidKey) as caught:
            SignerKey.parse(broken)
        assert skey[-12:-2] not in str(caught.value)


def hkdf(seed: bytes, info: bytes) -> bytes:
    """RFC 5869, sections 2.2 and 2.3, for one block and without salt."""
    extracted = hmac.digest(bytes(32), seed, sha256)
    return hmac.digest(extracted, info + b"\x01", sha256)


@PATIENT
@given(hashes, key_names)
def test_the_key_of_a_log_is_derived_as_rfc_5869_says(seed: bytes, origin: str) -> None:
    signer = derive_signer(seed, origin)
    assert (signer.name, signer.kind) == (origin, SignatureType.ED25519)
    assert signer.private == hkdf(seed, origin.encode())


def test_a_seed_and_an_origin_have_one_key_for_ever() -> None:
    signer = derive_signer(bytes(range(32)), ORIGIN)
    assert (
        signer.verifier.write() == "ledger.example/tlog/hajnowka+491323fe+AcHmDN0j5Bgrk3wGlMsBNn7CZymj2bgij+y72SBfr/+7"
    )
    assert derive_signer(bytes(range(1, 33)), ORIGIN).private != signer.private
    assert derive_signer(bytes(range(32)), ORIGIN + "2").private != signer.private
