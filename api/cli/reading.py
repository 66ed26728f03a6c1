"""`events`, `state` and `check`: what is stored, what it means on a day, and whether it holds."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click
from pydantic_core import PydanticCustomError

from api.cli.endings import FAULT, ends_well, print_json
from api.cli.language import told
from api.cli.opening import opened
from api.cli.options import gather, shared_options
from api.cli.summary import print_state
from domain.answers.state import state_on
from domain.consortium import Consortium, evolve
from domain.errors import refuse
from domain.invariants import Violation, violations
from domain.ledger.canonical import is_canonical
from domain.reasons import Reason
from domain.values import day_of, parse_day, parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.ledger.ledger import Ledger

LAST_VERSION = 2**53 - 1


class Parsed(click.ParamType[Any]):
    """A parameter read as the domain reads it."""

    def __init__(self, name: str, parse: Callable[[object], Any]) -> None:
        self.name = name
        self.parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click declares it
        """Read the value, or say how it is written."""
        try:
            return self.parse(value)
        except PydanticCustomError as error:
            reason = Reason(error.type, dict(error.context or {}))
            self.fail(f"{value!r}: {told(reason.say('pl'), reason.say('en'))}", param, ctx)


DAY = Parsed("YYYY-MM-DD", parse_day)
INSTANT = Parsed("YYYY-MM-DDThh:mm:ss+hh:mm", parse_instant)


@click.command(
    help=told(
        "Wypisz zapisane fakty jako JSON Lines, bajt w bajt.", "Print the stored entries as JSON Lines, byte for byte."
    ),
)
@click.argument("consortium")
@click.option("--from", "first", type=click.IntRange(min=1), default=1, help=told("Od wersji.", "From version."))
@click.option("--to", "last", type=click.IntRange(min=1), help=told("Do wersji włącznie.", "To version, included."))
@shared_options
@click.pass_context
def events(context: click.Context, /, consortium: str, first: int, last: int | None, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Print the stored bytes of each entry, one a line."""
    options = gather(context, **shared)
    with ends_well(options), opened(options) as ledger:
        _require_known(ledger, consortium)
        for _, entry in ledger.stored(consortium, first, last or LAST_VERSION):
            sys.stdout.buffer.write(entry + b"\n")
        sys.stdout.buffer.flush()


@click.command(
    short_help=told("Pokaż stan na dzień i wedle wiedzy z chwili.", "Show the state of a day, as known at a moment."),
    help=told(
        "Pokaż stan konsorcjum: co obowiązuje w danym dniu, wedle wiedzy z danej chwili.",
        "Show the state of a consortium: what holds on a day, as known at a moment.",
    ),
)
@click.argument("consortium")
@click.option("--valid-on", type=DAY, help=told("Dzień (Warszawa); dziś.", "Day (Warsaw); today."))
@click.option("--known-at", type=INSTANT, help=told("Chwila z przesunięciem; teraz.", "Instant with offset; now."))
@shared_options
@click.pass_context
def state(
    context: click.Context,
    /,
    consortium: str,
    valid_on: date | None,
    known_at: datetime | None,
    **shared: Any,  # noqa: ANN401 - click hands the shared options over by name
) -> None:
    """Fold what was known by the moment and show what holds on the day."""
    options, now = gather(context, **shared), datetime.now(UTC)
    moment, day = known_at or now, valid_on or day_of(now)
    with ends_well(options), opened(options) as ledger:
        answer = state_on(known_by(ledger, consortium, moment), day, moment)
        if options.as_json:
            print_json(answer)
        else:
            print_state(answer, options.language)


@click.command(
    short_help=told("Sprawdź wszystkie niezmienniki zapisanej historii.", "Check every invariant of what is stored."),
    help=told(
        "Sprawdź wszystkie niezmienniki w zapisanej historii, od pierwszego wpisu.",
        "Check every invariant over the stored history, from the first entry.",
    ),
)
@click.argument("consortium", nargs=-1)
@shared_options
@click.pass_context
def check(context: click.Context, /, consortium: tuple[str, ...], **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Check the named consortia, or all."""
    options = gather(context, **shared)
    with ends_well(options), opened(options) as ledger:
        found: dict[str, list[Violation]] = {}
        sizes: dict[str, int] = {}
        for name in consortium or tuple(ledger.consortium_ids()):
            _require_known(ledger, name)
            found[name], sizes[name] = check_one(ledger, name)
        _say_checked(found, sizes, as_json=options.as_json)
    if any(found.values()):
        sys.exit(FAULT)


def check_one(ledger: Ledger, consortium: str) -> tuple[list[Violation], int]:
    """Return what does not hold in a stored history, and how many entries it has."""
    broken = [
        Violation("bytes-are-canonical", version, "these are not the canonical bytes of what they say")
        for version, stored in ledger.stored(consortium, 1, LAST_VERSION)
        if not is_canonical(stored)
    ]
    entries = list(ledger.entries(consortium))
    return [*broken, *violations(consortium, entries)], len(entries)


def _say_checked(found: dict[str, list[Violation]], sizes: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "holds": not any(found.values()),
                "consortia": {
                    name: {
                        "entries": sizes[name],
                        "violations": [
                            {"rule": one.rule, "version": one.version, "detail": one.detail} for one in found[name]
                        ],
                    }
                    for name in found
                },
            }
        )
        return
    for name, broken in found.items():
        click.echo(told(f"{name}: wpisów {sizes[name]}, ", f"{name}: {sizes[name]} entries, "), nl=False)
        holds = told("bajty są kanoniczne i reguły zachowane.", "the bytes are canonical and the rules hold.")
        click.echo(f"✗ {len(broken)}" if broken else holds)
        for one in broken:
            click.echo(f"  @{one.version} {one.rule}: {one.detail}")
    click.echo(told("Podpisy i skróty sprawdzają fsck i verify.", "fsck and verify check signatures and hashes."))


def known_by(ledger: Ledger, consortium: str, moment: datetime) -> Consortium:
    """Fold the entries recorded up to `moment`.

    Raises:
        Refusal: `unknown-consortium` when nothing was known by then.
    """
    known = Consortium(consortium)
    for entry in ledger.entries(consortium):
        if entry.recorded_at > moment:
            break
        known = evolve(known, entry)
    if not known.founded:
        refuse("unknown-consortium", place="/consortium_id", id=consortium)
    return known


def _require_known(ledger: Ledger, consortium: str) -> None:
    if next(iter(ledger.entries(consortium, 0, 1)), None) is None:
        refuse("unknown-consortium", place="/consortium_id", id=consortium)
