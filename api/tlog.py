"""The transparency log over HTTP: public, cacheable, by the paths of C2SP tlog-tiles, and some for convenience.

    /tlog/<consortium>/checkpoint                the last signed tree head
    /tlog/<consortium>/tile/<L>/<N>[.p/<W>]      hashes
    /tlog/<consortium>/tile/entries/<N>[.p/<W>]  entries behind their lengths
    /tlog/<consortium>/checkpoints               the size of every checkpoint ever published
    /tlog/<consortium>/checkpoint/<size>         one of them
    /tlog/<consortium>/proof/<index>.tlog-proof  that an entry is in the log
    /tlog/<consortium>/entry/<index>             its stored bytes
    /tlog/<consortium>/vkeys                     the keys that sign

Nothing beyond the published size is ever shown. Source: C2SP tlog-tiles, "Parameters" and "Endpoints".
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from fastapi import APIRouter, HTTPException, Response
from pydantic import TypeAdapter, ValidationError

from domain.transparency.bundle import PREFIX, Bundle
from domain.transparency.errors import Invalid
from domain.transparency.tile import Tile
from domain.values import ConsortiumId
from projections.transparency.published import PublishedLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.transparency.signing import Signing

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
FOR_EVER: Final = "public, max-age=31536000, immutable"
FRESH: Final = "no-cache"
_CONSORTIUM_ID: TypeAdapter[str] = TypeAdapter(ConsortiumId)


class TlogRoutes:
    """The routes over one database."""

    def __init__(self, conninfo: str, signing: Signing) -> None:
        self._conninfo = conninfo
        self._signing = signing
        self.router: Final = APIRouter(prefix="/tlog/{consortium_id}", tags=["tlog"])
        routes: dict[str, Callable[..., Response]] = {
            "/checkpoint": self.checkpoint,
            "/checkpoint/{size}": self.checkpoint_of,
            "/checkpoints": self.checkpoints,
            "/tile/{path:path}": self.tile,
            "/proof/{index}.tlog-proof": self.proof,
            "/entry/{index}": self.entry,
            "/vkeys": self.vkeys,
        }
        for path, route in routes.items():
            self.router.add_api_route(path, route, methods=["GET"], response_class=Response)

    def checkpoint(self, consortium_id: str) -> Response:
        """Return the last signed tree head."""
        with self._log(consortium_id) as log:
            return _answer(log.checkpoint(log.size()), TEXT, FRESH)

    def checkpoint_of(self, consortium_id: str, size: int) -> Response:
        """Return the tree head that was published at a size."""
        with self._log(consortium_id) as log:
            return _answer(log.checkpoint(size), TEXT, FOR_EVER)

    def checkpoints(self, consortium_id: str) -> Response:
        """Return the size of every checkpoint ever published, a line each."""
        with self._log(consortium_id) as log:
            sizes = log.sizes()
        return _answer("".join(f"{size}\n" for size in sizes).encode() or None, TEXT, FRESH)

    def tile(self, consortium_id: str, path: str) -> Response:
        """Return a tile or an entry bundle, whose path must be written exactly as specified."""
        try:
            with self._log(consortium_id) as log:
                asked = f"tile/{path}"
                data = log.bundle(Bundle.parse(asked)) if asked.startswith(PREFIX) else log.tile(Tile.parse(asked))
                return _answer(data, BYTES, FOR_EVER)
        except Invalid as error:
            raise HTTPException(404) from error

    def proof(self, consortium_id: str, index: int) -> Response:
        """Return the proof file of an entry."""
        with self._log(consortium_id) as log:
            return _answer(log.proof_file(index), TEXT, FRESH)

    def entry(self, consortium_id: str, index: int) -> Response:
        """Return the stored bytes of an entry."""
        with self._log(consortium_id) as log:
            return _answer(log.entry(index), "application/json", FOR_EVER)

    def vkeys(self, consortium_id: str) -> Response:
        """Return the keys that sign this log's checkpoints, a line each."""
        with self._log(consortium_id) as log:
            known = log.size() > 0
        vkey = self._signing.signer(consortium_id).verifier.write() + "\n" if known else None
        return _answer(vkey.encode() if vkey else None, TEXT, FRESH)

    @contextmanager
    def _log(self, consortium_id: str) -> Iterator[PublishedLog]:
        """Open a log within one snapshot, so that what is shown belongs together."""
        try:
            _CONSORTIUM_ID.validate_python(consortium_id)
        except ValidationError as error:
            raise HTTPException(404) from error
        with psycopg.connect(self._conninfo) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield PublishedLog(connection, consortium_id)


def _answer(data: bytes | None, media_type: str, caching: str) -> Response:
    if data is None:
        raise HTTPException(404)
    return Response(data, media_type=media_type, headers={"Cache-Control": caching})
