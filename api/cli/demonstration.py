"""`demo`: play the scenario into an embedded database, show what came of it, serve it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

import click

from api import demo as demonstration
from api.cli.endings import ends_well, print_json
from api.cli.importing import progress_bar
from api.cli.language import told
from api.cli.opening import opened_with_conninfo
from api.cli.options import Options, gather, shared_options
from api.cli.reading import known_by
from api.cli.serving import Address, host_option, port_option, serve_until_interrupted
from api.cli.summary import print_summary
from api.embedded import default_home
from domain.answers.state import state_on
from domain.ledger.migration import History
from domain.values import parse_day

if TYPE_CHECKING:
    from domain.ledger.ledger import Ledger

CONSORTIUM: Final = "hajnowka-odnowa"
SCENARIO: Final = "hajnowka.jsonl"
SHOWN_ON: Final = parse_day("2021-06-30")
"""The last day of the second package."""


@click.command(
    short_help=told("Odegraj przykładowe konsorcjum i pokaż wynik.", "Play a sample consortium and show it."),
    help=told(
        "Odegraj dwa i pół roku przykładowego konsorcjum, pokaż wynik i odpowiadaj przez HTTP.",
        "Play two and a half years of a sample consortium, show what came of it and serve it.",
    ),
)
@click.option("--no-serve", is_flag=True, help=told("Zakończ po podsumowaniu.", "End after the summary."))
@host_option
@port_option
@shared_options
@click.pass_context
def demo(context: click.Context, /, host: str, port: int, *, no_serve: bool, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Play the scenario; a second time it is there already and is only shown."""
    options = _beside_the_real_one(gather(context, **shared))
    with ends_well(options), opened_with_conninfo(options) as (ledger, conninfo):
        lines = _play(ledger, options)
        now = datetime.now(UTC)
        answer = state_on(known_by(ledger, CONSORTIUM, now), SHOWN_ON, now)
        if options.as_json and no_serve:
            print_json({"accepted": lines, "state": answer})
        elif not options.as_json:
            print_summary(answer, options.language)
        if not no_serve:
            serve_until_interrupted(ledger, conninfo, options, Address(host, port, "localhost"))


def _play(ledger: Ledger, options: Options) -> int:
    with as_file(files(demonstration) / SCENARIO) as file:
        history = History.measure(file, imported_by="demo", imported_at=datetime.now(UTC))
        with progress_bar(history.lines, options) as advance:
            history.bring_into(ledger, advance=advance)
    return history.lines


def _beside_the_real_one(options: Options) -> Options:
    """Keep invented data away from real data: a folder of its own, and never a server."""
    home = default_home()
    return Options(
        data=options.data or home.with_name(f"{home.name}-demo"),
        as_json=options.as_json,
        language=options.language,
        server=None,
    )
