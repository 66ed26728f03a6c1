"""Ctrl-C: one line and status 130, also where the interrupt hits code that cannot let it through.

interrupt in a callback of a library that is no Python ──▶ dropped there, often told as another fault ──▶ noted here
    ──▶ raised once more in the main thread
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from threading import Event, Timer, main_thread
from typing import TYPE_CHECKING, Final

import click

from api.cli.language import told

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN_SECONDS: Final = 0.05
"""Until the library has returned."""

lost: Final = Event()
"""Whether an interrupt was dropped on its way; whatever fault came of it is no fault."""


def say_interrupted() -> None:
    """Say it on standard error."""
    click.echo(told("Przerwano.", "Interrupted."), err=True)


@contextmanager
def lost_interrupts_returned() -> Iterator[None]:
    """Raise an interrupt once more that was dropped where nobody could be told of it."""
    before = sys.unraisablehook

    def hook(told_of: sys.UnraisableHookArgs) -> None:
        if issubclass(told_of.exc_type, KeyboardInterrupt):
            lost.set()
            again = Timer(AGAIN_SECONDS, _interrupt_again)
            again.daemon = True
            again.start()
        else:
            before(told_of)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before
        lost.clear()


def _interrupt_again() -> None:
    # A signal, and to that thread, so that it is woken where it waits.
    thread = main_thread().ident
    if lost.is_set() and thread is not None:
        signal.pthread_kill(thread, signal.SIGINT)
