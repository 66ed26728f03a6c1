"""Acts of a consortium's life: a command, what is decided just before it, and the facts that follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from domain.requests import read_command
from tests.decisions.examples import PAYLOADS

if TYPE_CHECKING:
    from domain.decider import Actor, Command
    from tests.decisions.given import Step

SPRING, SUMMER, AUTUMN, NEW_YEAR = date(2019, 4, 1), date(2019, 7, 1), date(2019, 10, 1), date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class Act:
    """A command, what is decided just before it, and the facts that follow, by their names on disk."""

    command: Command
    facts: str
    before: tuple[Step, ...]
    by: Actor | None
    under: str | None
    on: date | None


def act(
    command: str,
    facts: str,
    *before: Step,
    by: Actor | None = None,
    under: str | None = None,
    on: date | None = None,
    **changes: object,
) -> Act:
    return Act(read_command(command, PAYLOADS[command] | changes), facts, before, by, under, on)
