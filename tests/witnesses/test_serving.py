"""`serve --policy`: checkpoints as they are served, cosigned, and verified from outside by the same policy."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from domain.transparency.keys import SignatureType, SignerKey
from domain.transparency.policy import Group, Log, Policy, Witness
from projections.transparency.signing import LOG_OF_LOGS, Signing
from tests.audit.logs import CONSORTIUM, REGISTER
from tests.command_line.test_processes import run, serving
from tests.witnesses.server import WitnessState, witness_at_work

if TYPE_CHECKING:
    from pathlib import Path

KEYS = [SignerKey(f"w{number}.example", SignatureType.COSIGNATURE, bytes([number] * 32)) for number in (1, 2, 3)]


def wait_for_line(address: str, line: bytes) -> None:
    """Ask until it is there; before the first checkpoint there is nothing at all."""
    for _ in range(6000):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address on loopback
                if line in answer.read():
                    return
        except urllib.error.HTTPError:
            continue
    pytest.fail(f"nothing at {address} has the line")


def test_the_checkpoints_of_every_log_are_cosigned_while_they_are_served(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("import", str(REGISTER), "--data", str(data))
    signing = Signing(data / "signer", "localhost")
    signing.create_seed()
    logs = [signing.signer(log_id).verifier for log_id in (CONSORTIUM, LOG_OF_LOGS)]
    state = WitnessState(KEYS[0], {key.name: [key] for key in logs})
    file = tmp_path / "policy"
    with witness_at_work(state) as address:
        dead = Witness("dead", KEYS[2].verifier, "http://127.0.0.1:1")
        witnesses = (Witness("city", KEYS[0].verifier, address), Witness("member", KEYS[1].verifier), dead)
        policy = Policy(tuple(map(Log, logs)), witnesses, (Group("any-of-them", 1, ("city", "member")),), "any-of-them")
        file.write_bytes(policy.write())
        with serving(data, "serve", "--policy", str(file)) as url:
            for log in (f"{url}/tlog/{CONSORTIUM}", f"{url}/log-of-logs"):
                wait_for_line(f"{log}/checkpoint", "\n— w1.example ".encode())
                answer = json.loads(run("verify", log, "--policy", str(file), "--json"))
                assert list(answer["cosigned"]) == ["city"]
            with urllib.request.urlopen(f"{url}/health", timeout=30) as answered:  # noqa: S310 - our own address on loopback
                health = json.load(answered)
    assert (answered.status, health["status"], health["witnesses"]["city"]) == (200, "ok", None)
    assert list(health["witnesses"]) == ["city", "dead"]
    assert set(health["witnesses"]["dead"]) == {"pl", "en"}
    assert json.loads(run("fsck", "--json", "--data", str(data)))["holds"]
