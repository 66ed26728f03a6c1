"""A table whose rows each entry adds: known from the version of the entry on, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from domain.membership.events import FoundingMemberAdmitted
from projections.bitemporal.asking import Asked, ask
from projections.bitemporal.table import Column, Kind, Row, Table
from tests.decisions.given import FOUNDED, given
from tests.decisions.steps import founded
from tests.projections.tables import Told, check, register, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry


def _admitted(entry: Entry, consortium: Consortium) -> Iterator[Row]:
    if isinstance(entry.fact, FoundingMemberAdmitted):
        yield Row(entry.fact.joined_on, None, (entry.version, entry.fact.member_id, len(consortium.membership.members)))


ADMISSIONS = Table(
    name="admissions",
    polish="Przyjęcia",
    english="Admissions",
    columns=(
        Column("version", Kind.COUNT, "wersja", "version"),
        Column("member_id", Kind.ID, "członek", "member", filtered=True),
        Column("members", Kind.COUNT, "członkowie", "members"),
    ),
    key=("version",),
    of_entry=_admitted,
)
STORY = given(founded(members=2))


def test_an_entry_adds_rows_that_stay_known() -> None:
    told = Told(ADMISSIONS, STORY.entries)
    assert [(known_from, known_until, row.cells) for known_from, known_until, row in told.rows] == [
        (2, None, (2, "M1", 1)),
        (3, None, (3, "M2", 2)),
    ]


@pytest.mark.parametrize("batch", [1, 50])
def test_such_a_table_says_what_every_entry_up_to_a_version_says(batch: int) -> None:
    check(Told(ADMISSIONS, register(), batch=batch))


def test_such_a_table_is_written_and_asked_like_any_other(database: str) -> None:
    told = Told(ADMISSIONS, STORY.entries)
    with psycopg.connect(database) as connection:
        stored(connection, [ADMISSIONS], STORY.entries)
        for version in (1, 2, 3):
            asked = Asked(STORY.consortium.consortium_id, FOUNDED, version)
            assert ask(connection, ADMISSIONS, asked) == told.on(FOUNDED, version)
