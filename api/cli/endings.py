"""How a command ends: 0, 1 for a fault, 2 for wrong usage (click's own), 3 for a refusal, 130 by Ctrl-C."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click
import psycopg

from api.cli.interrupts import lost
from api.embedded import EmbeddedPostgresError
from domain.errors import Refusal
from domain.ledger.faults import BrokenEntry, LedgerFault, LedgerUnavailable, UnfitRole, WrongSchema
from domain.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.cli.options import Options
    from domain.refusals import Language

FAULT: Final = 1
REFUSED: Final = 3
INTERRUPTED: Final = 130


class Ending(Exception):  # noqa: N818 - it ends the command, and need not be an error
    """A fault that a person can do something about, in both languages."""

    def __init__(self, polish: str, english: str) -> None:
        super().__init__(polish)
        self.sentences: Final = {"pl": polish, "en": english}


def print_json(document: Any) -> None:  # noqa: ANN401 - any JSON document
    """Print one JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@contextmanager
def ends_well(options: Options, *, fault_status: int = FAULT) -> Iterator[None]:
    """Turn refusals and faults into one sentence and an exit status."""
    try:
        with no_fault_of_an_interrupt():
            yield
    except Refusal as refusal:
        _refuse(refusal, options)
    except BrokenPipeError:
        # Whoever read our output has gone; what is left of it must not raise again on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(FAULT)
    except (Ending, EmbeddedPostgresError, LedgerFault, psycopg.Error, OSError) as fault:
        click.echo(_fault_sentence(fault, options.language), err=True)
        sys.exit(fault_status)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


@contextmanager
def no_fault_of_an_interrupt() -> Iterator[None]:
    """Take a fault for the interrupt that was dropped before it.

    Raises:
        KeyboardInterrupt: in its place.
    """
    try:
        yield
    except Exception as fault:
        if lost.is_set():
            raise KeyboardInterrupt from fault
        raise


def _refuse(refusal: Refusal, options: Options) -> NoReturn:
    message = sentence(refusal, options.language)
    if options.as_json:
        print_json({"refused": {"code": refusal.code, "message": message}})
    else:
        click.echo(f"{refusal.code}: {message}", err=True)
    sys.exit(REFUSED)


def _fault_sentence(fault: Exception, language: Language) -> str:
    polish, english = _fault_sentences(fault)
    return polish if language == "pl" else english


def _fault_sentences(fault: Exception) -> tuple[str, str]:
    match fault:
        case Ending():
            return fault.sentences["pl"], fault.sentences["en"]
        case EmbeddedPostgresError():
            return fault.pl, fault.en
        case LedgerUnavailable() | psycopg.Error():
            return _database_fault(fault)
        case BrokenEntry():
            return f"Zapis jest uszkodzony: {fault}.", f"The stored record is broken: {fault}."
        case WrongSchema() | UnfitRole():
            return _unprepared(fault)
        case _:
            return f"Nie udało się: {_first_line(fault)}", f"It did not work: {_first_line(fault)}"


def _database_fault(fault: LedgerUnavailable | psycopg.Error) -> tuple[str, str]:
    reason = _first_line(fault)
    if isinstance(fault, psycopg.errors.InsufficientPrivilege):
        polish = f"Temu loginowi brakuje praw, które nadaje „consortium-ledger migrate”: {reason}"
        return polish, f"This login lacks a right, to be given by `consortium-ledger migrate`: {reason}"
    return f"Baza danych nie odpowiada: {reason}", f"The database does not answer: {reason}"


def _unprepared(fault: WrongSchema | UnfitRole) -> tuple[str, str]:
    if isinstance(fault, WrongSchema):
        polish = f"Baza danych ma schemat w wersji {fault.found}, a ten program wersji {fault.needed}; "
        english = f"The database's schema is version {fault.found}; this program needs {fault.needed}; "
        if fault.found > fault.needed:
            return f"{polish}zainstaluj nowszy program.", f"{english}install a newer program."
        polish += "uruchom „consortium-ledger migrate” jako właściciel bazy."
        return polish, f"{english}run `consortium-ledger migrate` as the owner of the database."
    if fault.missing:
        polish = f"Nie ma roli {fault.role}, a ten login nie może jej utworzyć; administrator: CREATE ROLE … LOGIN."
        english = (
            f"There is no role {fault.role} and this login may not make it; an administrator: CREATE ROLE … LOGIN."
        )
    else:
        polish = f"Rola {fault.role} może wszystko i niczego nie da się jej odmówić; wskaż inną."
        english = f"The role {fault.role} may do everything and can be refused nothing; name another."
    return polish, english


def _first_line(fault: Exception) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0] if lines else type(fault).__name__
