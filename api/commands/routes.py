"""Giving commands: read, decided and stored by the ledger's writer, answered after the commit."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request, Response

from api.commands.addresses import ADDRESSES, OF_ONE, address, fields
from api.commands.answers import as_json
from api.commands.asked import actor, clock, command_id, expected_version, part_of
from api.commands.bodies import BATCH_BYTES, BODY_BYTES, read_body, read_many, read_one, read_part
from api.commands.wanted import wanted_of_many, wanted_of_one
from api.faults import told_as_problems
from api.problems import RECEIPT_LATE, Problem, document, language_of
from api.receipts import ReceiptLate
from api.refused import Refused
from api.slashes import in_path
from domain.errors import Refusal
from domain.ledger.submission import Step, StepRefused, Submission
from domain.statute.decisions import FoundConsortium

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from api.commands.asked import Writes
    from api.commands.carrying_out import Desk, Done
    from api.commands.wanted import Wanted
    from api.receipts import Receipts
    from domain.decider import Actor
    from domain.requests import Request as Asked

REPLAYED: Final = {"Idempotency-Replayed": "true"}


class CommandRoutes:
    """The addresses of all commands."""

    def __init__(self, desk: Desk, receipts: Receipts, writes: Writes) -> None:
        self._desk = desk
        self._receipts = receipts
        self._writes = writes
        self.router: Final = APIRouter()
        for command in ADDRESSES:
            self._add(address(command), self._one(command), command)
        self._add(f"{OF_ONE}/commands", self.many, "commands")

    def _add(self, path: str, route: Callable[[Request], Awaitable[Response]], name: str) -> None:
        self.router.add_api_route(path, route, methods=["POST"], name=name, response_class=Response)

    def _one(self, command: str) -> Callable[[Request], Awaitable[Response]]:
        async def give(request: Request) -> Response:
            wanted = wanted_of_one(request)
            key, given_by = command_id(request), actor(request, self._writes)
            body = await read_body(request, BODY_BYTES)
            try:
                asked = read_one(body, command, {name: in_path(request, name) for name in fields(command)}, given_by)
                submission = _submission(request, self._writes, _consortium_of(request, asked), [_step(key, asked)])
                return await self._together(submission, wanted, key)
            except Refusal as refusal:
                # A command that is given alone has no place among others to name.
                alone = Refusal(refusal.code, place=refusal.place, **refusal.fields)
                raise Refused(alone, {"consortium_id", *fields(command)}) from refusal

        return give

    async def many(self, request: Request) -> Response:
        """Give several commands: all or none with `atomic`, else each by itself, in their order."""
        wanted = wanted_of_many(request)
        key, given_by = command_id(request), actor(request, self._writes)
        media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
        body = await read_body(request, BATCH_BYTES)
        try:
            documents = read_many(body, media_type)
            if not wanted.together:
                return await self._each(request, documents, key)
            steps = [_part(document, place, key, given_by) for place, document in enumerate(documents)]
            submission = _submission(request, self._writes, in_path(request, "consortium_id"), steps)
            return await self._together(submission, wanted, key, batch=True)
        except StepRefused as refusal:
            raise Refused(_within_batch(refusal), {"consortium_id"}) from refusal
        except Refusal as refusal:
            raise Refused(refusal, {"consortium_id"}) from refusal

    async def _together(self, submission: Submission, wanted: Wanted, key: str, *, batch: bool = False) -> Response:
        if wanted.dry_run:
            return as_json(await self._desk.rehearse(submission), HTTPStatus.OK, {})
        done = await self._desk.carry_out(submission, key)
        headers = _headers(submission.consortium_id, done)
        if wanted.receipt:
            return await self._receipt(submission.consortium_id, done[-1].last_version, wanted.wait, headers)
        told = [one.told for one in done]
        return as_json({"results": told} if batch else told[0], HTTPStatus.CREATED, headers)

    async def _each(self, request: Request, documents: Sequence[object], key: str) -> Response:
        """Give each command by itself, and say for each what became of it; a refusal stops none that follows."""
        consortium_id, given_by = in_path(request, "consortium_id"), actor(request, self._writes)
        expected, now = expected_version(request, self._writes), clock(request)
        results: list[dict[str, Any]] = []
        recorded: list[Done] = []
        for place, text in enumerate(documents):
            try:
                submission = Submission(consortium_id, (_part(text, place, key, given_by),), expected, now)
                (done,) = await self._desk.carry_out(submission, part_of(key, place))
                recorded.append(done)
                results.append({"status": HTTPStatus.CREATED, **done.told})
                expected = done.last_version if expected is not None else None
            except Refusal as refusal:
                alone = Refusal(refusal.code, place=refusal.place, **refusal.fields)
                results.append(document(Refused(alone, {"consortium_id"}), language_of(request)))
        return as_json({"results": results}, HTTPStatus.OK, _headers(consortium_id, recorded) if recorded else {})

    async def _receipt(self, consortium_id: str, version: int, wait: float, headers: dict[str, str]) -> Response:
        """Answer with the proof that the last entry is in a published checkpoint, once it is."""
        # Whatever goes wrong now, the command is recorded.
        recorded = {"version": version, "location": headers["Location"]}
        try:
            with told_as_problems(**recorded):
                proof = await self._receipts.awaited(consortium_id, version, wait)
        except ReceiptLate as late:
            raise Problem(RECEIPT_LATE, **recorded) from late
        fresh = {"Cache-Control": "no-store", **headers}
        return Response(proof, HTTPStatus.CREATED, fresh, "text/plain; charset=utf-8")


def _submission(request: Request, writes: Writes, consortium_id: str, steps: Sequence[Step]) -> Submission:
    return Submission(consortium_id, tuple(steps), expected_version(request, writes), clock(request))


def _step(key: str, asked: Asked) -> Step:
    return Step(key, asked.command, asked.actor, asked.effective_on, asked.under)


def _part(text: object, place: int, key: str, given_by: Actor) -> Step:
    """Read a command of a batch.

    Raises:
        StepRefused: `malformed`, with its place in the batch.
    """
    try:
        return _step(part_of(key, place), read_part(text, given_by))
    except Refusal as refusal:
        raise StepRefused(refusal, place) from refusal


def _within_batch(refusal: StepRefused) -> StepRefused:
    """Point into the whole body, where the command is one of several."""
    if refusal.place is None:
        return refusal
    return StepRefused(Refusal(refusal.code, place=f"/{refusal.step}{refusal.place}", **refusal.fields), refusal.step)


def _consortium_of(request: Request, asked: Asked) -> str:
    """Return the consortium that the path names, or that is founded."""
    if isinstance(asked.command, FoundConsortium):
        return asked.command.consortium_id
    return in_path(request, "consortium_id")


def _headers(consortium_id: str, done: Sequence[Done]) -> dict[str, str]:
    last = done[-1].last_version
    headers = {"ETag": f'"{last}"', "Location": f"/consortia/{consortium_id}/events/{last}"}
    return headers | REPLAYED if all(one.replayed for one in done) else headers
