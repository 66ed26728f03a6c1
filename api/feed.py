"""The feed of a consortium's entries: in order of their versions, without a gap, none ever arriving late.

    GET /consortia/{consortium_id}/events?after=357           JSON Lines, each the stored bytes of one entry
    GET /consortia/{consortium_id}/events                     with `Accept: text/event-stream`: the same as they come
    GET /consortia/{consortium_id}/events/{version}           one of them

Source of the stream: WHATWG HTML, "Server-sent events"; `id` is the version, `Last-Event-ID` takes up after it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import psycopg
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.commands.addresses import OF_ONE
from api.parameters import number_in_query, only
from api.problems import MALFORMED_HEADER, NOT_FOUND, RECORD_DAMAGED, UNAVAILABLE, Problem, unanswered
from api.refused import Refused
from api.slashes import in_path
from api.tlog.answers import FRESH, JSON, answer
from domain.errors import Refusal
from domain.ledger.faults import BrokenEntry, LedgerUnavailable
from domain.transparency.encoding import parse_decimal
from domain.values import MAX_INTEGER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.heads import Heads
    from domain.ledger.ledger import Ledger

PAGE: Final = 500
MOST_ENTRIES: Final = 5000
LINES: Final = "application/jsonl"
STREAM: Final = "text/event-stream"
FOR_EVER: Final = "private, max-age=31536000, immutable"

FOUNDED_SECONDS: Final = 5
"""How long the first answer about a consortium may wait for its founding to be taken in."""

BEAT_SECONDS: Final = 15
"""After so long without an entry a comment is sent, so that nobody on the way takes the stream for dead."""


class FeedRoutes:
    """The addresses of the feed; what it tells is what the read models have taken in."""

    def __init__(self, ledger: Ledger, heads: Heads, beat_seconds: float = BEAT_SECONDS) -> None:
        self._ledger = ledger
        self._heads = heads
        self._beat_seconds = beat_seconds
        self.router: Final = APIRouter()
        for path, route in ((f"{OF_ONE}/events", self.events), (f"{OF_ONE}/events/{{version}}", self.event)):
            self.router.add_api_route(path, route, methods=["GET", "HEAD"], response_class=Response)

    async def events(self, request: Request) -> Response:
        """Return the entries after a version, or follow them."""
        only(request, {"after", "limit"})
        consortium_id = in_path(request, "consortium_id")
        after = _last_seen(request, number_in_query(request, "after", 0, MAX_INTEGER) or 0)
        head = await self._head(consortium_id)
        if request.method == "GET" and STREAM in request.headers.get("accept", ""):
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Ledger-Head": str(head)}
            stream = self._followed(consortium_id, after)
            return StreamingResponse(stream, HTTPStatus.OK, headers, STREAM)
        limit = number_in_query(request, "limit", 1, MOST_ENTRIES) or PAGE
        entries = await run_in_threadpool(self._entries, consortium_id, after, min(after + limit, head))
        last = after + len(entries)
        address = f"/consortia/{consortium_id}/events"
        headers = {"Cache-Control": FRESH, "Ledger-Head": str(head), "Ledger-Last": str(last)}
        headers |= {"Link": f'<{address}?after={last}&limit={limit}>; rel="next"'} if last < head else {}
        return Response(b"".join(entry + b"\n" for entry in entries), headers=headers, media_type=LINES)

    async def event(self, request: Request) -> Response:
        """Return the stored bytes of one entry."""
        only(request, set())
        consortium_id, version = in_path(request, "consortium_id"), parse_decimal(in_path(request, "version"))
        head = await self._head(consortium_id)
        if version is None or not 1 <= version <= head:
            raise Problem(NOT_FOUND)
        (entry,) = await run_in_threadpool(self._entries, consortium_id, version - 1, version)
        return answer(request, entry, JSON, FOR_EVER)

    async def _head(self, consortium_id: str) -> int:
        try:
            head = await run_in_threadpool(self._heads.head, consortium_id)
            if not head and (await run_in_threadpool(self._ledger.last_version, consortium_id)) > 0:
                # Founded at this moment.
                head = await self._heads.reach(consortium_id, 1, FOUNDED_SECONDS)
        except (psycopg.OperationalError, LedgerUnavailable) as fault:
            raise unanswered(fault) from fault
        if not head:
            raise Refused(Refusal("unknown-consortium", id=consortium_id))
        return head

    def _entries(self, consortium_id: str, after: int, upto: int) -> list[bytes]:
        try:
            return [entry for _, entry in self._ledger.stored(consortium_id, after + 1, upto)] if after < upto else []
        except LedgerUnavailable as fault:
            raise Problem(UNAVAILABLE) from fault
        except BrokenEntry as fault:
            raise Problem(RECORD_DAMAGED) from fault

    async def _followed(self, consortium_id: str, after: int) -> AsyncIterator[bytes]:
        """Send entries as they come; end when the program does, or when the database is away, to be taken up again."""
        yield b": ok\n\n"
        while not self._heads.stopped:
            try:
                head = await self._heads.reach(consortium_id, after + 1, self._beat_seconds)
                entries = await run_in_threadpool(self._entries, consortium_id, after, min(after + PAGE, head))
            except (psycopg.Error, Problem):
                return
            for entry in entries:
                after += 1
                yield b"id: %d\nevent: entry\ndata: %s\n\n" % (after, entry)
            if not entries and not self._heads.stopped:
                yield b": beat\n\n"


def _last_seen(request: Request, after: int) -> int:
    """Return the version after which to go on: that of `Last-Event-ID`, else the one in the address.

    Raises:
        Problem: `malformed-header`.
    """
    header = request.headers.get("last-event-id")
    if header is None:
        return after
    version = parse_decimal(header)
    if version is None:
        raise Problem(MALFORMED_HEADER, header="Last-Event-ID", form="357")
    return version
