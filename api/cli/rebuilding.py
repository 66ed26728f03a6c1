"""`rebuild`: work every table of the read models out again from the entries, and say what was different."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
import psycopg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.endings import FAULT, ends_well, print_json
from api.cli.language import told
from api.cli.opening import opened_with_conninfo
from api.cli.options import Options, gather, shared_options
from projections.bitemporal.rebuilding import ensure, entries_reached, is_current, rebuild
from projections.questions import TABLES
from projections.read_models import all_read_models
from projections.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from domain.ledger.ledger import Ledger


@click.command(
    "rebuild",
    short_help=told("Zbuduj od nowa tabele odpowiedzi.", "Build the tables of answers again."),
    help=told(
        "Zbuduj od nowa wszystkie tabele odpowiedzi z wpisów, obok działających, porównaj wiersz po wierszu i podmień"
        " w jednej transakcji. Można uruchomić obok działającej usługi; przerwane niczego nie zmienia. Kończy się kodem"
        " 0, gdy nic się nie różniło albo nie było czego porównać, 1, gdy coś się różniło (już się zgadza).",
        "Build every table of answers again from the entries, beside the live ones, compare row by row, and switch in"
        " one transaction. It may run beside a live service; broken off it changes nothing. Ends with 0 when nothing"
        " differed or there was nothing to compare, 1 when something did (it agrees now).",
    ),
)
@shared_options
@click.pass_context
def rebuild_tables(context: click.Context, /, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Rebuild, and say for each table how many rows differed."""
    options = gather(context, **shared)
    with (
        ends_well(options),
        opened_with_conninfo(options, make=False) as (ledger, conninfo),
        psycopg.connect(conninfo, autocommit=True) as connection,
        _progress(connection, options) as advance,
    ):
        differences = rebuild(ledger, connection, TABLES, advance)
        # What no service has taken in yet, such as a register that was just imported.
        Runner(ledger, connection, all_read_models(ledger)).catch_up()
        entries = entries_reached(connection)
    _say(differences, entries, options)
    if any((differences or {}).values()):
        sys.exit(FAULT)


def build_missing_tables(ledger: Ledger, conninfo: str, options: Options) -> None:
    """Build the tables where they are missing or another version's, and say so on standard error.

    Raises:
        psycopg.errors.InsufficientPrivilege: they are another login's.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        if is_current(connection, TABLES):
            return
        polish, english = "Buduję tabele odpowiedzi z wpisów.", "Building the tables of answers from the entries."
        click.echo(polish if options.language == "pl" else english, err=True)
        with _progress(connection, options) as advance:
            ensure(ledger, connection, TABLES, advance)


def _say(differences: dict[str, int] | None, entries: int, options: Options) -> None:
    if options.as_json:
        print_json({"entries": entries, "compared": differences is not None, "differing_rows": differences})
        return
    for name, count in (differences or {}).items():
        click.echo(f"{name}: {count}")
    polish = f"Zbudowano tabele ({len(TABLES)}) z wpisów ({entries}); "
    english = f"{len(TABLES)} tables built from {entries} entries; "
    if differences is None:
        polish += "nie było czego porównać: poprzednich nie było albo były innej wersji."
        english += "nothing to compare: there were none before, or another version's."
    else:
        polish += f"różniących się wierszy: {sum(differences.values())}."
        english += f"{sum(differences.values())} rows differed."
    click.echo(polish if options.language == "pl" else english)


@contextmanager
def _progress(connection: psycopg.Connection, options: Options) -> Iterator[Callable[[int], None]]:
    """Show how many entries were taken in, on standard error while a person watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        total = entries_reached(connection)
        task = progress.add_task("Wpisy" if options.language == "pl" else "Entries", total=total)
        yield lambda count: progress.advance(task, count)
