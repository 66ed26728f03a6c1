"""`import`: all of a register or nothing, and the line that was refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from domain.transparency.policy import Log, Policy
from domain.transparency.prooffile import ProofFile
from projections.transparency.signing import Signing
from tests.command_line.conftest import CONSORTIUM, REGISTER, SCENARIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.command_line.conftest import CommandLine

LINES = REGISTER.read_bytes().splitlines(keepends=True)


def changed(line: int, change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(LINES[line - 1])
    change(document)
    return json.dumps(document, ensure_ascii=False).encode() + b"\n"


def test_the_whole_register_is_accepted_and_the_same_file_again_changes_nothing(command_line: CommandLine) -> None:
    assert command_line.json("import", REGISTER) == {"accepted": 315}
    before = command_line("events", CONSORTIUM).stdout
    assert command_line.json("import", REGISTER) == {"accepted": 315}
    assert command_line("events", CONSORTIUM).stdout == before


def test_the_first_entry_tells_where_the_history_came_from(command_line: CommandLine) -> None:
    command_line("import", REGISTER, "--operator", "op-7")
    first = json.loads(command_line("events", CONSORTIUM, "--to", "1").stdout)
    assert first["name"] == "consortium.history-imported.v1"
    assert first["recorded_at"] == "2019-01-14T15:05:00.000000Z"
    assert first["data"]["lines"] == 315
    assert first["data"]["imported_by"] == first["actor"]["id"] == "op-7"


def test_a_dry_run_stores_nothing(command_line: CommandLine) -> None:
    assert command_line.json("import", REGISTER, "--dry-run") == {"accepted": 315}
    command_line("state", CONSORTIUM, status=3)


def test_another_history_is_refused_where_there_is_one(command_line: CommandLine, tmp_path: Path) -> None:
    command_line("import", REGISTER)
    other = tmp_path / "other.jsonl"
    other.write_bytes(b"".join(LINES[:5]))
    refused = command_line.json("import", other, status=3)["refused"]
    assert (refused["line"], refused["code"]) == (1, "consortium-not-empty")


def test_lines_may_end_in_crlf_and_the_last_one_in_nothing(command_line: CommandLine, tmp_path: Path) -> None:
    register = tmp_path / "register.jsonl"
    register.write_bytes(b"".join(LINES[:20]).replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    assert command_line.json("import", register) == {"accepted": 20}


@pytest.mark.parametrize("text", (SCENARIO / "refusals.jsonl").read_text(encoding="utf-8").splitlines())
def test_a_register_with_a_forbidden_line_is_refused_whole(
    command_line: CommandLine, tmp_path: Path, text: str
) -> None:
    case = json.loads(text)
    after = case["after_seq"]
    line = {key: case[key] for key in ("recorded_at", "effective_on", "actor", "command", "under", "data")}
    register = tmp_path / "register.jsonl"
    register.write_bytes(b"".join(LINES[:after]) + json.dumps({"seq": after + 1, **line}).encode() + b"\n")
    answer = command_line.json("import", register, status=3)
    assert answer["accepted"] == 0
    assert (answer["refused"]["line"], answer["refused"]["code"]) == (after + 1, case["refusal"])
    command_line("state", CONSORTIUM, status=3)


MALFORMED = {
    "a truncated file": (LINES[2][:-40], "/"),
    "an integer beyond 2^53": (LINES[2].replace(b"132050000", b"9007199254740993"), "/data/annual_revenue_gr"),
    "a float": (LINES[2].replace(b"132050000", b"132050000.0"), "/data/annual_revenue_gr"),
    "NaN": (LINES[2].replace(b"132050000", b"NaN"), "/data/annual_revenue_gr"),
    "a key twice": (LINES[2].replace(b'"under"', b'"effective_on": "2019-01-14", "under"'), "/effective_on"),
    "a wrong type": (LINES[2].replace(b"132050000", b'"132050000"'), "/data/annual_revenue_gr"),
    "an unknown command": (LINES[2].replace(b"AdmitFoundingMember", b"AdmitFounder"), "/command"),
    "an unknown field": (changed(3, lambda line: line["data"].update(colour="red")), "/data/colour"),
    "an unknown key": (changed(3, lambda line: line.update(colour="red")), "/colour"),
    "a missing field": (changed(3, lambda line: line["data"].pop("joined_on")), "/data/joined_on"),
    "a lone surrogate": (LINES[2].replace("Wiąz".encode(), b"\\ud800"), "/data/name"),
    "a day that does not exist": (LINES[2].replace(b'_on": "2019-01-14"', b'_on": "2019-02-30"'), "/effective_on"),
    "a blank line": (b"\n", "/"),
    "a line of spaces": (b"   \r\n", "/"),
    "a line over the limit": (changed(3, lambda line: line["data"].update(name="x" * 70_000)), "/"),
    "bytes that are not UTF-8": (b'{"seq": "\xff"}\n', "/"),
    "nesting too deep": (b"[" * 60_000 + b"\n", "/"),
    "a gap in the numbers": (changed(3, lambda line: line.update(seq=4)), "/seq"),
    "a clock that goes backwards": (LINES[2].replace(b"16:07:00", b"16:00:00"), "/recorded_at"),
    "a clock in the future": (LINES[2].replace(b'at": "2019', b'at": "2150'), "/recorded_at"),
    "an instant without offset": (LINES[2].replace(b"+01:00", b""), "/recorded_at"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_bad_input_names_line_and_field_and_stores_nothing(
    command_line: CommandLine, tmp_path: Path, name: str
) -> None:
    line, place = MALFORMED[name]
    register = tmp_path / "register.jsonl"
    register.write_bytes(b"".join(LINES[:2]) + line + (LINES[3] if line.endswith(b"\n") else b""))
    result = command_line("import", register, status=3)
    assert result.stderr.startswith("Wiersz 3: malformed: ")
    assert f" w {place}: " in result.stderr
    command_line("state", CONSORTIUM, status=3)


def test_an_empty_file_is_refused(command_line: CommandLine, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert command_line.json("import", empty, status=3)["refused"]["line"] == 1


def test_a_file_that_does_not_begin_with_the_founding_is_refused(command_line: CommandLine, tmp_path: Path) -> None:
    register = tmp_path / "register.jsonl"
    register.write_bytes(changed(2, lambda line: line.update(seq=1)))
    assert command_line.json("import", register, status=3)["refused"]["code"] == "unknown-consortium"


def test_an_operator_who_is_no_id_is_refused(command_line: CommandLine) -> None:
    assert (
        command_line.json("import", REGISTER, "--operator", "Jan Kowalski", status=3)["refused"]["code"] == "malformed"
    )


def test_a_receipt_proves_that_the_history_is_in_the_published_log(command_line: CommandLine, tmp_path: Path) -> None:
    home, receipt = tmp_path / "home", tmp_path / "history.tlog-proof"
    words = ("import", REGISTER, "--receipt", receipt, "--public-host", "example.com", "--data", home)
    command_line(*words)
    signing = Signing(home / "signer", "example.com")
    proof = ProofFile.parse(receipt.read_bytes())
    entries = command_line("events", CONSORTIUM, "--data", home).stdout.encode().splitlines()
    policy = Policy((Log(signing.signer(CONSORTIUM).verifier),))
    assert proof.verify(entries[-1], policy).checkpoint.size == len(entries) == proof.index + 1
    receipt.unlink()
    assert command_line.json(*words) == {"accepted": 315}
    assert ProofFile.parse(receipt.read_bytes()).index == proof.index


def test_what_is_not_stored_has_no_receipt(command_line: CommandLine, tmp_path: Path) -> None:
    command_line("import", REGISTER, "--dry-run", "--receipt", tmp_path / "none", status=2)
    assert not (tmp_path / "none").exists()
