"""click's own words in Polish: headings of help, and what is said of wrong usage.

click takes every such word from gettext at the moment of saying it, under the names `_` and `ngettext` of its modules.
Those are replaced once; what is not in this catalogue is said as click says it, in English.
"""

from __future__ import annotations

from gettext import gettext, ngettext
from typing import Final

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

from api.cli.language import language_of_run

MODULES: Final = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)

CATALOGUE: Final = {
    "Usage:": "Użycie:",
    "Options": "Opcje",
    "Commands": "Polecenia",
    "Positional arguments": "Argumenty",
    "Show this message and exit.": "Pokaż tę pomoc i zakończ.",
    "default: {default}": "domyślnie: {default}",
    "env var: {var}": "zmienna: {var}",
    "Error: {message}": "Błąd: {message}",
    "Aborted!": "Przerwano.",
    "Try '{command} {option}' for help.": "Pomoc: „{command} {option}”.",
    "Invalid value: {message}": "Niewłaściwa wartość: {message}",
    "Invalid value for {param_hint}: {message}": "Niewłaściwa wartość dla {param_hint}: {message}",
    "Missing command.": "Brakuje polecenia.",
    "Missing argument": "Brakuje argumentu",
    "Missing option": "Brakuje opcji",
    "Missing parameter": "Brakuje parametru",
    "No such option {name!r}.": "Nie ma opcji {name!r}.",
    "No such command {name!r}.": "Nie ma polecenia {name!r}.",
    "Did you mean {possibility}?": "Czy chodzi o {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Czy chodzi o któreś z: {possibilities}?)",
    "Got unexpected extra argument ({args})": "Nadmiarowy argument ({args})",
    "Got unexpected extra arguments ({args})": "Nadmiarowe argumenty ({args})",
    "Option {name!r} requires an argument.": "Opcja {name!r} wymaga wartości.",
    "Option {name!r} requires {nargs} arguments.": "Opcja {name!r} wymaga wartości w liczbie {nargs}.",
    "Option {name!r} does not take a value.": "Opcja {name!r} nie przyjmuje wartości.",
    "Choose from:\n\t{choices}": "Do wyboru:\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} to nie {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} nie jest żadnym z: {choices}.",
    "{value!r} is not a valid {number_type}.": "{value!r} nie jest liczbą, jakiej tu trzeba.",
    "{value} is not in the range {range}.": "{value} leży poza zakresem {range}.",
    "{name} {filename!r} does not exist.": "Nie ma {filename!r}.",
    "{name} {filename!r} is a file.": "{filename!r} jest plikiem.",
    "{name} {filename!r} is a directory.": "{filename!r} jest folderem.",
    "{name} {filename!r} is not readable.": "Nie da się odczytać {filename!r}.",
    "{name} {filename!r} is not writable.": "Nie da się zapisać {filename!r}.",
}


def speak_polish_too() -> None:
    """Have click say what is in the catalogue in Polish while Polish is the language of the run."""
    for module in MODULES:
        for name, said in (("_", _said), ("ngettext", _said_of_a_number)):
            if hasattr(module, name):
                setattr(module, name, said)


def _said(message: str) -> str:
    return CATALOGUE.get(message, message) if language_of_run() == "pl" else gettext(message)


def _said_of_a_number(one: str, many: str, count: int) -> str:
    return _said(one if count == 1 else many) if language_of_run() == "pl" else ngettext(one, many, count)
