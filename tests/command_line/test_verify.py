"""`verify`: an auditor's check over what is served, and what it catches."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.command_line import main
from domain.transparency.bundle import bundles
from domain.transparency.tile import tiles
from tests.command_line.test_processes import run, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = 358
PATHS = ["checkpoint", "vkeys", *(tile.path for tile in tiles(SIZE)), *(bundle.path for bundle in bundles(SIZE))]


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address on loopback
        body: bytes = answer.read()
        return body


def verified(*words: str | Path, status: int = 0) -> str:
    result = CliRunner().invoke(main, ["verify", *map(str, words)])
    assert result.exit_code == status, (result.output, result.exception)
    return result.stdout


def published(log: str) -> None:
    """Ask until the checkpoint over everything is out: the keeper works while the program serves already."""
    for _ in range(6000):
        try:
            if b"\n%d\n" % SIZE in fetched(f"{log}/checkpoint"):
                return
        except urllib.error.HTTPError:
            continue
    pytest.fail("no checkpoint was published")


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a served log, taken after it was verified where it is served."""
    home = tmp_path_factory.mktemp("mirror")
    with serving(home / "data", "demo") as url:
        log = f"{url}/tlog/hajnowka-odnowa"
        published(log)
        assert json.loads(run("verify", log, "--json"))["size"] == SIZE
        for path in PATHS:
            file = home / "log" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(fetched(f"{log}/{path}"))
        with pytest.raises(urllib.error.HTTPError):
            fetched(f"{log}/tile/0/001.p/{SIZE - 255}")
    return home / "log"


@pytest.fixture
def copy(mirror: Path, tmp_path: Path) -> Path:
    return shutil.copytree(mirror, tmp_path / "log")


def test_a_mirror_is_verified_without_the_server(mirror: Path) -> None:
    answer = json.loads(verified(mirror, "--old", mirror / "checkpoint", "--json"))
    assert (answer["holds"], answer["size"], answer["old_checked"]) == (True, SIZE, True)


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


@pytest.mark.parametrize("path", [path for path in PATHS if path != "vkeys"])
@pytest.mark.parametrize("damage", [flipped, lambda data: data[:-1]], ids=["a flipped bit", "a cut end"])
def test_whatever_is_altered_is_caught(copy: Path, path: str, damage: Callable[[bytes], bytes]) -> None:
    file = copy / path
    file.write_bytes(damage(file.read_bytes()))
    verified(copy, status=1)


@pytest.mark.parametrize("path", PATHS)
def test_what_cannot_be_read_is_no_pass(copy: Path, path: str) -> None:
    (copy / path).unlink()
    verified(copy, status=3)


def test_an_older_checkpoint_of_another_history_is_caught(copy: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes((copy / "checkpoint").read_bytes().replace(b"\n358\n", b"\n357\n"))
    verified(copy, "--old", old, status=1)
