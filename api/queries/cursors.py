"""Where a page goes on: the key of the last row, at the same point on both clocks. Opaque to whoever follows it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from api.problems import MALFORMED_VALUE, Problem
from projections.bitemporal.table import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.bitemporal.table import Table


def cursor_after(table: Table, row: Mapping[str, Any]) -> str:
    """Write the place after a row."""
    key = [_written(row[name]) for name in table.key]
    return urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(table: Table, text: str) -> Sequence[Any]:
    """Read the key of the row after which to go on.

    Raises:
        Problem: `malformed-value`.
    """
    try:
        key = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [_read(table.by[name].kind, value) for name, value in zip(table.key, key, strict=True)]
    except (ValueError, TypeError, RecursionError) as error:
        raise Problem(MALFORMED_VALUE, parameter="cursor", form="…") from error


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    match kind:
        case Kind.DAY:
            return date.fromisoformat(value)
        case Kind.INSTANT:
            return datetime.fromisoformat(value)
        case Kind.COUNT | Kind.GROSZE | Kind.BASIS_POINTS if type(value) is int and abs(value) < 2**63:
            return value
        case Kind.ID | Kind.WORD | Kind.TEXT if isinstance(value, str) and "\0" not in value:
            # Half of a pair of surrogates is no text that a database takes.
            value.encode()
            return value
        case _:
            raise ValueError
