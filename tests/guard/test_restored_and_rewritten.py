"""An old backup and a history that was written anew: whole in themselves, and not what was signed before."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner

from api.command_line import main
from domain.decider import Actor
from domain.ledger.ledger import Ledger
from domain.transparency.bundle import bundles
from domain.transparency.tile import tiles
from projections.transparency.published import PublishedLog
from projections.transparency.publisher import Alarm
from tests.guard.keepers import Keeping
from tests.guard.pattern import Published, published
from tests.ledger.scenario import HAJNOWKA, history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from projections.transparency.signing import Signing

OLDER = 300
CHANGED = 200
"""The version of the entry that the rewritten history tells otherwise."""


def with_seeds_of(pattern: Published, folder: Path) -> Path:
    """Make a signer's folder with the same seeds, and with no memory of anything."""
    folder.mkdir(mode=0o700)
    for seed in pattern.signing.folder.glob("seed*"):
        shutil.copy2(seed, folder / seed.name)
    return folder


@pytest.fixture(scope="module")
def backup(
    cluster: EmbeddedPostgres, pattern: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Published]:
    """The database as it was at 300 entries: byte for byte what the same signer published then."""
    folder = with_seeds_of(pattern, tmp_path_factory.mktemp("backup") / "signer")
    (folder / "seed.2").unlink()
    with published(cluster, folder, OLDER) as backup:
        yield backup


@pytest.fixture(scope="module")
def forged(
    cluster: EmbeddedPostgres, pattern: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Published]:
    """The same history but for one entry, signed with the same keys by somebody who has the seeds."""
    entries = list(history())
    entries[CHANGED - 1] = replace(entries[CHANGED - 1], actor=Actor(role=entries[CHANGED - 1].actor.role, id="x-9"))
    folder = with_seeds_of(pattern, tmp_path_factory.mktemp("forged") / "signer")
    (folder / "seed.2").unlink()
    with published(cluster, folder, entries=entries) as forged:
        yield forged


def checkpoint(of: Published, size: int) -> bytes:
    with psycopg.connect(of.conninfo) as connection:
        note = PublishedLog(connection, HAJNOWKA).checkpoint(size)
    assert note is not None
    return note


def written_out(of: Published, folder: Path) -> Path:
    """Write the files of the log as they are served."""
    with psycopg.connect(of.conninfo) as connection:
        log = PublishedLog(connection, HAJNOWKA)
        size = log.size()
        files = {"checkpoint": log.checkpoint(size), "vkeys": "".join(f"{key}\n" for key in log.vkeys()).encode()}
        files |= {tile.path: log.tile(tile) for tile in tiles(size)}
        files |= {bundle.path: log.bundle(bundle) for bundle in bundles(size)}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data or b"")
    return folder


def verified(log: Path, *words: str) -> tuple[int, str]:
    result = CliRunner(env={"CONSORTIUM_LEDGER_LANG": "en"}).invoke(main, ["verify", str(log), *words])
    return result.exit_code, result.output


@contextmanager
def publishing(of: Published, signing: Signing) -> Iterator[Keeping]:
    with (
        Ledger.connect(of.conninfo, pool_size=1) as ledger,
        psycopg.connect(of.conninfo, autocommit=True) as connection,
    ):
        yield Keeping(ledger, connection, signing)


def test_a_backup_is_whole_beside_the_memory_of_its_own_time(backup: Published, pattern: Published) -> None:
    assert backup.findings() == []
    assert checkpoint(backup, OLDER) == checkpoint(pattern, OLDER)


def test_a_restored_backup_is_found_by_the_newer_memory(backup: Published, pattern: Published) -> None:
    findings = Published(backup.name, backup.conninfo, pattern.signing).findings()
    signer = [one for one in findings if one.table == "signer" and one.key["log"] == HAJNOWKA]
    assert [one.english for one in signer] == [
        "358 entries were signed, the database has 300: cut off, or an older backup"
    ]


def test_nothing_is_signed_over_a_restored_backup(backup: Published, pattern: Published) -> None:
    with publishing(backup, pattern.signing) as keeping, pytest.raises(Alarm, match="an older backup was restored"):
        keeping.publisher.publish(HAJNOWKA)


def test_a_restored_backup_is_found_by_a_checkpoint_that_somebody_kept(
    backup: Published, pattern: Published, tmp_path: Path
) -> None:
    old = tmp_path / "kept"
    old.write_bytes(checkpoint(pattern, 357))
    log = written_out(backup, tmp_path / "log")
    assert verified(log)[0] == 0
    assert verified(log, "--old", str(old))[0] == 1


def test_a_rewritten_and_signed_history_is_found_by_the_memory(forged: Published, pattern: Published) -> None:
    findings = Published(forged.name, forged.conninfo, pattern.signing).findings()
    assert {"signer"} == {one.table for one in findings if one.key.get("log") == HAJNOWKA}
    with publishing(forged, pattern.signing) as keeping, pytest.raises(Alarm, match="not an extension"):
        keeping.publisher.publish(HAJNOWKA)


def test_a_history_rewritten_together_with_the_memory_is_found_by_an_old_checkpoint(
    forged: Published, pattern: Published, tmp_path: Path
) -> None:
    # Whole in itself: who has the seeds, the database and the memory can write any history, once.
    assert forged.findings() == []
    log = written_out(forged, tmp_path / "log")
    assert verified(log)[0] == 0
    for size, status in ((100, 0), (256, 1), (300, 1), (357, 1)):
        old = tmp_path / f"kept.{size}"
        old.write_bytes(checkpoint(pattern, size))
        assert verified(log, "--old", str(old))[0] == status, size


def test_entries_rewritten_with_their_tiles_are_found_by_the_signed_checkpoints(
    copy: Published, forged: Published
) -> None:
    with psycopg.connect(forged.conninfo) as source:
        state = source.execute("SELECT state FROM ledger_events WHERE originator_version = %s", [CHANGED]).fetchall()
        stored = source.execute(
            "SELECT hashes, level, tile_index FROM transparency.tiles WHERE consortium_id = %s"
            " AND (level, tile_index) <> (0, 1)",
            [HAJNOWKA],
        ).fetchall()
    copy.spoil("UPDATE read_models_progress SET position = position")
    with psycopg.connect(copy.conninfo) as target:
        target.execute("UPDATE ledger_events SET state = %s WHERE originator_version = %s", [state[0][0], CHANGED])
        for row in stored:
            target.execute(
                "UPDATE transparency.tiles SET hashes = %s WHERE level = %s AND tile_index = %s"
                " AND consortium_id = 'hajnowka-odnowa'",
                row,
            )
    named = [one for one in copy.findings() if one.table == "public.ledger_events"]
    assert [dict(one.key) for one in named] == [{"originator_id": HAJNOWKA, "first_version": 101, "last_version": 256}]
    assert CHANGED in range(101, 257)
