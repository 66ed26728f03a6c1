"""`serve`: answer over HTTP until interrupted."""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
import uvicorn

from api.cli.auditing import PolicyType
from api.cli.development import development_option, require_loopback, version_required_option
from api.cli.endings import Ending, ends_well, print_json
from api.cli.language import told
from api.cli.opening import opened_with_conninfo, signing_of, warn_of_too_many_rights
from api.cli.options import Options, gather, shared_options
from api.cli.rebuilding import build_missing_tables
from api.commands.asked import Writes
from api.health import VERSION
from api.http import create_app
from api.logs import write_to_stderr
from api.witnessing import Witnessing
from api.works import at_work
from domain.transparency.policy import Policy

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.heads import Heads
    from domain.ledger.ledger import Ledger

SHUTDOWN_SECONDS: Final = 5
HEAD_BYTES: Final = 64 * 1024
"""How long the line of a request and its headers may be together."""
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


@click.command(
    short_help=told("Odpowiadaj przez HTTP.", "Answer over HTTP."),
    help=told(
        "Odpowiadaj przez HTTP: pytania, dzienniki przejrzystości, w trybie programisty także polecenia.",
        "Answer over HTTP: questions, transparency logs, and in development mode commands too.",
    ),
)
@host_option
@port_option
@public_host_option
@click.option(
    "--policy",
    type=PolicyType(),
    envvar="CONSORTIUM_LEDGER_POLICY",
    help=told(
        "Zasady zaufania (C2SP tlog-policy) z adresami świadków, których prosić o poświadczenie punktów kontrolnych.",
        "Trust policy (C2SP tlog-policy) with the addresses of witnesses to ask for cosignatures of checkpoints.",
    ),
)
@development_option
@version_required_option
@shared_options
@click.pass_context
def serve(  # noqa: PLR0913, PLR0917 - click hands every option over by name
    context: click.Context,
    /,
    host: str,
    port: int,
    public_host: str,
    policy: Policy | None,
    development: bool,  # noqa: FBT001 - click hands flags over so
    require_version: bool,  # noqa: FBT001 - click hands flags over so
    **shared: Any,  # noqa: ANN401 - click hands the shared options over by name
) -> None:
    """Serve until interrupted."""
    options = gather(context, **shared)
    with ends_well(options):
        if development:
            require_loopback(host)
        writes = Writes(development=development, version_required=require_version)
        with opened_with_conninfo(options) as (ledger, conninfo):
            serve_until_interrupted(
                ledger, conninfo, options, Address(host, port, public_host, writes, policy or Policy())
            )


class Address(NamedTuple):
    """Where to listen, and the name under which the world knows it: part of every log's origin, for ever."""

    host: str
    port: int
    public_host: str
    writes: Writes = Writes()
    policy: Policy = Policy()
    """Whose witnesses are asked to cosign."""


def serve_until_interrupted(ledger: Ledger, conninfo: str, options: Options, address: Address) -> None:
    """Say where, then answer until interrupted.

    Raises:
        Ending: the address is taken.
    """
    listener = listen(address.host, address.port)
    url = f"http://{address.host}:{listener.getsockname()[1]}"
    if options.as_json:
        print_json({"url": url, "version": VERSION})
    else:
        serving, stop = ("Odpowiadam pod", "Ctrl-C kończy") if options.language == "pl" else ("Serving", "Ctrl-C ends")
        click.echo(f"{serving} {url}/health ({stop}).")
    warn_of_too_many_rights(options, conninfo)
    signing = signing_of(options, address.public_host, conninfo)
    build_missing_tables(ledger, conninfo, options)
    write_to_stderr()
    with (
        at_work(ledger, conninfo, signing, address.writes, lambda _: None) as works,
        Witnessing(conninfo, address.policy, signing.folder) as witnessing,
    ):
        _run(create_app(replace(works, witnessing=witnessing)), works.heads, listener)


class StreamsEndFirst(uvicorn.Server):
    """Ends the streams when it is told to end, as it would wait for them."""

    def __init__(self, config: uvicorn.Config, heads: Heads) -> None:
        super().__init__(config)
        self._heads = heads

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._heads.stop()
        await super().shutdown(sockets)


def _run(app: FastAPI, heads: Heads, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    # uvicorn raises the signal again that ended it; either one is a good end, and what was opened is closed after it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        StreamsEndFirst(config, heads).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Take an address; what is accepted there sends at once, as a body would else wait 40 ms behind its head.

    Raises:
        Ending: the address is taken.
    """
    try:
        listener = socket.create_server((host, port))
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        polish = f"Adres {host}:{port} jest zajęty albo niedostępny; wskaż inny przez --port."
        raise Ending(polish, f"The address {host}:{port} is taken or not available; name another by --port.") from error
    return listener
