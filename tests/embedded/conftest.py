"""Homes for tests that start and break servers of their own; each lies in a folder that only its owner may enter."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.embedded import EmbeddedPostgres
from tests.clusters import dissolve, spacious_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def private_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(dir=spacious_folder(), prefix="consortium-ledger-embedded-"))
    try:
        yield folder
    finally:
        for home in folder.iterdir():
            dissolve(home)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pattern() -> Iterator[Path]:
    """Make a cluster once, which is copied rather than made anew."""
    with private_folder() as folder:
        with EmbeddedPostgres(folder / "pattern"):
            pass
        yield folder / "pattern"


@pytest.fixture
def folder() -> Iterator[Path]:
    with private_folder() as folder:
        yield folder


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """Make a folder that the server's account can enter too; TMPDIR may lie in somebody's private folder."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def home(folder: Path, pattern: Path) -> Path:
    """Copy a whole home whose server does not run."""
    subprocess.run(["/usr/bin/env", "cp", "-a", pattern, folder / "home"], check=True)
    return folder / "home"
