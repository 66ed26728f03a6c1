"""Reading what a command is given with: a JSON document, or for many an array or a line each.

Source: RFC 8259; jsonlines.org for many lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.commands.addresses import NUMBERS, fields
from api.problems import BODY_TOO_LARGE, TOO_MANY_COMMANDS, Problem
from domain.errors import Refusal
from domain.reasons import malformed
from domain.requests import read_json, read_request

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import Request

    from domain.decider import Actor
    from domain.requests import Request as Asked

BODY_BYTES: Final = 256 * 1024
BATCH_BYTES: Final = 8 * 1024 * 1024
MOST_COMMANDS: Final = 1000
JSON_LINES: Final = frozenset({"application/jsonl", "application/x-ndjson", "application/json-lines"})


async def read_body(request: Request, limit: int) -> bytes:
    """Read a body, no further than allowed.

    Raises:
        Problem: `body-too-large`.
    """
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise Problem(BODY_TOO_LARGE, limit=limit)
        parts.append(part)
    return b"".join(parts)


def read_one(body: bytes, command: str, path: Mapping[str, str], given_by: Actor) -> Asked:
    """Read one command, whose name and some of whose fields stand in the path.

    Raises:
        Refusal: `malformed`.
    """
    document = read_json(body)
    if not isinstance(document, dict):
        malformed("", "not_an_object")
    for name in ("command", "actor"):
        if name in document:
            malformed(f"/{name}", "extra_forbidden")
    data = document.get("data", {})
    if isinstance(data, dict):
        document["data"] = data | _from_path(data, command, path)
    return _read(document, command, given_by)


def _from_path(data: Mapping[str, Any], command: str, path: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name in fields(command):
        text = path[name]
        given[name] = int(text) if name in NUMBERS and text.isascii() and text.isdigit() and len(text) < 9 else text  # noqa: PLR2004 - more digits than any number of an annex or tranche has
        if data.get(name, given[name]) != given[name]:
            malformed(f"/data/{name}", "other_than_in_address", expected=text)
    return given


def read_many(body: bytes, media_type: str) -> list[Any]:
    """Read the documents of a batch, in order.

    Raises:
        Refusal: `malformed`.
        Problem: `too-many-commands`.
    """
    documents = list(_lines(body)) if media_type in JSON_LINES else read_json(body)
    if not isinstance(documents, list):
        malformed("", "list_type")
    if not documents:
        malformed("", "nothing_to_do")
    if len(documents) > MOST_COMMANDS:
        raise Problem(TOO_MANY_COMMANDS, limit=MOST_COMMANDS)
    return documents


def _lines(body: bytes) -> Iterator[Any]:
    for number, line in enumerate(body.removesuffix(b"\n").split(b"\n")):
        try:
            yield read_json(line)
        except Refusal as refusal:
            raise Refusal(refusal.code, place=f"/{number}{refusal.place or ''}", **refusal.fields) from refusal


def read_part(document: object, given_by: Actor) -> Asked:
    """Read one command of a batch, which names itself.

    Raises:
        Refusal: `malformed`.
    """
    if not isinstance(document, dict):
        malformed("", "not_an_object")
    if "actor" in document:
        malformed("/actor", "extra_forbidden")
    return _read(document, document.get("command"), given_by)


def _read(document: dict[str, Any], command: object, given_by: Actor) -> Asked:
    return read_request({**document, "command": command, "actor": given_by.model_dump()})
