"""The HTTP application: commands, questions, the feed, the transparency logs, health and version."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.commands.routes import CommandRoutes
from api.feed import FeedRoutes
from api.openapi.document import stored
from api.openapi.page import page
from api.problems import install
from api.queries.routes import QueryRoutes
from api.slashes import EncodedSlashes
from api.tlog import Logs, TlogRoutes
from api.tlog.answers import FRESH
from domain.ledger.faults import LedgerFault
from projections.transparency.signing import LOG_OF_LOGS

if TYPE_CHECKING:
    from api.keeper import Keeper
    from api.works import Works
    from domain.ledger.ledger import Ledger

VERSION = version("consortium-ledger")


def create_app(works: Works) -> FastAPI:
    """Make the application on what works behind it, which whoever calls closes."""
    app = FastAPI(title="Consortium ledger", version=VERSION, openapi_url=None, redirect_slashes=False)
    install(app)
    app.add_middleware(EncodedSlashes)

    def health() -> JSONResponse:
        return _health(works.ledger, works.keeper)

    def told_version() -> dict[str, str]:
        return {"version": VERSION}

    described = Response(stored(), media_type="application/json", headers={"Cache-Control": FRESH})
    explained = HTMLResponse(page(json.loads(stored())), headers={"Cache-Control": FRESH})

    def description() -> Response:
        return described

    def explanation() -> Response:
        return explained

    app.add_api_route("/openapi.json", description, methods=["GET"], response_class=Response)
    app.add_api_route("/docs", explanation, methods=["GET"], response_class=Response)
    app.add_api_route("/health", health, methods=["GET"])
    app.add_api_route("/version", told_version, methods=["GET"])
    logs = Logs(works.snapshots, works.receipts)
    for routes in (
        CommandRoutes(works.desk, works.receipts, works.writes),
        QueryRoutes(works.snapshots, works.heads),
        FeedRoutes(works.ledger, works.heads),
        TlogRoutes(logs),
        TlogRoutes(logs, "/log-of-logs", LOG_OF_LOGS),
    ):
        app.include_router(routes.router)
    return app


def _health(ledger: Ledger, keeper: Keeper) -> JSONResponse:
    """Ask the database now; 503 when it does not answer, or when a log is not signed any more."""
    answer: dict[str, Any] = {"version": VERSION}
    try:
        lag = ledger.last_position() - keeper.position
        answer |= {"status": "ok", "database": "ok", "consortia": len(ledger.consortium_ids()), "lag": lag}
    except LedgerFault:
        return JSONResponse({**answer, "status": "unavailable", "database": "unavailable"}, 503)
    if keeper.fault is not None:
        return JSONResponse({**answer, "status": "standstill", "fault": keeper.fault}, 503)
    if keeper.alarms:
        alarms = {consortium_id: alarm.sentences for consortium_id, alarm in keeper.alarms.items()}
        return JSONResponse({**answer, "status": "alarm", "alarms": alarms}, 503)
    return JSONResponse(answer)
