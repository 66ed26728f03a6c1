"""Receipts: whoever gave a command waits until a published checkpoint covers it, and holds proof."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from api import receipts as module
from api.keeper import Keeper
from api.receipts import ReceiptLate
from domain.ledger.writer import Writer
from domain.transparency.errors import Invalid
from domain.transparency.policy import Log, Policy
from domain.transparency.prooffile import ProofFile
from projections.transparency.published import CHANNEL
from tests.ledger.scenario import application, clock, give, submissions
from tests.ledger.sessions import end_others, wait_until_somebody_waits
from tests.tlog.logs import policy_of, stored_bytes
from tests.tlog.site import CONSORTIUM, LOG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.receipts import Receipts
    from domain.ledger.ledger import Ledger
    from domain.ledger.submission import Receipt
    from projections.transparency.signing import Signing
    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

LISTENING = f"query = 'LISTEN \"{CHANNEL}\"'"
PATIENCE_SECONDS = 60


@pytest.fixture
def founded(ledger: Ledger, database: str, signing: Signing) -> Iterator[Writer]:
    """A writer of a consortium that is founded, and somebody who publishes."""
    with Keeper(ledger, database, signing), Writer(ledger, clock) as writer:
        give(writer, submissions()[:1])
        yield writer


def given(writer: Writer) -> Receipt:
    (receipt,) = writer.submit(application()).result()
    return receipt


def entry(ledger: Ledger, version: int) -> bytes:
    ((_, state),) = ledger.stored(CONSORTIUM, version, version)
    return state


def policy(signing: Signing) -> Policy:
    return Policy((Log(signing.signer(CONSORTIUM).verifier),))


def test_a_command_is_given_and_its_receipt_proves_that_its_entry_is_in_the_log(
    founded: Writer, ledger: Ledger, receipts: Receipts, signing: Signing
) -> None:
    for _ in range(5):
        version = given(founded).last_version
        proof = ProofFile.parse(receipts.receipt(CONSORTIUM, version, PATIENCE_SECONDS))
        assert proof.index == version - 1
        assert proof.verify(entry(ledger, version), policy(signing)).checkpoint.size >= version
        with pytest.raises(Invalid):
            proof.verify(entry(ledger, version - 1), policy(signing))


def test_many_wait_at_once_without_a_thread_each(
    founded: Writer, ledger: Ledger, receipts: Receipts, signing: Signing
) -> None:
    async def all_of_them() -> list[bytes]:
        answers = [founded.submit(application()) for _ in range(200)]
        versions = [(await asyncio.wrap_future(answer))[0].last_version for answer in answers]
        return await asyncio.gather(*(receipts.awaited(CONSORTIUM, version, PATIENCE_SECONDS) for version in versions))

    proofs = [ProofFile.parse(proof) for proof in asyncio.run(all_of_them())]
    assert len({proof.index for proof in proofs}) == 200
    for proof in proofs[::20]:
        proof.verify(entry(ledger, proof.index + 1), policy(signing))


def test_over_http_the_proof_of_an_entry_that_is_just_stored_is_waited_for(
    founded: Writer, ledger: Ledger, site: Site
) -> None:
    version = given(founded).last_version
    answer = site.ask(f"{LOG}/proof/{version - 1}.tlog-proof?wait=30")
    assert answer.status == 200, answer.body
    ProofFile.parse(answer.body).verify(entry(ledger, version), policy_of(site))


def test_who_waits_is_woken_by_the_checkpoint_that_covers_the_entry_and_by_no_smaller_one(
    made: MadeLog, receipts: Receipts, database: str
) -> None:
    made.grow_to(1)
    wait_until_somebody_waits(database, LISTENING)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(receipts.receipt, CONSORTIUM, 3, PATIENCE_SECONDS)
        made.append(1)
        made.integrate()
        made.publish()
        with pytest.raises(TimeoutError):
            waiting.result(0)
        made.append(1)
        made.integrate()
        made.publish()
        proof = ProofFile.parse(waiting.result())
    assert proof.index == 2
    proof.verify(stored_bytes(2), policy(made.signing))


def test_a_receipt_that_is_not_there_in_time_is_told_as_late(made: MadeLog, receipts: Receipts, site: Site) -> None:
    made.grow_to(1)
    made.append(1)
    made.integrate()
    with pytest.raises(ReceiptLate):
        receipts.receipt(CONSORTIUM, 2, 0)
    with pytest.raises(ReceiptLate):
        asyncio.run(receipts.awaited(CONSORTIUM, 2, 0))
    for path in ("proof/1.tlog-proof?wait=0", "proof/1.tlog-proof?wait=1"):
        answer = site.ask(f"{LOG}/{path}")
        assert (answer.status, answer.json()["code"], answer.headers["retry-after"]) == (503, "receipt-late", "2")
    assert site.ask(f"{LOG}/proof/0.tlog-proof?wait=30").status == 200
    assert site.ask(f"{LOG}/proof/1.tlog-proof").status == 404


def test_a_receipt_that_is_there_already_takes_no_time_at_all(made: MadeLog, receipts: Receipts, site: Site) -> None:
    made.grow_to(2)
    proof = receipts.receipt(CONSORTIUM, 1, 0)
    assert asyncio.run(receipts.awaited(CONSORTIUM, 1, 0)) == proof
    answer = site.ask(f"{LOG}/proof/0.tlog-proof?wait=0")
    assert (answer.status, answer.body) == (200, proof)
    assert ProofFile.parse(proof).verify(stored_bytes(0), policy(made.signing)).checkpoint.size == 2


def test_nobody_waits_for_an_entry_that_is_not_stored(made: MadeLog, site: Site) -> None:
    made.grow_to(3)
    assert site.ask(f"{LOG}/proof/3.tlog-proof?wait=30").status == 404
    assert site.ask("/tlog/nobody-here/proof/0.tlog-proof?wait=30").status == 404


def test_who_waited_while_nobody_listened_is_told_when_somebody_does(
    made: MadeLog, receipts: Receipts, database: str
) -> None:
    made.grow_to(1)
    wait_until_somebody_waits(database, LISTENING)
    made.append(1)
    made.integrate()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(receipts.receipt, CONSORTIUM, 2, PATIENCE_SECONDS)
        end_others(database, LISTENING)
        made.publish()
        assert ProofFile.parse(waiting.result()).index == 1


def test_the_first_entry_of_a_log_is_waited_for_before_anything_was_published(
    made: MadeLog, site: Site, database: str
) -> None:
    made.append(1)
    wait_until_somebody_waits(database, LISTENING)
    with ThreadPoolExecutor(1) as pool:
        other = site.another()
        waiting = pool.submit(other.ask, f"{LOG}/proof/0.tlog-proof?wait=30")
        made.integrate()
        made.publish()
        assert waiting.result().status == 200
        other.close()


def test_no_more_wait_than_the_program_can_hold(
    made: MadeLog, receipts: Receipts, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.grow_to(1)
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    with pytest.raises(ReceiptLate):
        receipts.receipt(CONSORTIUM, 1, PATIENCE_SECONDS)


def test_many_who_wait_do_not_keep_others_from_being_answered(made: MadeLog, site: Site, database: str) -> None:
    made.grow_to(1)
    made.append(1)
    made.integrate()
    others = [site.another() for _ in range(60)]
    with ThreadPoolExecutor(len(others)) as pool:
        answers = [pool.submit(other.ask, f"{LOG}/proof/1.tlog-proof?wait=30") for other in others]
        assert site.ask(f"{LOG}/checkpoint").status == 200
        with psycopg.connect(database, autocommit=True) as connection:
            found = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            row = found.fetchone()
            assert row is not None
            assert row[0] < 20
        made.publish()
        assert {answer.result().status for answer in answers} == {200}
    for other in others:
        other.close()
