"""The trail: what an entry is about, and a correction beside what it corrects."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from domain.corrections import CorrectClericalError, CorrectVoteRecord
from domain.meetings.decisions import CloseMeeting
from domain.packages.decisions import EndAllocation
from domain.resolutions.events import Target
from projections.audit_trail.trail import AUDIT_TRAIL
from projections.bitemporal.asking import Asked, ask
from tests.decisions.given import FOUNDED, did, given
from tests.decisions.steps import (
    adopted,
    contract_signed,
    founded,
    meeting_opened,
    performed,
    task_defined,
    under,
)
from tests.decisions.whole_life import lived
from tests.projections.storing import LEAF, store
from tests.projections.tables import Told, check, register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.decider import Entry
    from tests.decisions.given import Step

LATE = date(2030, 1, 1)


def trail(entries: tuple[Entry, ...]) -> list[dict[str, Any]]:
    """Return the whole trail, the first entry first."""
    told = Told(AUDIT_TRAIL, entries, batch=50)
    return told.on(LATE, entries[-1].version)


def corrected(type_: str, id_: str, field: str, recorded: str, correct: str) -> Step:
    return did(
        CorrectClericalError.model_validate(
            {
                "target": {"type": type_, "id": id_},
                "field": field,
                "recorded": recorded,
                "correct": correct,
                "basis": "protokół",
                "reason": "omyłka",
            }
        )
    )


def corrections(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Return what each correction corrects: how many entries back is not said, only the kind of that entry."""
    return [(row["corrects"], rows[row["corrects"] - 1]["kind"]) for row in rows if row["corrects"]]


def test_the_trail_of_a_life_with_every_command_has_each_entry_once_for_ever() -> None:
    entries = lived()[-1].story.entries
    check(Told(AUDIT_TRAIL, entries))
    assert [row["version"] for row in trail(entries)] == [entry.version for entry in entries]


def test_an_entry_is_in_the_trail_from_the_day_it_was_recorded_or_holds_from() -> None:
    told = Told(AUDIT_TRAIL, register(), batch=50)
    for (_, _, row), entry in zip(told.rows, register(), strict=True):
        assert row.holds_from == min(entry.day, entry.effective_on)


def test_an_allocation_concerns_its_task_member_package_and_resolution() -> None:
    story = given(founded(), meeting_opened(), contract_signed(), task_defined(), performed("M1", "M2"))
    ended = under("reallocation", EndAllocation(allocation_id="A-T1-M2", last_day=date(2019, 6, 30)))
    rows = trail(story.go_on(ended).entries)
    assert set(rows[-1]["concerns"]) == {
        "allocation:A-T1-M2", "member:M2", "task:T1", "package:P1", "resolution:DR-reallocation",
    }  # fmt: skip


def test_a_vote_concerns_who_took_part_and_not_every_seat() -> None:
    story = given(founded(members=4), meeting_opened("M1", "M2", "M3"), adopted("DR-1"))
    (vote,) = (row for row in trail(story.entries) if row["kind"] == "resolution.vote-recorded.v1")
    assert vote["concerns"] == ("resolution:DR-1", "forum:RZ-1", "member:M1", "member:M2", "member:M3")


def test_a_clerical_correction_points_at_the_entry_that_wrote_the_record() -> None:
    story = given(founded(), meeting_opened(), contract_signed(), task_defined(), performed("M1", "M2"))
    ended = under("reallocation", EndAllocation(allocation_id="A-T1-M2", last_day=date(2019, 6, 30)))
    story = story.go_on(
        corrected("member", "M1", "name", "Członek M1", "Członek 1"),
        corrected("allocation", "A-T1-M2", "valid_to", "2019-12-31", "2019-11-30"),
        ended,
        corrected("allocation", "A-T1-M2", "valid_to", "2019-06-30", "2019-06-29"),
        corrected("allocation", "A-T1-M2", "valid_from", "2019-04-01", "2019-04-02"),
        corrected("task", "T1", "name", story.consortium.packages.tasks["T1"].name, "Zadanie"),
        corrected("meeting", "RZ-1", "minutes_ref", "", "protokół w toku"),
        did(CloseMeeting(meeting_id="RZ-1", minutes_ref="protokół", reason="completed")),
        corrected("meeting", "RZ-1", "minutes_ref", "protokół", "protokół nr 1"),
    )
    assert [kind for _, kind in corrections(trail(story.entries))] == [
        "membership.founding-member-admitted.v1",
        "task.allocated.v1",
        "task.allocation-ended.v1",
        "task.allocated.v1",
        "task.defined.v1",
        "meeting.opened.v1",
        "meeting.closed.v1",
    ]


def test_a_corrected_vote_points_at_the_vote() -> None:
    vote = CorrectVoteRecord(
        draft_id="DR-1", delegate_id="del-M1", recorded="for", correct="abstain", basis="protokół", reason="omyłka"
    )
    story = given(founded(), meeting_opened(), adopted("DR-1"), did(vote))
    assert [kind for _, kind in corrections(trail(story.entries))] == ["resolution.vote-recorded.v1"]


def test_the_first_of_two_corrections_of_one_record_does_not_hide_what_was_recorded() -> None:
    twice = (
        corrected("member", "M1", "name", "Członek M1", "Członek 1"),
        corrected("member", "M1", "name", "Członek 1", "Członek pierwszy"),
    )
    rows = trail(given(founded(), *twice).entries)
    assert [row["corrects"] for row in rows if row["corrects"]] == [2, 2]
    assert Target(type="member", id="M1").id in rows[1]["polish"]


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database) as connection:
        store(connection, [AUDIT_TRAIL], register())
        yield connection


def asked(connection: psycopg.Connection, version: int | None = None, **filters: str) -> list[dict[str, Any]]:
    head = len(register())
    question = Asked("hajnowka-odnowa", LATE, version or head, current=version is None, filters=filters, limit=None)
    return ask(connection, AUDIT_TRAIL, question)


def test_the_first_entry_comes_first_with_the_hash_of_its_leaf(connection: psycopg.Connection) -> None:
    rows = asked(connection)
    assert [row["version"] for row in rows] == list(range(1, len(register()) + 1))
    assert {row["leaf_hash"] for row in rows} == {LEAF.hex()}


def test_a_corrected_entry_names_its_corrections_once_they_are_known(connection: psycopg.Connection) -> None:
    for correction in asked(connection, kind="correction.clerical-error-corrected.v1"):
        version, original = correction["version"], correction["corrects"]
        before, after = ({row["version"]: row for row in asked(connection, known)} for known in (version - 1, version))
        assert before[original]["corrected_by"] is None
        assert after[original]["corrected_by"] == [str(version)]
        assert {name: cell for name, cell in before[original].items() if name != "corrected_by"} == {
            name: cell for name, cell in after[original].items() if name != "corrected_by"
        }


@pytest.mark.parametrize(
    "thing", ["member:M04", "task:T16", "resolution:DR-31", "package:P1", "line:P2-T12", "resource:RES-2"]
)
def test_the_trail_of_a_thing_has_the_entries_that_concern_it(connection: psycopg.Connection, thing: str) -> None:
    rows = asked(connection, concerns=thing)
    expected = [row["version"] for row in trail(register()) if thing in row["concerns"]]
    assert expected
    assert [row["version"] for row in rows] == expected


def test_the_trail_is_filtered_by_who_what_and_both_days(connection: psycopg.Connection) -> None:
    everything = asked(connection)
    for name, value in (
        ("actor_role", "city_auditor"),
        ("actor_id", "sek-1"),
        ("kind", "tranche.received.v1"),
        ("effective_on", "2019-06-15"),
        ("recorded_on", "2019-06-20"),
        ("corrects", "60"),
    ):
        expected = [row for row in everything if str(row[name]) == value]
        assert expected, name
        assert asked(connection, None, **{name: value}) == expected


def test_a_late_entry_is_in_the_trail_of_its_day_as_known_since(connection: psycopg.Connection) -> None:
    question = Asked("hajnowka-odnowa", FOUNDED, len(register()), limit=None)
    assert all(
        min(row["recorded_on"], row["effective_on"]) <= FOUNDED for row in ask(connection, AUDIT_TRAIL, question)
    )
