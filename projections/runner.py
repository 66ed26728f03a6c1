"""One runner, one position: every batch is applied to all read models and to their progress in one transaction.

    ledger ──▶ batch of entries ──▶ BEGIN · lock · read models · progress · COMMIT ──▶ next

Two runners may run at once: whoever has the lock applies what the other has not, so an entry is applied once.
A read model that cannot apply a batch stops the runner; nothing is skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from psycopg.sql import SQL

from domain.ledger.following import entries_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psycopg import Connection

    from domain.ledger.following import Placed
    from domain.ledger.ledger import Ledger


LOCK: Final = SQL("SELECT pg_advisory_xact_lock('public.read_models_progress'::regclass::bigint)")
"""Held to the end of a transaction that changes read models."""

CHANNEL: Final = "read_models"
"""Told, at the commit, each consortium whose read models changed."""


def reached(connection: Connection) -> int:
    """Return the position up to which the read models have come, as this transaction sees it."""
    row = connection.execute("SELECT position FROM public.read_models_progress").fetchone()
    return int(row[0]) if row else 0


class ReadModel(Protocol):
    """One question, kept answered in tables of its own."""

    def apply(self, connection: Connection, batch: Sequence[Placed]) -> None:
        """Take a batch in, within the transaction of `connection`."""
        ...


class Runner:
    """Brings read models up to date with the ledger, over a connection of its own."""

    def __init__(self, ledger: Ledger, connection: Connection, read_models: Sequence[ReadModel]) -> None:
        self._ledger = ledger
        self._connection = connection
        self._read_models = read_models

    def catch_up(self) -> int:
        """Apply everything that is stored now; return the position reached."""
        return max(self.catching_up())

    def catching_up(self) -> Iterator[int]:
        """Do the same batch by batch, telling each time the position reached, the one it begins at first.

        What is stored meanwhile is left to whoever follows: with writers that are faster there would be no end.
        """
        last, position = self._ledger.last_position(), self.position()
        yield position
        while position < last and (batch := entries_after(self._ledger, position)):
            self.apply(batch)
            position = batch[-1].position
            yield position

    def follow(self, batches: Iterable[Sequence[Placed]]) -> None:
        """Apply batches as they come, until they end."""
        for batch in batches:
            self.apply(batch)

    def position(self) -> int:
        """Return how far the read models have come."""
        with self._connection.transaction():
            return reached(self._connection)

    def apply(self, batch: Sequence[Placed]) -> None:
        """Apply what of the batch was not applied yet, whole or not at all."""
        with self._connection.transaction():
            self._connection.execute(LOCK)
            done = reached(self._connection)
            fresh = [placed for placed in batch if placed.position > done]
            if not fresh:
                return
            for read_model in self._read_models:
                read_model.apply(self._connection, fresh)
            self._connection.execute("UPDATE public.read_models_progress SET position = %s", [fresh[-1].position])
            for consortium_id in dict.fromkeys(placed.consortium_id for placed in fresh):
                self._connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, consortium_id])
