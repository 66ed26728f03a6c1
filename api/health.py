"""Whether all is well, asked of the database now, and never from memory.

| status | meaning | answered with |
|---|---|---|
| `ok` | everything moves | 200 |
| `unavailable` | the database does not answer | 503 |
| `damaged` | the last entry cannot be read | 503 |
| `standstill` | the read models or the logs stand still; `fault` says why | 503 |
| `alarm` | a log is not signed any more; `alarms` says why | 503 |

`witnesses` tells of each witness which logs it does not cosign and why; that is their affair, and no status.
"""

from __future__ import annotations

from http import HTTPStatus
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

import psycopg
from fastapi.responses import JSONResponse

from api.standing import standing
from domain.ledger.faults import BrokenEntry, LedgerFault
from domain.values import write_instant

if TYPE_CHECKING:
    from api.standing import Standing
    from api.works import Works

VERSION: Final = version("consortium-ledger")


def health(works: Works) -> JSONResponse:
    """Say how things are; 503 unless all is well."""
    document: dict[str, Any] = {"version": VERSION, "status": "ok", "database": "ok"}
    try:
        document |= _told(standing(works.ledger, works.snapshots), len(works.ledger.consortium_ids()))
    except BrokenEntry as fault:
        document |= {"status": "damaged", "fault": str(fault)}
    except (LedgerFault, psycopg.Error):
        document |= {"status": "unavailable", "database": "unavailable"}
    if document["status"] == "ok":
        document |= _of_keeping(works)
    if works.witnessing is not None and works.witnessing.names:
        faults = works.witnessing.faults
        document["witnesses"] = {
            name: faults[name]._asdict() if name in faults else None for name in works.witnessing.names
        }
    status = HTTPStatus.OK if document["status"] == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(document, status, {"Cache-Control": "no-store"})


def _told(stands: Standing, consortia: int) -> dict[str, Any]:
    last = None
    if stands.recorded_at is not None:
        last = {"position": stands.last_position, "recorded_at": write_instant(stands.recorded_at)}
    return {
        "consortia": consortia,
        "last_entry": last,
        "read_models": {"position": stands.reached},
        "lag": stands.lag,
        "unpublished": stands.unpublished,
    }


def _of_keeping(works: Works) -> dict[str, Any]:
    """Tell of both; an alarm weighs more."""
    told: dict[str, Any] = {}
    if works.keeper.fault is not None:
        told = {"status": "standstill", "fault": works.keeper.fault}
    if works.keeper.alarms:
        alarms = {log_id: alarm.sentences for log_id, alarm in works.keeper.alarms.items()}
        told |= {"status": "alarm", "alarms": alarms}
    return told
