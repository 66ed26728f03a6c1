"""Two writers at the same consortium, as two processes are to each other: neither loses anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from domain.ledger.ledger import Ledger
from domain.ledger.submission import StepRefused
from domain.ledger.writer import Writer
from tests.ledger.scenario import HAJNOWKA, application, clock, give, stored_bytes, submissions, with_another_id

if TYPE_CHECKING:
    from collections.abc import Iterator

OTHER = "bielsk-razem"


@pytest.fixture
def rival(database: str) -> Iterator[Writer]:
    with Ledger.connect(database) as ledger, Writer(ledger, clock) as rival:
        yield rival


def test_two_writers_of_one_consortium_lose_nothing(ledger: Ledger, writer: Writer, rival: Writer) -> None:
    give(writer, submissions()[:3])
    sides = [writer, rival] * 200
    with ThreadPoolExecutor(16) as callers:
        receipts = list(callers.map(lambda side: side.submit(application()).result()[0], sides))
    assert sorted(receipt.first_version for receipt in receipts) == list(range(4, 404))
    assert {receipt.replayed for receipt in receipts} == {False}
    assert ledger.load(HAJNOWKA).version == 403


def test_two_writers_given_the_same_commands_record_them_once(ledger: Ledger, writer: Writer, rival: Writer) -> None:
    with ThreadPoolExecutor(8) as callers:
        for done in [callers.submit(give, side, submissions()) for side in [writer, rival] * 4]:
            done.result()
    assert [state for _, state in ledger.stored(HAJNOWKA, 1, 10**6)] == list(stored_bytes())


def test_turn_by_turn_each_decides_on_what_the_other_recorded(writer: Writer, rival: Writer, ledger: Ledger) -> None:
    for place, each in enumerate(submissions()):
        give((writer, rival)[place % 2], [each])
    assert [state for _, state in ledger.stored(HAJNOWKA, 1, 10**6)] == list(stored_bytes())


def test_a_refusal_is_given_only_on_the_current_state(writer: Writer, rival: Writer) -> None:
    give(writer, submissions()[:3])
    give(rival, submissions()[3:6])
    assert writer.submit(replace(submissions()[6], expected_version=6)).result()[0].first_version == 7
    with pytest.raises(StepRefused) as refused:
        rival.submit(replace(application(), expected_version=6)).result()
    assert (refused.value.code, refused.value.fields["version"]) == ("stale-version", 7)
    with pytest.raises(StepRefused, match="id-already-used"):
        rival.submit(with_another_id(submissions()[6])).result()


def test_a_conflict_in_one_consortium_fails_nobody_in_another(writer: Writer, rival: Writer) -> None:
    for consortium_id in (HAJNOWKA, OTHER):
        give(writer, submissions(consortium_id)[:3])
    with ThreadPoolExecutor(16) as callers:
        mine = [callers.submit(writer.submit, application(name)) for name in (HAJNOWKA, OTHER) * 50]
        theirs = [callers.submit(rival.submit, application(HAJNOWKA)) for _ in range(50)]
    assert {answer.result().result()[0].replayed for answer in (*mine, *theirs)} == {False}


def test_what_a_rival_recorded_meanwhile_may_turn_an_acceptance_into_a_refusal(writer: Writer, rival: Writer) -> None:
    """Decided on a state that is behind it is accepted; it conflicts, and is decided again."""
    give(writer, submissions()[:3])
    give(rival, submissions()[3:4])
    with pytest.raises(StepRefused, match="id-already-used"):
        writer.submit(with_another_id(submissions()[3])).result()
