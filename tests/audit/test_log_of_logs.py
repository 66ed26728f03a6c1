"""The log of logs: leaves are signed checkpoints of the host's logs, and none of these ever shrinks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.command_line import main
from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.keys import derive_signer
from tests.audit.logs import LogFolder, audit, audit_json, log_folder, scenario, served

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
    assert told.startswith("entry 1 (example.com/tlog/two, size 5)")
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
    assert told.startswith("entry 5")
    assert "version" not in told
    assert reason in told


LISTED = [
    {"origin": "example.com/tlog/one", "size": 2, "served_size": None},
    {"origin": "example.com/tlog/two", "size": 300, "served_size": None},
]


def test_the_logs_that_it_holds_are_listed_with_their_last_size(tmp_path: Path) -> None:
    log = of(tmp_path / "log", *HEADS).folder
    assert audit_json("verify", log)["logs"] == LISTED
    told = audit("verify", log)
    assert "  example.com/tlog/one: 2 entries\n  example.com/tlog/two: 300 entries\n" in told.stdout
    assert "Whether these logs are still served was not looked at" in told.stderr


def deployed(folder: Path, **heads: bytes) -> None:
    """A deployment that lists logs `one` and `two`, and serves these checkpoints."""
    of(folder / "log-of-logs", *HEADS)
    for consortium, note in heads.items():
        place = folder / "tlog" / consortium
        place.mkdir(parents=True)
        (place / "checkpoint").write_bytes(note)


def test_each_listed_log_is_asked_for_where_its_deployment_serves_it(tmp_path: Path) -> None:
    deployed(tmp_path, one=head("one", 3), two=head("two", 300))
    with served(tmp_path) as url:
        sizes = [log["served_size"] for log in audit_json("verify", f"{url}/log-of-logs")["logs"]]
        told = audit("verify", f"{url}/log-of-logs/", "--log-vkey", key_of("one"))
    assert sizes == [3, 300]
    assert "  example.com/tlog/one: 2 entries (served: 3)\n" in told.stdout


@pytest.mark.parametrize(
    ("two", "reason"),
    [
        (None, "example.com/tlog/two is served no more, though it is listed here (300 entries)"),
        (head("two", 299), "example.com/tlog/two shrank: 300 entries listed here, 299 served"),
        (head("two", 300, bytes([1] * 32)), "the tree that is served at size 300 is not the one listed here"),
        (head("one", 300), "example.com/tlog/one is served instead of example.com/tlog/two"),
        (b"", "no checkpoint"),
    ],
    ids=["gone", "smaller", "another tree", "another log", "nothing"],
)
def test_a_listed_log_that_is_gone_or_smaller_is_wrong(tmp_path: Path, two: bytes | None, reason: str) -> None:
    deployed(tmp_path, one=head("one", 3), **({} if two is None else {"two": two}))
    with served(tmp_path) as url:
        answer = audit_json("verify", f"{url}/log-of-logs", status=1)
    assert len(answer["reasons"]) == 1
    assert reason in answer["reason"]
    assert [log["served_size"] for log in answer["logs"]] == [3, None]


def test_a_listed_log_that_is_served_must_be_signed_by_the_key_that_was_given(tmp_path: Path) -> None:
    signer = derive_signer(bytes([1] * 32), "example.com/tlog/two")
    deployed(tmp_path, two=sign_checkpoint(Checkpoint(signer.name, 300, bytes(32)), signer).write(), one=head("one", 2))
    with served(tmp_path) as url:
        log = f"{url}/log-of-logs"
        assert len(audit_json("verify", log)["logs"]) == 2
        told = audit_json("verify", log, "--log-vkey", key_of("two"), status=1)["reason"]
    assert "the checkpoint of example.com/tlog/two that is served is signed by none of the keys given" in told


def test_two_logs_of_logs_differ_by_the_log_that_a_leaf_is_of(tmp_path: Path) -> None:
    old = of(tmp_path / "old", *HEADS).folder
    longer = of(tmp_path / "longer", *HEADS, head("two", 301)).folder
    assert audit("diff", old, longer).stdout == "1 entry added, first: entry 5 (example.com/tlog/two, size 301).\n"
    other = of(tmp_path / "other", HEADS[0], head("two", 5, bytes([1] * 32)), *HEADS[2:]).folder
    told = audit("diff", old, other, status=1).stdout
    assert told.startswith("changed: entry 1 (example.com/tlog/two, size 5)\n  /root: ")
    assert "version" not in told
    cut = of(tmp_path / "cut", HEADS[0], *HEADS[2:]).folder
    assert audit_json("diff", old, cut, status=1)["first_change"]["kind"] == "removed"
