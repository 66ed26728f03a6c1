"""Bytes that were stored once read the same for ever, and are written the same."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
import rfc8785

from domain.catalogue import FACTS
from domain.ledger.canonical import canonical
from domain.ledger.entry import read_entry, write_entry

HERE = Path(__file__).parent
VECTORS = sorted((HERE / "entries").glob("*.json"))
SEALED = {line[66:]: line[:64] for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}


def test_every_kind_of_fact_has_a_vector() -> None:
    assert {vector.stem for vector in VECTORS} >= set(FACTS)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.stem)
def test_a_vector_is_never_edited(vector: Path) -> None:
    assert sha256(vector.read_bytes()).hexdigest() == SEALED[vector.name]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.stem)
def test_stored_bytes_read_back_to_an_entry_that_writes_the_same_bytes(vector: Path) -> None:
    stored = vector.read_bytes()
    entry = read_entry(json.loads(stored)["name"], stored)
    assert entry.fact.topic == vector.stem
    assert write_entry(entry) == stored


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.stem)
def test_our_canonical_bytes_are_those_of_rfc_8785(vector: Path) -> None:
    document = json.loads(vector.read_bytes())
    assert canonical(document) == rfc8785.dumps(document) == vector.read_bytes()


def test_no_vector_was_removed() -> None:
    assert {vector.name for vector in VECTORS} == set(SEALED)
