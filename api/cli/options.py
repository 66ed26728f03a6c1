"""Options that every command takes, before the command's name or after it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from api.cli.language import language_of_environment, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.refusals import Language

DATA_VARIABLE: Final = "CONSORTIUM_LEDGER_DATA"
SERVER_VARIABLE: Final = "DATABASE_URL"


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line and in the environment."""

    data: Path | None
    """Where the embedded database lives; None for the usual place."""
    as_json: bool
    language: Language
    server: str | None
    """A server to use instead of the embedded database."""


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the shared options; it gets them as one `Options`."""
    options = (
        click.option(
            "--data",
            "data",
            type=click.Path(path_type=Path, file_okay=False),
            help=told(
                f"Folder z wbudowaną bazą danych (albo zmienna {DATA_VARIABLE}); "
                f"zmienna {SERVER_VARIABLE} wskazuje serwer.",
                f"Folder of the embedded database (or {DATA_VARIABLE}); {SERVER_VARIABLE} names a server instead.",
            ),
        ),
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            default=False,
            help=told("Jeden dokument JSON na wyjściu i nic więcej.", "One JSON document on output and nothing else."),
        ),
        click.option(
            "--lang",
            "language",
            type=click.Choice(["pl", "en"]),
            help=told("Język odpowiedzi.", "Language of the answers."),
        ),
    )
    for option in options:
        command = option(command)
    return command


def gather(context: click.Context, /, data: Path | None, language: Language | None, *, as_json: bool) -> Options:
    """Put together what was said before the command's name, after it, and in the environment; the latest wins."""
    before = context.find_root().params
    named = data or before.get("data") or _from_environment()
    return Options(
        data=named,
        as_json=as_json or bool(before.get("as_json")),
        language=language or before.get("language") or language_of_environment(),
        server=None if data or before.get("data") else os.environ.get(SERVER_VARIABLE) or None,
    )


def _from_environment() -> Path | None:
    value = os.environ.get(DATA_VARIABLE)
    return Path(value) if value else None
