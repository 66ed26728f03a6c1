"""Structured logs: a JSON document a line on standard error, and what each of them says of a request.

    {"at":"2026-01-01T12:00:00.000Z","level":"info","logger":"consortium-ledger.requests","message":"request",
     "request_id":"…","method":"GET","route":"/consortia/{consortium_id}/members","status":200,"ms":3.1,"bytes":812}

Neither addresses as they were asked for, nor headers, nor bodies are logged: they name people.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from fastapi import Request

HEADER: Final = "X-Request-Id"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

requests: Final = logging.getLogger("consortium-ledger.requests")


class JsonLines(logging.Formatter):
    """Writes a record as one line; whatever a record carries in `fields` stands beside its message."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told: dict[str, Any] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def write_to_stderr() -> None:
    """Write all logs of this process as JSON lines, those of libraries from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    requests.setLevel(logging.INFO)


def accepted_or_made(stated: str | None) -> str:
    """Return the id that a client gave its request, where it can stand in a log, or else a new one."""
    return stated if stated is not None and WELL_FORMED.fullmatch(stated) else str(uuid4())


def request_id(request: Request) -> str | None:
    """Return the id of a request; None where nobody gave it one."""
    found: str | None = request.scope.get("state", {}).get("request_id")
    return found
