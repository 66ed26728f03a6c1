"""The HTTP application: commands, questions, the feed, the transparency logs, health and version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse, JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from api.commands.routes import CommandRoutes
from api.feed import FeedRoutes
from api.health import VERSION, health
from api.metrics import Metrics
from api.observing import Observed
from api.openapi.document import stored
from api.openapi.page import page
from api.openapi.problem_pages import problem_list, problem_page
from api.problems import install
from api.queries.routes import QueryRoutes
from api.slashes import EncodedSlashes
from api.tlog import Logs, TlogRoutes
from api.tlog.answers import FRESH
from api.tlog.browsers import OpenToBrowsers
from projections.transparency.signing import LOG_OF_LOGS

if TYPE_CHECKING:
    from api.works import Works


def create_app(works: Works) -> FastAPI:
    """Make the application on what works behind it, which whoever calls closes."""
    app = FastAPI(title="Consortium ledger", version=VERSION, openapi_url=None, redirect_slashes=False)
    install(app)
    metrics = Metrics(works)
    app.add_middleware(Observed, metrics=metrics)
    app.add_middleware(OpenToBrowsers)
    # What is added last comes first: a route is found in the address as it was meant.
    app.add_middleware(EncodedSlashes)

    def told_health() -> JSONResponse:
        return health(works)

    def told_figures() -> Response:
        return Response(metrics.written(), media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    def told_version() -> dict[str, str]:
        return {"version": VERSION}

    described = Response(stored(), media_type="application/json", headers={"Cache-Control": FRESH})
    explained = HTMLResponse(page(json.loads(stored())), headers={"Cache-Control": FRESH})

    def description() -> Response:
        return described

    def explanation() -> Response:
        return explained

    app.add_api_route("/openapi.json", description, methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/docs", explanation, methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/problems", problem_list, methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/problems/{code}", problem_page, methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/health", told_health, methods=["GET", "HEAD"])
    app.add_api_route("/metrics", told_figures, methods=["GET", "HEAD"], response_class=Response)
    app.add_api_route("/version", told_version, methods=["GET", "HEAD"])
    logs = Logs(works.snapshots, works.receipts)
    for routes in (
        CommandRoutes(works.desk, works.receipts, works.writes),
        QueryRoutes(works.ledger, works.snapshots, works.heads),
        FeedRoutes(works.ledger, works.heads),
        TlogRoutes(logs),
        TlogRoutes(logs, "/log-of-logs", LOG_OF_LOGS),
    ):
        app.include_router(routes.router)
    return app
