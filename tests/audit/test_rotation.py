"""A log whose key was changed: followed from the key that an auditor kept, through what the old key signed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from domain.decider import Actor, Entry
from domain.ledger.entry import write_entry
from domain.statute.events import LogKeyRotated
from domain.transparency.keys import derive_signer
from domain.transparency.note import Note, sign
from domain.values import day_of
from tests.audit.logs import CONSORTIUM, KEY, ORIGIN, OTHER_KEY, LogFolder, audit_json, rewritten, scenario, served

if TYPE_CHECKING:
    from pathlib import Path

    from domain.transparency.keys import SignerKey

ENTRIES = scenario()
THIRD_KEY = derive_signer(bytes([9] * 32), ORIGIN)
OLD, NEW, NEWEST = (key.verifier.write() for key in (KEY, OTHER_KEY, THIRD_KEY))


def rotation(entries: list[bytes], old: SignerKey, new: SignerKey, *, lost: bool = False) -> bytes:
    last = json.loads(entries[-1])
    at = datetime.fromisoformat(last["recorded_at"]).astimezone(UTC) + timedelta(minutes=1)
    fact = LogKeyRotated(old_vkey=old.verifier.write(), new_vkey=new.verifier.write(), both_until=at, old_key_lost=lost)
    entry = Entry(
        consortium_id=CONSORTIUM,
        version=len(entries) + 1,
        event_id=f"rotation-{len(entries)}",
        command_id=f"rotation-{len(entries)}",
        recorded_at=at,
        effective_on=day_of(at),
        actor=Actor(role="operator", id="op"),
        under=None,
        fact=fact,
    )
    return write_entry(entry)


def published(folder: Path, history: list[bytes], *, lost: bool = False, by_old: bool = True) -> LogFolder:
    """A log of sizes 300 (old key), 359 (old and new) and 360 (new and newest), the last signed again by the newest."""
    log = LogFolder(folder)
    log.publish(history[:300])
    history = [*history, rotation(history, KEY, OTHER_KEY, lost=lost)]
    log.keys = (KEY, OTHER_KEY) if by_old else (OTHER_KEY,)
    log.publish(history)
    history = [*history, rotation(history, OTHER_KEY, THIRD_KEY)]
    log.keys = (OTHER_KEY, THIRD_KEY)
    log.publish(history)
    note = Note.parse((folder / "checkpoint").read_bytes())
    log.write("checkpoint", Note(note.text, (sign(note.text, THIRD_KEY),)).write())
    log.write_vkeys(KEY, OTHER_KEY, THIRD_KEY)
    return log


@pytest.fixture
def log(tmp_path: Path) -> LogFolder:
    return published(tmp_path / "log", list(ENTRIES))


@pytest.mark.parametrize("kept", [OLD, NEW, NEWEST])
def test_a_log_is_followed_from_any_key_that_ever_signed_it(log: LogFolder, tmp_path: Path, kept: str) -> None:
    old = log.folder / "checkpoint.d" / "300"
    olds: list[str | Path] = ["--old", old]
    with served(log.folder) as url:
        for place in (log.folder, url):
            answer = audit_json("verify", place, "--vkey", kept, *olds)
            assert (answer["key_changes"], answer["signed_by"]) == (2, [NEWEST])
        audit_json("mirror", url, tmp_path / "mirror", "--vkey", kept)
    assert audit_json("verify", tmp_path / "mirror", "--vkey", kept)["key_changes"] == 2


def test_keys_that_the_verified_history_names_are_known_while_both_sign(tmp_path: Path) -> None:
    log = LogFolder(tmp_path / "log")
    history = [*ENTRIES, rotation(list(ENTRIES), KEY, OTHER_KEY)]
    log.keys = (KEY, OTHER_KEY)
    log.publish(history)
    for given in (OLD, NEW):
        answer = audit_json("verify", log.folder, "--vkey", given)
        assert (answer["unknown_keys"], answer["signed_by"]) == ([], [OLD, NEW])
    log.keys = (KEY, OTHER_KEY, THIRD_KEY)
    log.publish(history)
    unknown = [THIRD_KEY.verifier.key_id.hex()]
    assert audit_json("verify", log.folder, "--vkey", NEW)["unknown_keys"] == unknown


def test_a_mirror_follows_the_change_of_the_key(log: LogFolder, tmp_path: Path) -> None:
    early = LogFolder(tmp_path / "early")
    early.publish(ENTRIES[:300])
    early.write_vkeys(KEY)
    audit_json("mirror", early.folder, tmp_path / "mirror")
    assert audit_json("mirror", log.folder, tmp_path / "mirror")["vkeys"] == [OLD, NEW, NEWEST]
    audit_json("verify", tmp_path / "mirror", "--vkey", OLD)


def test_a_new_key_that_the_old_one_never_signed_is_not_believed(tmp_path: Path) -> None:
    log = published(tmp_path / "log", list(ENTRIES), by_old=False)
    answer = audit_json("verify", log.folder, "--vkey", OLD, status=1)
    assert "None" not in answer["reason"]
    audit_json("verify", log.folder, "--vkey", NEW)


def test_a_history_rewritten_by_the_holder_of_a_new_key_is_not_believed(log: LogFolder, tmp_path: Path) -> None:
    forged = published(tmp_path / "forged", rewritten(), by_old=False)
    for size in (300, 359):
        forged.write(f"checkpoint.d/{size}", (log.folder / "checkpoint.d" / str(size)).read_bytes())
    answer = audit_json("verify", forged.folder, "--vkey", OLD, status=1)
    assert "was not signed by the key before it" in answer["reason"]


def test_a_key_after_a_lost_one_must_be_known_in_another_way(tmp_path: Path) -> None:
    log = published(tmp_path / "log", list(ENTRIES), lost=True)
    reason = audit_json("verify", log.folder, "--vkey", OLD, status=1)["reason"]
    assert f"the key {OLD} was lost and that {NEW} signs after it" in reason
    assert "give the new one by --vkey" in reason
    audit_json("verify", log.folder, "--vkey", OLD, "--vkey", NEW, "--old", log.folder / "checkpoint.d" / "300")


def test_a_key_that_was_replaced_signs_no_more_alone(log: LogFolder) -> None:
    note = Note.parse((log.folder / "checkpoint").read_bytes())
    log.write("checkpoint", Note(note.text, (sign(note.text, KEY),)).write())
    answer = audit_json("verify", log.folder, "--vkey", OLD, status=1)
    assert "not signed by the present key" in answer["reason"]


def test_the_checkpoint_over_the_change_must_be_there(log: LogFolder) -> None:
    (log.folder / "checkpoint.d" / "359").unlink()
    audit_json("verify", log.folder, "--vkey", OLD, status=3)
    (log.folder / "checkpoints").unlink()
    audit_json("verify", log.folder, "--vkey", OLD, status=1)
    audit_json("verify", log.folder, "--vkey", NEWEST)
