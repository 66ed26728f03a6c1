"""The key of a log that is really served is changed, and an auditor with the old key follows."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from projections.transparency.signing import Signing
from tests.audit.logs import CONSORTIUM, REGISTER
from tests.command_line.test_processes import run, serving

if TYPE_CHECKING:
    from pathlib import Path


def checkpoint_of(size: int, log: str) -> bytes:
    """Ask until the checkpoint of this size is out."""
    for _ in range(6000):
        try:
            with urllib.request.urlopen(f"{log}/checkpoint/{size}", timeout=30) as answer:  # noqa: S310 - our own address on loopback
                body: bytes = answer.read()
        except urllib.error.HTTPError:
            continue
        return body
    pytest.fail("the checkpoint was not published")


def test_an_auditor_with_the_old_key_follows_a_log_that_is_really_served(tmp_path: Path) -> None:
    data, kept, mirror = tmp_path / "data", tmp_path / "kept", tmp_path / "mirror"
    run("import", str(REGISTER), "--data", str(data))
    with serving(data, "serve") as url:
        log = f"{url}/tlog/{CONSORTIUM}"
        kept.write_bytes(checkpoint_of(358, log))
        run("mirror", log, str(mirror))
    old = Signing(data / "signer", "localhost").signer(CONSORTIUM, 1).verifier.write()
    run("key", "rotate", "--data", str(data), "--both-for", "0")
    with serving(data, "serve") as url:
        log = f"{url}/tlog/{CONSORTIUM}"
        checkpoint_of(359, log)
        answer = json.loads(run("verify", log, "--vkey", old, "--old", str(kept), "--json"))
        assert (answer["size"], answer["key_changes"], answer["old_sizes"]) == (359, 1, [358])
        run("mirror", log, str(mirror))
        run("verify", f"{url}/log-of-logs")
    assert json.loads(run("verify", str(mirror), "--vkey", old, "--json"))["size"] == 359
