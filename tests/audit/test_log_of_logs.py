"""The log of logs: leaves are signed checkpoints of the host's logs, and none of these ever shrinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
