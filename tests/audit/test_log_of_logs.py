"""The log of logs: leaves are signed checkpoints of the host's logs, and none of these ever shrinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.command_line import main
from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.keys import derive_signer
from tests.audit.logs import LogFolder, audit_json, log_folder, scenario

if TYPE_CHECKING:
    from pathlib import Path

ENTRIES = scenario()
ORIGIN = "example.com/log-of-logs"


def head(consortium: str, size: int, root: bytes = bytes(32)) -> bytes:
    key = derive_signer(bytes(32), f"example.com/tlog/{consortium}")
    return sign_checkpoint(Checkpoint(key.name, size, root), key).write()


def of(folder: Path, *leaves: bytes) -> LogFolder:
    return log_folder(folder, leaves, origin=ORIGIN, keys=(derive_signer(bytes(32), ORIGIN),))


HEADS = (head("one", 1), head("two", 5), head("one", 2), head("one", 2), head("two", 300))


def test_a_log_of_logs_that_only_grew_holds(tmp_path: Path) -> None:
    log = of(tmp_path / "log", *HEADS)
    assert audit_json("verify", log.folder)["size"] == len(HEADS)
    audit_json("mirror", log.folder, tmp_path / "mirror")
    audit_json("verify", tmp_path / "mirror")
    assert audit_json("verify", of(tmp_path / "empty").folder)["size"] == 0


def key_of(consortium: str, seed: bytes = bytes(32)) -> str:
    return derive_signer(seed, f"example.com/tlog/{consortium}").verifier.write()


def test_a_leaf_must_be_signed_by_the_key_that_was_given(tmp_path: Path) -> None:
    log = of(tmp_path / "log", *HEADS).folder
    other = key_of("two", bytes([1] * 32))
    audit_json("verify", log, "--log-vkey", key_of("one"), "--log-vkey", key_of("two"))
    audit_json("verify", log, "--log-vkey", key_of("two"), "--log-vkey", other)
    told = audit_json("verify", log, "--log-vkey", key_of("one"), "--log-vkey", other, status=1)["reason"]
    assert told.startswith("entry 1 (version 2")
    assert "example.com/tlog/two is signed by none of the keys given" in told


def test_a_log_that_vanished_from_the_log_of_logs_is_missed(tmp_path: Path) -> None:
    log = of(tmp_path / "log", *HEADS).folder
    told = audit_json("verify", log, "--log-vkey", key_of("three"), status=1)["reason"]
    assert told == "it has no checkpoint of example.com/tlog/three"


def test_keys_of_leaves_are_for_the_log_of_logs(tmp_path: Path) -> None:
    log = log_folder(tmp_path / "log", ENTRIES[:3]).folder
    result = CliRunner(env={"CONSORTIUM_LEDGER_LANG": "en"}).invoke(
        main, ["verify", str(log), "--log-vkey", key_of("one")]
    )
    assert result.exit_code == 2
    assert "--log-vkey is for the log of logs" in result.stderr


def test_another_key_than_the_given_one_is_said_at_once_and_during_the_overlap(tmp_path: Path) -> None:
    old, new = (derive_signer(bytes([number] * 32), ORIGIN) for number in (0, 1))
    given = old.verifier.write()
    both = log_folder(tmp_path / "both", HEADS, origin=ORIGIN, keys=(old, new)).folder
    assert audit_json("verify", both, "--vkey", given)["unknown_keys"] == [new.verifier.key_id.hex()]
    assert audit_json("verify", both, "--vkey", given, "--vkey", new.verifier.write())["unknown_keys"] == []
    said = CliRunner(env={"CONSORTIUM_LEDGER_LANG": "en"}).invoke(main, ["verify", str(both), "--vkey", given])
    assert f"A key that you do not know signs it too ({new.verifier.key_id.hex()})" in said.stderr
    after = log_folder(tmp_path / "after", HEADS, origin=ORIGIN, keys=(new,)).folder
    told = audit_json("verify", after, "--vkey", given, status=1)["reason"]
    assert f"is signed by another key now than the one given (key ID {new.verifier.key_id.hex()})" in told


BROKEN = {
    "shrank": head("two", 299),
    "two trees": head("two", 300, bytes([1] * 32)),
    "no checkpoint": ENTRIES[0],
    "no log of": sign_checkpoint(
        Checkpoint("other.example/tlog/one", 3, bytes(32)), derive_signer(bytes(32), "other.example/tlog/one")
    ).write(),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_leaf_that_breaks_a_rule_is_named(tmp_path: Path, reason: str) -> None:
    log = of(tmp_path / "log", *HEADS, BROKEN[reason])
    told = audit_json("verify", log.folder, status=1)["reason"]
    assert told.startswith("entry 5 (version 6")
    assert reason in told
