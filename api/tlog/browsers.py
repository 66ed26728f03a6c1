"""Lets the page of an auditor read logs in a browser, wherever the page is from: they are for everybody to see.

Source: WHATWG Fetch, "CORS protocol".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGS: Final = ("/tlog/", "/log-of-logs/")
"""What every address of a log begins with."""


class OpenToBrowsers:
    """Says so with every answer about a log, and with each problem there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Access-Control-Allow-Origin"] = "*"
            await send(message)

        opened = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and scope["path"].startswith(LOGS)
        await self._app(scope, receive, sending if opened else send)
