"""`import`: bring an existing register into an empty consortium, all of it or nothing."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.endings import REFUSED, ends_well, print_json
from api.cli.language import told
from api.cli.opening import opened_with_conninfo
from api.cli.options import Options, gather, shared_options
from api.cli.receipts import awaited_receipt
from api.cli.serving import public_host_option
from domain.ledger.migration import History, LineRefused
from domain.refusals import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@click.command(
    "import",
    short_help=told("Wczytaj historię do pustego konsorcjum.", "Import a history into an empty consortium."),
    help=told(
        "Wczytaj historię z pliku JSON Lines do pustego konsorcjum, z jej własnymi datami: całą albo nic.",
        "Import a history from a JSON Lines file into an empty consortium, with its own dates: all of it or nothing.",
    ),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--dry-run",
    is_flag=True,
    help=told("Sprawdź cały plik, nic nie zapisuj.", "Check the whole file and store nothing."),
)
@click.option(
    "--operator",
    default="operator",
    show_default=True,
    help=told("Identyfikator tego, kto wczytuje.", "Id of who imports."),
)
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help=told(
        "Poczekaj, aż opublikowany punkt kontrolny obejmie historię, i zapisz dowód (.tlog-proof) ostatniego wpisu.",
        "Wait until a published checkpoint covers the history, and write the proof (.tlog-proof) of its last entry.",
    ),
)
@public_host_option
@shared_options
@click.pass_context
def import_history(  # noqa: PLR0913 - one parameter an option of the command
    context: click.Context,
    /,
    file: Path,
    operator: str,
    receipt: Path | None,
    public_host: str,
    *,
    dry_run: bool,
    **shared: Any,  # noqa: ANN401 - click hands the shared options over by name
) -> None:
    """Import a register and say how many commands were accepted, or which line was refused and why."""
    options = gather(context, **shared)
    if dry_run and receipt is not None:
        raise click.UsageError(told("--receipt: bez zapisu nie ma dowodu.", "--receipt: nothing stored, no proof."))
    with ends_well(options), opened_with_conninfo(options) as (ledger, conninfo):
        try:
            history = History.measure(file, imported_by=operator, imported_at=datetime.now(UTC))
            with progress_bar(history.lines, options) as advance:
                consortium_id = history.bring_into(ledger, dry_run=dry_run, advance=advance)
        except LineRefused as refused:
            _say_refused(refused, options)
            sys.exit(REFUSED)
        if receipt is not None:
            receipt.write_bytes(awaited_receipt(ledger, conninfo, options, public_host, consortium_id))
        if options.as_json:
            print_json({"accepted": history.lines})
        else:
            click.echo(_accepted(history.lines, options, dry_run=dry_run))


def _accepted(lines: int, options: Options, *, dry_run: bool) -> str:
    if options.language == "pl":
        return f"Sprawdzono poleceń: {lines}, nic nie zapisano." if dry_run else f"Przyjęto poleceń: {lines}."
    return f"{lines} commands checked, nothing stored." if dry_run else f"{lines} commands accepted."


def _say_refused(refused: LineRefused, options: Options) -> None:
    refusal = refused.refusal
    message = sentence(refusal, options.language)
    if options.as_json:
        told_refusal = {"line": refused.line, "code": refusal.code, "message": message}
        print_json({"accepted": 0, "refused": told_refusal})
        return
    where = f"Wiersz {refused.line}" if options.language == "pl" else f"Line {refused.line}"
    nothing = "Nic nie zapisano." if options.language == "pl" else "Nothing was stored."
    click.echo(f"{where}: {refusal.code}: {message} {nothing}", err=True)


@contextmanager
def progress_bar(total: int, options: Options) -> Iterator[Callable[[], None]]:
    """Show progress on standard error while a person watches; give the step to advance it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Polecenia" if options.language == "pl" else "Commands", total=total)
        yield lambda: progress.advance(task)
