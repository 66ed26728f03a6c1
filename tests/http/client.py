"""Asking the application over HTTP: one connection, headers as they stand, commands at their own addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from uuid import NAMESPACE_URL, uuid5

from api.commands.addresses import address, fields

if TYPE_CHECKING:
    from collections.abc import Mapping

CONSORTIUM = "hajnowka-odnowa"
OF_ONE = f"/consortia/{CONSORTIUM}"

Line = dict[str, Any]
"""A line of a register of commands."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON document
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The code of the problem, if it is one."""
        is_problem = self.headers.get("content-type") == "application/problem+json"
        return self.json()["code"] if is_problem else None

    def link(self, relation: str) -> str | None:
        """Return the address of a link in the header `Link`."""
        for part in self.headers.get("link", "").split(", "):
            target, _, parameters = part.partition("; ")
            if parameters == f'rel="{relation}"':
                return target.strip("<>")
        return None


class Client:
    """Asks one server; belongs to one thread."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send it all as it stands."""
        self._connection.request(method, path, body, dict(headers or {}))
        answer = self._connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())

    def get(self, path: str, headers: Mapping[str, str] | None = None, /, **query: object) -> Answer:
        """Ask a question of the consortium of the scenario."""
        asked = f"?{urlencode(query)}" if query else ""
        return self.ask(f"{OF_ONE}/{path}{asked}", headers=headers)

    def rows(self, path: str, /, **query: object) -> list[dict[str, Any]]:
        """Return every row of a table, page by page."""
        found: list[dict[str, Any]] = []
        answer = self.get(path, **{"limit": 1000, **query})
        while True:
            assert answer.status == 200, (path, query, answer.body)
            found += answer.json()["rows"]
            following = answer.link("next")
            if following is None:
                return found
            answer = self.ask(following)

    def post(self, path: str, document: object, headers: Mapping[str, str]) -> Answer:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return self.ask(path, "POST", body, {"Content-Type": "application/json", **headers})

    def give(self, line: Line, suffix: str = "", **headers: str) -> Answer:
        """Give the command of a line at its own address; a header's name is written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.post(place_of(line) + suffix, body_of(line), {**headers_of(line), **named})

    def catches_up(self, version: int) -> bool:
        """Wait until tables cover a version, a minute at most: the server itself waits for five seconds each time."""
        return any(self.get("members", at_least=version).status == HTTPStatus.OK for _ in range(12))

    def another(self) -> Client:
        return Client(self.port)

    def close(self) -> None:
        self._connection.close()


def place_of(line: Line, consortium_id: str = CONSORTIUM) -> str:
    """Return the address of the line's command, with its ids filled in."""
    path, data = address(line["command"]), line["data"]
    for name in fields(line["command"]):
        path = path.replace(f"{{{name}}}", quote(str(data[name]), safe=""))
    return path.replace("{consortium_id}", consortium_id)


def body_of(line: Line) -> dict[str, Any]:
    """Return what the command is given with: what stands in its address is left out."""
    in_path = fields(line["command"])
    data = {name: value for name, value in line["data"].items() if name not in in_path}
    return {"effective_on": line["effective_on"], "under": line["under"], "data": data}


def headers_of(line: Line) -> dict[str, str]:
    return {"Idempotency-Key": key_of(line), "Ledger-Clock": line["recorded_at"], **actor_of(line)}


def actor_of(line: Line) -> dict[str, str]:
    return {"Ledger-Actor-Role": line["actor"]["role"], "Ledger-Actor-Id": line["actor"]["id"]}


def key_of(line: Line) -> str:
    return str(uuid5(NAMESPACE_URL, str(line.get("seq", line.get("id")))))
