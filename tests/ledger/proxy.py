"""A door to the database that can lose a reply: what was asked is done, and whoever asked never hears of it."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHUNK_BYTES = 65_536


class Proxy:
    """Passes everything on, until it is told to lose the reply to something."""

    def __init__(self, database: str, folder: Path) -> None:
        there = conninfo_to_dict(database)
        name = f".s.PGSQL.{there['port']}"
        self.conninfo = make_conninfo(database, host=str(folder))
        self.replies_lost = 0
        self._upstream = f"{there['host']}/{name}"
        self._fatal: bytes | None = None
        self._threads: list[threading.Thread] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / name))
        self._door.listen()
        self._spawn(self._welcome)

    def lose_the_reply_to(self, words: str) -> None:
        """Break the connection over which `words` are sent, once the server has answered and before the client knows.

        Once only.
        """
        self._fatal = words.encode()

    def close(self) -> None:
        """To be called when all clients are gone."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for thread in self._threads:
            thread.join()

    def _spawn(self, work: Callable[..., None], *parts: object) -> None:
        thread = threading.Thread(target=work, args=parts)
        self._threads.append(thread)
        thread.start()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._upstream)
                doomed = threading.Event()
                self._spawn(self._pass_on, client, server, doomed)
                self._spawn(self._pass_back, client, server, doomed)

    def _pass_on(self, client: socket.socket, server: socket.socket, doomed: threading.Event) -> None:
        with suppress(OSError), client, server:
            while said := client.recv(CHUNK_BYTES):
                if self._fatal is not None and self._fatal in said:
                    self._fatal = None
                    doomed.set()
                server.sendall(said)
            server.shutdown(socket.SHUT_RDWR)

    def _pass_back(self, client: socket.socket, server: socket.socket, doomed: threading.Event) -> None:
        with suppress(OSError):
            while said := server.recv(CHUNK_BYTES):
                if doomed.is_set():
                    self.replies_lost += 1
                    break
                client.sendall(said)
            client.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(database: str, folder: Path) -> Iterator[Proxy]:
    proxy = Proxy(database, folder)
    try:
        yield proxy
    finally:
        proxy.close()
