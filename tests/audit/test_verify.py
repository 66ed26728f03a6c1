"""`verify` over logs of every kind: whole, altered, cut, rewritten, of other keys, of no entries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, sign_checkpoint
from domain.transparency.keys import SignatureType, SignerKey, derive_signer
from domain.transparency.note import Note
from domain.transparency.policy import Log, Policy, Witness, k_of_n
from domain.transparency.tile import Tile, tiles
from domain.transparency.tree import EMPTY_ROOT, leaf_hash, root_of
from tests.audit.logs import KEY, ORIGIN, OTHER_KEY, audit, audit_json, log_folder, rewritten, scenario, served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.audit.logs import LogFolder

ENTRIES = scenario()
SIZE = len(ENTRIES)


@pytest.fixture
def log(tmp_path: Path) -> LogFolder:
    return log_folder(tmp_path / "log", ENTRIES)


def kept(log: LogFolder, size: int, path: Path) -> Path:
    """A checkpoint of the same log when it was smaller."""
    root = root_of([leaf_hash(entry) for entry in ENTRIES[:size]])
    path.write_bytes(sign_checkpoint(Checkpoint(log.origin, size, root), *log.keys).write())
    return path


def test_a_log_is_verified_over_http_and_from_a_folder_alike(log: LogFolder) -> None:
    from_folder = audit_json("verify", log.folder)
    with served(log.folder) as url:
        assert audit_json("verify", url) == audit_json("verify", f"{url}/") == from_folder
    assert (from_folder["size"], from_folder["keys_from_log"]) == (SIZE, True)


def test_a_person_is_told_that_the_log_spoke_for_itself(log: LogFolder) -> None:
    told = audit("verify", log.folder)
    assert told.stdout == f"It holds: {ORIGIN}, {SIZE} entries.\n"
    assert "keep its vkeys" in told.stderr
    assert audit("verify", log.folder, "--vkey", KEY.verifier.write()).stderr == ""
    assert audit("verify", log.folder, "--vkey", KEY.verifier.write(), "--quiet").output == ""


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, SIZE])
def test_every_earlier_size_verifies_and_is_found_to_be_the_beginning(tmp_path: Path, size: int) -> None:
    small = log_folder(tmp_path / "small", ENTRIES[:size])
    assert audit_json("verify", small.folder)["size"] == size
    whole = log_folder(tmp_path / "whole", ENTRIES)
    olds = [kept(whole, one, tmp_path / f"old-{one}") for one in (0, 1, size)]
    words = [word for old in olds for word in ("--old", old)]
    assert audit_json("verify", whole.folder, *words)["old_sizes"] == sorted({0, 1, size})


def test_a_log_of_no_entries_must_have_the_root_of_no_entries(tmp_path: Path) -> None:
    log = log_folder(tmp_path, [])
    assert audit_json("verify", log.folder)["root"] == EMPTY_ROOT.hex()


def test_a_history_rewritten_and_signed_again_is_caught_by_a_checkpoint_that_was_kept(tmp_path: Path) -> None:
    log = log_folder(tmp_path / "log", rewritten())
    audit("verify", log.folder)
    old = kept(log, 300, tmp_path / "old")
    answer = audit_json("verify", log.folder, "--old", old, status=1)
    assert "history was rewritten: the first 300 entries" in answer["reason"]


def test_a_truncated_history_names_the_first_missing_entry(tmp_path: Path) -> None:
    log = log_folder(tmp_path / "log", ENTRIES[:200])
    old = kept(log, 300, tmp_path / "old")
    assert "entries from 200 are gone" in audit_json("verify", log.folder, "--old", old, status=1)["reason"]


def test_of_several_old_checkpoints_each_is_judged(log: LogFolder, tmp_path: Path) -> None:
    good, bad = kept(log, 100, tmp_path / "good"), tmp_path / "bad"
    bad.write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 100, bytes(32)), KEY).write())
    answer = audit_json("verify", log.folder, "--old", good, "--old", bad, status=1)
    assert [str(bad) in reason for reason in answer["reasons"]] == [True]


@pytest.mark.parametrize("data", [b"", b"no note\n", ENTRIES[0]], ids=["empty", "text", "an entry"])
def test_an_old_file_that_is_no_checkpoint_is_no_pass(log: LogFolder, tmp_path: Path, data: bytes) -> None:
    old = tmp_path / "old"
    old.write_bytes(data)
    answer = audit_json("verify", log.folder, "--old", old, status=3)
    assert answer["holds"] is None
    assert f"{old}: this is no checkpoint" in answer["reason"]


def test_an_old_checkpoint_of_another_log_is_refused(log: LogFolder, tmp_path: Path) -> None:
    old = tmp_path / "old"
    other = derive_signer(bytes(32), "example.com/tlog/another")
    old.write_bytes(sign_checkpoint(Checkpoint(other.name, 0, EMPTY_ROOT), other).write())
    reason = audit_json("verify", log.folder, "--old", old, status=1)["reason"]
    assert reason.startswith(f"{old}: this is a checkpoint of the log example.com/tlog/another")


@pytest.mark.parametrize("number", [0, 17, 255, 256, SIZE - 1])
def test_a_hash_that_was_altered_is_named_and_the_entry_is_not_blamed(log: LogFolder, number: int) -> None:
    tile = tiled(number)
    data = bytearray((log.folder / tile.path).read_bytes())
    data[number % 256 * 32 + 7] ^= 1
    log.write(tile.path, bytes(data))
    reason = audit_json("verify", log.folder, status=1)["reason"]
    assert reason.startswith(f"{tile.path}: hash {number % 256} (from 0) is not that of entry {number} ")
    assert "this file was altered and not the entry" in reason


def test_an_altered_hash_does_not_hide_that_history_was_rewritten(tmp_path: Path) -> None:
    log = log_folder(tmp_path / "log", rewritten())
    log.write("tile/0/000", bytes(8192))
    reasons = audit_json("verify", log.folder, "--old", kept(log, 300, tmp_path / "old"), status=1)["reasons"]
    assert ["rewritten" in reasons[0], "tile/0/000: hash 0" in reasons[1]] == [True, True]


def tiled(number: int) -> Tile:
    return next(tile for tile in tiles(SIZE) if tile.index == number // 256)


def test_a_file_that_the_checkpoint_covers_must_exist(log: LogFolder) -> None:
    path = tiled(SIZE - 1).path
    (log.folder / path).unlink()
    answer = audit_json("verify", log.folder, status=3)
    assert answer["reason"].startswith(f"{log.folder / path}: missing. The checkpoint is over {SIZE} entries")
    with served(log.folder) as url:
        assert audit_json("verify", url, status=3)["reason"].startswith(f"{url}/{path}: missing. The checkpoint is")
        assert audit_json("diff", log.folder, f"{url}/none", status=3)["reason"] == f"{url}/none/checkpoint: HTTP 404"


@pytest.mark.parametrize("address", ["file:///tmp/log", "ftp://example.com/log", "http://127.0.0.1:1/log?a=b"])
def test_an_address_that_is_none_of_a_log_is_wrong_usage(log: LogFolder, tmp_path: Path, address: str) -> None:
    audit("verify", address, status=2)
    audit("diff", log.folder, address, status=2)
    audit("mirror", address, tmp_path / "mirror", status=2)


def test_the_scheme_of_an_address_is_read_in_any_case(log: LogFolder) -> None:
    with served(log.folder) as url:
        assert audit_json("verify", url.replace("http", "HTTP"))["size"] == SIZE


def test_a_key_of_another_log_is_said_to_be_that(log: LogFolder, tmp_path: Path) -> None:
    other = derive_signer(bytes(32), "example.com/tlog/another").verifier.write()
    told = f"the key that you believe is of example.com/tlog/another, and this is the log {ORIGIN}"
    assert audit_json("verify", log.folder, "--vkey", other, status=1)["reason"] == told
    assert audit_json("mirror", log.folder, tmp_path / "mirror", "--vkey", other, status=1)["reason"] == told


def altered(number: int) -> list[bytes]:
    entry = ENTRIES[number]
    middle = len(entry) // 2
    return [
        *ENTRIES[:number],
        entry[:middle] + bytes([entry[middle] ^ 1]) + entry[middle + 1 :],
        *ENTRIES[number + 1 :],
    ]


@pytest.mark.parametrize("number", [0, 17, 255, 256, SIZE - 1])
def test_an_entry_that_is_not_its_leaf_is_named(log: LogFolder, tmp_path: Path, number: int) -> None:
    other = log_folder(tmp_path / "other", altered(number))
    for file in (other.folder / "tile" / "entries").rglob("*"):
        if file.is_file():
            log.write(str(file.relative_to(other.folder)), file.read_bytes())
    answer = audit_json("verify", log.folder, status=1)
    assert answer["reason"].startswith(f"entry {number} (version {number + 1}")


CHANGES: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "a removed entry": lambda entries: [*entries[:40], *entries[41:]],
    "two swapped entries": lambda entries: [*entries[:40], entries[41], entries[40], *entries[42:]],
    "a repeated entry": lambda entries: [*entries[:40], entries[39], *entries[40:]],
    "a leaf that is no JSON": lambda entries: [*entries[:40], b"\xff\x00", *entries[41:]],
    "a leaf that is JSON and no entry": lambda entries: [*entries[:40], b"[1,2]", *entries[41:]],
    "an entry with spaces": lambda entries: [*entries[:40], entries[40].replace(b'":', b'": ', 1), *entries[41:]],
    "an entry of an unknown name": lambda entries: [
        *entries[:40],
        entries[40].replace(json.loads(entries[40])["name"].encode(), b"nothing.known.v1"),
        *entries[41:],
    ],
    "nesting without end": lambda entries: [*entries[:40], b"[" * 60_000, *entries[41:]],
    "only the end of the history": lambda entries: entries[200:],
}


@pytest.mark.parametrize("change", CHANGES)
def test_leaves_that_are_no_history_are_wrong_however_well_they_are_signed(tmp_path: Path, change: str) -> None:
    log = log_folder(tmp_path / "log", CHANGES[change](list(ENTRIES)))
    answer = audit_json("verify", log.folder, status=1)
    assert answer["reason"].startswith("entry 0 " if "only" in change else "entry 40 ")


def test_a_broken_rule_does_not_hide_that_history_was_rewritten(tmp_path: Path) -> None:
    log = log_folder(tmp_path / "log", CHANGES["a removed entry"](list(ENTRIES)))
    old = kept(log, 100, tmp_path / "old")
    reasons = audit_json("verify", log.folder, "--old", old, status=1)["reasons"]
    assert ["rewritten" in reasons[0], "versions-without-gap" in reasons[1]] == [True, True]


def test_a_log_signed_by_a_key_that_is_not_known_is_wrong(log: LogFolder) -> None:
    answer = audit_json("verify", log.folder, "--vkey", OTHER_KEY.verifier.write(), status=1)
    assert "No key that is known here has signed" in answer["reason"]


def test_a_key_that_is_none_is_wrong_usage(log: LogFolder, tmp_path: Path) -> None:
    audit("verify", log.folder, "--vkey", "example.com+00000000+AAAA", status=2)
    audit("verify", log.folder, "--policy", tmp_path / "missing", status=2)
    (tmp_path / "policy").write_bytes(b"quorum everybody\n")
    audit("verify", log.folder, "--policy", tmp_path / "policy", status=2)
    audit("verify", status=2)


def test_nobody_at_the_address_is_no_pass(log: LogFolder) -> None:
    with served(log.folder) as url:
        pass
    assert audit_json("verify", url, status=3)["holds"] is None
    audit("verify", "https://", status=3)
    audit("verify", "http://[", status=3)


def test_full_files_stand_in_for_partial_ones_that_were_tidied_away(tmp_path: Path) -> None:
    old = log_folder(tmp_path / "log", ENTRIES[:200])
    checkpoint = (old.folder / "checkpoint").read_bytes()
    grown = log_folder(tmp_path / "grown", ENTRIES)
    grown.write("checkpoint", checkpoint)
    assert audit_json("verify", grown.folder)["size"] == 200


WITNESSES = [SignerKey(f"w{number}.example", SignatureType.COSIGNATURE, bytes([number] * 32)) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("k", "cosigners", "status"), [(0, 0, 0), (1, 1, 0), (2, 2, 0), (2, 3, 0), (2, 1, 1), (3, 2, 1)]
)
def test_a_policy_asks_for_k_of_n_witnesses(
    log: LogFolder, tmp_path: Path, k: int, cosigners: int, status: int
) -> None:
    note = Note.parse((log.folder / "checkpoint").read_bytes())
    cosignatures = [cosign_checkpoint(note, witness, 1_700_000_000) for witness in WITNESSES[:cosigners]]
    log.write("checkpoint", note.with_signatures(cosignatures).write())
    policy = tmp_path / "policy"
    policy.write_bytes(k_of_n(k, [KEY.verifier], [witness.verifier for witness in WITNESSES]).write())
    answer = audit_json("verify", log.folder, "--policy", policy, status=status)
    if status:
        assert "quorum" in answer["reason"]
    else:
        assert answer["cosigned"] == {f"w{one}.example": "2023-11-14T22:13:20+00:00" for one in range(1, cosigners + 1)}


def test_a_policy_without_logs_takes_the_key_beside_it(log: LogFolder, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_bytes(Policy(witnesses=(Witness("w", WITNESSES[0].verifier),)).write())
    answer = audit_json("verify", log.folder, "--policy", policy, "--vkey", KEY.verifier.write())
    assert answer["keys_from_log"] is False


def test_a_policy_for_another_log_is_no_pass(log: LogFolder, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_bytes(Policy(logs=(Log(derive_signer(bytes(32), "example.com/other").verifier),)).write())
    audit("verify", log.folder, "--policy", policy, status=1)
