"""Sees every request once: gives it an id, times it, counts it, logs it, and answers what nobody foresaw.

Routes are told by their template, `/consortia/{consortium_id}/members`, so that there are as many of them as the
program has, however many consortia there are.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect

from api.logs import HEADER, accepted_or_made, requests
from api.problems import INTERNAL, Problem, answer, language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.metrics import Metrics

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
"""For a method or a route that there is not."""

GONE: Final = 499
"""Stands for the status when the client went away before there was one."""

log = logging.getLogger("consortium-ledger")


@dataclass(slots=True)
class _Answered:
    status: int = GONE
    size: int = 0

    def take(self, message: Message, request_id: str) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = request_id
        else:
            self.size += len(message.get("body", b""))


class Observed:
    """The application as it is watched."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, answered = perf_counter(), _Answered()
        request = Request(scope, receive)
        request_id = scope.setdefault("state", {})["request_id"] = accepted_or_made(request.headers.get(HEADER))

        async def sending(message: Message) -> None:
            answered.take(message, request_id)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            pass
        except Exception:
            log.exception("a fault of the program", extra={"fields": {"request_id": request_id}})
            if answered.status != GONE:
                # What was begun cannot be taken back; the connection is broken off.
                raise
            await answer(Problem(INTERNAL), language_of(request), request_id=request_id)(scope, receive, sending)
        finally:
            self._tell(scope, request_id, answered, perf_counter() - begun)

    def _tell(self, scope: Scope, request_id: str, answered: _Answered, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else OTHER
        route = getattr(scope.get("route"), "path", OTHER)
        self._metrics.answered(method, route, answered.status, seconds)
        fields = {
            "request_id": request_id,
            "method": method,
            "route": route,
            "status": answered.status,
            "ms": round(seconds * 1000, 1),
            "bytes": answered.size,
        }
        requests.info("request", extra={"fields": fields})
