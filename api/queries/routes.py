"""The addresses of questions: every table, in every form, and the difference between two points."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import psycopg
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.commands.addresses import OF_ONE, ROOT
from api.parameters import number_in_query, only, text_in_query
from api.problems import NOT_CAUGHT_UP, NOT_KNOWN_YET, Problem, unanswered
from api.queries.compare import compared
from api.queries.consortia import consortia
from api.queries.mandates import mandate_behind, mandate_of_resolution
from api.queries.tables import CSV, FORMS, XLSX, page_asked, table_answer
from api.slashes import in_path
from api.tlog.answers import FRESH, answer_json
from domain.ledger.faults import LedgerUnavailable
from domain.values import MAX_INTEGER
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from psycopg import Connection

    from api.heads import Heads
    from api.snapshots import Snapshots
    from domain.ledger.ledger import Ledger
    from projections.bitemporal.table import Table

REACH_SECONDS: Final = 5
"""How long a question waits for the version that it names in `at_least`."""


class QueryRoutes:
    """The addresses of all questions, over one pool of snapshots."""

    def __init__(self, ledger: Ledger, snapshots: Snapshots, heads: Heads) -> None:
        self._ledger = ledger
        self._snapshots = snapshots
        self._heads = heads
        self.router: Final = APIRouter()
        self._add(ROOT, self.list_consortia, "consortia")
        self._add(f"{OF_ONE}/as-of/compare", self._document(compared), "compare")
        self._add(f"{OF_ONE}/mandate", self._document(mandate_behind), "mandate")
        self._add(f"{OF_ONE}/resolutions/{{draft_id}}/mandate", self._document(mandate_of_resolution), "mandate_of")
        for table in TABLES:
            for suffix, form in FORMS.items():
                self._add(f"{table_address(table)}{suffix}", self._table(table, suffix, form), f"{table.name}{suffix}")

    def _add(self, path: str, route: Callable[[Request], Awaitable[Response]], name: str) -> None:
        self.router.add_api_route(path, route, methods=["GET", "HEAD"], name=name, response_class=Response)

    def _table(self, table: Table, suffix: str, form: str) -> Callable[[Request], Awaitable[Response]]:
        async def ask(request: Request) -> Response:
            await self._reach(request)
            return await run_in_threadpool(answered, request, form if suffix else accepted(request))

        def answered(request: Request, wanted: str) -> Response:
            export = wanted in {CSV, XLSX}
            with self._snapshot() as connection:
                page = page_asked(request, connection, table, export=export)
            return table_answer(request, table, page, wanted)

        return ask

    async def list_consortia(self, request: Request) -> Response:
        """List the consortia of the deployment with their names and versions, page by page."""
        only(request, {"cursor", "limit"})
        limit = number_in_query(request, "limit", 1, 1000) or 100
        return await run_in_threadpool(self._consortia, request, text_in_query(request, "cursor") or "", limit)

    def _consortia(self, request: Request, after: str, limit: int) -> Response:
        with self._snapshot() as connection:
            document = consortia(connection, after, limit)
        return answer_json(request, document, FRESH)

    def _document(
        self, made: Callable[[Request, Connection], dict[str, Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def ask(request: Request) -> Response:
            await self._reach(request)
            return await run_in_threadpool(answered, request)

        def answered(request: Request) -> Response:
            with self._snapshot() as connection:
                document = made(request, connection)
            return answer_json(request, document, FRESH)

        return ask

    async def _reach(self, request: Request) -> None:
        """Wait for the version that the question names, if it is recorded.

        Raises:
            Problem: `not-caught-up`; `not-known-yet` for a version that no receipt can have named.
        """
        version = number_in_query(request, "at_least", 1, MAX_INTEGER)
        if version is None:
            return
        consortium_id = in_path(request, "consortium_id")
        try:
            head = await self._heads.reach(consortium_id, version, 0)
            if head < version:
                recorded = await run_in_threadpool(self._ledger.last_version, consortium_id)
                if not recorded:
                    # Whoever asks is told so by the question itself.
                    return
                if recorded < version:
                    raise Problem(NOT_KNOWN_YET, head=recorded)
                head = await self._heads.reach(consortium_id, version, REACH_SECONDS)
        except (psycopg.Error, LedgerUnavailable) as fault:
            raise unanswered(fault) from fault
        if head < version:
            raise Problem(NOT_CAUGHT_UP, head=head, at_least=version)

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        try:
            with self._snapshots.snapshot() as connection:
                yield connection
        except psycopg.OperationalError as fault:
            raise unanswered(fault) from fault


def table_address(table: Table) -> str:
    """Return the path of a table."""
    return f"{OF_ONE}/{table.name.replace('_', '-')}"


def accepted(request: Request) -> str:
    """Return the form that `Accept` asks for by name; JSON for everybody else."""
    named = ",".join(request.headers.getlist("accept")).split(",")
    wanted = {part.partition(";")[0].strip().lower() for part in named}
    return next((form for form in (CSV, XLSX) if form.partition(";")[0] in wanted), FORMS[""])
