"""Proofs as they are served, each checked by the pure core against the keys that the log names."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest

from domain.transparency.errors import Invalid
from domain.transparency.keys import VerifierKey
from domain.transparency.proof import verify_growth, verify_inclusion
from domain.transparency.prooffile import ProofFile
from domain.transparency.tree import EMPTY_ROOT, leaf_hash, root_of
from tests.tlog.logs import leaf_hashes, opened, policy_of, stored_bytes
from tests.tlog.site import LOG

if TYPE_CHECKING:
    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

SIZES = (1, 5, 256, 300)

UNANSWERABLE = (
    ("inclusion", 422, "malformed-parameter"),
    ("inclusion?size=5", 422, "malformed-parameter"),
    ("inclusion?index=", 422, "malformed-parameter"),
    ("inclusion?index=abc", 422, "malformed-parameter"),
    ("inclusion?index=-1", 422, "malformed-parameter"),
    ("inclusion?index=01", 422, "malformed-parameter"),
    ("inclusion?index=1.0", 422, "malformed-parameter"),
    ("inclusion?index=%D9%A1", 422, "malformed-parameter"),
    ("inclusion?index=1%00", 422, "malformed-parameter"),
    ("inclusion?index=%FF", 422, "malformed-parameter"),
    ("inclusion?index=1&index=1", 422, "malformed-parameter"),
    ("inclusion?index=1&size=", 422, "malformed-parameter"),
    ("inclusion?index=1&size=0", 422, "malformed-parameter"),
    ("inclusion?index=5&size=5", 422, "malformed-parameter"),
    ("inclusion?index=9223372036854775808", 422, "malformed-parameter"),
    ("inclusion?index=9223372036854775807", 404, "beyond-published"),
    ("inclusion?index=300", 404, "beyond-published"),
    ("inclusion?index=0&size=301", 404, "beyond-published"),
    ("consistency", 422, "malformed-parameter"),
    ("consistency?new=5", 422, "malformed-parameter"),
    ("consistency?old=6&new=5", 422, "malformed-parameter"),
    ("consistency?old=301", 404, "beyond-published"),
    ("consistency?old=301&new=5", 404, "beyond-published"),
    ("consistency?old=1&new=301", 404, "beyond-published"),
    ("consistency?old=1&new=9223372036854775807", 404, "beyond-published"),
    ("0.tlog-proof?size=x", 422, "malformed-parameter"),
    ("0.tlog-proof?size=301", 404, "beyond-published"),
    ("0.tlog-proof?size=9223372036854775807", 404, "beyond-published"),
    ("0.tlog-proof?size=4", 404, "not-found"),
    ("300.tlog-proof", 404, "beyond-published"),
    ("300.tlog-proof?size=5", 404, "beyond-published"),
    ("0.tlog-proof?wait=31", 422, "malformed-parameter"),
    ("0.tlog-proof?wait=-1", 422, "malformed-parameter"),
    ("0.tlog-proof?wait=", 422, "malformed-parameter"),
    ("0.tlog-proof?wait=1&size=5", 422, "parameters-clash"),
    ("x.tlog-proof?wait=1", 404, "not-found"),
    ("310.tlog-proof?wait=30", 404, "not-found"),
)
LANGUAGES = (
    (None, "pl"),
    ("en", "en"),
    ("en-GB,en;q=0.9,pl;q=0.8", "en"),
    ("pl-PL,pl;q=0.9,en;q=0.8", "pl"),
    ("en;q=0.5,pl;q=0.5", "pl"),
    ("de,en;q=0.3", "en"),
    ("de", "pl"),
    ("*", "pl"),
    ("*;q=0.5,pl;q=0.1", "en"),
    ("en;q=0", "pl"),
    ("en;q=7,;;,\x7f", "pl"),
)


@pytest.fixture
def served(site: Site, made: MadeLog) -> Site:
    made.grow_to(*SIZES)
    made.append(10)
    made.integrate()
    return site


def hashes(document: dict[str, Any]) -> list[bytes]:
    return [b64decode(one, validate=True) for one in document["hashes"]]


def test_a_proof_file_convinces_whoever_has_the_key_of_the_log(served: Site) -> None:
    policy = policy_of(served)
    for index in (0, 1, 4, 5, 255, 256, 299):
        answer = served.ask(f"{LOG}/proof/{index}.tlog-proof")
        assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
            "text/plain; charset=utf-8",
            "no-cache",
        )
        proof = ProofFile.parse(answer.body)
        assert proof.index == index
        assert proof.verify(stored_bytes(index), policy).checkpoint.size == 300
        with pytest.raises(Invalid):
            proof.verify(stored_bytes(index + 1), policy)


def test_a_proof_file_may_be_had_under_any_older_checkpoint_that_covers_the_entry(served: Site) -> None:
    policy = policy_of(served)
    for size in SIZES:
        proof = ProofFile.parse(served.fetched(f"proof/0.tlog-proof?size={size}"))
        assert proof.verify(stored_bytes(0), policy).checkpoint.size == size
    for query in ("0.tlog-proof?size=4", "0.tlog-proof?size=310", "5.tlog-proof?size=5", "0.tlog-proof?size=0"):
        assert served.ask(f"{LOG}/proof/{query}").status == 404


def test_inclusion_is_proved_as_json_for_every_size_that_was_passed(served: Site) -> None:
    for index, size in ((0, 1), (0, 2), (3, 4), (4, 5), (4, 300), (255, 256), (256, 257), (299, 300)):
        document = served.ask(f"{LOG}/proof/inclusion?index={index}&size={size}").json()
        head = document["tree_head"]
        assert (document["index"], head["size"]) == (index, size)
        root = b64decode(head["root_hash"])
        assert root == root_of(leaf_hashes(size))
        assert b64decode(document["leaf_hash"]) == leaf_hash(stored_bytes(index))
        verify_inclusion(index, size, leaf_hash(stored_bytes(index)), hashes(document), root)
        assert (head["checkpoint"] is not None) == (size in SIZES)


def test_consistency_is_proved_as_json_between_any_two_sizes(served: Site) -> None:
    keys = [VerifierKey.parse(vkey) for vkey in served.fetched("vkeys").decode().splitlines()]
    for old in (0, 1, 2, 5, 7, 255, 256, 257, 299, 300):
        for new in (old, 256, 300):
            if old > new:
                continue
            document = served.ask(f"{LOG}/proof/consistency?old={old}&new={new}").json()
            heads = [document["old_tree_head"], document["tree_head"]]
            roots = [b64decode(head["root_hash"]) for head in heads]
            assert roots == [root_of(leaf_hashes(size)) if size else EMPTY_ROOT for size in (old, new)]
            verify_growth(old, new, roots[0], roots[1], hashes(document))
            for head in heads:
                if head["checkpoint"] is not None and head["size"]:
                    checkpoint = opened(head["checkpoint"].encode(), keys)
                    assert (checkpoint.size, checkpoint.root) == (head["size"], b64decode(head["root_hash"]))


def test_without_a_size_the_published_one_is_meant(served: Site) -> None:
    for query in ("inclusion?index=7", "consistency?old=7"):
        answer = served.ask(f"{LOG}/proof/{query}")
        assert answer.headers["content-type"] == "application/json"
        head = answer.json()["tree_head"]
        assert head["size"] == 300
        assert head["checkpoint"].encode() == served.fetched("checkpoint")


def test_a_question_that_cannot_be_answered_is_a_problem(served: Site) -> None:
    for query, status, code in UNANSWERABLE:
        answer = served.ask(f"{LOG}/proof/{query}")
        document = answer.json()
        assert (answer.status, document["status"], document["code"]) == (status, status, code), query
        assert document["type"] == f"/problems/{code}"
        assert document.get("published", 300) == 300
        assert ("published" in document) == (code == "beyond-published")
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_problem_is_told_in_the_language_that_is_asked_for(served: Site) -> None:
    begins = {"pl": "Dziennik opublikował 300 wpisów", "en": "The log has published 300 entries"}
    for asked, language in LANGUAGES:
        headers = {} if asked is None else {"Accept_Language": asked}
        answer = served.ask(f"{LOG}/proof/inclusion?index=300", **headers)
        assert (answer.headers["content-language"], answer.headers["vary"]) == (language, "Accept-Language"), asked
        assert answer.json()["detail"].startswith(begins[language])
        assert answer.json()["published"] == 300


def test_an_entry_is_found_by_its_event_and_is_the_stored_bytes(served: Site) -> None:
    for index in (0, 7, 299):
        answer = served.ask(f"{LOG}/by-event/event-{index}")
        found = answer.json()
        assert found == {
            "event_id": f"event-{index}",
            "index": index,
            "entry": f"{LOG}/entry/{index}",
            "proof": f"{LOG}/proof/{index}.tlog-proof",
        }
        entry = served.ask(found["entry"])
        assert (entry.body, entry.headers["content-type"]) == (stored_bytes(index), "application/json")
        assert served.ask(found["proof"]).status == 200


def test_a_place_that_was_altered_leads_nowhere(served: Site, made: MadeLog) -> None:
    made.connection.execute("ALTER TABLE transparency.event_places DISABLE TRIGGER ALL")
    made.connection.execute("UPDATE transparency.event_places SET entry_index = 8 WHERE event_id = 'event-7'")
    assert served.ask(f"{LOG}/by-event/event-7").status == 404
