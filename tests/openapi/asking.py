"""Requests that Schemathesis makes up from the description: the same in every run, and few enough to wait for."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, SerializationContext

from api.commands.bodies import JSON_LINES
from api.openapi.document import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests
    from schemathesis import APIOperation, Case

    Operation = APIOperation[Any, Any, Any, Any]

COVERING = 36
"""Cases for an operation, taken evenly from all that its schema calls for."""
COVERING_EXPORTS = 8
"""The same for files of a table, which is asked as JSON with all of them."""
DRAWN = 2
"""Cases that Hypothesis draws for an operation in each mode."""
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
KEY, EXAMPLE_KEY = "Idempotency-Key", "6f1d2c1e-3d1b-4b53-9a0e-2f7c6f0c9d11"

REFUSING = ["400", "401", "403", "404", "409", "412", "413", "422"]
"""With which something wrong is answered; 413 is for a body with more than is allowed."""

CONFIG: dict[str, Any] = {
    "checks": {
        "negative_data_rejection": {"expected-statuses": REFUSING},
        # What may be decided depends on the history, which no schema knows.
        "positive_data_acceptance": {"enabled": False},
        # The development mode believes whoever states an actor.
        "ignored_auth": {"enabled": False},
    },
    "operations": [
        {
            "include-operation-id": "commands",
            # A batch that is not atomic is answered with what became of each command, be all of them malformed.
            "checks": {"negative_data_rejection": {"expected-statuses": ["200", *REFUSING]}},
        },
    ],
}


@schemathesis.serializer(*JSON_LINES)
def as_lines(_context: SerializationContext, value: object) -> bytes:
    """Write what is to be sent as lines of JSON: text as it is."""
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@cache
def schema() -> Any:  # noqa: ANN401 - the library's own class, whose module is not public
    """Return the committed description."""
    return schemathesis.openapi.from_dict(json.loads(stored()), config=schemathesis.Config.from_dict(CONFIG))


def operations() -> list[tuple[str, str]]:
    """Name every operation by its path and its method."""
    paths = json.loads(stored())["paths"]
    return [(path, method) for path, of_path in paths.items() for method in of_path]


def asked(operation: Operation) -> Iterator[Case[Any]]:
    """Make up the cases of an operation."""
    cases = list(
        schema().iter_coverage_cases(
            operation,
            generation_modes=list(MODES),
            generation_config=schema().config.generation_for(operation=operation),
        )
    )
    most = COVERING_EXPORTS if operation.path.endswith((".csv", ".xlsx")) else COVERING
    yield from cases[:: -(-len(cases) // most)]
    if operation.definition.raw.get("parameters"):
        for mode in MODES:
            yield from drawn(operation, mode)


def drawn(operation: Operation, mode: GenerationMode) -> list[Case[Any]]:
    found: list[Case[Any]] = []

    @settings(max_examples=DRAWN, derandomize=True, database=None, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Case[Any]) -> None:
        found.append(case)

    # Where every text is right there is nothing wrong to send.
    with suppress(Unsatisfiable):
        draw()
    return found


def send(case: Case[Any], number: int, url: str, session: requests.Session) -> None:
    """Send a case, and hold the answer to everything that the description says."""
    headers = case.headers
    if headers.get(KEY) == EXAMPLE_KEY:
        # Under one key all but the first would only be told that it is taken.
        headers[KEY] = str(uuid5(NAMESPACE_URL, f"{case.operation.label} {number}"))
    if case.path.endswith("/events"):
        # The stream, which has no end, has tests of its own.
        headers["Accept"] = "application/jsonl"
    if str(case.query.get("wait")) == "0":
        # Who does not wait for a checkpoint is told so with a 503; tests/tlog shows it.
        case.query["wait"] = 30
    case.call_and_validate(base_url=url, session=session, timeout=60)
