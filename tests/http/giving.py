"""Commands that can be given to the consortium of the scenario at any time after its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from tests.http.client import Line

SECRETARY = {"Ledger-Actor-Role": "board_secretary", "Ledger-Actor-Id": "sek-1"}
CLOCK = "2021-07-05T10:00:00+02:00"


def application(application_id: str | None = None, **changed: Any) -> Line:  # noqa: ANN401 - any part of a line
    """Somebody applies for membership."""
    data = {
        "application_id": application_id or f"APP-{uuid4().hex[:12]}",
        "name": "Spółdzielnia „Kalina”",
        "legal_form": "social_cooperative",
        "employment_fte_x100": 300,
        "annual_revenue_gr": 24_000_000,
    }
    line = {
        "id": str(uuid4()),
        "recorded_at": CLOCK,
        "effective_on": "2021-07-05",
        "actor": {"role": "board_secretary", "id": "sek-1"},
        "command": "ApplyForMembership",
        "under": None,
        "data": data,
    }
    return line | changed


def part(line: Line) -> dict[str, Any]:
    """Return the command as one of a batch."""
    return {name: line[name] for name in ("command", "effective_on", "under", "data")}


def batch_headers(key: str, **more: str) -> dict[str, str]:
    return {"Idempotency-Key": key, "Ledger-Clock": CLOCK, **SECRETARY, **more}
