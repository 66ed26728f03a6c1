"""Tables written to a database from a history, without a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.consortium import Consortium, evolve
from projections.bitemporal.changes import Changes
from projections.bitemporal.definition import LIVE, create
from projections.bitemporal.writing import write, write_moments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from domain.decider import Entry
    from projections.bitemporal.table import Table

LEAF = bytes(32)
"""Stands for the hash of every leaf."""


def store(connection: Connection, tables: Sequence[Table], entries: Sequence[Entry]) -> None:
    """Make the tables and write what every entry changes, all in one batch."""
    create(connection, LIVE, tables)
    changes, state = [Changes(table) for table in tables], Consortium(entries[0].consortium_id)
    for entry in entries:
        before, state = state, evolve(state, entry)
        for one in changes:
            one.take(entry, before, state)
    write_moments(connection, LIVE, [(entry, LEAF) for entry in entries])
    for one in changes:
        write(connection, LIVE, one)
