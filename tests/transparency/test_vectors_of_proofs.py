"""The proofs and roots of others: 196 proofs, of which 184 are to be refused, and the classic eight leaves."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from domain.transparency.errors import InvalidProof
from domain.transparency.proof import verify_consistency, verify_growth, verify_inclusion
from domain.transparency.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash, root_of
from tests.transparency.vectors import THIRD_PARTY, base64, case_name, load, proof_cases

if TYPE_CHECKING:
    from pathlib import Path

INCLUSION, CONSISTENCY = proof_cases("inclusion"), proof_cases("consistency")

FROM_THE_EMPTY_TREE = {
    "consistency/additional/size1-is-zero-and-size2-is-not-zero",
    "consistency/additional/size1-is-zero-and-does-not-equal-size2",
    "consistency/additional/sizes-are-equal-zero-and-proof-is-empty",
}
"""To be refused as policy: a proof from the empty tree proves nothing."""

ROOTS_OF_TWELVE_BYTES = "consistency/additional/sizes-are-equal-one-and-proof-is-empty"
"""Accepted upstream, and refused here: no hash of SHA-256 is 12 bytes long."""


def test_third_party_vectors_are_what_they_were() -> None:
    sums = (THIRD_PARTY / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sealed = {line[66:]: line[:64] for line in sums}
    found = {str(path.relative_to(THIRD_PARTY)): path for path in THIRD_PARTY.rglob("*") if path.is_file()}
    unsealed = {"README.md", "SHA256SUMS"}
    assert {
        name: sha256(path.read_bytes()).hexdigest() for name, path in found.items() if name not in unsealed
    } == sealed


def test_there_are_196_proofs_of_which_184_are_to_be_refused() -> None:
    wanted = [json.loads(path.read_bytes())["wantErr"] for path in (*INCLUSION, *CONSISTENCY)]
    assert (len(wanted), sum(wanted)) == (196, 184)


@pytest.mark.parametrize("case", INCLUSION, ids=case_name)
def test_an_inclusion_proof_is_accepted_or_refused_as_upstream_says(case: Path) -> None:
    vector = json.loads(case.read_bytes())
    proof = [base64(one) for one in vector["proof"] or []]
    shown = vector["leafIdx"], vector["treeSize"], base64(vector["leafHash"]), proof, base64(vector["root"])
    if vector["wantErr"]:
        with pytest.raises(InvalidProof):
            verify_inclusion(*shown)
    else:
        verify_inclusion(*shown)


@pytest.mark.parametrize("case", CONSISTENCY, ids=case_name)
def test_a_consistency_proof_is_accepted_or_refused_as_upstream_says(case: Path) -> None:
    vector = json.loads(case.read_bytes())
    proof = [base64(one) for one in vector["proof"] or []]
    shown = vector["size1"], vector["size2"], base64(vector["root1"]), base64(vector["root2"]), proof
    if vector["wantErr"] or case_name(case) == ROOTS_OF_TWELVE_BYTES:
        with pytest.raises(InvalidProof):
            verify_consistency(*shown)
    else:
        verify_consistency(*shown)


def test_the_one_difference_to_upstream_is_a_root_of_twelve_bytes() -> None:
    vector = load(f"rfc6962-proofs/{ROOTS_OF_TWELVE_BYTES}.json")
    assert not vector["wantErr"]
    assert len(base64(vector["root1"])) == len(base64(vector["root2"])) == 12
    with pytest.raises(InvalidProof, match="not 32 bytes long"):
        verify_consistency(1, 1, base64(vector["root1"]), base64(vector["root2"]), [])


@pytest.mark.parametrize("name", sorted(FROM_THE_EMPTY_TREE))
def test_proofs_from_the_empty_tree_are_refused_for_being_that(name: str) -> None:
    vector = load(f"rfc6962-proofs/{name}.json")
    assert vector["wantErr"]
    root = bytes(32)
    with pytest.raises(InvalidProof, match="Nothing can show"):
        verify_consistency(vector["size1"], vector["size2"], EMPTY_ROOT, root, [])


def test_the_empty_tree_is_handled_before_the_verifier() -> None:
    verify_growth(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    verify_growth(0, 1, EMPTY_ROOT, leaf_hash(b""), [])


def test_the_roots_over_the_classic_eight_leaves() -> None:
    vector = load("rfc6962-roots/roots.json")
    frontier = Frontier()
    assert frontier.root().hex() == root_of([]).hex() == vector["empty"]
    leaves: list[bytes] = []
    for leaf, root in zip(vector["leaves_hex"], vector["root_after_n_leaves_hex"], strict=True):
        leaves.append(leaf_hash(bytes.fromhex(leaf)))
        frontier.append(leaves[-1])
        assert frontier.root().hex() == root_of(leaves).hex() == root


def test_the_hash_of_one_leaf_and_of_one_node() -> None:
    vector = load("rfc6962-roots/roots.json")
    for one in vector["leaf_hash"]:
        assert leaf_hash(bytes.fromhex(one["leaf"])).hex() == one["hash"]
    for one in vector["node_hash"]:
        assert node_hash(bytes.fromhex(one["left"]), bytes.fromhex(one["right"])).hex() == one["hash"]
