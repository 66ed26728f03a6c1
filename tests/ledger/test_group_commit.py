"""Group commit: what comes in while a commit is in flight is stored together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.ledger.scenario import HAJNOWKA, application, give, refusal_of, submissions, with_another_id
from tests.ledger.sessions import commits_held_up, transactions, wait_until_somebody_waits

if TYPE_CHECKING:
    from domain.ledger.ledger import Ledger
    from domain.ledger.writer import Writer


def test_what_waits_while_a_commit_is_in_flight_shares_the_next(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    before = transactions(database)
    with commits_held_up(database):
        first = writer.submit(application())
        wait_until_somebody_waits(database)
        others = [writer.submit(application()) for _ in range(63)]
    assert len({answer.result()[0].last_version for answer in (first, *others)}) == 64
    assert transactions(database) == before + 2


def test_a_lone_caller_waits_for_nobody(writer: Writer, database: str) -> None:
    give(writer, submissions()[:20])
    assert transactions(database) == 20


def test_the_same_command_given_twice_at_once_is_recorded_once(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    twin = application()
    with commits_held_up(database):
        writer.submit(application())
        wait_until_somebody_waits(database)
        answers = [writer.submit(twin) for _ in range(2)]
    (first,), (second,) = (answer.result() for answer in answers)
    assert second == replace(first, replayed=True)


def test_a_refusal_that_owes_to_uncommitted_entries_waits_for_their_commit(
    ledger: Ledger, writer: Writer, database: str
) -> None:
    give(writer, submissions()[:3])
    admission, again = submissions()[3], with_another_id(submissions()[3])
    stored_when_refused: list[int] = []
    with commits_held_up(database):
        writer.submit(application())
        wait_until_somebody_waits(database)
        accepted, refused, beyond = (writer.submit(each) for each in (admission, again, application()))
        refused.add_done_callback(lambda _: stored_when_refused.append(ledger.load(HAJNOWKA).version))
    assert refusal_of(refused).code == "id-already-used"
    assert [answer.result()[0].first_version for answer in (accepted, beyond)] == [5, 6]
    assert stored_when_refused == [6]


def test_who_lost_patience_in_the_queue_is_not_served(ledger: Ledger, writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    with commits_held_up(database):
        writer.submit(application())
        wait_until_somebody_waits(database)
        impatient, patient = writer.submit(application()), writer.submit(application())
        assert impatient.cancel()
    assert patient.result()[0].first_version == 5
    assert ledger.load(HAJNOWKA).version == 5


def test_many_more_than_a_round_takes_are_all_served(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    with commits_held_up(database):
        writer.submit(application())
        wait_until_somebody_waits(database)
        answers = [writer.submit(application()) for _ in range(700)]
    assert sorted(answer.result()[0].first_version for answer in answers) == list(range(5, 705))
