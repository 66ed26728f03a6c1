"""The program as a whole: its language governs help and wrong usage too, and Ctrl-C ends it in one line."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click

from api.cli.endings import INTERRUPTED
from api.cli.interrupts import lost_interrupts_returned, say_interrupted
from api.cli.language import speaking, told_again
from api.cli.usage import CATALOGUE, speak_polish_too

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.refusals import Language

HELP_OF_HELP: Final = "Show this message and exit."


class Program(click.Group):
    """The group of all commands."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as click declares it
        """Run as the process itself."""
        try:
            with lost_interrupts_returned():
                return self.main(*args, **kwargs)
        finally:
            # Nothing is left to be put in order, so a late Ctrl-C ends the process without a traceback.
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    def main(self, args: Sequence[str] | None = None, *more: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as click declares it
        """Run in the language that was asked for."""
        words = sys.argv[1:] if args is None else list(args)
        with speaking(words) as language, _interruptible():
            speak_polish_too()
            _tell_again(self, language, None)
            return super().main(words, *more, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:  # noqa: ANN401 - as click declares it
        """Read the command line; interrupted, end as the commands do."""
        with _ends_when_interrupted():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click declares it
        """Carry the command out; interrupted, end as the commands do."""
        with _ends_when_interrupted():
            return super().invoke(ctx)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Say that the program was interrupted, wherever that was noticed."""
    try:
        with _ends_when_interrupted():
            yield
    except SystemExit as ending:
        if ending.code == INTERRUPTED:
            say_interrupted()
        raise


@contextmanager
def _ends_when_interrupted() -> Iterator[None]:
    # click itself would end with 1, which is a fault.
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _tell_again(command: click.Command, language: Language, parent: click.Context | None) -> None:
    """Have help told in a language: its sentences were made before the command line was read."""
    context = click.Context(command, parent=parent, **command.context_settings)
    command.help = command.help and told_again(command.help, language)
    command.short_help = command.short_help and told_again(command.short_help, language)
    for param in command.params:
        if isinstance(param, click.Option):
            param.help = param.help and told_again(param.help, language)
    if (option := command.get_help_option(context)) is not None:
        option.help = CATALOGUE[HELP_OF_HELP] if language == "pl" else HELP_OF_HELP
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _tell_again(each, language, context)
