"""What can go wrong with the store itself.

    LedgerFault
      BrokenEntry         stored bytes are not the entry that should stand there; nobody may go on past it
      Conflict            another writer took the version first; nothing was stored, decide again on the newer state
      LedgerUnavailable   the database does not answer; what was given may or may not be stored, give it again
      UnfitRole           a login that the rights should go to is missing, or cannot be refused anything
      WrongSchema         the database was not prepared for this program
      WriterClosed        the writer takes nothing more

None of them is a `Refusal`: no rule of a consortium is involved. `NotCanonical` stands with the bytes it speaks of.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError
from psycopg.errors import UniqueViolation

if TYPE_CHECKING:
    from collections.abc import Iterator


class LedgerFault(Exception):  # noqa: N818 - "fault" is our word for what is neither an outcome nor a refusal
    """Something is wrong with the store and not with the command."""


class BrokenEntry(LedgerFault):
    """Stored bytes are not the entry that should stand there."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place: Final = place
        self.reason: Final = reason


class Conflict(LedgerFault):
    """The version is taken; nothing of what was to be appended is stored."""


class LedgerUnavailable(LedgerFault):
    """The database does not answer. What was being appended may be stored or not."""


class UnfitRole(LedgerFault):
    """Rights cannot be given to this login: it is missing and cannot be made, or it may do everything anyway."""

    def __init__(self, role: str, *, missing: bool) -> None:
        super().__init__(f"{role}: {'missing' if missing else 'may do everything'}")
        self.role: Final = role
        self.missing: Final = missing


class WrongSchema(LedgerFault):
    """The database stands at another version of the schema than this program needs."""

    def __init__(self, *, found: int, needed: int) -> None:
        super().__init__(f"the database's schema is version {found}, this program needs {needed}")
        self.found: Final = found
        self.needed: Final = needed


class WriterClosed(LedgerFault):
    """The writer was closed before."""


@contextmanager
def told_as_faults() -> Iterator[None]:
    """Tell what the database says in the words above; what is neither rises as it is.

    Raises:
        Conflict: a row with this key is stored.
        LedgerUnavailable: no connection, or one that broke, or no answer in time.
    """
    try:
        yield
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise Conflict(str(error)) from error
        raise
    except (InterfaceError, OperationalError, psycopg.OperationalError) as error:
        raise LedgerUnavailable(str(error)) from error
