"""The language of help and of wrong usage: what `--lang` says, wherever it stands, or else the environment."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli.usage import CATALOGUE, MODULES
from api.command_line import main


def answer(*words: str, language: str, status: int = 0) -> str:
    result = CliRunner(env={"CONSORTIUM_LEDGER_LANG": language}).invoke(main, words)
    assert result.exit_code == status, (result.output, result.exception)
    return result.output


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("--lang", "en", "verify", "--help"), "pl"),
        (("verify", "--help", "--lang", "en"), "pl"),
        (("verify", "-h", "--lang=en"), "pl"),
        (("--lang", "pl", "verify", "--lang", "en", "--help"), "pl"),
        (("verify", "--help"), "en"),
    ],
)
def test_help_is_english_all_through_when_english_is_asked_for(words: tuple[str, ...], environment: str) -> None:
    told = answer(*words, language=environment)
    for part in ("Usage: ", "Verify a log at an address", "Options:", "Language of the answers.", "Show this message"):
        assert part in told
    assert "Sprawdź" not in told


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (("verify", "--help"), "pl"),
        (("verify", "--help", "--lang", "pl"), "en"),
        (("verify", "--help", "--lang", "pl", "--", "--lang", "en"), "en"),
    ],
)
def test_help_is_polish_all_through_otherwise(words: tuple[str, ...], environment: str) -> None:
    told = answer(*words, language=environment)
    for part in ("Użycie: ", "Sprawdź dziennik pod adresem", "Opcje:", "Język odpowiedzi.", "Pokaż tę pomoc i zakończ"):
        assert part in told
    assert "Usage" not in told
    assert "Verify" not in told


def test_the_commands_are_listed_in_the_language_asked_for() -> None:
    assert "Polecenia:" in answer("--help", language="pl")
    english = answer("--help", "--lang", "en", language="pl")
    assert "Commands:" in english
    assert "Verify a transparency log." in english
    assert "Show the version and exit." in english


@pytest.mark.parametrize(
    ("words", "polish", "english"),
    [
        (("fly",), "Nie ma polecenia 'fly'.", "No such command 'fly'."),
        (("verify",), "Brakuje argumentu 'LOG'.", "Missing argument 'LOG'."),
        (("check", "--fast"), "Nie ma opcji '--fast'.", "No such option '--fast'."),
        (("state", "x", "--valid-on", "1"), "Niewłaściwa wartość dla '--valid-on'", "Invalid value for '--valid-on'"),
        (("serve", "--port"), "Opcja '--port' wymaga wartości.", "Option '--port' requires an argument."),
        (("serve", "--port", "-1"), "-1 leży poza zakresem", "-1 is not in the range"),
        (("state", "x", "y"), "Nadmiarowy argument (y)", "Got unexpected extra argument (y)"),
        (("check", "--lang", "fr"), "'fr' nie jest żadnym z", "'fr' is not one of"),
    ],
)
def test_wrong_usage_is_told_in_one_language(words: tuple[str, ...], polish: str, english: str) -> None:
    in_polish, in_english = (answer(*words, language=language, status=2) for language in ("pl", "en"))
    assert "Błąd: " in in_polish
    assert polish in in_polish
    assert not any(word in in_polish for word in ("Usage", "Error", "Try", "Invalid", "help."))
    assert "Error: " in in_english
    assert english in in_english


def test_every_word_of_the_catalogue_is_one_that_click_says() -> None:
    said = set()
    for module in MODULES:
        assert module.__file__ is not None
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
                said |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    assert CATALOGUE.keys() <= said
