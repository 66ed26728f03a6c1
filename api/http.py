"""The HTTP application: health and version."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from domain.ledger.faults import LedgerFault

if TYPE_CHECKING:
    from api.keeper import Keeper
    from api.tlog import TlogRoutes
    from domain.ledger.ledger import Ledger

VERSION = version("consortium-ledger")


def create_app(ledger: Ledger, keeper: Keeper, tlog: TlogRoutes) -> FastAPI:
    """Make the application on an open ledger, which whoever calls closes."""
    app = FastAPI(title="Consortium ledger", version=VERSION, docs_url=None, redoc_url=None)

    def health() -> JSONResponse:
        return _health(ledger, keeper)

    def told_version() -> dict[str, str]:
        return {"version": VERSION}

    app.add_api_route("/health", health, methods=["GET"])
    app.add_api_route("/version", told_version, methods=["GET"])
    app.include_router(tlog.router)
    return app


def _health(ledger: Ledger, keeper: Keeper) -> JSONResponse:
    """Ask the database now; 503 when it does not answer, or when a log is not signed any more."""
    answer: dict[str, Any] = {"version": VERSION}
    try:
        lag = ledger.last_position() - keeper.position
        answer |= {"status": "ok", "database": "ok", "consortia": len(ledger.consortium_ids()), "lag": lag}
    except LedgerFault:
        return JSONResponse({**answer, "status": "unavailable", "database": "unavailable"}, 503)
    if keeper.alarms:
        alarms = {consortium_id: alarm.sentences for consortium_id, alarm in keeper.alarms.items()}
        return JSONResponse({**answer, "status": "alarm", "alarms": alarms}, 503)
    return JSONResponse(answer)
