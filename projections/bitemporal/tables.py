"""The read model that keeps every table: entries are folded, and what each changes is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.transparency.tree import leaf_hash
from projections.bitemporal.changes import Changes
from projections.bitemporal.definition import LIVE, create, fingerprint, made
from projections.bitemporal.reports import create_reports
from projections.bitemporal.states import WarmStates
from projections.bitemporal.writing import plan_for_few, write, write_moments
from projections.runner import reached
from projections.uncollected import uncollected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from domain.decider import Fact
    from domain.ledger.following import Placed
    from domain.ledger.ledger import Ledger
    from projections.bitemporal.table import Table


class StaleTablesError(Exception):
    """The tables were made from other declarations, or not at all, and entries were taken in since: rebuild them."""

    def __str__(self) -> str:
        return "the tables are those of another version of the program; start it again, or run `rebuild`"


class Tables:
    """Keeps the tables of a schema up to date; used by one runner."""

    def __init__(self, ledger: Ledger, tables: Sequence[Table], schema: str = LIVE) -> None:
        self._tables = tables
        self._schema = schema
        self._states = WarmStates(ledger)
        self._fingerprint = fingerprint(tables)
        self._following: dict[type[Fact], tuple[int, ...]] = {}

    @uncollected()
    def apply(self, connection: Connection, batch: Sequence[Placed]) -> None:
        """Write what the entries of the batch change.

        Raises:
            BrokenEntry: what is stored is no entry.
            UnknownRowError: a table does not say what the history says.
            StaleTablesError: the tables have to be rebuilt first.
        """
        self._require_made(connection)
        changes = [Changes(table) for table in self._tables]
        moments = []
        for placed in batch:
            entry = placed.entry()
            before, after = self._states.step(entry)
            moments.append((entry, leaf_hash(placed.state)))
            for number in self._followers(type(entry.fact)):
                changes[number].take(entry, before, after)
        plan_for_few(connection)
        write_moments(connection, self._schema, moments)
        for one in changes:
            write(connection, self._schema, one)

    def _followers(self, kind: type[Fact]) -> tuple[int, ...]:
        """Return the places of the tables that entries of a kind may change: few of them, for most kinds."""
        if kind not in self._following:
            places = (place for place, table in enumerate(self._tables) if table.follows(kind))
            self._following[kind] = tuple(places)
        return self._following[kind]

    def _require_made(self, connection: Connection) -> None:
        """Look that the tables are ours; before the first entry of all they are made.

        Each time anew: another version of the program may have put its own in their place since.
        """
        found = made(connection, self._schema)
        if found is None and self._schema == LIVE and reached(connection) == 0:
            create(connection, LIVE, self._tables)
            create_reports(connection, self._tables)
        elif found != self._fingerprint:
            raise StaleTablesError
