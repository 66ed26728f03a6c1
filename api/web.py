"""HTTP as readers of logs and clients of witnesses need it: kept alive, bounded, and nothing asked twice.

A connection belongs to one thread at a time. The one thing done again is a request on a connection that the server had
closed while nothing was asked: no answer was lost by it.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS: Final = 30.0
MAX_BODY_BYTES: Final = 256 * (2 + 65_535)
"""Of the largest file that a log has: a bundle of 256 entries of 65,535 bytes."""

AGENT: Final = f"consortium-ledger/{version('consortium-ledger')}"
GZIP: Final = 16 + zlib.MAX_WBITS


class UnansweredError(Exception):
    """No answer, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    media_type: str
    body: bytes


def is_address(text: str) -> bool:
    """Tell whether `text` is an address that can be asked, and not the name of a folder."""
    return text.lower().startswith(("http://", "https://"))


class WebConnection:
    """A connection to the server of one address; paths are below that address."""

    def __init__(self, address: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Connect at the first request, and not now.

        Raises:
            UnansweredError: the address is none of http or https.
        """
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UnansweredError(str(error)) from error
        if not is_address(address) or not host:
            message = f"{address[:100]!r} is no address of http or https"
            raise UnansweredError(message)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._prefix: Final = parts.path.rstrip("/")
        self._connection: Final = kind(host, port, timeout=timeout_seconds)

    def get(self, path: str) -> Answer:
        """Ask for a file.

        Raises:
            UnansweredError: no answer within the time, or one that is too long or cannot be unpacked.
        """
        return self._ask("GET", path, None, {"Accept-Encoding": "gzip, identity"})

    def post(self, path: str, body: bytes, media_type: str) -> Answer:
        """Hand something in.

        Raises:
            UnansweredError: as for `get`; the server may have taken it in all the same.
        """
        return self._ask("POST", path, body, {"Content-Type": media_type})

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        was_open = self._connection.sock is not None
        try:
            return self._exchange(method, path, body, headers)
        except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
            self.close()
            if not was_open:
                raise UnansweredError(_reason(error)) from error
        except (OSError, HTTPException, zlib.error) as error:
            self.close()
            raise UnansweredError(_reason(error)) from error
        try:
            return self._exchange(method, path, body, headers)
        except (OSError, HTTPException, zlib.error) as error:
            self.close()
            raise UnansweredError(_reason(error)) from error

    def _exchange(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        self._connection.request(method, f"{self._prefix}/{path}", body, {"User-Agent": AGENT, **headers})
        with self._connection.getresponse() as response:
            packed = response.read(MAX_BODY_BYTES + 1)
            whole = _unpacked(packed) if response.headers.get("Content-Encoding") == "gzip" else packed
            media_type = response.headers.get_content_type()
        if len(packed) > MAX_BODY_BYTES:
            # What is left of the answer must not be taken for the next one.
            self.close()
        if len(whole) > MAX_BODY_BYTES:
            message = f"{path} is longer than {MAX_BODY_BYTES} bytes"
            raise UnansweredError(message)
        return Answer(response.status, media_type, whole)


def _unpacked(packed: bytes) -> bytes:
    """Unpack as much as may be there, and one byte more."""
    unpacking = zlib.decompressobj(GZIP)
    whole = unpacking.decompress(packed, MAX_BODY_BYTES + 1)
    if not unpacking.eof and len(whole) <= MAX_BODY_BYTES:
        message = "the answer breaks off"
        raise zlib.error(message)
    return whole


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
