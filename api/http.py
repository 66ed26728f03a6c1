"""The HTTP application: health and version."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from domain.ledger.faults import LedgerFault

if TYPE_CHECKING:
    from domain.ledger.ledger import Ledger

VERSION = version("consortium-ledger")


def create_app(ledger: Ledger) -> FastAPI:
    """Make the application on an open ledger, which whoever calls closes."""
    app = FastAPI(title="Consortium ledger", version=VERSION, docs_url=None, redoc_url=None)

    def health() -> JSONResponse:
        return _health(ledger)

    def told_version() -> dict[str, str]:
        return {"version": VERSION}

    app.add_api_route("/health", health, methods=["GET"])
    app.add_api_route("/version", told_version, methods=["GET"])
    return app


def _health(ledger: Ledger) -> JSONResponse:
    """Ask the database now; 503 when it does not answer."""
    answer: dict[str, Any] = {"version": VERSION}
    try:
        answer |= {"status": "ok", "database": "ok", "consortia": len(ledger.consortium_ids())}
    except LedgerFault:
        return JSONResponse({**answer, "status": "unavailable", "database": "unavailable"}, 503)
    return JSONResponse(answer)
