"""Checkpoints cosigned by real witnesses on loopback: k of n, one dead, one slow, one ahead, one that was forked."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import TYPE_CHECKING

import psycopg
import pytest

from api.web import WebConnection
from api.witnessing import Witnessing
from domain.ledger.ledger import Ledger
from domain.transparency.checkpoint import Checkpoint
from domain.transparency.errors import QuorumMissed
from domain.transparency.keys import SignatureType, SignerKey
from domain.transparency.policy import Group, Log, Policy, Witness
from projections.runner import Runner
from projections.schema import READ_MODELS
from projections.transparency.cosignatures import due
from projections.transparency.cosigned import remembered_of
from projections.transparency.published import PublishedLog
from projections.transparency.publisher import Publisher
from projections.transparency.signing import Signing
from projections.transparency.tiles import Tiles
from tests.audit.logs import CONSORTIUM, scenario
from tests.witnesses.server import WitnessState, witness_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRIES = scenario()
KEYS = [SignerKey(f"w{number}.example", SignatureType.COSIGNATURE, bytes([number] * 32)) for number in range(1, 4)]
DEAD_ADDRESS = "http://127.0.0.1:1"
"""Nothing listens there, and no test may: unlike a port that was just given back, which another test may take."""


class Deployment:
    """A ledger that grows by steps, and the log of it."""

    def __init__(self, conninfo: str, folder: Path) -> None:
        READ_MODELS.migrate(conninfo)
        self.conninfo = conninfo
        self.signing = Signing(folder, "example.com")
        self.signing.create_seed()
        self.key = self.signing.signer(CONSORTIUM).verifier
        self.sizes: dict[str, int] = {}

    def grow(self, size: int, log_id: str = CONSORTIUM) -> None:
        """Store entries up to a size and publish a checkpoint over them."""
        with Ledger.connect(self.conninfo) as ledger, self.connected() as connection:
            connection.cursor().executemany(
                "INSERT INTO public.ledger_events (originator_id, originator_version, topic, state)"
                " VALUES (%s, %s, %s, %s)",
                [(log_id, index + 1, "topic", ENTRIES[index]) for index in range(self.sizes.get(log_id, 0), size)],
            )
            Runner(ledger, connection, [Tiles()]).catch_up()
            Publisher(ledger, connection, self.signing).publish(log_id)
        self.sizes[log_id] = size

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            yield connection

    def checkpoint(self) -> bytes:
        with self.connected() as connection:
            note = PublishedLog(connection, CONSORTIUM).checkpoint(self.sizes[CONSORTIUM])
        assert note is not None
        return note

    def wait_until_cosigned(self, *keys: SignerKey) -> None:
        """Ask until these witnesses' cosignatures of the consortium's log are stored."""
        deadline = time.monotonic() + 120
        with self.connected() as connection:
            while any(one.log_id == CONSORTIUM for key in keys for one in due(connection, key.verifier)):
                assert time.monotonic() < deadline, "the checkpoint was not cosigned"


@pytest.fixture
def deployment(database: str, tmp_path: Path) -> Deployment:
    return Deployment(database, tmp_path / "signer")


@contextmanager
def witnesses(deployment: Deployment, count: int) -> Iterator[list[tuple[WitnessState, str]]]:
    with ExitStack() as stack:
        states = [WitnessState(key, {deployment.key.name: [deployment.key]}) for key in KEYS[:count]]
        yield [(state, stack.enter_context(witness_at_work(state))) for state in states]


def policy_of(deployment: Deployment, threshold: int, urls: list[str]) -> Policy:
    members = tuple(Witness(key.name, key.verifier, url) for key, url in zip(KEYS, urls, strict=True))
    group = Group("enough", threshold, tuple(member.name for member in members))
    return Policy((Log(deployment.key),), members, (group,), "enough")


def wait_until_at_fault(witnessing: Witnessing, *names: str) -> None:
    """Wait until something is said against just these: a witness that cosigned may have been asked before another."""
    deadline = time.monotonic() + 60
    while sorted(witnessing.faults) != sorted(names):
        assert time.monotonic() < deadline, witnessing.faults
        Event().wait(0.01)


def test_two_of_three_cosign_while_one_is_dead(deployment: Deployment) -> None:
    deployment.grow(100)
    with witnesses(deployment, 2) as (one, two):
        policy = policy_of(deployment, 2, [one[1], two[1], DEAD_ADDRESS])
        with pytest.raises(QuorumMissed):
            policy.open(deployment.checkpoint())
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder) as witnessing:
            deployment.wait_until_cosigned(*KEYS[:2])
            for size in (101, 256, 257, 300):
                deployment.grow(size)
                deployment.wait_until_cosigned(*KEYS[:2])
                assert len(policy.open(deployment.checkpoint()).signed) == 3
            wait_until_at_fault(witnessing, "w3.example")
    # Two witnesses at once, five checkpoints: none is lost, none has the number of another, and all are remembered.
    with deployment.connected() as connection:
        numbers = connection.execute("SELECT number FROM transparency.cosignatures ORDER BY number").fetchall()
    assert [number for (number,) in numbers] == list(range(1, 11))
    assert remembered_of(deployment.signing.folder, CONSORTIUM).count == 10
    assert [state.heads[deployment.key.name].size for state, _ in (one, two)] == [300, 300]
    assert set(one[0].answered) == {200}
    assert b"stranger" not in deployment.checkpoint()


def test_a_witness_that_never_answers_holds_up_nobody(deployment: Deployment) -> None:
    with witnesses(deployment, 2) as (slow, quick):
        slow[0].open.clear()
        policy = policy_of(deployment, 1, [slow[1], quick[1], DEAD_ADDRESS])
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder):
            for size in (10, 20, 30):
                deployment.grow(size)
                deployment.wait_until_cosigned(KEYS[1])
                policy.open(deployment.checkpoint())
            assert slow[0].answered == []
            slow[0].open.set()
            # It was asked about an earlier checkpoint, and is asked about the last one now.
            deployment.wait_until_cosigned(KEYS[0])
    assert slow[0].heads[deployment.key.name].size == 30


def test_a_witness_that_has_seen_more_than_we_know_is_asked_from_there(deployment: Deployment) -> None:
    deployment.grow(50)
    with witnesses(deployment, 1) as (one,):
        policy = policy_of(deployment, 1, [one[1], DEAD_ADDRESS, DEAD_ADDRESS])
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder):
            deployment.wait_until_cosigned(KEYS[0])
        with deployment.connected() as connection:
            connection.execute("ALTER TABLE transparency.cosignatures DISABLE TRIGGER cosignatures_never_change")
            connection.execute("DELETE FROM transparency.cosignatures")
        deployment.grow(80)
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder):
            deployment.wait_until_cosigned(KEYS[0])
    assert one[0].answered == [200, 409, 200]


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (Checkpoint("example.com/tlog/hajnowka-odnowa", 50, bytes(32)), "forked"),
        (Checkpoint("example.com/tlog/hajnowka-odnowa", 60, bytes(32)), "60 entries, and 50 are published here"),
        (Checkpoint("example.com/tlog/hajnowka-odnowa", 40, bytes(32)), "HTTP 422"),
    ],
    ids=["another tree", "a larger tree", "another beginning"],
)
def test_a_witness_of_another_history_does_not_cosign_and_is_heard(
    deployment: Deployment, seen: Checkpoint, told: str
) -> None:
    deployment.grow(50)
    with witnesses(deployment, 1) as (one,):
        one[0].heads[seen.origin] = seen
        policy = policy_of(deployment, 1, [one[1], DEAD_ADDRESS, DEAD_ADDRESS])
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder) as witnessing:
            one[0].wait_for_answers(1 if seen.size == 60 else 2)
        assert told in witnessing.faults["w1.example"].en
    with pytest.raises(QuorumMissed):
        policy.open(deployment.checkpoint())


@pytest.mark.parametrize(("unknown", "status"), [(True, 404), (False, 403)])
def test_a_witness_that_does_not_know_the_log_or_its_key_is_asked_again_later(
    deployment: Deployment, *, unknown: bool, status: int
) -> None:
    deployment.grow(50)
    with witnesses(deployment, 1) as (one,):
        one[0].logs = {} if unknown else {deployment.key.name: [KEYS[0].verifier]}
        policy = policy_of(deployment, 1, [one[1], DEAD_ADDRESS, DEAD_ADDRESS])
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder, retry_seconds=0) as witnessing:
            assert set(one[0].wait_for_answers(2)) == {status}
            assert f"HTTP {status}" in witnessing.faults["w1.example"].pl
            one[0].logs = {deployment.key.name: [deployment.key]}
            deployment.wait_until_cosigned(KEYS[0])


HUGE_SECONDS = 1e6


def test_a_log_that_a_witness_refuses_holds_up_no_other(deployment: Deployment) -> None:
    with witnesses(deployment, 1) as (one,):
        policy = policy_of(deployment, 1, [one[1], DEAD_ADDRESS, DEAD_ADDRESS])
        deployment.grow(10, "another")
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder, HUGE_SECONDS) as witnessing:
            assert one[0].wait_for_answers(1) == [404]
            deployment.grow(20, "another")
            deployment.grow(20)
            deployment.wait_until_cosigned(KEYS[0])
            deployment.grow(30)
            deployment.wait_until_cosigned(KEYS[0])
            # What was refused is told still, although another log was cosigned since, and was not asked for again.
            assert witnessing.faults["w1.example"].en == "another: HTTP 404"
    assert one[0].answered == [404, 200, 200]


def test_a_witness_that_does_not_answer_is_left_alone_with_every_log(deployment: Deployment) -> None:
    deployment.grow(10)
    with witnesses(deployment, 1) as (alive,):
        policy = policy_of(deployment, 1, [DEAD_ADDRESS, alive[1], DEAD_ADDRESS])
        alive[0].key = KEYS[1]
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder, HUGE_SECONDS) as witnessing:
            deployment.wait_until_cosigned(KEYS[1])
            wait_until_at_fault(witnessing, "w1.example", "w3.example")
            assert witnessing.faults["w1.example"].pl.startswith("nie odpowiada: ")
            assert CONSORTIUM not in witnessing.faults["w1.example"].en


def test_the_first_refusals_of_a_witness_are_told_and_how_many_more(deployment: Deployment) -> None:
    for number in range(5):
        deployment.grow(1, f"log-{number}")
    with witnesses(deployment, 1) as (one,):
        one[0].logs = {}
        policy = policy_of(deployment, 1, [one[1], DEAD_ADDRESS, DEAD_ADDRESS])
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder, HUGE_SECONDS) as witnessing:
            one[0].wait_for_answers(5)
    told = witnessing.faults["w1.example"]
    assert told.pl == told.en == "log-0: HTTP 404; log-1: HTTP 404; log-2: HTTP 404; +2"


def test_a_memory_that_cannot_be_read_is_heard_and_the_cosignature_is_kept(deployment: Deployment) -> None:
    deployment.grow(50)
    (deployment.signing.folder / f"{CONSORTIUM}.cosigned").write_text("{")
    with witnesses(deployment, 1) as (one,):
        policy = policy_of(deployment, 1, [one[1], DEAD_ADDRESS, DEAD_ADDRESS])
        with Witnessing(deployment.conninfo, policy, deployment.signing.folder) as witnessing:
            deployment.wait_until_cosigned(KEYS[0])
        assert witnessing.faults["w1.example"].pl == (
            f"{CONSORTIUM}: {CONSORTIUM}.cosigned: nie ma w nim tego, co zapisuje ten program"
        )


def test_cosignatures_never_change(deployment: Deployment) -> None:
    with deployment.connected() as connection:
        for statement in (
            "DELETE FROM transparency.cosignatures",
            "UPDATE transparency.cosignatures SET line = ''",
            "TRUNCATE transparency.cosignatures",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"old 00\n\nexample.com/tlog/hajnowka-odnowa\n0\n", 400),
        (b"old 3\n\n", 400),
    ],
)
def test_the_witness_of_these_tests_refuses_what_is_no_request(
    deployment: Deployment, body: bytes, status: int
) -> None:
    with witnesses(deployment, 1) as (one,):
        web = WebConnection(one[1])
        assert web.post("add-checkpoint", body, "text/plain").status == status
        web.close()
