"""The one writer of a process, on a real database."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

from domain.decider import Command
from domain.ledger.faults import BrokenEntry, Conflict, WriterClosed
from domain.ledger.submission import Submission
from domain.ledger.writer import Writer
from tests.ledger.scenario import (
    HAJNOWKA,
    NOW,
    application,
    clock,
    give,
    history,
    refusal_of,
    stored_bytes,
    submissions,
    with_another_id,
)
from tests.ledger.sessions import commits_held_up, wait_until_somebody_waits

if TYPE_CHECKING:
    from datetime import datetime

    from domain.ledger.ledger import Ledger

OTHER = "bielsk-razem"


def test_the_scenario_is_recorded_at_its_own_instants_byte_by_byte(ledger: Ledger, writer: Writer) -> None:
    receipts = [receipt for each in submissions() for receipt in writer.submit(each).result()]
    assert [state for _, state in ledger.stored(HAJNOWKA, 1, 10**6)] == list(stored_bytes())
    assert [receipt.command_id for receipt in receipts] == [each.steps[0].command_id for each in submissions()]
    assert [receipt.recorded_at for receipt in receipts] == [each.at for each in submissions()]
    assert [receipt.first_version for receipt in receipts[1:]] == [
        receipt.last_version + 1 for receipt in receipts[:-1]
    ]
    assert receipts[-1].position == ledger.last_position()


def test_given_again_every_command_gets_its_first_receipt(ledger: Ledger, writer: Writer) -> None:
    first = [writer.submit(each).result() for each in submissions()]
    with Writer(ledger, clock) as another:
        for again in (writer, another):
            receipts = [again.submit(each).result() for each in submissions()]
            assert receipts == [tuple(replace(receipt, replayed=True) for receipt in each) for each in first]
    assert ledger.load(HAJNOWKA).version == len(history())


def test_the_warm_state_is_what_a_replay_gives(ledger: Ledger, writer: Writer) -> None:
    give(writer, submissions())
    assert repr(writer._warm.get(HAJNOWKA)) == repr(ledger.load(HAJNOWKA))


def test_a_refusal_leaves_no_row(ledger: Ledger, writer: Writer) -> None:
    give(writer, submissions()[:10])
    position = ledger.last_position()
    refused = writer.submit(with_another_id(submissions()[1]))
    assert refusal_of(refused).code == "id-already-used"
    assert (ledger.last_position(), ledger.load(HAJNOWKA).version) == (position, 10)


def test_steps_are_stored_together_or_not_at_all(ledger: Ledger, writer: Writer) -> None:
    steps = tuple(each.steps[0] for each in submissions()[:5])
    spoilt = Submission(HAJNOWKA, (*steps, with_another_id(submissions()[0]).steps[0]))
    assert refusal_of(writer.submit(spoilt)).step == 5
    assert ledger.last_position() == 0
    receipts = writer.submit(Submission(HAJNOWKA, steps)).result()
    assert [receipt.command_id for receipt in receipts] == [step.command_id for step in steps]
    assert ledger.load(HAJNOWKA).version == 5


def test_who_names_a_version_is_refused_when_another_is_current(writer: Writer) -> None:
    give(writer, submissions()[:3])
    writer.submit(replace(application(), expected_version=3)).result()
    for wrong in (3, 5):
        refusal = refusal_of(writer.submit(replace(application(), expected_version=wrong)))
        assert (refusal.code, refusal.fields) == ("stale-version", {"expected": wrong, "version": 4})


def test_a_command_id_used_for_something_else_is_refused(writer: Writer) -> None:
    give(writer, submissions()[:3])
    first = application()
    writer.submit(first).result()
    other = replace(first, steps=(replace(application().steps[0], command_id=first.steps[0].command_id),))
    assert refusal_of(writer.submit(other)).code == "idempotency-key-reused"


def test_sixteen_callers_of_one_consortium_get_versions_without_a_gap(ledger: Ledger, writer: Writer) -> None:
    give(writer, submissions()[:3])
    with ThreadPoolExecutor(16) as callers:
        receipts = list(callers.map(lambda _: writer.submit(application()).result()[0], range(320)))
    assert sorted(receipt.first_version for receipt in receipts) == list(range(4, 324))
    by_version = sorted(receipts, key=lambda receipt: receipt.first_version)
    assert by_version == sorted(receipts, key=lambda receipt: receipt.position)
    assert ledger.load(HAJNOWKA).version == 323


def test_time_never_goes_backwards_although_the_clock_does(ledger: Ledger) -> None:
    ticks = count()

    def backwards() -> datetime:
        return NOW - timedelta(hours=next(ticks))

    with Writer(ledger, backwards) as writer:
        for each in submissions()[:3]:
            writer.submit(replace(each, at=None)).result()
        receipts = [writer.submit(application()).result()[0] for _ in range(5)]
    assert {receipt.recorded_at for receipt in receipts} == {NOW}
    assert next(ticks) > 5


@pytest.mark.parametrize("consortium_id", ["", "No Such", "ab", "x" * 41, "hajnówka", "hajnowka\x00"])
def test_a_consortium_id_that_none_can_have_is_malformed(writer: Writer, consortium_id: str) -> None:
    refusal = refusal_of(writer.submit(replace(application(), consortium_id=consortium_id)))
    assert (refusal.code, refusal.place, refusal.step) == ("malformed", "/consortium_id", 0)


def test_a_consortium_that_does_not_exist_is_refused_and_not_remembered(writer: Writer) -> None:
    assert refusal_of(writer.submit(application(consortium_id=OTHER))).code == "unknown-consortium"
    assert writer._warm.get(OTHER) is None


class Unheard(Command):
    """A command that the catalogue does not have: nothing but a bug brings it here."""


def test_a_fault_in_deciding_one_submission_fails_no_other(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    faulty = replace(application(), steps=(replace(application().steps[0], command=Unheard()),))
    with commits_held_up(database):
        writer.submit(application())
        wait_until_somebody_waits(database)
        before, broken, after = (writer.submit(each) for each in (application(), faulty, application()))
    with pytest.raises(KeyError, match="Unheard"):
        broken.result()
    assert [answer.result()[0].first_version for answer in (before, after)] == [5, 6]


def test_a_history_that_is_broken_fails_only_who_needs_it(ledger: Ledger, writer: Writer) -> None:
    ledger.append(history()[1:3])
    give(writer, submissions(OTHER)[:3])
    with pytest.raises(BrokenEntry):
        writer.submit(application()).result()
    assert writer.submit(application(consortium_id=OTHER)).result()[0].first_version == 4


def test_a_receipt_that_cannot_be_read_back_fails_only_its_own_caller(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    with psycopg.connect(database) as owner:
        owner.execute("ALTER TABLE ledger_events DISABLE TRIGGER ledger_events_never_change")
        owner.execute("UPDATE ledger_events SET state = '{}' WHERE originator_version = 2")
    with pytest.raises(BrokenEntry):
        writer.submit(submissions()[1]).result()
    assert writer.submit(submissions()[2]).result()[0].replayed


def test_only_so_many_consortia_are_kept_warm(ledger: Ledger) -> None:
    consortia = [f"gmina-{letter}" for letter in "abc"]
    with Writer(ledger, clock, warm=2) as writer:
        for each in zip(*(submissions(consortium_id)[:10] for consortium_id in consortia), strict=True):
            give(writer, each)
        assert list(writer._warm._states) == consortia[1:]
    assert [ledger.load(consortium_id).version for consortium_id in consortia] == [10, 10, 10]


def test_what_always_conflicts_ends_as_a_fault_and_the_writer_lives_on(
    ledger: Ledger, writer: Writer, database: str
) -> None:
    give(writer, submissions()[:3])
    with psycopg.connect(database) as owner:
        owner.execute(
            "CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'taken' USING ERRCODE = 'unique_violation'; END $$"
        )
        owner.execute("CREATE TRIGGER taken BEFORE INSERT ON ledger_events EXECUTE FUNCTION taken()")
    with pytest.raises(Conflict):
        writer.submit(application()).result()
    with psycopg.connect(database) as owner:
        owner.execute("DROP FUNCTION taken CASCADE")
    assert writer.submit(application()).result()[0].first_version == 4
    assert ledger.load(HAJNOWKA).version == 4


def test_what_the_database_refuses_fails_who_waits_and_the_writer_lives_on(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    with psycopg.connect(database) as owner:
        owner.execute("ALTER TABLE ledger_events ADD CONSTRAINT closed CHECK (originator_version < 4)")
    with pytest.raises(Exception, match="closed"):
        writer.submit(application()).result()
    with psycopg.connect(database) as owner:
        owner.execute("ALTER TABLE ledger_events DROP CONSTRAINT closed")
    assert writer.submit(application()).result()[0].first_version == 4


def test_a_closed_writer_has_answered_all_and_takes_nothing_more(ledger: Ledger) -> None:
    writer = Writer(ledger, clock)
    give(writer, submissions()[:3])
    answers = [writer.submit(application()) for _ in range(100)]
    writer.close()
    assert all(answer.done() for answer in answers)
    with pytest.raises(WriterClosed):
        writer.submit(application())
    assert "ledger-writer" not in {thread.name for thread in threading.enumerate()}


def test_a_submission_may_have_hundreds_of_steps(ledger: Ledger, writer: Writer) -> None:
    give(writer, submissions()[:3])
    steps = tuple(application().steps[0] for _ in range(300))
    receipts = writer.submit(Submission(HAJNOWKA, steps, expected_version=3)).result()
    assert [receipt.last_version for receipt in receipts] == list(range(4, 304))
    assert {receipt.position for receipt in receipts} == set(
        range(ledger.last_position() - 299, ledger.last_position() + 1)
    )
