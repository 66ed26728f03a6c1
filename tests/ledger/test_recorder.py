"""One ordered round trip, and a subscription that misses nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import psycopg
import pytest
from eventsourcing.persistence import OperationalError, StoredEvent

from domain.ledger.ledger import Ledger
from domain.ledger.subscription import SafeSubscription
from tests.ledger.sessions import APPEND_LOCK, PATIENCE_SECONDS, end_others, wait_until_somebody_waits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from domain.ledger.recorder import OneTripRecorder


S = TypeVar("S", bound=SafeSubscription)


def event(stream: str, version: int) -> StoredEvent:
    return StoredEvent(stream, version, "nothing.happened.v1", b"{}")


@pytest.fixture
def recorder(ledger: Ledger) -> OneTripRecorder:
    return ledger.recorder


@pytest.fixture
def busy_recorder(database: str) -> Iterator[OneTripRecorder]:
    with Ledger.connect(database, pool_size=10) as ledger:
        yield ledger.recorder


def test_positions_come_back_in_the_order_of_the_events(recorder: OneTripRecorder) -> None:
    first = recorder.insert_events([event("a", 1), event("b", 1), event("a", 2)])
    assert first == sorted(first)
    assert [note.id for note in recorder.select_notifications(None, 10)] == first


def test_nothing_to_append_takes_no_trip(recorder: OneTripRecorder) -> None:
    recorder.datastore.close()
    assert recorder.insert_events([]) == []


def test_who_comes_later_waits_for_the_commit_of_who_came_first(recorder: OneTripRecorder, database: str) -> None:
    with psycopg.connect(database) as first, ThreadPoolExecutor() as others:
        early = first.execute(
            "SELECT ledger_events_append('{early}', '{1}', '{nothing.happened.v1}', ARRAY['{}'::bytea])"
        ).fetchone()
        later = others.submit(recorder.insert_events, [event("later", 1)])
        wait_until_somebody_waits(database, APPEND_LOCK)
        assert recorder.select_notifications(None, 10) == []
        first.commit()
        assert early is not None
        assert later.result() > list(early)


def test_a_live_subscriber_misses_nothing_of_many_concurrent_writers(busy_recorder: OneTripRecorder) -> None:
    writers, appends = 8, 100

    def append(stream: str) -> None:
        for version in range(1, appends * 2, 2):
            busy_recorder.insert_events([event(stream, version), event(stream, version + 1)])

    seen: list[int] = []
    with busy_recorder.subscribe() as subscription, ThreadPoolExecutor(writers + 1) as threads:
        done = [threads.submit(append, f"stream-{number}") for number in range(writers)]
        threads.submit(lambda: [each.result() for each in done] and busy_recorder.insert_events([event("end", 1)]))
        for note in subscription:
            seen.append(note.id)
            if note.originator_id == "end":
                break
    assert len(seen) == writers * appends * 2 + 1
    assert seen == [note.id for note in busy_recorder.select_notifications(None, len(seen) + 1)]


@contextmanager
def not_for_ever(subscription: S) -> Iterator[S]:
    """Stop a subscription that has not delivered after a long while, so that its test fails rather than hangs."""
    with subscription:
        timer = threading.Timer(PATIENCE_SECONDS, subscription.stop)
        timer.start()
        try:
            yield subscription
        finally:
            timer.cancel()
            timer.join()


class LateListener(SafeSubscription):
    """Listens only when it is told to, as a slow connection would make it."""

    def __init__(self, recorder: OneTripRecorder) -> None:
        self.pulled = threading.Event()
        self.may_listen = threading.Event()
        super().__init__(recorder=recorder)

    def _pull(self) -> None:
        super()._pull()
        self.pulled.set()

    def _listen(self) -> None:
        self.may_listen.wait()
        super()._listen()


def test_what_is_committed_before_anyone_listens_is_delivered_without_another_event(
    recorder: OneTripRecorder,
) -> None:
    with not_for_ever(LateListener(recorder)) as subscription:
        subscription.pulled.wait()
        recorder.insert_events([event("between", 1)])
        subscription.may_listen.set()
        assert next(subscription).originator_id == "between"


def test_a_lost_wake_up_only_delays(recorder: OneTripRecorder, database: str) -> None:
    with not_for_ever(recorder.subscribe()) as subscription, psycopg.connect(database) as silent:
        recorder.insert_events([event("announced", 1)])
        assert next(subscription).originator_id == "announced"
        silent.execute("INSERT INTO ledger_events VALUES ('silent', 1, 'nothing.happened.v1', '{}')")
        silent.commit()
        assert next(subscription).originator_id == "silent"


def test_a_subscriber_hears_when_its_connection_breaks(recorder: OneTripRecorder, database: str) -> None:
    recorder.insert_events([event("heard", 1)])
    with recorder.subscribe() as subscription:
        batches = subscription.batches()
        assert [note.originator_id for note in next(batches)] == ["heard"]
        wait_until_somebody_waits(database, "query LIKE 'LISTEN%' AND state = 'idle'")
        end_others(database)
        with pytest.raises(OperationalError):
            next(batches)


def test_a_stopped_subscription_ends(recorder: OneTripRecorder) -> None:
    with recorder.subscribe() as subscription:
        subscription.stop()
        assert list(subscription.batches()) == []


def test_the_connection_of_a_subscription_goes_back_to_the_pool_deaf(database: str) -> None:
    with Ledger.connect(database, pool_size=2) as ledger:
        with ledger.recorder.subscribe():
            wait_until_somebody_waits(database, "query LIKE 'LISTEN%' AND state = 'idle'")
        with ledger.recorder.datastore.get_connection() as one, ledger.recorder.datastore.get_connection() as other:
            for connection in (one, other):
                assert connection.execute("SELECT pg_listening_channels()").fetchall() == []


def test_broken_connections_are_replaced_before_anyone_notices(recorder: OneTripRecorder, database: str) -> None:
    recorder.insert_events([event("before", 1)])
    end_others(database)
    recorder.insert_events([event("after", 1)])
    end_others(database)
    assert recorder.streams() == ["after", "before"]
    end_others(database)
    assert len(recorder.select_events("after")) == 1


def test_who_cannot_get_the_lock_is_told_soon(recorder: OneTripRecorder, database: str) -> None:
    with psycopg.connect(database) as holder:
        holder.execute("SELECT pg_advisory_xact_lock('ledger_events'::regclass::bigint)")
        with pytest.raises(OperationalError, match="lock timeout"):
            recorder.insert_events([event("late", 1)])


def test_streams_are_listed_once_and_in_order(recorder: OneTripRecorder) -> None:
    assert recorder.streams() == []
    recorder.insert_events([event(stream, version) for stream in ("b", "c", "a") for version in (1, 2, 3)])
    assert recorder.streams() == ["a", "b", "c"]


def test_one_event_is_found_with_its_position(recorder: OneTripRecorder) -> None:
    (position,) = recorder.insert_events([event("a", 7)])
    found = recorder.find("a", 7)
    assert found is not None
    assert (found.id, found.topic, found.state) == (position, "nothing.happened.v1", b"{}")
    assert recorder.find("a", 8) is None
