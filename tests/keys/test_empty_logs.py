"""Every log begins with the signed checkpoint of no entries, also one that was published before there were such."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from domain.transparency.checkpoint import Checkpoint, sign_checkpoint
from domain.transparency.tree import EMPTY_ROOT
from projections.transparency.memory import BrokenMemoryError, Signed, SignerMemory
from projections.transparency.publisher import Alarm
from projections.transparency.signing import LOG_OF_LOGS
from tests.keys.deployment import FIRST, SECOND, Deployment

if TYPE_CHECKING:
    from pathlib import Path


def test_the_empty_tree_is_signed_first(deployment: Deployment) -> None:
    key = deployment.signing.signer(FIRST).verifier.write()
    assert [deployment.sizes(log_id) for log_id in (FIRST, SECOND, LOG_OF_LOGS)] == [[0, 1], [0, 1], [0]]
    empty = deployment.opened(FIRST, 0, key).checkpoint
    assert (empty.origin, empty.size, empty.root) == (f"example.com/tlog/{FIRST}", 0, EMPTY_ROOT)
    assert deployment.publisher.unpublished() == []


def as_before(deployment: Deployment) -> None:
    """Leave behind what the program left that signed no empty tree and remembered no keys."""
    folder = deployment.signing.folder
    deployment.publish()
    stored = deployment.connection.execute("SELECT size FROM transparency.trees WHERE consortium_id = %s", [FIRST])
    assert stored.fetchone() == (1,)
    deployment.publish(FIRST)
    connection = deployment.connection
    connection.execute("ALTER TABLE transparency.checkpoints DISABLE TRIGGER checkpoints_never_change")
    connection.execute("ALTER TABLE transparency.log_keys DISABLE TRIGGER ALL")
    connection.execute("DELETE FROM transparency.checkpoints WHERE size = 0")
    connection.execute("DELETE FROM transparency.log_keys")
    connection.execute("ALTER TABLE transparency.checkpoints ENABLE ALWAYS TRIGGER checkpoints_never_change")
    memory = json.loads((folder / f"{FIRST}.json").read_text())
    kept = {name: memory[name] for name in ("origin", "root", "size")}
    (folder / f"{FIRST}.json").write_text(json.dumps(kept))


def test_a_log_from_before_gets_its_empty_checkpoint_and_the_memory_only_extends(empty: Deployment) -> None:
    empty.found(FIRST)
    as_before(empty)
    before = SignerMemory(empty.signing.folder, FIRST).read()
    assert empty.publisher.unpublished() == [FIRST]
    empty.publish(FIRST)
    after = SignerMemory(empty.signing.folder, FIRST).read()
    assert before is not None
    assert after is not None
    assert sorted(empty.sizes(FIRST)) == [0, 1]
    assert (after.size, after.root) == (before.size, before.root)
    key = empty.signing.signer(FIRST).verifier.write()
    assert [one.vkey for one in after.keys] == [key] == empty.vkeys(FIRST)
    empty.rotate()
    assert empty.last_signed_by(FIRST) == [1, 2]


def test_a_log_from_before_that_another_seed_signed_is_not_signed(empty: Deployment) -> None:
    empty.found(FIRST)
    as_before(empty)
    empty.signing.file(1).unlink()
    empty.signing.create_generation(1)
    with pytest.raises(Alarm, match="signed by a key whose seed is not here"):
        empty.publish(FIRST)
    assert empty.sizes(FIRST) == [1]


def test_nothing_is_signed_of_a_log_in_alarm_not_even_the_empty_tree(empty: Deployment) -> None:
    empty.found(FIRST)
    as_before(empty)
    memory = SignerMemory(empty.signing.folder, FIRST)
    memory.write(Signed(empty.signing.origin(FIRST), 5, bytes(32)))
    with pytest.raises(Alarm, match="an older backup was restored"):
        empty.publish(FIRST)
    assert empty.sizes(FIRST) == [1]


def test_the_memory_is_never_taken_back(tmp_path: Path) -> None:
    memory = SignerMemory(tmp_path, "any")
    memory.write(Signed("example.com/tlog/any", 5, bytes(32)))
    for smaller in (Signed("example.com/tlog/any", 4, bytes(32)), Signed("example.org/tlog/any", 6, bytes(32))):
        with pytest.raises(BrokenMemoryError, match="never taken back"):
            memory.write(smaller)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"origin": "o", "size": "x", "root": ""}'])
def test_a_memory_that_cannot_be_read_is_an_alarm(deployment: Deployment, text: str) -> None:
    (deployment.signing.folder / f"{FIRST}.json").write_text(text)
    with pytest.raises(Alarm, match="the signer's memory is broken"):
        deployment.publish(FIRST)


def test_a_seed_that_others_may_read_is_an_alarm(deployment: Deployment) -> None:
    deployment.signing.file(1).chmod(0o444)
    with pytest.raises(Alarm, match="others may read it"):
        deployment.publish(FIRST)


def test_a_head_that_was_remembered_is_signed_again_by_the_same_keys_after_their_time(deployment: Deployment) -> None:
    deployment.rotate()
    before = deployment.note(FIRST, 2)
    connection = deployment.connection
    connection.execute("ALTER TABLE transparency.checkpoints DISABLE TRIGGER checkpoints_never_change")
    connection.execute("DELETE FROM transparency.checkpoints WHERE consortium_id = %s AND size = 2", [FIRST])
    deployment.now = deployment.now.replace(year=deployment.now.year + 1)
    deployment.publish(FIRST)
    assert deployment.note(FIRST, 2) == before


def test_the_same_empty_head_is_the_same_bytes(deployment: Deployment) -> None:
    signer = deployment.signing.signer(SECOND)
    note = sign_checkpoint(Checkpoint(deployment.signing.origin(SECOND), 0, EMPTY_ROOT), signer)
    assert deployment.note(SECOND, 0) == note.write()
