"""What the giver of a command is answered: where its entries stand, and the entries themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fastapi import Response

from api.written import written_row
from domain.consortium import evolve
from domain.ledger.entry import write_entry
from domain.values import write_instant
from projections.bitemporal.changes import Changes
from projections.questions import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.ledger.ledger import Ledger
    from domain.ledger.submission import Receipt, Rehearsal


def recorded(ledger: Ledger, consortium_id: str, receipt: Receipt) -> dict[str, Any]:
    """Describe a command that is recorded, the same whenever it is asked.

    Raises:
        LedgerUnavailable: the database does not answer; the command is recorded all the same.
    """
    stored = ledger.stored(consortium_id, receipt.first_version, receipt.last_version)
    return {
        "consortium_id": consortium_id,
        "command_id": receipt.command_id,
        "first_version": receipt.first_version,
        "last_version": receipt.last_version,
        "position": receipt.position,
        "recorded_at": write_instant(receipt.recorded_at),
        "entries": [json.loads(entry) for _, entry in stored],
    }


def rehearsed(rehearsal: Rehearsal) -> dict[str, Any]:
    """Describe what a command would do: its entries, and what each table would say differently."""
    state, tables = rehearsal.before, [Changes(table) for table in TABLES]
    for entry in rehearsal.decision.entries:
        after = evolve(state, entry)
        for changes in tables:
            changes.take(entry, state, after)
        state = after
    return {
        "consortium_id": state.consortium_id,
        "dry_run": True,
        "version": rehearsal.before.version,
        "entries": [json.loads(write_entry(entry)) for entry in rehearsal.decision.entries],
        "changes": {changes.table.name: _difference(changes) for changes in tables if changes.opened or changes.closed},
    }


def _difference(changes: Changes) -> dict[str, Any]:
    return {
        "removed": [written_row(changes.table, row) for _, row in changes.closed.values()],
        "added": [written_row(changes.table, row) for _, row in changes.opened.values()],
    }


def as_json(document: Mapping[str, Any] | list[Any], status: int, headers: Mapping[str, str]) -> Response:
    """Write a document down."""
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(body, status, {"Cache-Control": "no-store", **headers}, "application/json")
