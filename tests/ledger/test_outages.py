"""The database goes away, comes back, or does what it was asked without saying so."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from domain.ledger.faults import LedgerUnavailable
from domain.ledger.ledger import Ledger
from domain.ledger.writer import Writer
from tests.clusters import kill_postmaster
from tests.ledger.proxy import Proxy, proxied
from tests.ledger.scenario import HAJNOWKA, application, clock, give, stored_bytes, submissions
from tests.ledger.sessions import APPEND_LOCK, commits_held_up, end_others, wait_until_somebody_waits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres


def test_while_the_database_is_down_everybody_is_told_and_afterwards_served(own_cluster: EmbeddedPostgres) -> None:
    with Ledger.connect(own_cluster.conninfo()) as ledger, Writer(ledger, clock) as writer:
        give(writer, submissions()[:10])
        kill_postmaster(own_cluster)
        answers = [writer.submit(each) for each in submissions()[10:20]]
        for answer in answers:
            with pytest.raises(LedgerUnavailable):
                answer.result()
        with pytest.raises(LedgerUnavailable):
            ledger.load(HAJNOWKA)
        with pytest.raises(LedgerUnavailable):
            writer.submit(application("bielsk-razem")).result()
        own_cluster.start()
        give(writer, submissions())
        assert [state for _, state in ledger.stored(HAJNOWKA, 1, 10**6)] == list(stored_bytes())


def test_a_lock_that_is_held_too_long_counts_as_no_answer(ledger: Ledger, writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    with commits_held_up(database), pytest.raises(LedgerUnavailable, match="lock timeout"):
        writer.submit(application()).result()
    assert writer.submit(application()).result()[0].first_version == 4
    assert ledger.load(HAJNOWKA).version == 4


def test_a_connection_that_breaks_in_the_middle_of_a_commit_is_not_noticed(writer: Writer, database: str) -> None:
    give(writer, submissions()[:3])
    with commits_held_up(database):
        answer = writer.submit(application())
        wait_until_somebody_waits(database)
        end_others(database, APPEND_LOCK)
    assert not answer.result()[0].replayed


@pytest.fixture
def proxy(database: str) -> Iterator[Proxy]:
    # Not the test's own folder: the name of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="ledger-") as folder, proxied(database, Path(folder)) as proxy:
        yield proxy


def test_whoever_never_hears_of_its_commit_gets_its_receipt_all_the_same(proxy: Proxy) -> None:
    with Ledger.connect(proxy.conninfo) as ledger, Writer(ledger, clock) as writer:
        give(writer, submissions()[:3])
        given = application()
        proxy.lose_the_reply_to(given.steps[0].command_id)
        (receipt,) = writer.submit(given).result()
        assert (proxy.replies_lost, receipt.first_version, receipt.last_version) == (1, 4, 4)
        assert receipt.replayed
        assert ledger.find(HAJNOWKA, 4)[0] == receipt.position
        assert writer.submit(given).result() == (receipt,)
        assert ledger.load(HAJNOWKA).version == 4


def test_a_whole_round_that_never_hears_of_its_commit_gets_its_receipts(proxy: Proxy, database: str) -> None:
    with Ledger.connect(proxy.conninfo) as ledger, Writer(ledger, clock) as writer:
        give(writer, submissions()[:3])
        with commits_held_up(database):
            first = writer.submit(application())
            wait_until_somebody_waits(database)
            given = [application() for _ in range(20)]
            proxy.lose_the_reply_to(given[0].steps[0].command_id)
            answers = [first, *map(writer.submit, given)]
        versions = [answer.result()[0].first_version for answer in answers]
        assert (proxy.replies_lost, versions) == (1, list(range(4, 25)))
        assert ledger.load(HAJNOWKA).version == 24
