"""Where the files of a log come from: a folder, or an address that is asked over a few kept-alive connections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Final, TypeVar

from api.audit.findings import MissingError, UnreadableError
from api.audit.wording import entries
from api.web import UnansweredError, WebConnection, is_address
from domain.transparency.encoding import parse_decimal
from domain.transparency.tile import WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from domain.transparency.bundle import Bundle
    from domain.transparency.tile import Tile

CONNECTIONS: Final = 4
AHEAD: Final = 8
"""How many files are read before they are needed: at their largest, 128 megabytes."""

KEPT: Final = "checkpoint.d"
"""In a folder, beside the file `checkpoint`: what is served as `checkpoint/<size>`."""

OK: Final = 200
GONE: Final = frozenset({404, 410})

T = TypeVar("T")
R = TypeVar("R")


class Source(ABC):
    """The files of one log, by their paths in C2SP tlog-tiles."""

    @abstractmethod
    def at(self, path: str) -> str:
        """Return the address of a file, or its place in the file system, for people."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Return a file.

        Raises:
            MissingError: the log has none of this path.
            UnreadableError: it could not be had.
        """

    def read_each(self, paths: Iterable[str]) -> Iterator[bytes]:
        """Return files in the order asked."""
        return self.map(self.read, paths)

    def map(self, read: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Apply a function that reads from here to each item, and return what it returns in the same order."""
        return map(read, items)

    def place(self, place: Tile | Bundle) -> bytes:
        """Return a tile or a bundle, cut from the full one where the partial one is not kept any more.

        Source: C2SP tlog-tiles, "Partial Tiles".
        """
        try:
            return self.read(place.path)
        except MissingError:
            if place.width == WIDTH:
                raise
            full = replace(place, width=WIDTH)
        try:
            return place.cut(self.read(full.path))
        except MissingError:
            raise MissingError(self.at(place.path), "brak takiego pliku", "missing") from None

    def within(self, size: int) -> Callable[[Tile | Bundle], bytes]:
        """Return `place` for the files of a log of `size` entries, each of which must be there.

        That function raises:
            UnreadableError: it could not be had; says what follows from that.
        """

        def read(place: Tile | Bundle) -> bytes:
            try:
                return self.place(place)
            except UnreadableError as error:
                raise _must_exist(error, size) from error

        return read

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        """Return the bytes of each tile, in the order asked."""
        return list(self.map(self.place, tiles))

    def checkpoint(self, size: int) -> bytes:
        """Return the checkpoint that was published at a size."""
        try:
            return self.read(f"checkpoint/{size}")
        except MissingError as missing:
            with suppress(MissingError):
                return self.read(f"{KEPT}/{size}")
            raise missing from None

    def sizes(self) -> list[int]:
        """Return the sizes of the checkpoints that can be had, in order; a log need not keep a list of them."""
        try:
            lines = self.read("checkpoints").decode("ascii").split()
        except MissingError:
            return []
        except UnicodeDecodeError as error:
            raise UnreadableError(self.at("checkpoints"), error) from error
        return sorted({size for line in lines if (size := parse_decimal(line)) is not None})


def _must_exist(error: UnreadableError, size: int) -> UnreadableError:
    return UnreadableError(
        error.place,
        f"{error.reasons['pl']}. Punkt kontrolny obejmuje {entries(size, 'pl')}, więc ten plik musi istnieć:"
        " dziennikowi brakuje tego, co podpisano, albo to nie jest jego adres",
        f"{error.reasons['en']}. The checkpoint is over {entries(size, 'en')}, so this file must exist: the log lacks"
        " what was signed, or this is not its address",
    )


class FolderSource(Source):
    """A folder with the files of a log."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def at(self, path: str) -> str:
        return str(self._folder / path)

    def read(self, path: str) -> bytes:
        try:
            return (self._folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise MissingError(self.at(path), "brak takiego pliku", "missing") from error
        except OSError as error:
            raise UnreadableError(self.at(path), error.strerror) from error


class WebSource(Source):
    """An address under which a log is served."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._of_thread = local()
        self._connections: list[WebConnection] = []
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="reader")

    def at(self, path: str) -> str:
        return f"{self._address.rstrip('/')}/{path}"

    def read(self, path: str) -> bytes:
        try:
            answer = self._connection().get(path)
        except UnansweredError as error:
            raise UnreadableError(self.at(path), error) from error
        if answer.status in GONE:
            raise MissingError(self.at(path), f"HTTP {answer.status}")
        if answer.status != OK:
            raise UnreadableError(self.at(path), f"HTTP {answer.status}")
        return answer.body

    def map(self, read: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """Read ahead, but no more than `AHEAD` items."""
        rest = iter(items)
        pending = deque(self._pool.submit(read, item) for item in islice(rest, AHEAD))
        try:
            while pending:
                found = pending.popleft().result()
                pending.extend(self._pool.submit(read, item) for item in islice(rest, 1))
                yield found
        finally:
            for future in pending:
                future.cancel()

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        for connection in self._connections:
            connection.close()

    def _connection(self) -> WebConnection:
        """Return the connection of this thread."""
        connection: WebConnection | None = getattr(self._of_thread, "connection", None)
        if connection is None:
            connection = self._of_thread.connection = WebConnection(self._address)
            with self._lock:
                self._connections.append(connection)
        return connection


@contextmanager
def reading(log: str) -> Iterator[Source]:
    """Open a log by its address or its folder."""
    if not is_address(log):
        yield FolderSource(Path(log))
        return
    source = WebSource(log)
    try:
        yield source
    finally:
        source.close()
