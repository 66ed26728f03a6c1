"""`serve`: answer over HTTP until interrupted."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import click
import uvicorn

from api.cli.endings import Ending, ends_well, print_json
from api.cli.language import told
from api.cli.opening import opened
from api.cli.options import Options, gather, shared_options
from api.http import VERSION, create_app

if TYPE_CHECKING:
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


@click.command(help=told("Odpowiadaj przez HTTP: stan zdrowia i wersja.", "Answer over HTTP: health and version."))
@host_option
@port_option
@shared_options
@click.pass_context
def serve(context: click.Context, /, host: str, port: int, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Serve until interrupted."""
    options = gather(context, **shared)
    with ends_well(options), opened(options) as ledger:
        serve_until_interrupted(ledger, options, host, port)


def serve_until_interrupted(ledger: Ledger, options: Options, host: str, port: int) -> None:
    """Say where, then answer until interrupted.

    Raises:
        Ending: the address is taken.
    """
    listener = _listen(host, port)
    url = f"http://{host}:{listener.getsockname()[1]}"
    if options.as_json:
        print_json({"url": url, "version": VERSION})
    else:
        serving, stop = ("Odpowiadam pod", "Ctrl-C kończy") if options.language == "pl" else ("Serving", "Ctrl-C ends")
        click.echo(f"{serving} {url}/health ({stop}).")
    config = uvicorn.Config(create_app(ledger), log_level="warning", timeout_graceful_shutdown=SHUTDOWN_SECONDS)
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
