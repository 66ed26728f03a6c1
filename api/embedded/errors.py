"""What a person is told when the embedded database cannot be had."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class EmbeddedPostgresError(Exception):
    """The embedded database cannot be started, joined or trusted; one sentence in Polish and one in English."""

    def __init__(self, *, pl: str, en: str) -> None:
        super().__init__(pl)
        self.pl: Final = pl
        self.en: Final = en

    def __str__(self) -> str:
        return self.pl


@contextmanager
def told_to_a_person(home: Path) -> Iterator[None]:
    """Turn faults of the file system, of a process and of a connection into one sentence.

    Raises:
        EmbeddedPostgresError: in their place.
    """
    try:
        yield
    except OSError as error:
        place, reason = error.filename or home, error.strerror or error
        raise EmbeddedPostgresError(
            pl=f"Nie można użyć „{place}” na potrzeby bazy danych w „{home}”: {reason}.",
            en=f"Cannot use “{place}” for the database in “{home}”: {reason}.",
        ) from error
    except psycopg.Error as error:
        raise EmbeddedPostgresError(
            pl=f"Baza danych w „{home}” nie przyjmuje połączeń: {one_line(str(error))}.",
            en=f"The database in “{home}” takes no connections: {one_line(str(error))}.",
        ) from error


def one_line(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
