"""`migrate`: make or change the tables as the owner, and give the service's login and the reader's their rights."""

from __future__ import annotations

from typing import Any

import click

from api.cli.endings import ends_well, print_json
from api.cli.language import told
from api.cli.opening import database
from api.cli.options import gather, shared_options
from domain.ledger.roles import READER, SERVICE, Roles
from domain.ledger.schema import LEDGER
from projections.preparation import prepare
from projections.schema import READ_MODELS


@click.command(
    short_help=told("Przygotuj bazę danych i prawa ról.", "Prepare the database and the rights of its roles."),
    help=told(
        "Utwórz lub zaktualizuj tabele jako właściciel bazy (DATABASE_URL tego polecenia) i nadaj prawa: roli usługi"
        " odczyt i dopisywanie, roli czytelnika widoki zestawień. Brakujące role powstają bez hasła.",
        "Make or update the tables as the owner of the database (this command's DATABASE_URL) and give rights: to the"
        " service's role reading and adding, to the reader's role the views of reports. Missing roles are made without"
        " a password.",
    ),
)
@click.option("--service", default=SERVICE, show_default=True, help=told("Rola usługi.", "Role of the service."))
@click.option("--reader", default=READER, show_default=True, help=told("Rola czytelnika.", "Role of the reader."))
@shared_options
@click.pass_context
def migrate(context: click.Context, /, service: str, reader: str, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Bring the database up to date; a second time it only gives the rights again."""
    options = gather(context, **shared)
    with ends_well(options), database(options) as doors:
        prepare(doors.owner, Roles(service, reader))
        if options.as_json:
            versions = {"ledger": LEDGER.version, "read_models": READ_MODELS.version}
            print_json({"schema": versions, "service": service, "reader": reader})
        else:
            polish = f"Baza jest gotowa; usługa loguje się jako {service}, czytelnik jako {reader}."
            english = f"The database is ready; the service logs in as {service}, a reader as {reader}."
            click.echo(polish if options.language == "pl" else english)
