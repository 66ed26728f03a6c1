"""The addresses of a log, and what each shows.

    <prefix>/checkpoint                          the last signed tree head
    <prefix>/tile/<L>/<N>[.p/<W>]                hashes
    <prefix>/tile/entries/<N>[.p/<W>]            entries behind their lengths

    <prefix>/checkpoints                         the size of every checkpoint ever published
    <prefix>/checkpoint/<size>                   one of them
    <prefix>/proof/<index>.tlog-proof            that an entry is in the log; ?size= another checkpoint, ?wait= seconds
    <prefix>/proof/inclusion?index=&size=        the same as JSON, for any size
    <prefix>/proof/consistency?old=&new=         that the log only grew, as JSON
    <prefix>/entry/<index>                       the stored bytes of an entry
    <prefix>/by-event/<event id>                 where the entry of an event is
    <prefix>/vkeys                               the keys that sign or ever signed

The prefix is `/tlog/<consortium>`, or that of one log of its own. Nothing beyond the published size is ever shown, and
there is nothing at an address that is not written exactly so. Source: C2SP tlog-tiles, "Parameters" and "APIs".
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fastapi import APIRouter, Depends, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api.faults import told_as_problems
from api.parameters import only
from api.problems import (
    BEYOND_PUBLISHED,
    MALFORMED_PARAMETER,
    NOT_FOUND,
    PARAMETERS_CLASH,
    RECEIPT_LATE,
    RECORD_DAMAGED,
    Problem,
)
from api.receipts import MOST_SECONDS, ReceiptLate
from api.tlog.answers import BYTES, FOR_EVER, FRESH, JSON, TEXT, answer, answer_json, answer_packed, wants_json
from api.tlog.parameters import number_in_path, number_in_query, optional_number
from domain.transparency.bundle import PREFIX, Bundle
from domain.transparency.encoding import write_base64
from domain.transparency.errors import Invalid
from domain.transparency.tile import Tile
from domain.transparency.tree import leaf_hash
from domain.values import ConsortiumId, write_instant
from projections.transparency.published import PublishedLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from api.receipts import Receipts
    from api.snapshots import Snapshots
    from projections.transparency.published import TreeHead

_CONSORTIUM_ID: TypeAdapter[str] = TypeAdapter(ConsortiumId)


class Logs(NamedTuple):
    """What all logs of a deployment are shown from."""

    snapshots: Snapshots
    receipts: Receipts


class TlogRoutes:
    """The routes of the log of every consortium, or of one log that is named."""

    def __init__(self, logs: Logs, prefix: str = "/tlog/{consortium_id}", log_id: str | None = None) -> None:
        self._logs = logs
        self._log_id = log_id
        self.router: Final = APIRouter(prefix=prefix, tags=["tlog"], redirect_slashes=False)
        self._add("/checkpoint", self.checkpoint)
        self._add("/checkpoint/{size}", self.checkpoint_of)
        self._add("/checkpoints", self.checkpoints)
        self._add("/tile/{path:path}", self.tile)
        self._add("/proof/inclusion", self.inclusion, "index", "size")
        self._add("/proof/consistency", self.consistency, "old", "new")
        self._add("/proof/{index}.tlog-proof", self.proof, "size", "wait")
        self._add("/entry/{index}", self.entry)
        self._add("/by-event/{event_id}", self.by_event)
        self._add("/vkeys", self.vkeys)

    def _add(self, path: str, route: Callable[..., Any], *parameters: str) -> None:
        known = [Depends(_knowing(parameters))]
        self.router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response, dependencies=known)

    def checkpoint(self, request: Request) -> Response:
        """Return the last signed tree head."""
        with self._log(request) as log:
            return answer(request, log.checkpoint(log.size()), TEXT, FRESH)

    def checkpoint_of(self, request: Request) -> Response:
        """Return the tree head that was published at a size; witnesses may still sign the last one."""
        with self._log(request) as log:
            size = number_in_path(request, "size")
            return answer(request, log.checkpoint(size), TEXT, FOR_EVER if size < log.size() else FRESH)

    def checkpoints(self, request: Request) -> Response:
        """Return the size of every checkpoint ever published, a line each, or with its instant as JSON."""
        with self._log(request) as log:
            published = log.published()
        if not published:
            raise Problem(NOT_FOUND)
        if wants_json(request):
            listed = [{"size": size, "published_at": write_instant(at)} for size, at in published]
            return answer_json(request, {"checkpoints": listed}, FRESH, "Accept")
        return answer(request, "".join(f"{size}\n" for size, _ in published).encode(), TEXT, FRESH, "Accept")

    def tile(self, request: Request) -> Response:
        """Return a tile or an entry bundle, whose path must be written exactly as specified."""
        place = _place(f"tile/{request.path_params['path']}")
        with self._log(request) as log:
            data = log.bundle(place) if isinstance(place, Bundle) else log.tile(place)
        return (answer_packed if isinstance(place, Bundle) else answer)(request, data, BYTES, FOR_EVER)

    async def proof(self, request: Request) -> Response:
        """Return the proof file of an entry, if need be once a checkpoint covers it."""
        wait = optional_number(request, "wait", most=MOST_SECONDS)
        if wait is None:
            return await run_in_threadpool(self._proof, request)
        if "size" in request.query_params:
            raise Problem(PARAMETERS_CLASH, parameter="wait", other="size")
        log_id, index = self._named(request), number_in_path(request, "index")
        await run_in_threadpool(self._require_expected, request, index)
        try:
            with told_as_problems():
                proof = await self._logs.receipts.awaited(log_id, index + 1, wait)
        except ReceiptLate as error:
            raise Problem(RECEIPT_LATE) from error
        return answer(request, proof, TEXT, FRESH)

    def inclusion(self, request: Request) -> Response:
        """Prove as JSON that an entry is in the tree of a size, of the published one if none is asked for."""
        index, asked = number_in_query(request, "index"), optional_number(request, "size", least=1)
        with self._log(request) as log:
            head = _head(log, asked)
            if index >= log.size():
                raise Problem(BEYOND_PUBLISHED, published=log.size())
            if index >= head.size:
                raise Problem(MALFORMED_PARAMETER, parameter="index", least=0, most=head.size - 1)
            entry, hashes = log.entry(index), log.inclusion(index, head.size)
        if entry is None or hashes is None:
            raise Problem(RECORD_DAMAGED)
        document = {"index": index, "leaf_hash": write_base64(leaf_hash(entry)), "hashes": _base64(hashes)}
        return answer_json(request, {**document, "tree_head": _written(head)}, FRESH)

    def consistency(self, request: Request) -> Response:
        """Prove as JSON that one size is the beginning of another, of the published one if none is asked for."""
        old_size, new_size = number_in_query(request, "old"), optional_number(request, "new")
        with self._log(request) as log:
            new, old = _head(log, new_size), _head(log, old_size)
            if old.size > new.size:
                raise Problem(MALFORMED_PARAMETER, parameter="old", least=0, most=new.size)
            hashes = log.consistency(old.size, new.size)
        if hashes is None:
            raise Problem(RECORD_DAMAGED)
        document = {"hashes": _base64(hashes), "old_tree_head": _written(old), "tree_head": _written(new)}
        return answer_json(request, document, FRESH)

    def entry(self, request: Request) -> Response:
        """Return the stored bytes of an entry."""
        with self._log(request) as log:
            media_type = JSON if self._log_id is None else TEXT
            return answer(request, log.entry(number_in_path(request, "index")), media_type, FOR_EVER)

    def by_event(self, request: Request) -> Response:
        """Tell where the entry of an event is, and where its bytes and its proof are."""
        event_id = request.path_params["event_id"]
        with self._log(request) as log:
            index = log.index_of(event_id)
        if index is None:
            raise Problem(NOT_FOUND)
        base = request.url.path.removesuffix(f"/by-event/{event_id}")
        links = {"entry": f"{base}/entry/{index}", "proof": f"{base}/proof/{index}.tlog-proof"}
        return answer_json(request, {"event_id": event_id, "index": index, **links}, FRESH)

    def vkeys(self, request: Request) -> Response:
        """Return the keys that sign or ever signed this log's checkpoints, a line each, oldest first."""
        with self._log(request) as log:
            vkeys = log.vkeys()
        return answer(request, "".join(f"{vkey}\n" for vkey in vkeys).encode() or None, TEXT, FRESH)

    def _proof(self, request: Request) -> Response:
        index, size = number_in_path(request, "index"), optional_number(request, "size")
        with self._log(request) as log:
            if log.is_known() and max(index + 1, size or 0) > log.size():
                raise Problem(BEYOND_PUBLISHED, published=log.size())
            return answer(request, log.proof_file(index, size), TEXT, FRESH)

    def _require_expected(self, request: Request, index: int) -> None:
        with self._log(request) as log:
            if not log.expects(index):
                raise Problem(NOT_FOUND)

    def _named(self, request: Request) -> str:
        """Return the id of the log that is asked for.

        None of our addresses needs a percent sign, so a path with one is another way of writing it.

        Raises:
            Problem: `not-found`.
        """
        try:
            if b"%" in request.scope["raw_path"]:
                raise Problem(NOT_FOUND)
            return self._log_id or _CONSORTIUM_ID.validate_python(request.path_params["consortium_id"])
        except ValidationError as error:
            raise Problem(NOT_FOUND) from error

    @contextmanager
    def _log(self, request: Request) -> Iterator[PublishedLog]:
        """Open a log within one snapshot, so that what is shown belongs together."""
        log_id = self._named(request)
        with told_as_problems(), self._logs.snapshots.snapshot() as connection:
            yield PublishedLog(connection, log_id)


def _knowing(parameters: Sequence[str]) -> Callable[[Request], Awaitable[None]]:
    """Make what refuses every parameter but these, before anything is read."""

    async def check(request: Request) -> None:
        only(request, parameters)

    return check


def _place(path: str) -> Tile | Bundle:
    try:
        return Bundle.parse(path) if path.startswith(PREFIX) else Tile.parse(path)
    except Invalid as error:
        raise Problem(NOT_FOUND) from error


def _head(log: PublishedLog, size: int | None) -> TreeHead:
    """Return the tree head of a size, of the published one if none is asked for."""
    if not log.is_known():
        raise Problem(NOT_FOUND)
    head = log.head(log.size() if size is None else size)
    if head is None:
        raise Problem(BEYOND_PUBLISHED, published=log.size())
    return head


def _written(head: TreeHead) -> dict[str, Any]:
    note = head.note.decode() if head.note is not None else None
    return {"size": head.size, "root_hash": write_base64(head.root), "checkpoint": note}


def _base64(hashes: Sequence[bytes]) -> list[str]:
    return [write_base64(one) for one in hashes]
