"""How the files of a log are answered: their types, how long they may be kept, and whether the client has them."""

from __future__ import annotations

import gzip
import json
import re
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi import Response

from api.problems import NOT_FOUND, Problem

if TYPE_CHECKING:
    from fastapi import Request

TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
JSON: Final = "application/json"

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""For what can never be other bytes under the same address (RFC 8246)."""

FRESH: Final = "no-cache"
"""For what grows: a cache asks each time whether it still has the latest, and gets a 304 when it has."""


GZIP_LEVEL: Final = 6
"""Beyond it a bundle takes twice the time to be a few percent shorter."""

_CODING: Final = re.compile(r"\s*(gzip|\*)\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?", re.IGNORECASE)


def answer(request: Request, data: bytes | None, media_type: str, caching: str, vary: str | None = None) -> Response:
    """Answer with a file, or with 304 when the client holds it already.

    Raises:
        Problem: `not-found` when there is none.
    """
    if data is None:
        raise Problem(NOT_FOUND)
    tag = f'"{sha256(data).hexdigest()[:32]}"'
    headers = {"Cache-Control": caching, "ETag": tag} | ({"Vary": vary} if vary else {})
    if is_held(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(data, headers=headers, media_type=media_type)


def answer_packed(request: Request, data: bytes | None, media_type: str, caching: str) -> Response:
    """Answer with a file, packed when the client takes gzip; packed bytes are others, and so is their tag.

    Raises:
        Problem: `not-found` when there is none.
    """
    if data is None or not takes_gzip(request):
        return answer(request, data, media_type, caching, "Accept-Encoding")
    packed = gzip.compress(data, GZIP_LEVEL, mtime=0)
    response = answer(request, packed, media_type, caching, "Accept-Encoding")
    if response.status_code == HTTPStatus.OK:
        response.headers["Content-Encoding"] = "gzip"
    return response


def answer_json(request: Request, document: Any, caching: str, vary: str | None = None) -> Response:  # noqa: ANN401 - any JSON document
    """Answer with a JSON document; no line breaks, keys in the order given."""
    return answer(request, json.dumps(document, ensure_ascii=False).encode() + b"\n", JSON, caching, vary)


def wants_json(request: Request) -> bool:
    """Tell whether JSON is asked for by name; everybody else gets plain text."""
    accepted = ",".join(request.headers.getlist("accept")).split(",")
    return any(part.partition(";")[0].strip().lower() == JSON for part in accepted)


def takes_gzip(request: Request) -> bool:
    """Tell whether gzip is accepted, by name or as anything; what cannot be read asks for nothing.

    Source: RFC 9110, section 12.5.3.
    """
    found = map(_CODING.fullmatch, ",".join(request.headers.getlist("accept-encoding")).split(","))
    weights = {one[1].lower(): float(one[2] or 1) for one in found if one}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def is_held(request: Request, tag: str) -> bool:
    """Compare weakly with `If-None-Match`. Source: RFC 9110, section 13.1.2."""
    named = ",".join(request.headers.getlist("if-none-match")).split(",")
    return any(one.strip().removeprefix("W/") in {tag, "*"} for one in named)
