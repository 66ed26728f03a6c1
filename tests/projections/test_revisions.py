"""A table that says something else of the same history has another revision, so that it is built again everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from projections.questions import TABLES
from tests.projections.sealing import renewed, seal, sealed

if TYPE_CHECKING:
    from projections.bitemporal.table import Table


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_says_what_was_sealed_of_its_revision(table: Table) -> None:
    reminder = f"raise the revision of {table.name}, then run `python -m tests.projections.sealing`"
    assert sealed().get(table.name) == seal(table), reminder


def test_no_seal_is_kept_of_a_table_that_is_gone() -> None:
    assert list(sealed()) == [table.name for table in TABLES]


def test_a_seal_is_not_renewed_without_a_later_revision() -> None:
    kept = sealed()
    name = TABLES[0].name
    other = {"revision": TABLES[0].revision, "digest": "0" * 64}
    assert renewed({**kept, name: other})[name] == other
    earlier = {**other, "revision": TABLES[0].revision - 1}
    assert renewed({**kept, name: earlier})[name] == seal(TABLES[0])


def test_the_revision_is_sealed_with_the_rows() -> None:
    assert seal(replace(TABLES[0], revision=7))["revision"] == 7
