"""`serve`: answer over HTTP until interrupted."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
import uvicorn

from api.cli.endings import Ending, ends_well, print_json
from api.cli.language import told
from api.cli.opening import opened_with_conninfo, signing_of
from api.cli.options import Options, gather, shared_options
from api.http import VERSION, create_app
from api.keeper import Keeper
from api.tlog import TlogRoutes

if TYPE_CHECKING:
    from fastapi import FastAPI

    from domain.ledger.ledger import Ledger

SHUTDOWN_SECONDS: Final = 5
HOST: Final = "127.0.0.1"
PORT: Final = 8000

host_option = click.option("--host", default=HOST, show_default=True, help=told("Adres.", "Address."))
port_option = click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help=told("Port; 0: wolny.", "Port; 0: free."),
)

public_host_option = click.option(
    "--public-host",
    default="localhost",
    show_default=True,
    envvar="CONSORTIUM_LEDGER_PUBLIC_HOST",
    help=told("Nazwa w dziennikach przejrzystości, na zawsze.", "Name in the transparency logs, for ever."),
)


@click.command(help=told("Odpowiadaj przez HTTP: stan zdrowia i wersja.", "Answer over HTTP: health and version."))
@host_option
@port_option
@public_host_option
@shared_options
@click.pass_context
def serve(context: click.Context, /, host: str, port: int, public_host: str, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Serve until interrupted."""
    options = gather(context, **shared)
    with ends_well(options), opened_with_conninfo(options) as (ledger, conninfo):
        serve_until_interrupted(ledger, conninfo, options, Address(host, port, public_host))


class Address(NamedTuple):
    """Where to listen, and the name under which the world knows it: part of every log's origin, for ever."""

    host: str
    port: int
    public_host: str


def serve_until_interrupted(ledger: Ledger, conninfo: str, options: Options, address: Address) -> None:
    """Say where, then answer until interrupted.

    Raises:
        Ending: the address is taken.
    """
    listener = _listen(address.host, address.port)
    url = f"http://{address.host}:{listener.getsockname()[1]}"
    if options.as_json:
        print_json({"url": url, "version": VERSION})
    else:
        serving, stop = ("Odpowiadam pod", "Ctrl-C kończy") if options.language == "pl" else ("Serving", "Ctrl-C ends")
        click.echo(f"{serving} {url}/health ({stop}).")
    signing = signing_of(options, address.public_host)
    with Keeper(ledger, conninfo, signing) as keeper:
        _run(create_app(ledger, keeper, TlogRoutes(conninfo, signing)), listener)


def _run(app: FastAPI, listener: socket.socket) -> None:
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS)
    # uvicorn raises the signal again that ended it; either one is a good end, and what was opened is closed after it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        polish = f"Adres {host}:{port} jest zajęty albo niedostępny; wskaż inny przez --port."
        raise Ending(polish, f"The address {host}:{port} is taken or not available; name another by --port.") from error
