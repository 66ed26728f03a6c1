"""The examples that open the modules are what the modules read."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import domain.transparency.checkpoint
import domain.transparency.note
import domain.transparency.policy
import domain.transparency.prooffile
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.keys import VerifierKey, derive_signer
from domain.transparency.note import open_note
from domain.transparency.policy import Policy, k_of_n
from domain.transparency.prooffile import ProofFile
from tests.transparency.vectors import load

if TYPE_CHECKING:
    from types import ModuleType


def example(module: ModuleType) -> str:
    """The indented lines of a module's docstring, with the empty ones between them."""
    lines = (module.__doc__ or "").split("\n")
    indented = [at for at, line in enumerate(lines) if line.startswith("    ")]
    return dedent("\n".join(lines[indented[0] : indented[-1] + 1])) + "\n"


def test_the_note_is_signed_by_its_signer() -> None:
    vkey = load("signed-notes/signing.json")["cases"][0]["vkey"]
    opened = open_note(example(domain.transparency.note).encode(), [VerifierKey.parse(vkey)])
    assert opened.text.startswith("If you think cryptography")


def test_the_checkpoint_is_one() -> None:
    text = example(domain.transparency.checkpoint)
    assert Checkpoint.parse(text).size == 20_852_163
    assert Checkpoint.parse(text).write() == text


def test_the_proof_file_proves_the_second_entry_of_two() -> None:
    data = example(domain.transparency.prooffile).encode()
    proof = ProofFile.parse(data)
    assert proof.write() == data
    log = derive_signer(bytes(32), "example.com/log").verifier
    assert proof.verify(b"two", k_of_n(0, [log], [])).checkpoint.size == 2


def test_the_policy_can_be_followed() -> None:
    policy = Policy.parse(example(domain.transparency.policy).encode())
    assert [witness.name for witness in policy.witnesses] == ["city", "member"]
    assert not policy.satisfied_by([policy.witnesses[0].key])
    assert policy.satisfied_by([witness.key for witness in policy.witnesses])
