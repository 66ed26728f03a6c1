"""Proof files: those of others verify here, and what is not exactly one is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, sign_checkpoint
from domain.transparency.errors import (
    Invalid,
    InvalidCheckpoint,
    InvalidProof,
    InvalidProofFile,
    NotSigned,
    QuorumMissed,
)
from domain.transparency.keys import SignatureType, SignerKey, VerifierKey, derive_signer
from domain.transparency.note import Note, sign
from domain.transparency.policy import k_of_n
from domain.transparency.proof import prove_inclusion
from domain.transparency.prooffile import ProofFile
from tests.transparency.rfc6962 import Entries, mth
from tests.transparency.strategies import PATIENT, damaged, hashes, integers
from tests.transparency.vectors import PROOF_FILES, load

CASES = load("proof-files/INDEX.json")["cases"]

ORIGIN = "ledger.example/tlog/hajnowka"
LOG = derive_signer(bytes(32), ORIGIN)
CITY = SignerKey("city.example", SignatureType.COSIGNATURE, bytes(32))
SIZE = 20
ALL = Entries(SIZE)
NOTE = sign_checkpoint(Checkpoint(ORIGIN, SIZE, mth(ALL.all)), LOG)
PROOF = ProofFile(11, prove_inclusion(11, SIZE, ALL), NOTE)
POLICY = k_of_n(0, [LOG.verifier], [])

proof_files = st.builds(
    ProofFile,
    integers,
    st.lists(hashes, max_size=4).map(tuple),
    st.just(NOTE),
    st.none() | st.binary(min_size=1, max_size=20),
)


def test_there_are_eleven_proof_files_of_which_three_are_to_be_refused() -> None:
    assert [len(CASES), sum(not case["must_verify"] for case in CASES)] == [11, 3]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_proof_file_of_others_verifies_or_does_not_as_they_say(case: dict[str, Any]) -> None:
    data = (PROOF_FILES / f"{case['name']}.tlog-proof").read_bytes()
    entry = (PROOF_FILES / f"{case['name']}.entry").read_bytes()
    policy = k_of_n(0, [VerifierKey.parse(case["vkey"])], [])
    if case["must_verify"]:
        proof = ProofFile.parse(data)
        assert proof.write() == data
        proof.verify(entry, policy)
        with pytest.raises(InvalidProof):
            proof.verify(entry + b"\n", policy)
    else:
        with pytest.raises(Invalid):
            ProofFile.parse(data).verify(entry, policy)


def test_a_proof_file_is_written_as_the_specification_shows_it() -> None:
    hashes = [line.encode() for line in PROOF.write().decode().split("\n")[2:7]]
    assert len(hashes) == len(PROOF.hashes) == 5
    assert PROOF.write() == b"\n".join([b"c2sp.org/tlog-proof@v1", b"index 11", *hashes, b"", NOTE.write()])
    with_extra = replace(PROOF, extra=b"any bytes").write()
    assert with_extra.split(b"\n")[:3] == [b"c2sp.org/tlog-proof@v1", b"extra YW55IGJ5dGVz", b"index 11"]


@pytest.mark.parametrize("index", range(SIZE))
def test_every_entry_is_proved_and_no_other_in_its_place(index: int) -> None:
    proof = ProofFile(index, prove_inclusion(index, SIZE, ALL), NOTE)
    opened = ProofFile.parse(proof.write()).verify(ALL.all[index], POLICY)
    assert opened.checkpoint.size == SIZE
    for other in ALL.all[:index] + ALL.all[index + 1 :]:
        with pytest.raises(InvalidProof):
            proof.verify(other, POLICY)


def test_the_only_entry_of_a_log_needs_no_hashes() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 1, mth([b"one"])), LOG)
    data = ProofFile(0, (), note).write()
    assert data.startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example/tlog/hajnowka\n1\n")
    ProofFile.parse(data).verify(b"one", POLICY)


def test_a_proof_is_held_to_the_witnesses_that_the_policy_asks_for() -> None:
    policy = k_of_n(1, [LOG.verifier], [CITY.verifier])
    with pytest.raises(QuorumMissed):
        PROOF.verify(ALL.all[11], policy)
    cosigned = replace(PROOF, note=NOTE.with_signatures([cosign_checkpoint(NOTE, CITY, 5)]))
    ProofFile.parse(cosigned.write()).verify(ALL.all[11], policy)


@pytest.mark.parametrize("index", [10, 12, 19, 20, 2**63 - 1])
def test_a_proof_of_another_index_is_refused(index: int) -> None:
    with pytest.raises(InvalidProof):
        replace(PROOF, index=index).verify(ALL.all[11], POLICY)


def test_a_proof_under_another_checkpoint_is_refused() -> None:
    other = sign_checkpoint(Checkpoint(ORIGIN, SIZE, bytes(32)), LOG)
    with pytest.raises(InvalidProof):
        replace(PROOF, note=other).verify(ALL.all[11], POLICY)


def test_a_proof_of_another_log_is_refused() -> None:
    stranger = derive_signer(bytes(32), "other.example")
    with pytest.raises(InvalidCheckpoint, match="knows no log"):
        PROOF.verify(ALL.all[11], k_of_n(0, [stranger.verifier], []))
    forged = replace(PROOF, note=sign_checkpoint(Checkpoint.parse(NOTE.text), stranger))
    with pytest.raises(NotSigned):
        forged.verify(ALL.all[11], POLICY)


def test_extra_data_is_carried_and_of_no_weight() -> None:
    proof = replace(PROOF, extra=b"\x00\xff")
    assert ProofFile.parse(proof.write()).extra == b"\x00\xff"
    proof.verify(ALL.all[11], POLICY)


@PATIENT
@given(proof_files)
def test_a_proof_file_reads_back(proof: ProofFile) -> None:
    assert ProofFile.parse(proof.write()) == proof


@PATIENT
@given(damaged(proof_files.map(ProofFile.write)) | st.binary())
def test_bytes_are_read_only_if_they_would_be_written_so(data: bytes) -> None:
    try:
        proof = ProofFile.parse(data)
    except InvalidProofFile:
        return
    assert proof.write() == data


@PATIENT
@given(damaged(st.just(PROOF.write())))
def test_a_damaged_proof_file_proves_nothing_else(data: bytes) -> None:
    try:
        opened = ProofFile.parse(data).verify(ALL.all[11], POLICY)
    except Invalid:
        return
    assert opened.checkpoint == Checkpoint.parse(NOTE.text)


WHOLE = PROOF.write().decode()
ZERO_HASH = "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("@v1", "@v2"),
        ("@v1\n", "@v1\r\n"),
        ("@v1\n", "@v1 \n"),
        ("c2sp", " c2sp"),
        ("c2sp", "\nc2sp"),
        ("index 11", "index 011"),
        ("index 11", "index -1"),
        ("index 11", "index  11"),
        ("index 11", "index 11 "),
        ("index 11", "index"),
        ("index 11", "11"),
        ("index 11", "Index 11"),
        ("index 11", f"index {2**63}"),
        ("index 11\n", ""),
        ("index 11\n", "index 11\nindex 11\n"),
        ("index 11", "extra \nindex 11"),
        ("index 11", "extra\nindex 11"),
        ("index 11", "extra YQ\nindex 11"),
        ("index 11", "extraYQ==\nindex 11"),
        ("index 11", "extra YQ==\nextra YQ==\nindex 11"),
        ("index 11", "index 11\nextra YQ=="),
        ("index 11", "index 11\nYQ=="),
        ("index 11", "index 11" + ZERO_HASH * 60),
        ("index 11", "index 11\nżółw"),
        ("\n\n", "\n"),
        ("\n\n", "\n\n\n"),
        ("\n20\n", "\ntwenty\n"),
    ],
)
def test_a_file_that_is_not_exactly_a_proof_is_refused(part: str, instead: str) -> None:
    assert part in WHOLE
    with pytest.raises(InvalidProofFile):
        ProofFile.parse(WHOLE.replace(part, instead, 1).encode())


@pytest.mark.parametrize(
    "data",
    ["", "\n\n", "c2sp.org/tlog-proof@v1\n\n", WHOLE[:-1], f"{WHOLE}\n", WHOLE.partition("\n\n")[0] + "\n\n"],
    ids=["nothing", "empty lines", "header", "cut short", "one line more", "no checkpoint"],
)
def test_a_file_that_is_not_whole_is_refused(data: str) -> None:
    with pytest.raises(InvalidProofFile):
        ProofFile.parse(data.encode())


@pytest.mark.parametrize(
    "change",
    [
        {"index": -1},
        {"index": 2**63},
        {"hashes": (bytes(31),)},
        {"hashes": (bytes(32),) * 64},
        {"extra": b""},
        {"note": Note("no checkpoint\n", (sign("no checkpoint\n", LOG),))},
    ],
    ids=str,
)
def test_no_proof_file_is_made_that_could_not_be_read(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidProofFile):
        replace(PROOF, **change)
