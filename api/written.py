"""How values are written for people and programs outside: money as decimal złoty, days and instants as ISO dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from domain.values import write_instant
from projections.bitemporal.table import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.bitemporal.table import Column, Row, Table

CURRENCY: Final = "PLN"
GROSZE: Final = 100


def written(table: Table, cells: Mapping[str, Any]) -> dict[str, Any]:
    """Write a row as a JSON object: a column of grosze loses its `_gr` and becomes an amount with its currency."""
    return {
        public_name(column): json_value(column.kind, cells[column.name])
        for column in table.columns
        if column.name in cells
    }


def written_row(table: Table, row: Row) -> dict[str, Any]:
    """Write a computed row: its stored columns, and on which days it holds."""
    cells = dict(zip((column.name for column in table.stored), row.cells, strict=True))
    until = row.holds_until.isoformat() if row.holds_until else None
    return {**written(table, cells), "holds_from": row.holds_from.isoformat(), "holds_until": until}


def public_name(column: Column) -> str:
    """Name a column as it is called outside."""
    return column.name.removesuffix("_gr") if column.kind is Kind.GROSZE else column.name


def json_value(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    """Write a cell as JSON holds it."""
    if value is None:
        return None
    match kind:
        case Kind.GROSZE:
            return {"value": zloty(value), "currency": CURRENCY}
        case Kind.DAY:
            return value.isoformat()
        case Kind.INSTANT:
            return write_instant(value)
        case Kind.IDS:
            return list(value)
        case _:
            return value


def zloty(grosze: int) -> str:
    """Write an amount in złoty with two decimals and a point."""
    whole, rest = divmod(abs(grosze), GROSZE)
    return f"{'-' if grosze < 0 else ''}{whole}.{rest:02d}"
