"""Development mode: until accounts exist, a request may state who gives a command and when; on loopback alone."""

from __future__ import annotations

import ipaddress

import click

from api.cli.endings import Ending
from api.cli.language import told

development_option = click.option(
    "--development",
    is_flag=True,
    help=told(
        "Tryb programisty: żądanie samo mówi, kto i kiedy wydaje polecenie. Tylko pod adresem pętli zwrotnej.",
        "Development mode: a request says itself who gives a command and when. Only on a loopback address.",
    ),
)

version_required_option = click.option(
    "--require-version",
    is_flag=True,
    help=told(
        "Polecenie musi podać w If-Match wersję, na podstawie której je wydano.",
        "A command must say in If-Match on which version it was made up.",
    ),
)


def require_loopback(host: str) -> None:
    """Refuse to let anybody who can reach this address act in anybody's name.

    Raises:
        Ending: the address is not one of this machine alone.
    """
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        polish = f"Tryb programisty działa tylko pod adresem pętli zwrotnej, nie pod {host}."
        raise Ending(polish, f"The development mode works on a loopback address only, not on {host}.")
