"""Where to go on from an answer: links between operations, with runtime expressions.

Source: OpenAPI 3.1, "Link Object".
"""

from __future__ import annotations

from typing import Final

from api.openapi.parts import Json, link

CONSORTIUM: Final = "$response.body#/consortium_id"

AFTER_COMMAND: Final[Json] = {
    "entry": link("event", "The last entry it made.", consortium_id=CONSORTIUM, version="$response.body#/last_version"),
    "trail": link(
        "audit_trail", "What it means in a sentence.", consortium_id=CONSORTIUM, at_least="$response.body#/last_version"
    ),
    "members": link(
        "members", "The roll with it taken in.", consortium_id=CONSORTIUM, at_least="$response.body#/last_version"
    ),
    "proof": link(
        "tlog_by_event",
        "Its place in the log.",
        consortium_id=CONSORTIUM,
        event_id="$response.body#/entries/0/event_id",
    ),
}

AFTER_ENTRY: Final[Json] = {
    "proof": link(
        "tlog_by_event", "Its place in the log.", consortium_id=CONSORTIUM, event_id="$response.body#/event_id"
    ),
}

AFTER_CONSORTIA: Final[Json] = {
    "members": link("members", "Who belongs to the first.", consortium_id="$response.body#/rows/0/consortium_id"),
    "events": link("events", "Its entries.", consortium_id="$response.body#/rows/0/consortium_id"),
    "checkpoint": link("tlog_checkpoint", "Its log.", consortium_id="$response.body#/rows/0/consortium_id"),
}

OF_LOG: Final[Json] = {
    "proof": link(
        "tlog_proof", "The proof of it.", consortium_id="$request.path.consortium_id", index="$response.body#/index"
    ),
    "entry": link(
        "tlog_entry", "Its bytes.", consortium_id="$request.path.consortium_id", index="$response.body#/index"
    ),
}


def after_page(operation: str) -> Json:
    """Go on from a page of a table."""
    fixed = {"consortium_id": CONSORTIUM, "valid_on": "$response.body#/valid_on", "version": "$response.body#/version"}
    return {
        "next": link(operation, "The next page, at the same point.", **fixed, cursor="$response.body#/cursor"),
        "entry": link("event", "The last entry known.", consortium_id=CONSORTIUM, version="$response.body#/version"),
    }
