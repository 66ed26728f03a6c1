"""`mirror` and `diff`: a copy that only grows, evidence of what does not, and the name of the first difference."""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.audit.mirroring import Mirror
from api.audit.sources import FolderSource
from api.audit.trust import Trust
from tests.audit.logs import (
    KEY,
    OTHER_KEY,
    REWRITTEN,
    audit,
    audit_json,
    log_folder,
    rewritten,
    scenario,
    served,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.audit.logs import LogFolder

ENTRIES = scenario()
SIZE = len(ENTRIES)


@pytest.fixture
def log(tmp_path: Path) -> LogFolder:
    return log_folder(tmp_path / "log", [])


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


STEPS = [0, 1, 2, 200, 255, 256, 257, 300, 300, SIZE]


def test_a_mirror_grows_with_the_log_and_verifies_at_every_size(log: LogFolder, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    with served(log.folder) as url:
        for before, size in zip([0, *STEPS], STEPS, strict=False):
            log.publish(ENTRIES[:size])
            answer = audit_json("mirror", url, mirror)
            assert (answer["old_size"], answer["size"]) == (before, size)
            assert audit_json("verify", mirror, "--old", log.folder / "checkpoint")["size"] == size
    assert (mirror / "checkpoints").read_text().split() == [str(size) for size in dict.fromkeys(STEPS)]
    assert not (mirror / "tile" / "0" / "000.p").exists()
    assert not (mirror / ".incoming").exists()


def test_a_mirror_that_is_served_is_a_log_that_can_be_mirrored(log: LogFolder, tmp_path: Path) -> None:
    for size in (100, 300):
        log.publish(ENTRIES[:size])
    audit("mirror", log.folder, tmp_path / "one")
    with served(tmp_path / "one") as url:
        audit("mirror", url, tmp_path / "two", "--vkey", KEY.verifier.write())
    assert files(tmp_path / "two") == files(tmp_path / "one")


@pytest.fixture
def mirror(log: LogFolder, tmp_path: Path) -> Path:
    log.publish(ENTRIES[:300])
    audit("mirror", log.folder, tmp_path / "mirror")
    return tmp_path / "mirror"


def served_instead(log: LogFolder, entries: Sequence[bytes], mirror: Path) -> Iterator[tuple[str, Path]]:
    """Serve another history; give the reason of the refusal and the evidence, the mirror being as it was."""
    before = files(mirror)
    shutil.rmtree(log.folder)
    other = log_folder(log.folder, entries, keys=log.keys)
    with served(other.folder) as url:
        answer = audit_json("mirror", url, mirror, status=1)
    after = files(mirror)
    evidence = {name for name in after if name.startswith("conflicts/")}
    assert {name: after[name] for name in after.keys() - evidence} == before
    (folder,) = (mirror / "conflicts").iterdir()
    yield answer["reason"], folder


@pytest.mark.parametrize("size", [300, 310, SIZE])
def test_a_rewritten_history_is_refused_named_and_kept_as_evidence(log: LogFolder, mirror: Path, size: int) -> None:
    for reason, evidence in served_instead(log, rewritten()[:size], mirror):
        assert "this does not extend the 300 entries of the mirror" in reason
        assert f"first difference: entry {REWRITTEN} (version {REWRITTEN + 1}" in reason
        audit("verify", evidence)
        audit("verify", mirror)
        audit("verify", evidence, "--old", mirror / "checkpoint", status=1)
        change = audit_json("diff", mirror, evidence, status=1)["first_change"]
        assert (change["kind"], change["old"]["index"]) == ("changed", REWRITTEN)
        assert change["fields"] == [{"place": "/data/annual_revenue_gr", "old": "241000000", "new": "251000000"}]


def test_a_shorter_history_is_refused(log: LogFolder, mirror: Path) -> None:
    for reason, _ in served_instead(log, ENTRIES[:290], mirror):
        assert "290 entries are served, and the mirror has 300 already" in reason
        assert "first difference: entry 290 " in reason


def test_a_history_signed_by_another_key_is_refused(log: LogFolder, mirror: Path) -> None:
    log.keys = (OTHER_KEY,)
    for reason, _ in served_instead(log, ENTRIES, mirror):
        assert "No key that is known here has signed" in reason
        assert "first difference" not in reason


def test_an_earlier_checkpoint_of_another_history_is_refused(log: LogFolder, mirror: Path) -> None:
    log.publish([*ENTRIES[:305], *rewritten()[:5]])
    log.publish(ENTRIES)
    assert "checkpoint/310 is not a beginning" in audit_json("mirror", log.folder, mirror, status=1)["reason"]


def test_what_cannot_be_read_changes_nothing(log: LogFolder, mirror: Path) -> None:
    before = files(mirror)
    log.publish(ENTRIES)
    (log.folder / "tile" / "entries" / f"001.p/{SIZE - 256}").unlink()
    audit("mirror", log.folder, mirror, status=3)
    assert files(mirror) == before


def test_a_damaged_mirror_says_so_and_blames_nobody_else(log: LogFolder, mirror: Path) -> None:
    (mirror / "tile" / "0" / "001.p" / "44").write_bytes(bytes(44 * 32))
    assert "the mirror is damaged" in audit_json("mirror", log.folder, mirror, status=3)["reason"]
    assert not (mirror / "conflicts").exists()


def test_what_a_killed_run_left_is_thrown_away(log: LogFolder, mirror: Path) -> None:
    (mirror / ".incoming" / "tile").mkdir(parents=True)
    (mirror / ".incoming" / "tile" / "junk").write_bytes(b"junk")
    audit("mirror", log.folder, mirror)
    assert not (mirror / ".incoming").exists()
    assert not (mirror / "tile" / "junk").exists()


class KilledHere(BaseException):
    """Like a kill: nothing of the program's own catches it."""


def kill_after(moves: int, patch: pytest.MonkeyPatch) -> None:
    """Let so many files be moved to their places, and no more."""
    left, move = iter(range(moves)), Path.replace

    def replace(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise KilledHere
        return move(self, target)

    patch.setattr(Path, "replace", replace)


@pytest.mark.parametrize(("size", "moves"), [(0, 4), (SIZE, 9)])
def test_a_first_run_that_is_killed_anywhere_is_begun_anew(
    log: LogFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, moves: int
) -> None:
    log.publish(ENTRIES[:size])
    for done in range(moves + 1):
        mirror = tmp_path / f"killed after {done}"
        with monkeypatch.context() as patch, Mirror(mirror).held():
            kill_after(done, patch)
            killed = pytest.raises(KilledHere) if done < moves else nullcontext()
            with killed:
                Mirror(mirror).update(FolderSource(log.folder), Trust.given([], None))
        left = files(mirror)
        audit("mirror", log.folder, mirror)
        assert ".beginning" not in files(mirror)
        assert set(left) - set(files(mirror)) <= {".beginning"}
        assert audit_json("verify", mirror)["size"] == size


def test_one_process_at_a_time_works_in_a_mirror(log: LogFolder, mirror: Path) -> None:
    held = os.open(mirror, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert "another process" in audit_json("mirror", log.folder, mirror, status=3)["reason"]
    finally:
        os.close(held)


def test_an_unsound_log_is_not_mirrored_at_all(log: LogFolder, tmp_path: Path) -> None:
    log.publish(ENTRIES[:300])
    log.write("tile/0/000", bytes(8192))
    audit("mirror", log.folder, tmp_path / "mirror", status=1)
    assert not (tmp_path / "mirror").exists()


def test_a_failed_first_run_leaves_the_folders_that_were_there_and_no_others(log: LogFolder, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with served(tmp_path / "there") as url:
        audit("mirror", url, tmp_path / "there", status=3)
        audit("mirror", url, tmp_path / "there" / "a" / "b", status=3)
    assert list((tmp_path / "there").iterdir()) == []
    audit("mirror", log.folder, tmp_path / "there")


OF_MIRROR = ["tile", "checkpoint.d", "checkpoints", "vkeys"]


@pytest.mark.parametrize("left", OF_MIRROR)
def test_a_mirror_without_its_checkpoint_is_damaged_and_takes_in_nothing(
    log: LogFolder, mirror: Path, left: str
) -> None:
    (mirror / "checkpoint").unlink()
    for name in {*OF_MIRROR} - {left}:
        place = mirror / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    before = files(mirror)
    log.publish(rewritten())
    reason = audit_json("mirror", log.folder, mirror, status=3)["reason"]
    assert "the mirror is damaged: its file checkpoint is missing" in reason
    assert files(mirror) == before


@pytest.mark.parametrize("name", ["checkpoint", "vkeys"])
@pytest.mark.parametrize("keep", [0, 50])
def test_a_mirror_with_a_cut_file_is_damaged_and_blames_nobody(
    log: LogFolder, mirror: Path, name: str, keep: int
) -> None:
    (mirror / name).write_bytes((mirror / name).read_bytes()[:keep])
    before = files(mirror)
    answer = audit_json("mirror", log.folder, mirror, status=3)
    assert answer["holds"] is None
    assert "the mirror is damaged: " in answer["reason"]
    assert name in answer["reason"].partition("damaged: ")[2]
    assert files(mirror) == before


def test_a_folder_with_something_else_is_not_written_to(log: LogFolder, tmp_path: Path) -> None:
    (tmp_path / "other" / ".incoming").mkdir(parents=True)
    for name in ("letters", ".incoming/kept"):
        (tmp_path / "other" / name).write_text("text")
    before = files(tmp_path / "other")
    assert "something else than a mirror" in audit_json("mirror", log.folder, tmp_path / "other", status=3)["reason"]
    assert files(tmp_path / "other") == before


def test_a_conflict_is_told_in_sentences_that_end_once(log: LogFolder, mirror: Path) -> None:
    log.keys = (OTHER_KEY,)
    log.publish(ENTRIES)
    assert ".." not in audit_json("mirror", log.folder, mirror, status=1)["reason"].replace(str(mirror), "")


def test_a_served_file_that_is_no_checkpoint_is_named(log: LogFolder, mirror: Path) -> None:
    log.write("checkpoint", b"")
    with served(log.folder) as url:
        assert f"{url}/checkpoint: no checkpoint (" in audit_json("mirror", url, mirror, status=1)["reason"]
        assert f"{url}/checkpoint: no checkpoint (" in audit_json("diff", mirror, url, status=1)["reason"]


def test_a_hash_that_was_altered_is_refused_and_kept_as_evidence(log: LogFolder, mirror: Path) -> None:
    log.publish(ENTRIES)
    path = f"tile/0/001.p/{SIZE - 256}"
    log.write(path, bytes(32 * (SIZE - 256)))
    reason = audit_json("mirror", log.folder, mirror, status=1)["reason"]
    assert reason.startswith(f"{path}: hash 0 (from 0) is not that of entry 256 ")
    assert (mirror / "checkpoint").read_text().splitlines()[1] == "300"


DIFFERENCES = {
    "changed": (rewritten(), REWRITTEN),
    "removed": ([*ENTRIES[:40], *ENTRIES[41:]], 40),
    "inserted": ([*ENTRIES[:40], ENTRIES[7].replace(b'"event_id":"', b'"event_id":"x'), *ENTRIES[40:]], 40),
    "replaced": ([*ENTRIES[:40], ENTRIES[40].replace(b'"event_id":"', b'"event_id":"x'), *ENTRIES[41:]], 40),
}


@pytest.mark.parametrize("kind", DIFFERENCES)
def test_diff_names_the_first_entry_that_differs_and_how(tmp_path: Path, kind: str) -> None:
    entries, index = DIFFERENCES[kind]
    old, new = log_folder(tmp_path / "old", ENTRIES), log_folder(tmp_path / "new", entries)
    with served(new.folder) as url:
        change = audit_json("diff", old.folder, url, status=1)["first_change"]
        told = audit("diff", old.folder, url, status=1).stdout
    assert (change["kind"], change["old"]["index"], change["old"]["version"]) == (kind, index, index + 1)
    assert f"entry {index} (version {index + 1}" in told
    assert change["old"]["event_id"] in told


def test_diff_tells_growth_from_loss(tmp_path: Path) -> None:
    small, whole = log_folder(tmp_path / "small", ENTRIES[:257]), log_folder(tmp_path / "whole", ENTRIES)
    assert audit("diff", whole.folder, whole.folder).stdout == f"The same {SIZE} entries.\n"
    assert audit_json("diff", small.folder, whole.folder)["first_added"]["index"] == 257
    assert audit_json("diff", whole.folder, small.folder, status=1)["first_removed"]["index"] == 257
    assert "101 entries gone" in audit("diff", whole.folder, small.folder, status=1).stdout
    audit("diff", whole.folder, tmp_path / "nowhere", status=3)
