"""`fsck`: read everything that is stored again, and name each row, tile or checkpoint that was changed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click
from psycopg.errors import UndefinedColumn, UndefinedTable
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.endings import FAULT, REFUSED, Ending, ends_well, print_json
from api.cli.language import told
from api.cli.opening import database, home_of
from api.cli.options import Options, gather, shared_options
from domain.errors import refuse
from projections.preparation import require_prepared
from projections.transparency.audit.auditing import opened_audit
from projections.transparency.memory import BrokenMemoryError, SignerMemory
from projections.transparency.signing import LOG_OF_LOGS, BrokenSeedError, Signing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from projections.transparency.audit.finding import Finding

COULD_NOT_READ: Final = REFUSED
"""Status 3, as with `verify`: no pass, and no finding either."""


@click.command(
    short_help=told("Znajdź każdy zmieniony wiersz zapisu.", "Find every changed row of the record."),
    help=told(
        "Przeczytaj od nowa wszystkie wpisy, kafle i punkty kontrolne i nazwij każdy wiersz, który nie zgadza się"
        " z resztą, z podpisami albo z pamięcią podpisującego. Można uruchomić obok działającej usługi. Kończy się"
        " kodem 0, gdy wszystko się zgadza, 1, gdy coś znaleziono, 3, gdy nie dało się odczytać.",
        "Read all entries, tiles and checkpoints again and name each row that does not agree with the rest, with the"
        " signatures or with the signer's memory. It may run beside a live service. Ends with 0 when everything"
        " agrees, 1 when something was found, 3 when it could not be read.",
    ),
)
@click.argument("consortium", nargs=-1)
@click.option(
    "--public-host",
    envvar="CONSORTIUM_LEDGER_PUBLIC_HOST",
    help=told("Nazwa w dziennikach; z pamięci podpisującego.", "Name in the logs; from the signer's memory."),
)
@shared_options
@click.pass_context
def fsck(context: click.Context, /, consortium: tuple[str, ...], public_host: str | None, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Check the named logs, or all; say each finding as soon as it is made."""
    options = gather(context, **shared)
    found = Found(options)
    with ends_well(options, fault_status=COULD_NOT_READ), database(options, make=False) as doors:
        folder = home_of(options) / "signer"
        signing = Signing(folder, public_host or _remembered_host(folder) or "localhost")
        try:
            read = _read_again(doors.service, signing, consortium, options, found)
        except BrokenSeedError as error:
            why = error.sentences
            polish, english = f"Nie da się odczytać ziarna: {why['pl']}", f"The seed cannot be read: {why['en']}"
            raise Ending(polish, english) from error
        except (UndefinedTable, UndefinedColumn):
            # Tables that are older than this program are one thing, and a table that was taken away is another.
            require_prepared(doors.service)
            raise
        _say_result(read, found, options)
    if found.count:
        sys.exit(FAULT)


class Found:
    """Says each finding as soon as it is made; keeps them only for the one JSON document."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.count = 0
        self.kept: list[dict[str, Any]] = []

    def report(self, one: Finding) -> None:
        self.count += 1
        if self._options.as_json:
            self.kept.append({"table": one.table, "key": dict(one.key), "pl": one.polish, "en": one.english})
        else:
            click.echo(f"{one.place}: {one.polish if self._options.language == 'pl' else one.english}")


def _read_again(
    conninfo: str, signing: Signing, named: tuple[str, ...], options: Options, found: Found
) -> dict[str, int]:
    """Audit each log, and return how many entries each has."""
    with opened_audit(conninfo, signing, found.report) as audit:
        known = audit.log_ids()
        for log_id in named:
            if log_id not in known:
                refuse("unknown-consortium", place="/consortium_id", id=log_id)
        chosen = named or tuple(known)
        with _progress(audit.entries(chosen), options) as advance:
            for log_id in chosen:
                audit.audit(log_id, advance)
        return {log_id: audit.entries([log_id]) for log_id in chosen if log_id != LOG_OF_LOGS}


def _say_result(read: dict[str, int], found: Found, options: Options) -> None:
    if options.as_json:
        print_json({"holds": not found.count, "entries": read, "findings": found.kept})
        return
    entries, logs = sum(read.values()), len(read)
    if options.language == "pl":
        click.echo(f"Konsorcja: {logs}, wpisy: {entries}, niezgodności: {found.count}.")
    else:
        click.echo(f"Consortia: {logs}, entries: {entries}, findings: {found.count}.")


def _remembered_host(folder: Path) -> str | None:
    """Take the name under which logs were signed from whatever log the signer remembers."""
    for file in sorted(folder.glob("*.json")):
        try:
            signed = SignerMemory(folder, file.stem).read()
        except BrokenMemoryError:
            continue
        if signed is not None:
            return signed.origin.partition("/")[0]
    return None


@contextmanager
def _progress(total: int, options: Options) -> Iterator[Callable[[int], None]]:
    """Show how many entries were read, on standard error while a person watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Wpisy" if options.language == "pl" else "Entries", total=total)
        yield lambda count: progress.advance(task, count)
