"""The files and folders of a home, and who owns them."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from api.embedded.accounts import ROOT
from api.embedded.errors import EmbeddedPostgresError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded.accounts import Account

# `sockaddr_un.sun_path` has 108 bytes, the last of them zero.
SOCKET_PATH_BYTES = 107
SOCKET_NAME = "/.s.PGSQL.5432"


def default_home() -> Path:
    """`/var/lib` for root, otherwise the user's data folder by the XDG Base Directory Specification."""
    if os.geteuid() == ROOT:
        return Path("/var/lib/consortium-ledger")
    chosen = Path(os.environ.get("XDG_DATA_HOME", ""))
    # The specification has relative paths ignored.
    return (chosen if chosen.is_absolute() else Path.home() / ".local" / "share") / "consortium-ledger"


def open_file(home: Path, name: str, flags: int) -> int:
    """Open a file of the home, new ones with mode 0600 and for the home's owner even when root makes them."""
    descriptor = os.open(home / name, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == ROOT:
        owner = home.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


@contextmanager
def opened_folder(folder: Path, account: Account) -> Iterator[int]:
    """Open a folder that is the account's alone, and make it first when it is not there.

    Raises:
        OSError: something else stands there, or somebody else owns it.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        # Root may have been killed between making the folder and giving it away.
        if os.fstat(descriptor).st_uid == ROOT:
            os.fchown(descriptor, account.uid, account.gid)
        if os.fstat(descriptor).st_uid != account.uid:
            raise PermissionError(errno.EPERM, f"not owned by {account.name}", str(folder))
        yield descriptor
    finally:
        os.close(descriptor)


def seen_through(descriptor: int) -> str:
    """Name an open folder so that a process that inherits the descriptor need not enter the folders above it."""
    return f"/proc/self/fd/{descriptor}"


def write_into(folder: int, name: str, text: str, account: Account) -> None:
    """Write a file of the account's; a link that stands in its place is not followed."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if account.uid != os.geteuid():
            os.fchown(descriptor, account.uid, account.gid)
        file.write(text)


def read_from(folder: int, name: str) -> str | None:
    with (
        suppress(FileNotFoundError),
        os.fdopen(
            os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=folder), encoding="utf-8", errors="replace"
        ) as file,
    ):
        return file.read()
    return None


def socket_folder(home: Path) -> Path:
    """Say where clients find the socket: in the home, or where a link in the home leads to."""
    place = home / "sock"
    return place.readlink() if place.is_symlink() else place


def prepare_socket_folder(home: Path, account: Account) -> Path:
    """Choose the socket's folder, once for as long as it serves: in the home if its path is fit for a socket.

    Raises:
        EmbeddedPostgresError: nowhere is there a place for it.
    """
    place = home / "sock"
    if place.is_symlink() and not fit_for_a_socket(place) and _private(place.readlink(), account):
        return place.readlink()
    # The home may have moved since, to a longer path or a shorter one.
    forget_socket_folder(home)
    if fit_for_a_socket(place):
        return place
    for base in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - mkdtemp chooses a name nobody can foresee
        if fit_for_a_socket(Path(base) / "ledger-12345678"):
            with suppress(OSError):
                elsewhere = Path(tempfile.mkdtemp(prefix="ledger-", dir=base))
                os.chown(elsewhere, account.uid, account.gid)
                place.symlink_to(elsewhere)
                return elsewhere
    raise EmbeddedPostgresError(
        pl=f"Ścieżka „{place}” nie nadaje się na gniazdo bazy danych, a w katalogu tymczasowym nie ma na nie miejsca.",
        en=f"The path “{place}” is unfit for the database's socket, and the temporary folder has no place for it.",
    )


def forget_socket_folder(home: Path) -> None:
    """Leave nothing in the temporary folder when the server has gone."""
    place = home / "sock"
    if place.is_symlink():
        with suppress(OSError):
            place.readlink().rmdir()
        place.unlink()
    elif place.exists():
        shutil.rmtree(place)


def fit_for_a_socket(folder: Path) -> bool:
    """Short enough for the kernel, and no list of hosts to libpq, which splits at commas."""
    path = os.fsencode(f"{folder}{SOCKET_NAME}")
    return len(path) <= SOCKET_PATH_BYTES and b"," not in path and _is_utf8(path)


def _is_utf8(path: bytes) -> bool:
    try:
        path.decode()
    except UnicodeDecodeError:
        return False
    return True


def _private(folder: Path, account: Account) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and not found.st_mode & 0o077
