"""The log of logs is served by the same paths; its entries are the signed checkpoints of the other logs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from domain.transparency.bundle import Bundle
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.keys import VerifierKey
from domain.transparency.policy import Log, Policy
from domain.transparency.prooffile import ProofFile
from projections.transparency.log_of_logs import log_checkpoints
from projections.transparency.publisher import Publisher
from projections.transparency.signing import LOG_OF_LOGS

if TYPE_CHECKING:
    from domain.ledger.ledger import Ledger
    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def logged(made: MadeLog, ledger: Ledger, hours: int) -> None:
    log_checkpoints(made.connection, NOON + timedelta(hours=hours))
    Publisher(ledger, made.connection, made.signing).publish(LOG_OF_LOGS)


def test_the_log_of_logs_has_the_same_paths_and_holds_the_checkpoints_of_the_others(
    made: MadeLog, ledger: Ledger, site: Site
) -> None:
    for hours, size in ((0, 2), (2, 5), (4, 300)):
        made.grow_to(size)
        logged(made, ledger, hours)
    (vkey,) = site.ask("/log-of-logs/vkeys").body.decode().splitlines()
    key = VerifierKey.parse(vkey)
    checkpoint = open_checkpoint(site.ask("/log-of-logs/checkpoint").body, "example.com/log-of-logs", [key]).checkpoint
    assert checkpoint.size == 3
    notes = Bundle(0, 3).split(site.ask("/log-of-logs/tile/entries/000.p/3").body)
    assert notes == [site.fetched(f"checkpoint/{size}") for size in (2, 5, 300)]
    for index, note in enumerate(notes):
        entry = site.ask(f"/log-of-logs/entry/{index}")
        assert (entry.body, entry.headers["content-type"]) == (note, "text/plain; charset=utf-8")
        proof = ProofFile.parse(site.ask(f"/log-of-logs/proof/{index}.tlog-proof?wait=30").body)
        assert proof.verify(note, Policy((Log(key),))).checkpoint == checkpoint
    for path in ("tile/0/000.p/4", "tile/entries/000.p/4", "entry/3", "by-event/event-0", "proof/3.tlog-proof?wait=30"):
        assert site.ask(f"/log-of-logs/{path}").status == 404


def test_a_log_of_logs_that_is_empty_is_served_as_such(made: MadeLog, ledger: Ledger, site: Site) -> None:
    Publisher(ledger, made.connection, made.signing).publish(LOG_OF_LOGS)
    for path in ("checkpoint", "checkpoint/0"):
        assert site.ask(f"/log-of-logs/{path}").body.split(b"\n")[1] == b"0"
    assert site.ask("/log-of-logs/checkpoints").body == b"0\n"
    assert site.ask("/log-of-logs/vkeys").status == 200
    assert site.ask("/log-of-logs/tile/0/000").status == 404
    consistency = site.ask("/log-of-logs/proof/consistency?old=0").json()
    assert (consistency["hashes"], consistency["tree_head"]["size"]) == ([], 0)
    beyond = site.ask("/log-of-logs/proof/inclusion?index=0")
    assert (beyond.status, beyond.json()["code"]) == (404, "beyond-published")
