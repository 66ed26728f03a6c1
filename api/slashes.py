"""Ids in addresses that hold a slash, e.g. the meeting `RZ/1/2019`: written `RZ%2F1%2F2019`, as RFC 3986 has it.

The framework would decode the path before it looks for a route. Here an encoded slash is kept apart until a field is
taken from the path. Source: RFC 3986, sections 2.2 and 3.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from api.problems import NOT_FOUND, Problem

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

KEPT: Final = "\x1f"
"""Stands for an encoded slash; it can be part of no id, and no text may hold it."""

ENCODED: Final = re.compile(rb"%2[fF]")


class EncodedSlashes:
    """Keeps encoded slashes apart while a route is looked for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = scope.get("raw_path")
        if scope["type"] == "http" and raw and ENCODED.search(raw):
            scope = {**scope, "path": unquote(ENCODED.sub(b"%1F", raw).decode("ascii", "replace"))}
        await self._app(scope, receive, send)


def in_path(request: Request, name: str) -> str:
    """Return a field of the path as it was meant.

    Raises:
        Problem: `not-found`: it holds a character that nothing recorded can have.
    """
    text: str = request.path_params[name]
    if "\0" in text:
        raise Problem(NOT_FOUND)
    return text.replace(KEPT, "/")
