"""Rotating keys: recorded once in every history, both sign for a time, and who kept the first key can follow."""

from __future__ import annotations

import shutil
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest

from domain.invariants import violations
from domain.ledger.ledger import Ledger
from domain.ledger.rotation import KeyChange, record_key_change
from domain.ledger.writer import Writer
from domain.log_keys import rotations_from
from domain.transparency.errors import NotSigned
from domain.values import day_of
from projections.transparency.publisher import Alarm
from projections.transparency.rotation import SeedMissingError, SeedPresentError
from projections.transparency.signing import LOG_OF_LOGS, Signing
from tests.keys.deployment import BEGIN, FIRST, HOST, NINETY_DAYS, SECOND, Deployment
from tests.ledger.scenario import application, clock, give

if TYPE_CHECKING:
    from pathlib import Path

LOGS = (FIRST, SECOND, LOG_OF_LOGS)


def test_every_consortium_records_the_change_once_and_both_keys_sign(deployment: Deployment) -> None:
    old = {log_id: deployment.signing.signer(log_id).verifier.write() for log_id in LOGS}
    outcome = deployment.rotate()
    assert (outcome.begun, sorted(outcome.changed), outcome.alarms) == (True, sorted(LOGS), {})
    for consortium_id in (FIRST, SECOND):
        (change,) = deployment.history(consortium_id)
        new = deployment.signing.signer(consortium_id).verifier.write()
        assert (change.old_vkey, change.new_vkey) == (old[consortium_id], new)
        assert (change.both_until, change.old_key_lost) == (BEGIN + NINETY_DAYS, False)
        assert deployment.signed_by(consortium_id, change.version - 1) == [1]
        assert deployment.signed_by(consortium_id, change.version) == [1, 2]
        assert deployment.vkeys(consortium_id) == [old[consortium_id], new]
        assert list(violations(consortium_id, deployment.ledger.entries(consortium_id))) == []
    assert deployment.last_signed_by(LOG_OF_LOGS) == [1, 2]
    assert deployment.signing.file(2).stat().st_mode & 0o777 == 0o400


def test_the_entry_says_who_when_and_nothing_of_a_resolution(deployment: Deployment) -> None:
    deployment.rotate()
    *_, entry = deployment.ledger.entries(FIRST)
    assert (entry.actor.role, entry.actor.id, entry.under) == ("operator", "op-1", None)
    assert (entry.recorded_at, entry.effective_on) == (BEGIN, day_of(BEGIN))


def test_after_the_time_of_both_the_new_key_signs_alone(deployment: Deployment) -> None:
    deployment.rotate()
    deployment.now = BEGIN + NINETY_DAYS - timedelta(seconds=1)
    deployment.grow(FIRST)
    assert deployment.last_signed_by(FIRST) == [1, 2]
    deployment.now = BEGIN + NINETY_DAYS
    deployment.grow(FIRST)
    assert deployment.last_signed_by(FIRST) == [2]


def test_the_first_checkpoint_over_a_change_has_both_signatures_whatever_the_clock_says(
    deployment: Deployment,
) -> None:
    deployment.rotate(timedelta(0))
    change = deployment.history(FIRST)[0].version
    assert deployment.signed_by(FIRST, change) == [1, 2]
    deployment.grow(FIRST)
    assert deployment.last_signed_by(FIRST) == [2]


def test_who_kept_the_first_key_reaches_the_present_one(deployment: Deployment) -> None:
    kept = deployment.signing.signer(FIRST).verifier.write()
    for _ in range(3):
        deployment.rotate()
        deployment.now += NINETY_DAYS
        deployment.grow(FIRST)
    known = kept
    for rotation in rotations_from(kept, deployment.history(FIRST)):
        covering = min(size for size in deployment.sizes(FIRST) if size >= rotation.version)
        assert deployment.opened(FIRST, covering, known).checkpoint.size == covering
        assert rotation.old_vkey == known
        known = rotation.new_vkey
    last = deployment.sizes(FIRST)[-1]
    assert deployment.opened(FIRST, last, known).checkpoint.size == last
    with pytest.raises(NotSigned):
        deployment.opened(FIRST, last, kept)
    assert deployment.vkeys(FIRST)[0] == kept
    assert len(deployment.vkeys(FIRST)) == 4


def test_a_consortium_founded_after_a_change_signs_with_the_newest_key_alone(deployment: Deployment) -> None:
    deployment.rotate()
    deployment.found("konsorcjum-trzy")
    deployment.publish("konsorcjum-trzy")
    assert [deployment.signed_by("konsorcjum-trzy", size) for size in (0, 1)] == [[2], [2]]
    deployment.now += NINETY_DAYS
    deployment.rotate()
    assert [deployment.last_signed_by(log_id) for log_id in (FIRST, "konsorcjum-trzy")] == [[2, 3], [2, 3]]


def test_what_was_never_published_is_published_under_the_old_key_first(empty: Deployment) -> None:
    empty.found(FIRST)
    empty.rotate()
    assert [empty.signed_by(FIRST, size) for size in empty.sizes(FIRST)] == [[1], [1], [1, 2]]
    assert empty.sizes(FIRST) == [0, 1, 2]


def test_given_again_while_both_sign_nothing_is_done_unless_it_is_asked_for(deployment: Deployment) -> None:
    deployment.rotate()
    again = deployment.rotate()
    assert (again.begun, again.changed, again.plan.generation) == (False, [], 2)
    assert len(deployment.history(FIRST)) == 1
    assert deployment.rotate(again=True).plan.generation == 3
    assert deployment.last_signed_by(FIRST) == [1, 2, 3]


def test_two_rotations_at_once_make_one(database: str, deployment: Deployment) -> None:
    start = Barrier(2)
    with Ledger.connect(database) as ledger, deployment.connection.__class__.connect(database, autocommit=True) as one:
        other = Deployment(ledger, one, deployment.signing)

        def rotate() -> None:
            start.wait()
            other.rotate()

        thread = Thread(target=rotate)
        thread.start()
        start.wait()
        deployment.rotate()
        thread.join()
    assert deployment.signing.generations() == [1, 2]
    assert [len(deployment.history(consortium_id)) for consortium_id in (FIRST, SECOND)] == [1, 1]


def test_a_writer_that_knew_the_consortium_before_goes_on_after_it(deployment: Deployment) -> None:
    with Writer(deployment.ledger, clock) as writer:
        give(writer, [application(FIRST)])
        deployment.rotate()
        give(writer, [application(FIRST)])
    deployment.publish(FIRST)
    assert deployment.last_signed_by(FIRST) == [1, 2]


def test_the_change_is_recorded_once_among_writers_that_never_rest(database: str, deployment: Deployment) -> None:
    signs = deployment.signing.signer(FIRST).verifier.write()
    new = Signing(deployment.signing.folder / "other", HOST)
    new.create_seed()
    change = KeyChange(new.signer(FIRST).verifier.write(), BEGIN, old_key_lost=False, by="op-1")
    done: list[bool] = []

    def record() -> None:
        with Ledger.connect(database) as ledger:
            done.append(record_key_change(ledger, FIRST, signs, change, BEGIN))

    threads = [Thread(target=record) for _ in range(4)]
    with Writer(deployment.ledger, clock) as writer:
        for thread in threads:
            thread.start()
        give(writer, [application(FIRST) for _ in range(40)])
        for thread in threads:
            thread.join()
    assert sorted(done) == [False, False, False, True]
    assert len(deployment.history(FIRST)) == 1


def test_a_seed_that_is_missing_raises_an_alarm_and_no_other_signs(deployment: Deployment) -> None:
    deployment.signing.file(1).unlink()
    assert deployment.signing.create_seed() is False
    with pytest.raises(Alarm, match="restore it from its backup"):
        deployment.grow(FIRST)
    with pytest.raises(SeedMissingError):
        deployment.rotate()
    assert deployment.sizes(FIRST) == [0, 1]


def test_another_seed_in_its_place_raises_an_alarm(deployment: Deployment) -> None:
    deployment.signing.file(1).unlink()
    deployment.signing.create_generation(1)
    with pytest.raises(Alarm, match="restore it from its backup"):
        deployment.grow(FIRST)


def test_an_old_seed_is_missed_while_both_must_sign_and_not_afterwards(deployment: Deployment) -> None:
    deployment.rotate()
    deployment.signing.file(1).rename(deployment.signing.folder / "kept")
    with pytest.raises(Alarm, match="restore it from its backup"):
        deployment.grow(FIRST)
    deployment.now += NINETY_DAYS
    deployment.publish(FIRST)
    deployment.grow(FIRST)
    assert deployment.last_signed_by(FIRST) == [2]


def test_a_lost_seed_is_recorded_as_lost_and_the_new_key_goes_on_alone(deployment: Deployment) -> None:
    kept = deployment.signing.signer(FIRST).verifier.write()
    with pytest.raises(SeedPresentError):
        deployment.rotate(lost=True)
    deployment.signing.file(1).unlink()
    outcome = deployment.rotate(lost=True)
    assert (outcome.alarms, outcome.plan.old_key_lost) == ({}, True)
    (change,) = deployment.history(FIRST)
    assert (change.old_vkey, change.old_key_lost, change.both_until) == (kept, True, BEGIN)
    assert [deployment.last_signed_by(log_id) for log_id in LOGS] == [[2], [2], [2]]
    assert deployment.rotate(timedelta(0)).plan.generation == 3
    deployment.grow(FIRST)
    assert deployment.last_signed_by(FIRST) == [3]


def test_an_old_seed_lost_while_both_sign_can_be_left_behind(deployment: Deployment) -> None:
    deployment.rotate()
    deployment.signing.file(1).unlink()
    assert deployment.rotate(lost=True).plan.generation == 3
    deployment.grow(FIRST)
    assert [deployment.last_signed_by(log_id) for log_id in LOGS] == [[3], [3], [3]]


def test_a_new_seed_that_was_lost_is_not_quietly_made_again(deployment: Deployment) -> None:
    deployment.rotate()
    deployment.signing.file(2).unlink()
    with pytest.raises(SeedMissingError):
        deployment.rotate()
    assert deployment.signing.generations() == [1]
    assert deployment.rotate(lost=True).plan.generation == 3
    assert [deployment.last_signed_by(log_id) for log_id in LOGS] == [[3], [3], [3]]


def test_the_whole_folder_lost_is_told_and_can_be_recovered_from(deployment: Deployment, tmp_path: Path) -> None:
    shutil.rmtree(deployment.signing.folder)
    assert deployment.signing.create_seed()
    with pytest.raises(Alarm, match="signed by a key whose seed is not here"):
        deployment.grow(FIRST)
    assert set(deployment.rotate(lost=True).changed) == set(LOGS)
    assert [deployment.last_signed_by(log_id) for log_id in LOGS] == [[2], [2], [2]]
    assert tmp_path.exists()


def test_a_lost_memory_is_made_again_from_what_was_published(deployment: Deployment) -> None:
    deployment.rotate()
    for file in deployment.signing.folder.glob("*.json"):
        if not file.name.startswith("rotation"):
            file.unlink()
    deployment.now += NINETY_DAYS
    deployment.grow(FIRST)
    deployment.publish(LOG_OF_LOGS)
    assert deployment.last_signed_by(FIRST) == [2]
    assert deployment.vkeys(FIRST) == [deployment.signing.signer(FIRST, one).verifier.write() for one in (1, 2)]


def test_a_change_to_a_key_that_is_not_ours_is_never_signed(deployment: Deployment, tmp_path: Path) -> None:
    foreign = Signing(tmp_path / "foreign", HOST)
    foreign.create_seed()
    change = KeyChange(foreign.signer(FIRST).verifier.write(), BEGIN, old_key_lost=False, by="op-1")
    record_key_change(deployment.ledger, FIRST, deployment.signing.signer(FIRST).verifier.write(), change, BEGIN)
    with pytest.raises(Alarm, match="the seed of the key that is to sign is not there"):
        deployment.publish(FIRST)
    assert deployment.sizes(FIRST) == [0, 1]


def test_a_change_from_a_key_that_never_signed_is_never_signed(deployment: Deployment) -> None:
    deployment.signing.create_generation(2)
    old, new = (deployment.signing.signer(FIRST, one).verifier.write() for one in (1, 2))
    change = KeyChange(old, BEGIN, old_key_lost=False, by="op-1")
    record_key_change(deployment.ledger, FIRST, new, change, BEGIN)
    with pytest.raises(Alarm, match=r"but .* signed before"):
        deployment.publish(FIRST)


def test_a_log_in_alarm_stops_no_other_and_is_changed_when_it_is_well(deployment: Deployment) -> None:
    memory = deployment.signing.folder / f"{FIRST}.json"
    text = memory.read_text()
    memory.write_text(text.replace('"size": 1', '"size": 9'))
    outcome = deployment.rotate()
    assert list(outcome.alarms) == [FIRST]
    assert deployment.last_signed_by(SECOND) == [1, 2]
    memory.write_text(text)
    assert deployment.rotate().alarms == {}
    assert deployment.last_signed_by(FIRST) == [1, 2]
    assert len(deployment.history(FIRST)) == 1
