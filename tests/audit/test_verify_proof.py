"""`verify-proof`: a receipt and the bytes of an entry, without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, sign_checkpoint
from domain.transparency.keys import SignatureType, SignerKey, derive_signer
from domain.transparency.policy import k_of_n
from domain.transparency.proof import prove_inclusion
from domain.transparency.prooffile import ProofFile
from domain.transparency.tiled_tree import TiledTree, TilesInHand, grow
from domain.transparency.tree import leaf_hash, root_of
from tests.audit.logs import KEY, ORIGIN, OTHER_KEY, audit, audit_json, scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENTRIES = scenario()
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
TREE = TiledTree(len(LEAVES), TilesInHand(grow(0, LEAVES, TilesInHand({}))))
WITNESS = SignerKey("witness.example", SignatureType.COSIGNATURE, bytes(32))
VKEY = ("--vkey", KEY.verifier.write())


def receipt(index: int, extra: bytes | None = None) -> ProofFile:
    note = sign_checkpoint(Checkpoint(ORIGIN, len(LEAVES), root_of(LEAVES)), KEY)
    hashes = prove_inclusion(index, len(LEAVES), TREE)
    return ProofFile(index, hashes, note.with_signatures([cosign_checkpoint(note, WITNESS, 1_700_000_000)]), extra)


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., tuple[Path, ...]]:
    def write(proof: bytes, entry: bytes | None = None) -> tuple[Path, ...]:
        (tmp_path / "a.tlog-proof").write_bytes(proof)
        if entry is None:
            return (tmp_path / "a.tlog-proof",)
        (tmp_path / "entry").write_bytes(entry)
        return tmp_path / "a.tlog-proof", "--entry", tmp_path / "entry"  # type: ignore[return-value] # words of a command

    return write


@pytest.mark.parametrize("index", [0, 200, 255, 256, 357])
def test_a_receipt_shows_that_an_entry_is_in_the_log(shown: Callable[..., tuple[Path, ...]], index: int) -> None:
    answer = audit_json("verify-proof", *shown(receipt(index).write(), ENTRIES[index]), *VKEY)
    assert (answer["origin"], answer["entry"]["version"]) == (ORIGIN, index + 1)


def test_an_entry_that_the_receipt_itself_holds_is_checked_as_any_other(
    shown: Callable[..., tuple[Path, ...]],
) -> None:
    audit("verify-proof", *shown(receipt(5, ENTRIES[5]).write()), *VKEY)
    audit("verify-proof", *shown(receipt(5, ENTRIES[6]).write()), *VKEY, status=1)
    audit("verify-proof", *shown(receipt(5).write()), *VKEY, status=2)


def test_another_entry_another_place_or_another_key_is_wrong(shown: Callable[..., tuple[Path, ...]]) -> None:
    audit("verify-proof", *shown(receipt(5).write(), ENTRIES[6]), *VKEY, status=1)
    moved = receipt(5).write().replace(b"index 5\n", b"index 4\n")
    audit("verify-proof", *shown(moved, ENTRIES[5]), *VKEY, status=1)
    good = shown(receipt(5).write(), ENTRIES[5])
    audit("verify-proof", *good, "--vkey", OTHER_KEY.verifier.write(), status=1)
    audit("verify-proof", *good, status=2)


@pytest.mark.parametrize("data", [b"", b"c2sp.org/tlog-proof@v1\n", receipt(5).write()[:-20]])
def test_a_file_that_is_no_receipt_is_named_and_proves_nothing_against_anybody(
    shown: Callable[..., tuple[Path, ...]], data: bytes
) -> None:
    answer = audit_json("verify-proof", *shown(data, ENTRIES[5]), *VKEY, status=3)
    assert answer["holds"] is None
    assert "a.tlog-proof: this is no receipt" in answer["reason"]


def test_what_a_receipt_does_not_prove_names_its_file(shown: Callable[..., tuple[Path, ...]]) -> None:
    reason = audit_json("verify-proof", *shown(receipt(5).write(), ENTRIES[6]), *VKEY, status=1)["reason"]
    assert "a.tlog-proof: " in reason
    other = derive_signer(bytes(32), "example.com/tlog/another").verifier.write()
    reason = audit_json("verify-proof", *shown(receipt(5).write(), ENTRIES[5]), "--vkey", other, status=1)["reason"]
    assert f"the key that you believe is of example.com/tlog/another, and this is the log {ORIGIN}" in reason


def test_a_policy_asks_for_the_witness(shown: Callable[..., tuple[Path, ...]], tmp_path: Path) -> None:
    policy, other = tmp_path / "policy", SignerKey("other.example", SignatureType.COSIGNATURE, bytes([1] * 32))
    policy.write_bytes(k_of_n(1, [KEY.verifier], [WITNESS.verifier, other.verifier]).write())
    good = shown(receipt(5).write(), ENTRIES[5])
    assert audit_json("verify-proof", *good, "--policy", policy)["cosigned"] == {
        "witness.example": "2023-11-14T22:13:20+00:00"
    }
    policy.write_bytes(k_of_n(2, [KEY.verifier], [WITNESS.verifier, other.verifier]).write())
    audit("verify-proof", *good, "--policy", policy, status=1)


def test_a_file_that_is_not_there_could_not_be_read(shown: Callable[..., tuple[Path, ...]], tmp_path: Path) -> None:
    nowhere, good = tmp_path / "nowhere", shown(receipt(5).write(), ENTRIES[5])
    for words in (
        ("verify-proof", nowhere, *VKEY),
        ("verify-proof", good[0], "--entry", nowhere, *VKEY),
        ("verify", tmp_path, "--old", nowhere),
    ):
        answer = audit_json(*words, status=3)
        assert answer == {"holds": None, "reason": f"{nowhere}: there is no such file"}
