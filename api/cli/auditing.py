"""What the auditor's commands share: whom to believe, which logs, how it ends."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.audit.findings import UnreadableError, Wrong
from api.audit.trust import Trust
from api.cli.endings import FAULT, INTERRUPTED, REFUSED, no_fault_of_an_interrupt, print_json
from api.cli.language import told
from api.web import is_address
from domain.transparency.errors import Invalid
from domain.transparency.keys import VerifierKey
from domain.transparency.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from api.cli.options import Options


class VkeyType(click.ParamType[VerifierKey]):
    """A verifier key as C2SP signed-note writes it."""

    name = "vkey"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> VerifierKey:  # noqa: ANN401 - as click declares it
        """Read the key, or say what is wrong with it."""
        try:
            return value if isinstance(value, VerifierKey) else VerifierKey.parse(str(value))
        except Invalid as error:
            self.fail(told(error.say("pl"), error.say("en")), param, ctx)


class PolicyType(click.ParamType[Policy]):
    """A file as C2SP tlog-policy writes it."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Policy:  # noqa: ANN401 - as click declares it
        """Read the file, or say what is wrong with it."""
        try:
            return value if isinstance(value, Policy) else Policy.parse(Path(str(value)).read_bytes())
        except Invalid as error:
            self.fail(f"{value}: {told(error.say('pl'), error.say('en'))}", param, ctx)
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)


class LogType(click.ParamType[str]):
    """The address of a log, or its folder."""

    name = "log"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - as click declares it
        """Refuse what is an address, and none under which files can be asked for."""
        text = str(value)
        if OTHER_SCHEME.match(text) and not is_address(text):
            polish, english = "podaj adres http(s) albo folder", "name an http(s) address or a folder"
            self.fail(f"{text}: {told(polish, english)}.", param, ctx)
        if is_address(text) and ("?" in text or "#" in text):
            polish, english = "podaj adres bez „?” i „#”", "name an address without `?` and `#`"
            self.fail(f"{text}: {told(polish, english)}.", param, ctx)
        return text


LOG = LogType()
OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
FILE = click.Path(path_type=Path, dir_okay=False)


def read_given(file: Path) -> bytes:
    """Read a file that was named on the command line.

    Raises:
        UnreadableError: it could not be read.
    """
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableError(str(file), "nie ma takiego pliku", "there is no such file") from error
    except OSError as error:
        raise UnreadableError(str(file), error.strerror) from error


vkey_option = click.option(
    "--vkey",
    "vkeys",
    multiple=True,
    type=VkeyType(),
    help=told(
        "Klucz dziennika, który znasz z góry (można kilka razy); bez niego dziennik mówi sam o sobie.",
        "A key of the log that you know beforehand (may be repeated); without one the log speaks for itself.",
    ),
)
policy_option = click.option(
    "--policy",
    type=PolicyType(),
    help=told(
        "Zasady zaufania (C2SP tlog-policy): klucze dzienników i ilu świadków ma poświadczyć.",
        "Trust policy (C2SP tlog-policy): keys of logs, and how many witnesses must have cosigned.",
    ),
)
quiet_option = click.option(
    "--quiet", "-q", is_flag=True, help=told("Bez paska postępu i bez słów, gdy się zgadza.", "Silent when it holds.")
)


def trusted(vkeys: Sequence[VerifierKey], policy: Policy | None) -> Trust:
    """Put together whom to believe.

    Raises:
        click.UsageError: the keys do not go together.
    """
    try:
        return Trust.given(vkeys, policy)
    except Invalid as error:
        raise click.UsageError(told(error.say("pl"), error.say("en"))) from error


@contextmanager
def ends_with_a_verdict(options: Options) -> Iterator[None]:
    """End with 1 when something is wrong and with 3 when something could not be read, which is no pass."""
    try:
        with no_fault_of_an_interrupt():
            yield
    except (UnreadableError, OSError) as error:
        say_unreadable(error, options)
        sys.exit(REFUSED)
    except (Wrong, Invalid) as error:
        say_wrong([error], options)
        sys.exit(FAULT)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def say_unreadable(error: Exception, options: Options) -> None:
    reason = error.say(options.language) if isinstance(error, UnreadableError) else str(error)
    if options.as_json:
        print_json({"holds": None, "reason": reason})
        return
    could_not = "Nie można odczytać" if options.language == "pl" else "Could not be read"
    click.echo(f"{could_not}: {reason}", err=True)


def say_wrong(faults: Sequence[Wrong | Invalid], options: Options, **more: object) -> None:
    reasons = [fault.say(options.language) for fault in faults]
    if options.as_json:
        print_json({"holds": False, "reason": reasons[0], "reasons": reasons, **more})
        return
    for text in reasons:
        click.echo(f"NIE zgadza się: {text}" if options.language == "pl" else f"It does NOT hold: {text}", err=True)


@contextmanager
def watched(options: Options, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how many entries of how many are done, on standard error, while a person watches."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as progress:
        if progress.disable:
            yield lambda _done, _size: None
            return
        task = progress.add_task("Wpisy" if options.language == "pl" else "Entries", total=None)
        step = 256

        def advance(done: int, size: int) -> None:
            # Telling each single entry would take longer than reading it.
            if done % step == 0 or done == size:
                progress.update(task, completed=done, total=size)

        yield advance
